// Why an item is where it is, and why an agent gets nothing: in sentences that anybody in the house can read.

import Foundation
public import Routing
public import Store

/// Answers with their figures; sentences come in the order in which they matter.
public struct Explanation: Sendable, Hashable, Codable {
    /// `Errand 12`, `Ana Berg`.
    public var subject: String
    /// Milliseconds since 1970: the state it tells of is that of then.
    public var atMs: Int64
    public var sentences: [String]
    /// One word each, for programs: a state, a reason of waiting, what keeps work from an agent.
    public var causes: [String]
    /// In its queue, from 1.
    public var position: Int64?
    public var estimatedWaitMs: Int64?

    enum CodingKeys: String, CodingKey {
        case subject, sentences, causes, position
        case atMs = "at_ms"
        case estimatedWaitMs = "estimated_wait_ms"
    }
}

extension Floor {
    /// Why an errand is where it is, for an agent who may see it.
    public func explain(errand id: ErrandID, for agent: AgentID, in workspace: WorkspaceID) async throws
        -> Explanation
    {
        let missing = Refusal.notFound("There is no such errand here.")
        guard let directory = roster.workspace(workspace), let own = directory.agent(agent) else {
            throw missing
        }
        guard let facts = try await view({ try ItemFacts.read(id, in: workspace, $0) }),
            let errand = facts.errand, directory.reaches(own, errand.area) || errand.agent == agent
        else { throw missing }
        let item = facts.item
        // The live router knows; what is due is done before.
        let plan = Plan("explain errand", checksFirst: true)
        let (found, now) = try await perform(plan, by: .system(workspace)) { work in
            (work.office.router.explain(item), work.now)
        }
        // What was due has left rows.
        let latest = try await view { try ItemFacts.read(id, in: workspace, $0) } ?? facts
        let spoken = Spoken(directory, now: now, zones: [own.timeZone, directory.timeZone])
        return ItemWords(latest, found, spoken).explanation
    }

    /// Why a call or chat of another system is where it is: for who has it, is offered it or serves its queue,
    /// and for administrators.
    public func explain(item id: WorkItemID, for agent: AgentID, in workspace: WorkspaceID) async throws
        -> Explanation
    {
        let missing = Refusal.notFound("There is no such work item here.")
        guard let directory = roster.workspace(workspace), let own = directory.agent(agent), own.active,
            let facts = try await view({ try ItemFacts.read(id, in: workspace, $0) }), facts.errand == nil,
            own.adminLevel == .administrator || facts.agent == agent
                || facts.queue.map({ directory.routerSettings(own).queues.contains($0) }) == true
        else { throw missing }
        let plan = Plan("explain item", checksFirst: true)
        let (found, now) = try await perform(plan, by: .system(workspace)) { work in
            (work.office.router.explain(id), work.now)
        }
        let latest = try await view { try ItemFacts.read(id, in: workspace, $0) } ?? facts
        let spoken = Spoken(directory, now: now, zones: [own.timeZone, directory.timeZone])
        return ItemWords(latest, found, spoken).explanation
    }

    /// Why an agent gets nothing: for the agent and for administrators.
    /// - Throws: `Refusal.forbidden` for anybody else.
    public func explain(agent id: AgentID, for asking: AgentID, in workspace: WorkspaceID) async throws
        -> Explanation
    {
        guard let directory = roster.workspace(workspace), let own = directory.agent(asking), own.active
        else {
            throw Refusal.notFound("There is no such agent.")
        }
        guard id == asking || own.adminLevel == .administrator else {
            throw Refusal.forbidden("Only administrators may ask why another agent gets nothing.")
        }
        guard let agent = directory.agent(id), agent.active else {
            throw Refusal.notFound("There is no such agent.")
        }
        let plan = Plan("explain agent", checksFirst: true)
        let (found, now) = try await perform(plan, by: .system(workspace)) { work in
            (work.office.router.explain(id), work.now)
        }
        guard let found else { throw Refusal.notFound("There is no such agent.") }
        let facts = try await view { try AgentFacts.read(found, in: workspace, $0) }
        let spoken = Spoken(directory, now: now, zones: [own.timeZone, directory.timeZone])
        return AgentWords(agent, found, facts, spoken).explanation
    }
}

/// What is to be explained, as the command line names it.
public enum ExplainedThing: Sendable, Hashable {
    case errand(ErrandID)
    /// Any work item, another system's call too.
    case item(WorkItemID)
    /// By login name.
    case agent(String)
}

/// Explains from rows alone: beside a running server, or without one.
public enum Explaining {
    /// - Parameter workspace: its name; nil where there is one only.
    /// - Throws: `Refusal` for what is not there.
    public static func explain(
        _ thing: ExplainedThing, workspace name: String?, _ reader: any Reading
    ) throws -> Explanation {
        let workspace = try WorkspaceRows.find(name, reader)
        let office = try Office.restore(workspace, reader)
        let clock = try reader.query(RouterInputs.clock(workspace)).first?.intOrNil("at").map(
            Instant.init(ms:))
        guard let origin = office.inputs.origin else { preconditionFailure("a restored office without rows") }
        let router = Router(restoring: origin, at: clock)
        let spoken = Spoken(
            office.directory, now: clock ?? Instant(ms: 0), zones: [office.directory.timeZone])
        switch thing {
        case .errand(let id):
            guard let facts = try ItemFacts.read(id, in: workspace, reader) else {
                throw Refusal.notFound("There is no errand \(id) in the workspace \(office.directory.name).")
            }
            return ItemWords(facts, router.explain(facts.item), spoken).explanation
        case .item(let id):
            guard let facts = try ItemFacts.read(id, in: workspace, reader) else {
                throw Refusal.notFound(
                    "There is no work item \(id.raw) in the workspace \(office.directory.name).")
            }
            return ItemWords(facts, router.explain(id), spoken).explanation
        case .agent(let login):
            guard let agent = office.directory.agent(login: login), agent.active,
                let found = router.explain(agent.id)
            else {
                throw Refusal.notFound(
                    "There is no agent \(login) in the workspace \(office.directory.name).")
            }
            let facts = try AgentFacts.read(found, in: workspace, reader)
            return AgentWords(agent, found, facts, spoken).explanation
        }
    }
}

/// Workspaces as rows name them, where no server tells.
enum WorkspaceRows {
    static func find(_ name: String?, _ reader: any Reading) throws -> WorkspaceID {
        let all = try all(reader)
        if let name {
            guard let found = all.first(where: { $0.name == name.lowercased() }) else {
                throw Refusal.notFound("There is no workspace '\(name)' here.")
            }
            return found.id
        }
        guard let only = all.first else { throw Refusal.notFound("There is no workspace here yet.") }
        guard all.count == 1 else {
            let names = all.prefix(20).map(\.name).joined(separator: ", ")
            throw Refusal.invalid("There are several workspaces; name one with --workspace: \(names).")
        }
        return only.id
    }

    static func all(_ reader: any Reading) throws -> [(id: WorkspaceID, name: String)] {
        guard try Migrator.check(reader, Schema.migrations) == Schema.migrations.count else {
            throw Refusal.conflict(
                "This database was written by another version; start this version's server on it once.")
        }
        return try reader.query("SELECT id, name FROM workspace ORDER BY id").map {
            (WorkspaceID($0.int("id")), $0.text("name"))
        }
    }
}
