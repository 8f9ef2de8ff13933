// Carries out what the router decided about work items of other systems.

import Routing
import Store

extension Work {
    func connected(external item: WorkItemID, _ agent: AgentID) throws {
        office.externals[item]?.holder = agent
        endings[item] = nil
        try execute(
            """
            UPDATE external_item SET agent = \(agent), connected_at = COALESCE(connected_at, \(now)),
                overflow_cause = NULL, overflow_action = NULL, overflow_number = NULL
            WHERE workspace = \(workspace) AND id = \(item)
            """)
        try tell(
            .itemConnected, .workItem, item.raw,
            ["item": .number(item.raw), "agent": .number(agent.raw)])
    }

    /// Adds the conversation that ends now to the item's handling time; runs before the item's row changes.
    func addHandling(external item: WorkItemID, releasing: Bool) throws {
        try execute(
            """
            UPDATE external_item SET agent = CASE WHEN \(releasing) = 1 THEN NULL ELSE agent END,
                handling_ms = handling_ms + \(sql: conversation(item))
            WHERE workspace = \(workspace) AND id = \(item)
            """)
    }

    /// How long the conversation lasts that the item is in; 0 when it is in none.
    private func conversation(_ item: WorkItemID) -> SQL {
        """
        COALESCE((SELECT \(now) - since_at FROM work_item
            WHERE workspace = \(workspace) AND id = \(item) AND state = \(StoredItemState.active)), 0)
        """
    }

    func returned(external item: WorkItemID, _ agent: AgentID) throws {
        office.externals[item]?.holder = nil
        try addHandling(external: item, releasing: true)
        try tell(
            .itemReturned, .workItem, item.raw,
            ["item": .number(item.raw), "agent": .number(agent.raw)])
    }

    /// - Parameter released: out of the hands it was in.
    func moved(external item: WorkItemID, _ queue: QueueID, released: Bool) throws {
        let holder = office.externals[item]?.holder
        if released {
            try addHandling(external: item, releasing: true)
            office.externals[item]?.holder = nil
            endings[item] = nil
        }
        if let holder {
            try tell(
                .itemMoved, .workItem, item.raw,
                ["item": .number(item.raw), "queue": .number(queue.raw), "agent": .number(holder.raw)])
        } else {
            try tell(
                .itemMoved, .workItem, item.raw,
                ["item": .number(item.raw), "queue": .number(queue.raw)])
        }
    }

    /// The queue does not keep it: what the other system is to do with it now stays in its row.
    func overflowed(
        external item: WorkItemID, _ queue: QueueID, _ cause: OverflowCause, _ treatment: Treatment
    ) throws {
        if case .queue = treatment { return }
        endings[item] = .overflowed
        // It was told when ringing began.
        guard cause != .ringingEnded else { return }
        let number =
            treatment == .number
            ? directory.treatments(of: queue).first { $0.kind == cause.treatmentKind }?.number : nil
        overflows[item] = ItemOverflow(cause: cause.word, action: treatment.word, number: number)
        try execute(
            """
            UPDATE external_item SET overflow_cause = \(cause.rawValue), overflow_action = \(treatment.word),
                overflow_number = \(number)
            WHERE workspace = \(workspace) AND id = \(item)
            """)
    }

    /// Runs before the item's row changes.
    func ending(external item: WorkItemID) throws {
        try callEnded(item)
        let ending = endings[item] ?? .done
        try execute(
            """
            UPDATE external_item SET ended_at = \(now), ended = \(ending.rawValue),
                handling_ms = handling_ms + \(sql: conversation(item))
            WHERE workspace = \(workspace) AND id = \(item)
            """)
    }

    /// The item's row is being written; its number.
    func stored(external item: WorkItemID) -> Int64 {
        office.externals[item]?.isStored = true
        return item.raw
    }

    /// Writes the row of an item that was turned away in the moment it came.
    private func insertTurnedAway(_ item: WorkItemID) throws {
        try execute(
            """
            INSERT INTO work_item (workspace, id, noun, noun_id, queue, channel, priority, credit_ms, entered_at,
                required_skills, desired_skills, state, until_at, epoch, pauses)
            SELECT workspace, id, \(Matter.externalNoun), id, queue, channel, 0, 0, created_at, '', '',
                \(StoredItemState.done), created_at, 0, ''
            FROM external_item WHERE workspace = \(workspace) AND id = \(item)
            """)
    }

    func gone(external item: WorkItemID) throws {
        let ending = endings[item] ?? .done
        if office.externals[item]?.isStored == false { try insertTurnedAway(item) }
        finished[item] = ending
        if let holder = office.externals[item]?.holder {
            try tell(
                .itemLeft, .workItem, item.raw,
                ["item": .number(item.raw), "ended": .word(ending.word), "agent": .number(holder.raw)])
        } else {
            try tell(
                .itemLeft, .workItem, item.raw,
                ["item": .number(item.raw), "ended": .word(ending.word)])
        }
        office.externals[item] = nil
    }
}
