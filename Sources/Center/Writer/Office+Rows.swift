// Makes a workspace's office from rows: at start, and whenever a batch failed.

import Routing
import Store

extension Office {
    static func restore(_ workspace: WorkspaceID, _ reader: any Reading) throws -> Office {
        let directory = try Directory.read(workspace, reader)
        let rows = try reader.fetch(
            [
                "SELECT noun, value FROM high_water WHERE workspace = \(workspace)",
                "SELECT COALESCE(MAX(seq), 0) AS seq FROM journal WHERE workspace = \(workspace)",
                "SELECT * FROM agent_state WHERE workspace = \(workspace) ORDER BY agent",
                "SELECT * FROM queue_state WHERE workspace = \(workspace) ORDER BY queue",
                RouterInputs.latest(workspace),
            ] + Tally.reads(workspace) + [KeptRequest.count(workspace), ErrandCall.live(workspace)])
        var highWater: [Noun: Int64] = [:]
        for row in rows[0] {
            if let noun = Noun(rawValue: row.text("noun")) { highWater[noun] = row.int("value") }
        }
        let states = Dictionary(
            uniqueKeysWithValues: rows[2].map { (AgentID($0.int("agent")), agentRecord($0)) })

        var snapshot = Snapshot()
        for (queue, settings) in directory.queues {
            snapshot.queueIDs.append(queue)
            snapshot.queueSettings.append(settings)
        }
        let known = Set(snapshot.queueIDs)
        snapshot.queueRecords = rows[3].map(queueRecord).filter { known.contains($0.id) }
        // Deleted agents count: what they drew is not drawn again.
        snapshot.idleOrder = states.values.map(\.idleOrder).max() ?? 0
        var presences: [AgentID: Presence] = [:]
        for agent in directory.agents where agent.active {
            let record = states[agent.id] ?? AgentRecord(id: agent.id, at: Instant(ms: 0))
            snapshot.agents.append(record)
            snapshot.agentSettings.append(directory.routerSettings(agent))
            presences[agent.id] = record.presence
        }
        var errands: [WorkItemID: ErrandID] = [:]
        var externals: [WorkItemID: LiveExternalItem] = [:]
        var tally = Tally()
        try reader.forEach(
            "SELECT * FROM work_item WHERE workspace = \(workspace) AND state < 9 ORDER BY id"
        ) { row in
            let record = itemRecord(row)
            snapshot.items.append(record)
            tally.restore(item: record, row)
            if row.text("noun") == Matter.externalNoun {
                externals[record.id] = LiveExternalItem(holder: record.state.holder)
            } else {
                errands[record.id] = ErrandID(row.int("noun_id"))
            }
        }
        for row in rows[9] { externals[WorkItemID(row.int("item"))]?.errand = ErrandID(row.int("errand")) }
        tally.restore(
            booked: rows[5], told: rows[6], newest: rows[7], agents: snapshot.agents,
            queues: snapshot.queueRecords)
        return Office(
            workspace: workspace, router: Router(restoring: snapshot), directory: directory, errands: errands,
            presences: presences, tally: tally, highWater: highWater, seq: rows[1][0].int("seq"),
            inputs: RouterInputs(life: rows[4][0].int("batch"), origin: snapshot), externals: externals,
            keptRequests: rows[8][0].int("n"))
    }

    private static func agentRecord(_ row: Row) -> AgentRecord {
        let id = AgentID(row.int("agent"))
        var record = AgentRecord(id: id, at: Instant(ms: row.int("presence_since")))
        guard let presence = Presence(rawValue: row.int("presence")) else {
            preconditionFailure("agent \(id.raw) has presence \(row.int("presence"))")
        }
        record.presence = presence
        record.reason = row.intOrNil("reason").map(ReasonID.init)
        record.idleSince = Instant(ms: row.int("idle_since"))
        record.idleOrder = row.int("idle_order")
        record.unanswered = row.int("unanswered")
        record.busyFailures = row.int("busy_failures")
        record.errorFailures = row.int("error_failures")
        record.bounced = row.int("bounced")
        if let pending = row.intOrNil("pending_presence").flatMap(Presence.init(rawValue:)) {
            let reason = row.intOrNil("pending_reason").map(ReasonID.init)
            record.pending = PendingPresence(presence: pending, reason: reason)
        }
        record.presenceUntil = row.intOrNil("presence_until").map(Instant.init(ms:))
        record.guardUntil = row.intOrNil("guard_until").map(Instant.init(ms:))
        record.signals = Signals(rawValue: row.int("signals"))
        record.handled = row.int("handled")
        record.talkMs = row.int("talk_ms")
        record.wrapUpUntil = row.intOrNil("wrap_up_until").map(Instant.init(ms:))
        record.desk = deskState(row, id)
        return record
    }

