// The rolling audit of every workspace's router: a bounded piece every second, between batches.

import Logging
import Routing

/// Where the audit of each router has got to. Confined to the writer's thread.
struct RouterAudit {
    static let everyMs: Int64 = 1_000
    /// Steps of one look, over all workspaces, before the last slice; about a millisecond.
    static let stepsMax = 50_000
    /// Items, agents and queues of one workspace that are looked at before it is the next one's turn.
    static let sliceMax = 10_000
    /// A kind of violation is logged once in this time, and counted always.
    static let logEachMs: Int64 = 60_000

    private var cursors: [WorkspaceID: AuditCursor] = [:]
    /// The workspace whose turn it is, or the next one above.
    private var turn = WorkspaceID(0)
    /// By invariant, in milliseconds of the monotonic clock.
    private var loggedAt: [Invariant: Int64] = [:]
    private(set) var figures = AuditFigures()

    /// Looks at some of the routers, which are given ascending by workspace.
    mutating func look(_ offices: [Office], nowMs: Int64, _ logger: Logger) {
        let began = ContinuousClock.now
        let first = offices.firstIndex { $0.workspace >= turn } ?? 0
        var left = Self.stepsMax
        for office in offices[first...] + offices[..<first] {
            turn = office.workspace
            guard left > 0 else { break }
            var cursor = cursors[office.workspace] ?? AuditCursor()
            let rounds = cursor.rounds
            let slice = offices.count == 1 ? left : Self.sliceMax
            let found = office.router.auditSome(from: &cursor, budget: slice)
            left -= cursor.spent
            cursors[office.workspace] = cursor
            figures.rounds += cursor.rounds - rounds
            for violation in found { note(violation, office.workspace, nowMs, logger) }
        }
        figures.looks += 1
        figures.seconds += (ContinuousClock.now - began) / .seconds(1)
    }

    func oldestWaiting(_ queue: QueueID, _ workspace: WorkspaceID) -> Instant? {
        cursors[workspace]?.oldestWaiting(in: queue)
    }

    /// Forgets where it was in routers that are no more.
    mutating func restart() { cursors.removeAll() }

    private mutating func note(
        _ violation: Violation, _ workspace: WorkspaceID, _ nowMs: Int64, _ logger: Logger
    ) {
        if let place = Invariant.allCases.firstIndex(of: violation.invariant) {
            figures.violations[place] += 1
        }
        if let last = loggedAt[violation.invariant], nowMs - last < Self.logEachMs { return }
        loggedAt[violation.invariant] = nowMs
        logger.critical(
            "invariant \(violation.invariant.rawValue) is broken in workspace \(workspace): \(violation.what)"
        )
    }
}
