// The books of a workspace hold against its rows, its router and each other.

import Routing
import Store

@testable import Center

/// What is wrong, in words; empty when all is well. Nothing is due, and all that was counted is in rows.
func auditStatistics(_ work: Work, restored: Office) throws -> [String] {
    let live = work.office.tally
    return differences(live, restored.tally) + strayBooks(live, work.office.router)
        + (try wrongBalances(live, work)) + (try wrongSums(live, work))
}

private func differences(_ live: Tally, _ rows: Tally) -> [String] {
    var found: [String] = []
    if !live.queueDeltas.isEmpty || !live.agentDeltas.isEmpty { found.append("figures that are in no row") }
    if live.entries != rows.entries { found.append("entries \(live.entries), rows \(rows.entries)") }
    if live.hands != rows.hands { found.append("hands \(live.hands), rows \(rows.hands)") }
    if live.bookedUntil != rows.bookedUntil { found.append("booked until") }
    let ids = Set(live.shifts.keys).union(rows.shifts.keys).sorted()
    for id in ids {
        // Since when somebody is signed out is of no account.
        let (a, b) = (live.shifts[id], rows.shifts[id])
        if a?.presence == .signedOut, b?.presence == .signedOut { continue }
        if a != b { found.append("shift \(String(describing: a)), rows \(String(describing: b))") }
    }
    return found.map { "statistics: \($0)" }
}

/// Offered is what came of it and what still waits: in every interval.
private func wrongBalances(_ live: Tally, _ work: Work) throws -> [String] {
    var open: [Tally.QueueKey: Int64] = [:]
    for entry in live.entries.values where entry.standing == .open {
        let key = Tally.QueueKey(
            start: Interval.start(of: entry.queued), queue: entry.queue, channel: entry.channel)
        open[key, default: 0] += 1
    }
    var found: [String] = []
    for row in try work.query("SELECT * FROM queue_interval WHERE workspace = \(work.workspace)") {
        let counts = QueueCounts(row)
        let key = Tally.QueueKey(
            start: Instant(ms: row.int("starts_at")), queue: QueueID(row.int("queue")),
            channel: Channel(rawValue: row.int("channel"))!)
        let waiting = open.removeValue(forKey: key) ?? 0
        if counts.waiting != waiting { found.append("\(key): \(counts.waiting) open, there are \(waiting)") }
        found += impossible(counts).map { "\(key): \($0)" }
    }
    if !open.isEmpty { found.append("waiting work of no interval: \(open)") }
    return found
}

/// The figures against what is written down elsewhere.
private func wrongSums(_ live: Tally, _ work: Work) throws -> [String] {
    let workspace = work.workspace
    let queues = QueueCounts(
        try work.query("SELECT \(sql: QueueCounts.sums) FROM queue_interval WHERE workspace = \(workspace)")[
            0])
    let agents = AgentCounts(
        try work.query("SELECT \(sql: AgentCounts.sums) FROM agent_interval WHERE workspace = \(workspace)")[
            0])
    let row = try work.query(
        """
        SELECT (SELECT COUNT(*) FROM offer WHERE workspace = \(workspace)) AS offered,
            (SELECT COUNT(*) FROM offer WHERE workspace = \(workspace) AND ending = 1) AS accepted,
            (SELECT COUNT(*) FROM offer WHERE workspace = \(workspace) AND ending = 2) AS declined,
            (SELECT COUNT(*) FROM offer WHERE workspace = \(workspace) AND ending IN (3, 8, 9)) AS unanswered,
            (SELECT CAST(COALESCE(SUM(handling_ms), 0) AS BIGINT) FROM errand
                WHERE workspace = \(workspace)) + (
                    SELECT CAST(COALESCE(SUM(handling_ms), 0) AS BIGINT) FROM external_item
                    WHERE workspace = \(workspace)) AS handling_ms,
            (SELECT CAST(COALESCE(SUM(unavailable_ms), 0) AS BIGINT) FROM agent_reason_interval
                WHERE workspace = \(workspace)) AS unavailable_ms
        """)[0]
    let openTalkMs = live.hands.values.reduce(0) { sum, hand in
        hand.isWrapUp ? sum : sum + max(0, live.bookedUntil - hand.since)
    }
    let equations: [(String, Int64, Int64)] = [
        ("offers", agents[.offered], row.int("offered")),
        ("accepted offers", agents[.accepted], row.int("accepted")),
        ("declined offers", agents[.declined], row.int("declined")),
        ("failed offers", agents[.unanswered], row.int("unanswered")),
        ("talk and handling", queues[.talkMs], row.int("handling_ms") + openTalkMs),
        ("talk of agents and queues", agents[.talkMs], queues[.talkMs]),
        ("wrap-up of agents and queues", agents[.wrapUpMs], queues[.wrapUpMs]),
        ("handled by agents and in queues", agents[.handled], queues[.handled]),
        ("returned by agents and to queues", agents[.returned], queues[.returned]),
        ("unavailable by reason", row.int("unavailable_ms"), agents[.unavailableMs]),
    ]
    var found = equations.filter { $0.1 != $0.2 }.map { "\($0.0): \($0.1), \($0.2)" }
    if agents[.busyMs] + agents[.idleMs] + agents[.unavailableMs] > agents[.signedInMs] {
        found.append("more time than there was: \(agents)")
    }
    return found
}
