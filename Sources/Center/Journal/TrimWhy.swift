// What tells of old decisions goes when its time has come: decisions, reasons of waiting, the router's journal.

import Routing
import Store

extension TrimLimits {
    /// Decisions and reasons of waiting are kept this long.
    public static let decisionsMs: Int64 = 90 * 24 * 3_600_000
    /// The router's inputs and snapshots are kept this long.
    public static let routerInputsMs: Int64 = 14 * 24 * 3_600_000
}

extension Floor {
    public func trimDecisions() async throws {
        let cutoff = now - TrimLimits.decisionsMs
        for directory in roster.directories {
            let workspace = directory.workspace
            try await trim(
                workspace, "trim decisions", column: "at", until: cutoff,
                """
                SELECT at FROM decision WHERE workspace = \(workspace) ORDER BY at LIMIT \(TrimLimits.rowsMax)
                """
            ) { "DELETE FROM decision WHERE workspace = \(workspace) AND at <= \($0)" }
            try await trim(
                workspace, "trim blockages", column: "batch", until: cutoff,
                """
                SELECT batch, at FROM blockage WHERE workspace = \(workspace)
                ORDER BY batch LIMIT \(TrimLimits.rowsMax)
                """
            ) { "DELETE FROM blockage WHERE workspace = \(workspace) AND batch <= \($0)" }
        }
    }

    /// Trims the router's journal. The newest snapshot and what follows it always stay.
    public func trimRouterInputs() async throws {
        let cutoff = now - TrimLimits.routerInputsMs
        for directory in roster.directories {
            let workspace = directory.workspace
            let snapshots = try await view { reader in
                try reader.query(
                    "SELECT batch, at FROM router_snapshot WHERE workspace = \(workspace) ORDER BY batch")
            }
            guard let newest = snapshots.last?.int("batch") else { continue }
            try await trim(
                workspace, "trim router inputs", column: "batch", until: cutoff,
                """
                SELECT batch, at FROM router_input WHERE workspace = \(workspace) AND batch <= \(newest)
                ORDER BY batch LIMIT \(TrimLimits.rowsMax)
                """
            ) { "DELETE FROM router_input WHERE workspace = \(workspace) AND batch <= \($0)" }
            let old = snapshots.dropLast().filter { $0.int("at") <= cutoff.ms }.map { $0.int("batch") }
            for batch in old.prefix(TrimLimits.verbsMax) {
                let plan = Plan("trim router snapshots", checksFirst: true)
                try await perform(plan, by: .system(workspace)) { work in
                    try RouterSnapshot.forget(workspace, batch, work.execute)
                }
            }
        }
    }

    /// Finds the oldest rows and deletes up to the last one that is old, a verb at a time.
    private func trim(
        _ workspace: WorkspaceID, _ name: StaticString, column: String, until cutoff: Instant, _ find: SQL,
        _ delete: @escaping @Sendable (Int64) -> SQL
    ) async throws {
        for _ in 0..<TrimLimits.verbsMax {
            let old = try await view { try $0.query(find) }.prefix { $0.int("at") <= cutoff.ms }
            guard let last = old.last?.int(column) else { return }
            try await perform(Plan(name, checksFirst: true), by: .system(workspace)) { work in
                try work.execute(delete(last))
            }
            if old.count < TrimLimits.rowsMax { return }
        }
    }
}
