// What becomes of a work item by the hand of another system, or of the agent who has it.

public import Routing
import Store

/// Where a transfer of a work item goes.
public enum ItemTarget: Sendable, Hashable {
    /// Into that queue; the customer's wait goes on unless it is to begin anew.
    case queue(QueueID, keepWait: Bool)
    /// Into the agent's hands at once.
    case agent(AgentID)
}

extension Floor {
    /// The customer has gone before an agent answered.
    /// - Parameter tag: of the item as the client saw it; nil for any.
    /// - Throws: `Refusal.conflict` for what is in hand or gone; `Precondition.tagDiffers`.
    public func abandonItem(
        _ id: WorkItemID, tag: String? = nil, once: KeptRequest? = nil, by principal: Principal
    ) async throws -> ItemNow {
        try await perform(Plan("abandon item", checksFirst: true), once: once, by: principal) { work in
            try work.requireDirecting()
            let record = try work.liveItem(id, tag: tag)
            try work.requireExternal(id, "close it there instead")
            guard record.state.holder == nil else {
                throw Refusal.conflict("An agent has it already; end it instead.")
            }
            work.route(.abandon(id))
            return try work.settled(id, before: record)
        }
    }

    /// The conversation is over: wrap-up begins where the queue has it, else the item is done.
    /// - Throws: `Refusal.conflict` for what is in nobody's hands; `Precondition.tagDiffers`.
    public func endItem(
        _ id: WorkItemID, tag: String? = nil, once: KeptRequest? = nil, by principal: Principal
    ) async throws -> ItemNow {
        try await perform(Plan("end item", checksFirst: true), once: once, by: principal) { work in
            let record = try work.liveItem(id, tag: tag)
            try work.requireExternal(id, "close it there instead")
            try work.requireHolding(record)
            switch record.state {
            case .active: break
            case .wrapUp: throw Refusal.conflict("Its conversation is over already: it is in wrap-up.")
            case .waiting, .offered, .offeredToGroup, .ringing:
                throw Refusal.conflict("No agent has it; abandon it instead.")
            }
            work.route(.finish(id))
            return try work.settled(id, before: record)
        }
    }

    /// Moves an item to another queue or into an agent's hands.
    /// - Throws: `Refusal.conflict` for what is gone, `.invalid` for a target that cannot take it.
    public func transferItem(
        _ id: WorkItemID, to target: ItemTarget, tag: String? = nil, once: KeptRequest? = nil,
        by principal: Principal
    ) async throws -> ItemNow {
        try await perform(Plan("transfer item", checksFirst: true), once: once, by: principal) { work in
            let record = try work.liveItem(id, tag: tag)
            try work.requireExternal(id, "transfer it there instead")
            try work.requireHolding(record)
            switch target {
            case .queue(let queue, let keepWait):
                guard work.directory.settings(of: queue) != nil else {
                    throw Refusal.invalid("There is no such queue; GET queues lists them.", pointer: "/queue")
                }
                guard queue != record.queue || record.state.holder != nil else {
                    throw Refusal.conflict("It waits in this queue already.")
                }
                work.route(.transfer(id, queue, keepWait: keepWait))
            case .agent(let agent):
                guard let other = work.directory.agent(agent), other.active, other.adminLevel != .observer
                else { throw Refusal.invalid("There is no such agent.", pointer: "/agent") }
                // Work in the hands of somebody who is away would be stuck there.
                guard let presence = work.agentRecord(agent)?.presence, presence != .signedOut else {
                    throw Refusal.conflict("This agent is signed out; choose somebody who is here.")
                }
                if case .active(agent, _) = record.state {
                    throw Refusal.conflict("This agent has it already.")
                }
                work.route(.assign(id, agent))
            }
            return try work.settled(id, before: record)
        }
    }
}

extension Work {
    /// An item that is not gone, as the client saw it.
    fileprivate func liveItem(_ id: WorkItemID, tag: String?) throws -> WorkItemRecord {
        guard let record = item(id) else {
            let gone = try query("SELECT state FROM work_item WHERE workspace = \(workspace) AND id = \(id)")
            guard !gone.isEmpty else { throw Refusal.notFound("There is no such work item here.") }
            if let tag, try tag != endedTag(id) { throw Precondition.tagDiffers }
            throw Refusal.conflict("This work item is over already.")
        }
        if let tag, tag != ItemNow.tag(of: record) { throw Precondition.tagDiffers }
        return record
    }

    private func endedTag(_ id: WorkItemID) throws -> String {
        let row = try query(ExternalItem.row(workspace, id)).first
        return
            "ended-\(row.flatMap { ExternalItem($0).ending }?.rawValue ?? ExternalItem.Ending.done.rawValue)"
    }

    /// - Parameter advice: what to do with an errand.
    fileprivate func requireExternal(_ id: WorkItemID, _ advice: String) throws {
        guard office.externals[id] != nil else {
            throw Refusal.conflict("This work item is an errand, which lives at the desk; \(advice).")
        }
    }

    /// Agents may do with their own work what other systems may with any.
    private func holds(_ record: WorkItemRecord) throws -> Bool {
        guard principal.agent != nil else {
            try requireDirecting()
            return true
        }
        let agent = try workingAgent()
        return record.state.holder == agent.id || agent.adminLevel == .administrator
    }

    fileprivate func requireHolding(_ record: WorkItemRecord) throws {
        guard try holds(record) else {
            throw Refusal.forbidden("You have not got this in hand; only who has may do that.")
        }
    }
}
