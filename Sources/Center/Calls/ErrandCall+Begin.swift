// An errand comes with its call: the agent whose telephone has it gets both in hand.

import Routing
import Store

extension Work {
    /// Writes what is known of the call, and hands errand and call to the agent at that device and extension.
    ///
    /// The other system has connected the call already, so presence, areas and room are not asked; only who is
    /// signed out here cannot have it. The call is a work item of its own: it ends before its errand does.
    /// - Returns: whether the errand is in an agent's hands.
    func begin(
        _ call: NewCall, of errand: ErrandID, _ errandItem: WorkItemID, _ new: NewErrand, area: Area,
        agent id: AgentID?
    ) throws -> Bool {
        let agent = id.flatMap { id in
            agentRecord(id).flatMap { $0.presence == .signedOut ? nil : directory.agent(id) }
        }
        // An errand that is closed already keeps what was told of its call.
        guard let agent, agent.adminLevel != .observer, new.answer == nil else {
            let isOver = call.hasEnded || new.answer != nil
            try insert(call, of: errand, item: nil, endedAt: isOver ? now : nil)
            return false
        }
        let former = calls(of: agent.id)
        let same = try same(call, among: former)
        // A telephone has one conversation: whatever else this agent's had is over, though nobody said so.
        for (item, _) in former where call.hasEnded ? item == same : item != same { route(.finish(item)) }
        office.errands[errandItem] = errand
        route(.arriveInHand(errandItem, agent.id, queue: area.queue, channel: .errand, priority: nil))
        if call.hasEnded, let same {
            try insert(call, of: errand, item: same, endedAt: now)
            return true
        }
        let item = try insertItem(call, new, area)
        try insert(call, of: errand, item: item, endedAt: nil)
        office.externals[item]?.errand = errand
        route(.arriveInHand(item, agent.id, queue: area.queue, channel: .call, priority: nil))
        if call.hasEnded { route(.finish(item)) }
        return true
    }

    /// Calls of errands that the agent is in conversation with, the newest first.
    func calls(of agent: AgentID) -> [(item: WorkItemID, errand: ErrandID)] {
        inHand(of: agent).compactMap { id -> (WorkItemID, ErrandID)? in
            guard let errand = office.externals[id]?.errand, case .active? = item(id)?.state else {
                return nil
            }
            return (id, errand)
        }.sorted { $0.0 > $1.0 }
    }

    /// The one of them that has the call's id in its queue.
    private func same(
        _ call: NewCall, among calls: [(item: WorkItemID, errand: ErrandID)]
    ) throws -> WorkItemID? {
        guard !calls.isEmpty else { return nil }
        return try query(
            """
            SELECT item FROM errand_call WHERE workspace = \(workspace) AND item IN \(list: calls.map(\.item))
                AND ended_at IS NULL AND integration = \(call.integration) AND queue_name = \(call.queueName)
                AND queue_number = \(call.queueNumber)
            ORDER BY item DESC LIMIT 1
            """
        ).first.map { WorkItemID($0.int("item")) }
    }

    private func insertItem(_ call: NewCall, _ new: NewErrand, _ area: Area) throws -> WorkItemID {
        let id = WorkItemID(next(.workItem))
        var item = NewExternalItem(queue: area.queue, channel: .call)
        item.from = new.from.utf8.count <= ExternalItemLimits.fromMaxBytes ? new.from : ""
        item.subject = new.subject.utf8.count <= ExternalItemLimits.subjectMaxBytes ? new.subject : ""
        item.externalID =
            call.queueNumber.utf8.count <= ExternalItemLimits.externalIDMaxBytes ? call.queueNumber : ""
        try insert(item, id)
        return id
    }

    private func insert(
        _ call: NewCall, of errand: ErrandID, item: WorkItemID?, endedAt: Instant?
    ) throws {
        try execute(
            """
            INSERT INTO errand_call (workspace, errand, item, integration, device_id, extension_id, reference_id,
                link, dest_number, paging_number, paging_name, queue_name, queue_number, call_reason, appointment,
                ended_at)
            VALUES (\(workspace), \(errand), \(item), \(call.integration), \(call.deviceID), \(call.extensionID),
                \(call.referenceID), \(call.link), \(call.destNumber), \(call.pagingNumber), \(call.pagingName),
                \(call.queueName), \(call.queueNumber), \(call.callReason), \(call.appointment), \(endedAt))
            """)
    }
}
