// The router's records as rows: agents, queues, work items.

import Routing
import Store

extension Work {
    func store(_ record: AgentRecord) throws {
        changedAgents[record.id] = record
        try execute(
            """
            INSERT INTO agent_state (workspace, agent, presence, reason, presence_since, idle_since, idle_order,
                unanswered, wrap_up_until, desk, desk_until, busy_failures, error_failures, bounced,
                pending_presence, pending_reason, presence_until, guard_until, signals, handled, talk_ms)
            VALUES (\(workspace), \(record.id), \(record.presence.rawValue), \(record.reason),
                \(record.presenceSince), \(record.idleSince), \(record.idleOrder), \(record.unanswered),
                \(record.wrapUpUntil), \(record.desk.stored.desk), \(record.desk.stored.until),
                \(record.busyFailures), \(record.errorFailures), \(record.bounced),
                \(record.pending?.presence.rawValue), \(record.pending?.reason), \(record.presenceUntil),
                \(record.guardUntil), \(record.signals.rawValue), \(record.handled), \(record.talkMs))
            ON CONFLICT (workspace, agent) DO UPDATE SET presence = excluded.presence,
                reason = excluded.reason, presence_since = excluded.presence_since,
                idle_since = excluded.idle_since, idle_order = excluded.idle_order,
                unanswered = excluded.unanswered, wrap_up_until = excluded.wrap_up_until,
                desk = excluded.desk, desk_until = excluded.desk_until,
                busy_failures = excluded.busy_failures, error_failures = excluded.error_failures,
                bounced = excluded.bounced, pending_presence = excluded.pending_presence,
                pending_reason = excluded.pending_reason, presence_until = excluded.presence_until,
                guard_until = excluded.guard_until, signals = excluded.signals, handled = excluded.handled,
                talk_ms = excluded.talk_ms
            """)
    }

    func store(_ record: QueueRecord) throws {
        try execute(
            """
            INSERT INTO queue_state (workspace, queue, handling_ms, handlings, waited_ms, abandonments,
                last_answered, handled_at, handled_channel, handled_every_us)
            VALUES (\(workspace), \(record.id), \(record.handlingMs), \(record.handlings), \(record.waitedMs),
                \(record.abandonments), \(record.lastAnswered), \(record.handledAt), \(record.handledChannel?.rawValue),
                \(record.handledEveryUs))
            ON CONFLICT (workspace, queue) DO UPDATE SET handling_ms = excluded.handling_ms,
                handlings = excluded.handlings, waited_ms = excluded.waited_ms,
                abandonments = excluded.abandonments, last_answered = excluded.last_answered,
                handled_at = excluded.handled_at, handled_channel = excluded.handled_channel,
                handled_every_us = excluded.handled_every_us
            """)
    }

    func store(_ record: WorkItemRecord) throws {
        let (noun, nounID) =
            switch matter(of: record.id) {
            case .errand(let errand): (Matter.errandNoun, errand.raw)
            case .external: (Matter.externalNoun, stored(external: record.id))
            }
        let (state, agent, since, until) = record.state.stored
        let why = blocked.last { $0.item == record.id }?.why.rawValue
        let entry = office.tally.entries[record.id]
        try execute(
            """
            INSERT INTO work_item (workspace, id, noun, noun_id, queue, channel, priority, credit_ms, entered_at,
                required_skills, desired_skills, state, agent, since_at, until_at, epoch, first_offered_at, pauses,
                queued_at, preferred_agent, preferred_until, is_return_call, has_overflowed, offered_to,
                blocked_at, blocked_reason, standing, estimate_ms, estimate_median_ms, estimate_ninety_ms,
                is_wait_learned)
            VALUES (\(workspace), \(record.id), \(noun), \(nounID), \(record.queue),
                \(record.channel.rawValue), \(record.priority), \(record.creditMs), \(record.entered),
                \(numberList(record.requiredSkills.map(\.raw))), \(numberList(record.desiredSkills.map(\.raw))),
                \(state), \(agent), \(since ?? office.tally.hands[record.id]?.since), \(until), \(record.epoch), \(record.firstOffered),
                \(numberList(record.pauses.flatMap { [$0.agent.raw, $0.until.ms] })), \(record.queued),
                \(record.preferred?.agent), \(record.preferred?.until), \(record.isReturnCall ? 1 : 0),
                \(record.hasOverflowed ? 1 : 0), \(numberList(record.state.group.map(\.raw))),
                \(why == nil ? nil : now), \(why), \(entry?.standing.rawValue ?? 0),
                \(entry?.estimate?.meanMs), \(entry?.estimate?.medianMs), \(entry?.estimate?.ninetyMs),
                \(record.isWaitLearned ? 1 : 0))
            ON CONFLICT (workspace, id) DO UPDATE SET queue = excluded.queue, priority = excluded.priority,
                credit_ms = excluded.credit_ms, entered_at = excluded.entered_at,
                required_skills = excluded.required_skills, desired_skills = excluded.desired_skills,
                state = excluded.state, agent = excluded.agent, since_at = excluded.since_at,
                until_at = excluded.until_at, epoch = excluded.epoch,
                first_offered_at = excluded.first_offered_at, pauses = excluded.pauses,
                queued_at = excluded.queued_at, preferred_agent = excluded.preferred_agent,
                preferred_until = excluded.preferred_until, is_return_call = excluded.is_return_call,
                has_overflowed = excluded.has_overflowed, offered_to = excluded.offered_to,
                blocked_at = COALESCE(excluded.blocked_at, work_item.blocked_at),
                blocked_reason = COALESCE(excluded.blocked_reason, work_item.blocked_reason),
                standing = excluded.standing, estimate_ms = excluded.estimate_ms,
                estimate_median_ms = excluded.estimate_median_ms,
                estimate_ninety_ms = excluded.estimate_ninety_ms,
                is_wait_learned = excluded.is_wait_learned
            """)
    }
}