    private static func queueRecord(_ row: Row) -> QueueRecord {
        var record = QueueRecord(id: QueueID(row.int("queue")))
        record.handlingMs = row.int("handling_ms")
        record.handlings = row.int("handlings")
        record.waitedMs = row.int("waited_ms")
        record.abandonments = row.int("abandonments")
        record.lastAnswered = row.intOrNil("last_answered").map(AgentID.init)
        record.handledAt = row.intOrNil("handled_at").map(Instant.init(ms:))
        record.handledChannel = row.intOrNil("handled_channel").flatMap(Channel.init(rawValue:))
        record.handledEveryUs = row.int("handled_every_us")
        return record
    }

    private static func deskState(_ row: Row, _ id: AgentID) -> DeskState {
        switch (row.int("desk"), row.intOrNil("desk_until")) {
        case (0, nil): return .none
        case (1, nil): return .open
        case (2, let until?): return .closed(until: Instant(ms: until))
        case (let other, _): preconditionFailure("agent \(id.raw) has a desk \(other)")
        }
    }

    private static func itemRecord(_ row: Row) -> WorkItemRecord {
        let id = WorkItemID(row.int("id"))
        guard let channel = Channel(rawValue: row.int("channel")) else {
            preconditionFailure("work item \(id.raw) has channel \(row.int("channel"))")
        }
        var record = WorkItemRecord(
            id: id, queue: QueueID(row.int("queue")), channel: channel, priority: row.int("priority"),
            entered: Instant(ms: row.int("entered_at")))
        record.creditMs = row.int("credit_ms")
        record.requiredSkills = numbers(of: row.text("required_skills")).map(SkillID.init)
        record.desiredSkills = numbers(of: row.text("desired_skills")).map(SkillID.init)
        record.queued = Instant(ms: row.intOrNil("queued_at") ?? row.int("entered_at"))
        if let agent = row.intOrNil("preferred_agent"), let until = row.intOrNil("preferred_until") {
            record.preferred = .init(agent: AgentID(agent), until: Instant(ms: until))
        }
        record.isReturnCall = row.int("is_return_call") == 1
        record.hasOverflowed = row.int("has_overflowed") == 1
        record.isWaitLearned = row.int("is_wait_learned") == 1
        record.epoch = row.int("epoch")
        record.firstOffered = row.intOrNil("first_offered_at").map(Instant.init(ms:))
        record.state = state(row, id)
        let pauses = numbers(of: row.text("pauses"))
        record.pauses = stride(from: 0, to: pauses.count - 1, by: 2).map {
            .init(agent: AgentID(pauses[$0]), until: Instant(ms: pauses[$0 + 1]))
        }
        return record
    }

    private static func state(_ row: Row, _ id: WorkItemID) -> WorkItemRecord.State {
        let agent = row.intOrNil("agent").map(AgentID.init)
        let since = row.intOrNil("since_at").map(Instant.init(ms:))
        let until = row.intOrNil("until_at").map(Instant.init(ms:))
        switch (row.int("state"), agent, since, until) {
        case (Work.StoredItemState.waiting, _, _, _): return .waiting
        case (Work.StoredItemState.offered, let agent?, let made?, let deadline?):
            return .offered(agent, made: made, deadline: deadline)
        case (Work.StoredItemState.offered, nil, let made?, let deadline?):
            let group = numbers(of: row.text("offered_to")).map(AgentID.init)
            return .offeredToGroup(group, made: made, deadline: deadline)
        case (Work.StoredItemState.ringing, _, _, let until?): return .ringing(until: until)
        case (Work.StoredItemState.active, let agent?, let since?, _): return .active(agent, since: since)
        case (Work.StoredItemState.wrapUp, let agent?, _, let until?): return .wrapUp(agent, until: until)
        case (let other, _, _, _): preconditionFailure("work item \(id.raw) has state \(other)")
        }
    }
}
