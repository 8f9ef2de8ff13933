// Where an errand goes by an agent's hand: to another area or agent, up or down its queue, open again.

public import Routing
import Store

/// Where a transfer goes.
public enum TransferTarget: Sendable, Hashable {
    /// Into the area's queue; the customer's wait goes on.
    case area(AreaID)
    /// Into the agent's hands at once.
    case agent(AgentID)
}

/// Where a closed errand goes when it is opened again.
public enum ReopenTarget: Sendable, Hashable {
    /// To its area's queue, as if it arrived now.
    case queue
    /// Into the hands of the one who opens it.
    case hands
}

public enum PriorityLimits {
    /// 0 goes first.
    public static let range: ClosedRange<Int64> = 0...1_000_000
}

extension Floor {
    /// Moves an open errand. Its holder may, for a waiting one any agent who sees it, an administrator always.
    /// - Parameter version: the errand's as the agent saw it.
    public func transferErrand(
        _ id: ErrandID, to target: TransferTarget, version: Int64, by principal: Principal
    ) async throws {
        let plan = Plan(
            "transfer errand", reads: [Errand.row(principal.workspace, id)], keys: [.errand(id)],
            checksFirst: true)
        try await perform(plan, by: principal) { work in
            let (agent, errand, item) = try work.movable(0, version: version)
            switch target {
            case .area(let area): try work.move(errand, item, to: area)
            case .agent(let other): try work.assign(errand, item, to: other, by: agent)
            }
        }
    }

    /// Sets an open errand's priority class; it counts at once.
    public func setPriority(_ priority: Int64, of id: ErrandID, by principal: Principal) async throws {
        let plan = Plan(
            "set priority", reads: [Errand.row(principal.workspace, id)], keys: [.errand(id)],
            checksFirst: true)
        try await perform(plan, by: principal) { work in
            guard PriorityLimits.range.contains(priority) else {
                throw Refusal.invalid(
                    "A priority is a number from 0, which goes first, to \(PriorityLimits.range.upperBound).",
                    pointer: "/priority")
            }
            let (_, errand, item) = try work.movable(0, version: nil)
            guard item.priority != priority else { return }
            try work.execute(
                """
                UPDATE errand SET priority = \(priority) WHERE workspace = \(work.workspace) AND id = \(id)
                """)
            try work.record(.prioritySet, id, ["priority": .number(priority)])
            try work.touch(
                id, .errandPrioritySet, ["errand": .number(id.raw), "priority": .number(priority)])
            work.route(.setPriority(errand.workItem, priority))
        }
    }

    /// Opens a closed errand again. It becomes a new work item, so its offers are counted anew.
    public func reopenErrand(_ id: ErrandID, to target: ReopenTarget, by principal: Principal) async throws {
        let plan = Plan(
            "reopen errand", reads: [Errand.row(principal.workspace, id)], keys: [.errand(id)],
            checksFirst: true)
        try await perform(plan, by: principal) { work in
            let agent = try work.workingAgent()
            let errand = try work.errand(0)
            guard errand.state == .closed else { throw Refusal.conflict("This errand is open already.") }
            guard let area = work.directory.living(errand.area) else {
                throw Refusal.conflict("The area of this errand is gone; it cannot be opened again.")
            }
            // Its wrap-up, where it is still in one, ends here.
            if work.item(errand.workItem) != nil { work.route(.withdraw(errand.workItem)) }
            try work.reopen(errand, in: area, to: target, agent.id)
        }
    }
}

extension Work {
    /// The acting agent, who must be one who works.
    func workingAgent() throws -> Agent {
        let agent = try actingAgent()
        guard agent.adminLevel != .observer else {
            throw Refusal.forbidden("An observer looks on; ask an agent to do this.")
        }
        return agent
    }

    /// An open errand that the acting agent may move, as the agent saw it.
    fileprivate func movable(
        _ index: Int, version: Int64?
    ) throws -> (Agent, Errand, WorkItemRecord) {
        let agent = try workingAgent()
        let errand = try errand(index)
        guard errand.state == .open, let item = item(errand.workItem) else {
            throw Refusal.conflict("This errand is closed; reopen it first.")
        }
        if case .active(let holder, _) = item.state, holder != agent.id, agent.adminLevel != .administrator {
            let name = directory.agent(holder)?.userName ?? ""
            throw Refusal.conflict(
                "\(name.isEmpty ? "Another agent" : name) has this errand in hand; ask them, or an administrator."
            )
        }
        if let version, version != errand.version {
            throw Refusal.conflict("This errand changed since you opened it; look at it again.")
        }
        return (agent, errand, item)
    }

    fileprivate func move(_ errand: Errand, _ item: WorkItemRecord, to id: AreaID) throws {
        guard let area = directory.area(id) else {
            throw Refusal.invalid("There is no such area; choose one of the list.", pointer: "/to")
        }
        guard area.id != errand.area else {
            throw Refusal.invalid(
                "The errand is in \(area.name) already; return it to the queue instead.", pointer: "/to")
        }
        // The router gives it the new queue's priority where nobody set one for this errand.
        if item.priority == directory.area(errand.area)?.settings.priority {
            try execute(
                """
                UPDATE errand SET priority = \(area.settings.priority)
                WHERE workspace = \(workspace) AND id = \(errand.id)
                """)
        }
        route(.transfer(errand.workItem, area.queue, keepWait: true))
    }

    fileprivate func assign(
        _ errand: Errand, _ item: WorkItemRecord, to id: AgentID, by agent: Agent
    ) throws {
        guard let other = directory.agent(id), other.active, other.adminLevel != .observer,
            directory.reaches(other, errand.area)
        else {
            throw Refusal.invalid("This agent does not serve the errand's area.", pointer: "/to")
        }
        // Work in the hands of somebody who is away would be stuck there.
        guard let presence = agentRecord(id)?.presence, presence != .signedOut else {
            throw Refusal.conflict(
                "\(other.userName.isEmpty ? other.loginName : other.userName) is signed out; choose somebody who "
                    + "is here, or return the errand to the queue.")
        }
        if case .active(id, _) = item.state { return }
        try record(.assigned, errand.id, ["agent": .number(id.raw)])
        try touch(
            errand.id, .errandAssigned, ["errand": .number(errand.id.raw), "agent": .number(id.raw)])
        route(.assign(errand.workItem, id))
    }

    fileprivate func reopen(
        _ errand: Errand, in area: Area, to target: ReopenTarget, _ agent: AgentID
    ) throws {
        let item = WorkItemID(next(.workItem))
        try execute(
            """
            UPDATE errand SET state = \(Errand.State.open.rawValue), closed_at = NULL, agent = NULL,
                work_item = \(item), area = \(area.id), changed_at = \(now), version = version + 1
            WHERE workspace = \(workspace) AND id = \(errand.id)
            """)
        try record(.reopened, errand.id, ["area": .number(area.id.raw)])
        let seq = try tell(
            .errandReopened, .errand, errand.id.raw,
            ["errand": .number(errand.id.raw), "area": .number(area.id.raw)])
        try dirty(errand.id, seq)
        office.errands[item] = errand.id
        switch target {
        case .queue:
            route(
                .arrive(
                    item, queue: area.queue, channel: .errand, priority: errand.priority, creditMs: 0,
                    requiredSkills: [], desiredSkills: []))
        case .hands:
            route(
                .arriveInHand(
                    item, agent, queue: area.queue, channel: .errand, priority: errand.priority))
        }
    }
}
