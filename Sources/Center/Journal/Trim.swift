// What is kept for a while only: the journal's oldest events.

import Routing
import Store

public enum TrimLimits {
    /// Rows that one verb deletes, give or take those of the same millisecond.
    static let rowsMax = 500
    /// Verbs of one kind in one round of housekeeping; the rest waits for the next.
    static let verbsMax = 20
    /// Events are kept this long.
    public static let journalMs: Int64 = 90 * 24 * 3_600_000
}

extension Floor {
    /// Moves the journal's floor past events that are older than `keptMs`. The newest event always stays:
    /// the next one is counted from it.
    public func trimJournal(keptMs: Int64 = TrimLimits.journalMs) async throws {
        let cutoff = now - keptMs
        for directory in roster.directories {
            let workspace = directory.workspace
            for _ in 0..<TrimLimits.verbsMax {
                let oldest = try await view { reader in
                    try reader.query(
                        """
                        SELECT seq, at FROM journal WHERE workspace = \(workspace)
                        ORDER BY seq LIMIT \(TrimLimits.rowsMax + 1)
                        """)
                }
                // Without the last row read: it may be the newest.
                let old = oldest.dropLast().prefix { $0.int("at") < cutoff.ms }
                guard let floor = old.last?.int("seq") else { break }
                try await perform(Plan("trim journal", checksFirst: true), by: .system(workspace)) { work in
                    try work.execute("DELETE FROM journal WHERE workspace = \(workspace) AND seq <= \(floor)")
                    try work.execute("UPDATE workspace SET journal_floor = \(floor) WHERE id = \(workspace)")
                }
                if old.count < TrimLimits.rowsMax { break }
            }
        }
    }

    /// The highest `seq` that is no longer there: a cursor below it has missed something.
    public func journalFloor(of workspace: WorkspaceID) async throws -> Int64 {
        try await view { reader in
            try reader.query("SELECT journal_floor FROM workspace WHERE id = \(workspace)").first?
                .int("journal_floor") ?? 0
        }
    }
}
