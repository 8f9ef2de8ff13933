// The figures on their way into rows, and the books made from rows again.

import Routing
import Store

/// An upsert that adds to what is there, whose values come as one list.
private struct Addition: Sendable {
    let head: SQL
    let tail: SQL

    /// - Parameter highest: columns of which the higher value stays.
    init(_ table: String, key: [String], adding columns: [String], highest: [String] = []) {
        let all = key + columns + highest
        let added = columns.map { "\($0) = \(table).\($0) + excluded.\($0)" }
        let raised = highest.map {
            "\($0) = CASE WHEN excluded.\($0) > \(table).\($0) THEN excluded.\($0) ELSE \(table).\($0) END"
        }
        head = SQL(name: "INSERT INTO \(table) (\(all.joined(separator: ", "))) VALUES ")
        tail = SQL(
            name: " ON CONFLICT (\(key.joined(separator: ", "))) DO UPDATE SET "
                + (added + raised).joined(separator: ", "))
    }

    func of(_ values: [any Bindable]) -> SQL { "\(sql: head)\(list: values)\(sql: tail)" }

    static let queue = Addition(
        "queue_interval", key: ["workspace", "queue", "channel", "starts_at"],
        adding: QueueFigure.allCases.filter { $0 != .waitMaxMs }.map(\.column),
        highest: [QueueFigure.waitMaxMs.column])
    static let agent = Addition(
        "agent_interval", key: ["workspace", "agent", "starts_at"], adding: AgentFigure.columns,
        highest: ["told_until"])
    static let reason = Addition(
        "agent_reason_interval", key: ["workspace", "agent", "reason", "starts_at"],
        adding: ["unavailable_ms"])
}

extension QueueFigure {
    var column: String { Self.columns[rawValue] }
}

extension AgentFigure {
    var column: String { Self.columns[rawValue] }
}

extension Tally {
    /// Adds what was counted to the rows: a statement for each row that changes.
    mutating func flush(_ workspace: WorkspaceID, _ connection: any Connection) throws {
        for key in queueDeltas.keys.sorted(by: { $0.order < $1.order }) {
            let counts = queueDeltas[key]!
            var values: [any Bindable] = [workspace, key.queue, key.channel.rawValue, key.start]
            for figure in QueueFigure.allCases where figure != .waitMaxMs { values.append(counts[figure]) }
            values.append(counts[.waitMaxMs])
            try connection.execute(Addition.queue.of(values))
        }
        for key in agentDeltas.keys.sorted(by: { $0.order < $1.order }) {
            let counts = agentDeltas[key]!
            var values: [any Bindable] = [workspace, key.agent, key.start]
            for figure in AgentFigure.allCases { values.append(counts[figure]) }
            values.append(toldUntil[key]?.ms ?? 0)
            try connection.execute(Addition.agent.of(values))
        }
        for key in reasonDeltas.keys.sorted(by: { $0.order < $1.order }) {
            let values: [any Bindable] = [
                workspace, key.agent, key.reason?.raw ?? 0, key.start, reasonDeltas[key]!,
            ]
            try connection.execute(Addition.reason.of(values))
        }
        if hasBooked {
            try connection.execute(
                """
                INSERT INTO tally_state (workspace, booked_until) VALUES (\(workspace), \(bookedUntil))
                ON CONFLICT (workspace) DO UPDATE SET booked_until = excluded.booked_until
                """)
        }
        forgetDeltas()
    }

    /// What must be read for `restore`; in the order of its parameters.
    static func reads(_ workspace: WorkspaceID) -> [SQL] {
        [
            "SELECT booked_until FROM tally_state WHERE workspace = \(workspace)",
            """
            SELECT agent, MAX(told_until) AS told_until FROM agent_interval
            WHERE workspace = \(workspace) AND starts_at >= COALESCE((
                SELECT booked_until FROM tally_state WHERE workspace = \(workspace)), 0) - \(Interval.lengthMs)
            GROUP BY agent
            """,
            "SELECT at FROM journal WHERE workspace = \(workspace) ORDER BY seq DESC LIMIT 1",
        ]
    }

    /// Makes the books of a workspace whose items are entered already, by `restore(item:)`.
    mutating func restore(
        booked: [Row], told: [Row], newest: [Row], agents: [AgentRecord], queues: [QueueRecord]
    ) {
        for record in queues { patienceMs[record.id] = record.patienceMs }
        bookedUntil = Instant(ms: booked.first?.int("booked_until") ?? 0)
        lastSign = max(bookedUntil, Instant(ms: newest.first?.int("at") ?? 0))
        openSince = lastSign
        let toldUntil = Dictionary(
            uniqueKeysWithValues: told.map { (AgentID($0.int("agent")), Instant(ms: $0.int("told_until"))) })
        var inHand: [AgentID: Int] = [:]
        for hand in hands.values { inHand[hand.agent, default: 0] += 1 }
        for record in agents {
            let since = max(record.presenceSince, bookedUntil, toldUntil[record.id] ?? bookedUntil)
            restore(
                Shift(
                    presence: record.presence, reason: record.reason, inHand: inHand[record.id] ?? 0,
                    since: since),
                of: record.id)
        }
    }

    /// Enters a live item as its row holds it.
    mutating func restore(item record: WorkItemRecord, _ row: Row) {
        guard let standing = Entry.Standing(rawValue: row.int("standing")) else {
            preconditionFailure("work item \(record.id.raw) has standing \(row.int("standing"))")
        }
        entries[record.id] = Entry(
            queue: record.queue, channel: record.channel, queued: record.queued, standing: standing,
            estimate: EstimatedWait(row))
        switch record.state {
        case .active(let agent, let since): hands[record.id] = Hand(agent: agent, since: since)
        case .wrapUp(let agent, _):
            // Rows that are older than the figures do not tell when it began.
            let since = row.intOrNil("since_at").map(Instant.init(ms:)) ?? Instant(ms: .max)
            hands[record.id] = Hand(agent: agent, isWrapUp: true, since: since)
        case .waiting, .offered, .offeredToGroup, .ringing: break
        }
    }

    private mutating func forgetDeltas() {
        queueDeltas.removeAll(keepingCapacity: true)
        agentDeltas.removeAll(keepingCapacity: true)
        reasonDeltas.removeAll(keepingCapacity: true)
        toldUntil.removeAll(keepingCapacity: true)
        hasBooked = false
    }
}

extension EstimatedWait {
    /// nil where none was told.
    fileprivate init?(_ row: Row) {
        guard let meanMs = row.intOrNil("estimate_ms"), let medianMs = row.intOrNil("estimate_median_ms"),
            let ninetyMs = row.intOrNil("estimate_ninety_ms")
        else { return nil }
        self.init(meanMs: meanMs, medianMs: medianMs, ninetyMs: ninetyMs)
    }
}

extension Tally.QueueKey {
    /// Rows are always touched in the same order.
    fileprivate var order: (Int64, Int64, Int64) { (queue.raw, channel.rawValue, start.ms) }
}

extension Tally.AgentKey {
    fileprivate var order: (Int64, Int64) { (agent.raw, start.ms) }
}

extension Tally.ReasonKey {
    fileprivate var order: (Int64, Int64, Int64) { (agent.raw, reason?.raw ?? 0, start.ms) }
}
