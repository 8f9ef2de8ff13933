// What a replay reads: pages of the journal, and snapshots.

import Routing
import Store

extension Playing {
    func page(to end: Int64) async throws -> [JournalRow] {
        let (workspace, batch) = (workspace, batch)
        return try await store.read { reader in
            try reader.query(
                """
                SELECT * FROM router_input WHERE workspace = \(workspace) AND batch > \(batch)
                    AND batch <= \(end) ORDER BY batch LIMIT \(Replay.pageMax)
                """
            ).map(JournalRow.init)
        }
    }

    func first(_ fromMs: Int64?) async throws -> Snapshot? {
        let workspace = workspace
        return try await store.read { reader in
            let latest = try reader.query(
                """
                SELECT * FROM router_snapshot WHERE workspace = \(workspace) AND version = \(Router.version)
                    AND at <= \(fromMs ?? Int64.max) ORDER BY batch DESC LIMIT 1
                """
            ).first
            if let latest { return Snapshot(latest) }
            return try reader.query(
                """
                SELECT * FROM router_snapshot WHERE workspace = \(workspace) AND version = \(Router.version)
                ORDER BY batch LIMIT 1
                """
            ).first.map(Snapshot.init)
        }
    }

    func snapshot(at batch: Int64) async throws -> Snapshot? {
        let workspace = workspace
        return try await store.read { reader in
            try reader.query(
                """
                SELECT * FROM router_snapshot WHERE workspace = \(workspace) AND batch = \(batch)
                    AND version = \(Router.version)
                """
            ).first.map(Snapshot.init)
        }
    }

    /// The first snapshot of this version at this batch or later.
    func next(after batch: Int64) async throws -> Snapshot? {
        let workspace = workspace
        return try await store.read { reader in
            try reader.query(
                """
                SELECT * FROM router_snapshot WHERE workspace = \(workspace) AND batch >= \(batch)
                    AND version = \(Router.version) ORDER BY batch LIMIT 1
                """
            ).first.map(Snapshot.init)
        }
    }

    func count(to end: Int64) async throws -> Int64 {
        let workspace = workspace
        return try await store.read { reader in
            try reader.query(
                """
                SELECT COUNT(*) AS n FROM router_input WHERE workspace = \(workspace) AND batch <= \(end)
                """)[0].int("n")
        }
    }
}
