// Reports of queues and agents, from the rows of intervals: never a scan of work.

public import Routing
import Store

public enum StatisticsLimits {
    /// The longest stretch of one report.
    public static let rangeMaxMs: Int64 = 400 * 24 * 3_600_000
    /// Intervals asked for one by one: a week's.
    public static let listMaxMs: Int64 = 7 * 24 * 3_600_000
    /// Figures are kept this long: a year and a month more, so that a month can be held against last year's.
    public static let keptMs: Int64 = 400 * 24 * 3_600_000
}

/// A queue's figures of one interval, all channels together.
public struct QueueIntervalCounts: Sendable, Hashable {
    public let start: Instant
    public let counts: QueueCounts
}

/// An agent's figures, and how long it was unavailable by reason; nil is no reason.
public struct AgentStatistics: Sendable, Hashable {
    public let counts: AgentCounts
    public let unavailableMs: [ReasonID?: Int64]
}

extension Floor {
    /// The T of a queue's service level, in seconds.
    public func serviceLevelS(of queue: QueueID, in workspace: WorkspaceID) -> Int64 {
        roster.workspace(workspace)?.serviceLevelMs[queue].map { $0 / 1_000 } ?? serviceLevelDefaultS
    }

    /// A queue's figures of all intervals that begin before `to`, from the one that `from` is in; the current one
    /// as far as it is. `channel` nil: all together.
    public func statistics(
        queue: QueueID, channel: Channel? = nil, from: Instant, to: Instant, in workspace: WorkspaceID
    ) async throws -> QueueCounts {
        try checkRange(from, to, StatisticsLimits.rangeMaxMs)
        let start = Interval.start(of: from)
        let which: SQL = channel.map { "AND channel = \($0.rawValue)" } ?? ""
        return try await view { reader in
            let rows = try reader.query(
                """
                SELECT \(sql: QueueCounts.sums) FROM queue_interval WHERE workspace = \(workspace)
                    AND queue = \(queue) AND starts_at >= \(start) AND starts_at < \(to) \(sql: which)
                """)
            return QueueCounts(rows[0])
        }
    }

    /// Each interval in which something was counted, in order, by queue.
    public func intervals(
        of queues: [QueueID], from: Instant, to: Instant, in workspace: WorkspaceID
    ) async throws -> [QueueID: [QueueIntervalCounts]] {
        try checkRange(from, to, StatisticsLimits.listMaxMs)
        let start = Interval.start(of: from)
        return try await view { reader in
            var found: [QueueID: [QueueIntervalCounts]] = [:]
            for queue in queues {
                let rows = try reader.query(
                    """
                    SELECT starts_at, \(sql: QueueCounts.sums) FROM queue_interval
                    WHERE workspace = \(workspace) AND queue = \(queue) AND starts_at >= \(start)
                        AND starts_at < \(to) GROUP BY starts_at ORDER BY starts_at
                    """)
                found[queue] = rows.map {
                    QueueIntervalCounts(start: Instant(ms: $0.int("starts_at")), counts: QueueCounts($0))
                }
            }
            return found
        }
    }

    /// An agent's figures of all intervals that begin before `to`, from the one that `from` is in.
    public func statistics(
        agent: AgentID, from: Instant, to: Instant, in workspace: WorkspaceID
    ) async throws -> AgentStatistics {
        try checkRange(from, to, StatisticsLimits.rangeMaxMs)
        let start = Interval.start(of: from)
        return try await view { reader in
            let rows = try reader.fetch([
                """
                SELECT \(sql: AgentCounts.sums) FROM agent_interval WHERE workspace = \(workspace)
                    AND agent = \(agent) AND starts_at >= \(start) AND starts_at < \(to)
                """,
                """
                SELECT reason, CAST(SUM(unavailable_ms) AS BIGINT) AS unavailable_ms FROM agent_reason_interval
                WHERE workspace = \(workspace) AND agent = \(agent) AND starts_at >= \(start)
                    AND starts_at < \(to) GROUP BY reason ORDER BY reason
                """,
            ])
            let reasons = rows[1].map { row in
                (row.int("reason") == 0 ? nil : ReasonID(row.int("reason")), row.int("unavailable_ms"))
            }
            return AgentStatistics(
                counts: AgentCounts(rows[0][0]), unavailableMs: Dictionary(uniqueKeysWithValues: reasons))
        }
    }

    /// The figures of all agents who have any, of all intervals that begin before `to`, from the one that `from` is in.
    public func statisticsOfAgents(
        from: Instant, to: Instant, in workspace: WorkspaceID
    ) async throws -> [AgentID: AgentStatistics] {
        try checkRange(from, to, StatisticsLimits.rangeMaxMs)
        let start = Interval.start(of: from)
        return try await view { reader in
            let rows = try reader.fetch([
                """
                SELECT agent, \(sql: AgentCounts.sums) FROM agent_interval WHERE workspace = \(workspace)
                    AND starts_at >= \(start) AND starts_at < \(to) GROUP BY agent
                """,
                """
                SELECT agent, reason, CAST(SUM(unavailable_ms) AS BIGINT) AS unavailable_ms
                FROM agent_reason_interval WHERE workspace = \(workspace) AND starts_at >= \(start)
                    AND starts_at < \(to) GROUP BY agent, reason
                """,
            ])
            var reasons: [AgentID: [ReasonID?: Int64]] = [:]
            for row in rows[1] {
                let reason = row.int("reason") == 0 ? nil : ReasonID(row.int("reason"))
                reasons[AgentID(row.int("agent")), default: [:]][reason] = row.int("unavailable_ms")
            }
            return Dictionary(
                uniqueKeysWithValues: rows[0].map { row in
                    let agent = AgentID(row.int("agent"))
                    return (
                        agent,
                        AgentStatistics(counts: AgentCounts(row), unavailableMs: reasons[agent] ?? [:])
                    )
                })
        }
    }

    /// Queues as they are now, by the router; those that are gone are left out.
    public func queuesNow(_ queues: [QueueID], in workspace: WorkspaceID) async throws -> [QueueID: QueueNow]
    {
        try await perform(Plan("look at queues", checksFirst: true), by: .system(workspace)) { work in
            var found: [QueueID: QueueNow] = [:]
            for queue in queues { found[queue] = work.office.router.now(of: queue) }
            return found
        }
    }

    private func checkRange(_ from: Instant, _ to: Instant, _ maxMs: Int64) throws {
        guard from < to else {
            throw Refusal.invalid("The report would end before it begins; give an end that is later.")
        }
        guard to - from <= maxMs else {
            throw Refusal.invalid(
                "The report would be of more than \(maxMs / (24 * 3_600_000)) days; ask for fewer.")
        }
    }
}

extension QueueCounts {
    /// One column for each figure, under its own name.
    static let sums = SQL(
        name: QueueFigure.allCases.map { figure in
            figure == .waitMaxMs ? "COALESCE(MAX(wait_max_ms), 0) AS wait_max_ms" : sum(figure.column)
        }.joined(separator: ", "))

    init(_ row: Row) {
        self.init()
        for figure in QueueFigure.allCases { self[figure] = row.int(figure.column) }
    }
}

extension AgentCounts {
    /// One column for each figure, under its own name.
    static let sums = SQL(name: AgentFigure.columns.map(sum).joined(separator: ", "))

    init(_ row: Row) {
        self.init()
        for figure in AgentFigure.allCases { self[figure] = row.int(figure.column) }
    }
}

/// PostgreSQL adds up to a type of its own.
private func sum(_ column: String) -> String {
    "CAST(COALESCE(SUM(\(column)), 0) AS BIGINT) AS \(column)"
}
