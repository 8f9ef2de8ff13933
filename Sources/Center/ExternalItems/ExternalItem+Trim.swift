// Items of other systems that ended long ago are forgotten, with their offers.

import Routing
import Store

extension Floor {
    public func trimExternalItems() async throws {
        let cutoff = now - ExternalItemLimits.keptMs
        for directory in roster.directories {
            let workspace = directory.workspace
            for _ in 0..<TrimLimits.verbsMax {
                let old = try await view { reader in
                    try reader.query(
                        """
                        SELECT id FROM external_item WHERE workspace = \(workspace) AND ended_at > 0
                            AND ended_at <= \(cutoff) ORDER BY ended_at LIMIT \(TrimLimits.rowsMax)
                        """
                    ).map { $0.int("id") }
                }
                guard !old.isEmpty else { break }
                try await perform(Plan("trim items", checksFirst: true), by: .system(workspace)) { work in
                    // Those that have ended never live again.
                    for (table, column) in [
                        ("offer", "work_item"), ("work_item", "id"), ("external_item", "id"),
                    ] {
                        let (table, column) = (SQL(name: table), SQL(name: column))
                        try work.execute(
                            """
                            DELETE FROM \(sql: table) WHERE workspace = \(workspace)
                                AND \(sql: column) IN \(list: old)
                            """)
                    }
                }
                if old.count < TrimLimits.rowsMax { break }
            }
        }
    }
}