/// Numbers as rows hold a short list of them: decimal, parted by spaces.
func numberList(_ numbers: [Int64]) -> String {
    var text = ""
    for number in numbers {
        if !text.isEmpty { text += " " }
        text += String(number)
    }
    return text
}

func numbers(of list: String) -> [Int64] {
    list.utf8.split(separator: UInt8(ascii: " ")).compactMap { Int64(Substring($0)) }
}

extension Reason {
    /// A word and a figure, as rows hold it.
    var stored: (String, Int64?) {
        switch self {
        case .longestIdle(let ms): ("longest_idle", ms)
        case .fewestInHand(let count): ("fewest_in_hand", count)
        case .onlyCandidate: ("only_candidate", nil)
        case .listOrder(let place): ("list_order", place)
        case .nextInTurn(let place): ("next_in_turn", place)
        case .weight(let percent): ("weight", percent)
        case .fewestHandled(let count): ("fewest_handled", count)
        case .leastTalk(let ms): ("least_talk", ms)
        case .skillLevel(let level): ("skill_level", level)
        case .preferred: ("preferred", nil)
        case .group(let count): ("group", count)
        }
    }
}

extension DeskState {
    /// As rows hold it.
    var stored: (desk: Int64, until: Instant?) {
        switch self {
        case .none: (0, nil)
        case .open: (1, nil)
        case .closed(let until): (2, until)
        }
    }
}

extension WorkItemRecord.State {
    var stored: (state: Int64, agent: AgentID?, since: Instant?, until: Instant?) {
        switch self {
        case .waiting: (Work.StoredItemState.waiting, nil, nil, nil)
        case .offered(let agent, let made, let deadline):
            (Work.StoredItemState.offered, agent, made, deadline)
        case .offeredToGroup(_, let made, let deadline): (Work.StoredItemState.offered, nil, made, deadline)
        case .ringing(let until): (Work.StoredItemState.ringing, nil, nil, until)
        case .active(let agent, let since): (Work.StoredItemState.active, agent, since, nil)
        case .wrapUp(let agent, let until): (Work.StoredItemState.wrapUp, agent, nil, until)
        }
    }
}

extension WorkItemRecord.State {
    /// Who has it in hand or in wrap-up.
    var holder: AgentID? {
        switch self {
        case .active(let agent, _), .wrapUp(let agent, _): agent
        case .waiting, .offered, .offeredToGroup, .ringing: nil
        }
    }

    /// The agents of a group that is asked at once; empty otherwise.
    fileprivate var group: [AgentID] {
        if case .offeredToGroup(let group, _, _) = self { group } else { [] }
    }
}

extension Treatment {
    /// As events tell it.
    var word: String {
        switch self {
        case .queue: "queue"
        case .number: "number"
        case .busy: "busy"
        case .ringing: "ringing"
        }
    }
}
