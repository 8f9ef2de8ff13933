// One workspace's replay: where it begins, when a router is made anew on the way, and where it ends.

import Routing
import Store

/// One workspace's replay under way.
struct Playing {
    struct Snapshot: Sendable {
        let batch: Int64
        let clock: Instant?
        let chunks: Int64
        let digest: [UInt8]

        init(_ row: Row) {
            digest = row.blob("digest")
            batch = row.int("batch")
            clock = row.intOrNil("clock").map(Instant.init(ms:))
            chunks = row.int("chunks")
        }
    }

    struct JournalRow: Sendable {
        let batch: Int64
        let at: Int64
        let life: Int64
        let version: Int64
        let inputs: [UInt8]
        let digests: [UInt8]

        init(_ row: Row) {
            batch = row.int("batch")
            at = row.int("at")
            life = row.int("life")
            version = row.int("version")
            inputs = row.blob("inputs")
            digests = row.blob("digests")
        }
    }

    let workspace: WorkspaceID
    let store: Store
    private var router = Router()
    /// The router goes on from this batch.
    private(set) var batch: Int64 = 0
    /// The stretch of the journal that the router belongs to: those whose life is no younger than this.
    private var life: Int64 = -1
    private(set) var report: ReplayReport

    init(_ workspace: WorkspaceID, _ name: String, _ store: Store) {
        self.workspace = workspace
        self.store = store
        report = ReplayReport(workspace: name)
    }

    mutating func run(fromMs: Int64?, _ progress: (ReplayReport) -> Void) async throws {
        let workspace = workspace
        let end = try await store.read { reader in
            try reader.query(RouterInputs.latest(workspace))[0].int("batch")
        }
        guard let first = try await first(fromMs) else {
            report.skipped = try await count(to: end)
            return
        }
        try await begin(first)
        while batch < end, report.difference == nil {
            let (from, rows) = (batch, try await page(to: end))
            for row in rows where report.difference == nil && row.batch > batch { try await play(row) }
            if rows.isEmpty { report.difference = "batch \(from + 1) is missing" }
            progress(report)
        }
    }

    private mutating func play(_ row: JournalRow) async throws {
        guard row.batch == batch + 1 else {
            report.difference = "batch \(batch + 1) is missing"
            return
        }
        guard row.version == Router.version, row.life <= life else {
            return try await goOn(at: row)
        }
        let difference = router.replay(inputs: row.inputs, digests: row.digests)
        report.fromMs = report.fromMs ?? row.at
        report.toMs = row.at
        if let difference {
            report.difference = "batch \(row.batch): \(difference.words)"
            return
        }
        batch = row.batch
        report.batches += 1
        report.inputs += Int64((try? InputLog.read(row.inputs).count) ?? 0)
    }

    /// The router was made anew before this batch: from its snapshot, or the next there is.
    private mutating func goOn(at row: JournalRow) async throws {
        if row.version == Router.version, let own = try await snapshot(at: row.life), own.clock == nil,
            own.batch == batch
        {
            return try await replay(row, from: own)
        }
        guard let next = try await next(after: row.batch) else {
            report.skipped += 1
            batch = row.batch
            life = -1
            return
        }
        report.skipped += next.batch - batch
        try await begin(next)
    }

    private mutating func replay(_ row: JournalRow, from snapshot: Snapshot) async throws {
        try await begin(snapshot)
        try await play(row)
    }

    private mutating func begin(_ snapshot: Snapshot) async throws {
        let (workspace, batch) = (workspace, snapshot.batch)
        let bytes = try await store.read { reader -> [UInt8]? in
            var bytes: [UInt8] = []
            for n in 0..<snapshot.chunks {
                let row = try reader.query(
                    """
                    SELECT bytes FROM router_snapshot_chunk WHERE workspace = \(workspace)
                        AND batch = \(batch) AND n = \(n)
                    """
                ).first
                guard let row else { return nil }
                bytes += row.blob("bytes")
            }
            return bytes
        }
        // Rows that contradict each other make no router: only what was written is read.
        guard let bytes, InputLog.digest(of: bytes) == snapshot.digest else {
            report.difference = "the snapshot at batch \(batch) is not as it was written"
            return
        }
        do {
            router = Router(restoring: try Routing.Snapshot(coded: bytes), at: snapshot.clock)
        } catch {
            report.difference = "the snapshot at batch \(batch) is \(error)"
            return
        }
        self.batch = batch
        // A router at work goes on in its own life, which began before; one that was made anew at just this
        // batch begins another, with a snapshot of its own.
        life = snapshot.clock == nil ? batch : batch - 1
        report.snapshots += 1
    }
}
