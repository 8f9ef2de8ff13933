// Figures are kept for a while only.

import Routing
import Store

extension Floor {
    /// Forgets intervals that are older than `keptMs`, the oldest first.
    public func trimStatistics(keptMs: Int64 = StatisticsLimits.keptMs) async throws {
        let cutoff = now - keptMs
        for directory in roster.directories {
            for table in ["queue_interval", "agent_interval", "agent_reason_interval"] {
                try await trim(SQL(name: table), before: cutoff, in: directory.workspace)
            }
        }
    }

    private func trim(_ table: SQL, before cutoff: Instant, in workspace: WorkspaceID) async throws {
        for _ in 0..<TrimLimits.verbsMax {
            let old = try await view { reader in
                try reader.query(
                    """
                    SELECT starts_at FROM \(sql: table) WHERE workspace = \(workspace)
                        AND starts_at < \(cutoff) ORDER BY starts_at LIMIT \(TrimLimits.rowsMax)
                    """)
            }
            guard let last = old.last?.int("starts_at") else { break }
            try await perform(Plan("trim figures", checksFirst: true), by: .system(workspace)) { work in
                try work.execute(
                    "DELETE FROM \(sql: table) WHERE workspace = \(workspace) AND starts_at <= \(last)")
            }
            if old.count < TrimLimits.rowsMax { break }
        }
    }
}
