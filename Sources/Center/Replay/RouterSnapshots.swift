// Routers written down now and then, so that a replay need not begin with the first input ever.

import Dispatch
import Logging
import Routing
import Store

/// A router at a known batch of its journal.
struct RouterSnapshot: Sendable {
    /// One with at most this many items is written in the batch's own commit, a larger one beside the writer.
    static let smallItemsMax = 2_000
    /// Bytes of a row.
    static let chunkMaxBytes = 1 << 20

    enum Source: Sendable {
        /// What the router was made from.
        case rows(Snapshot)
        /// The router itself, at work.
        case live(Router)
    }

    let workspace: WorkspaceID
    let batch: Int64
    let at: Instant
    let source: Source
    let isSmall: Bool

    /// Nil where the router was made from rows.
    var clock: Instant? {
        if case .live(let router) = source { router.clock } else { nil }
    }

    /// As rows hold it.
    struct Coded: Sendable {
        let chunks: [[UInt8]]
        let digest: [UInt8]
    }

    func coded() -> Coded {
        let bytes =
            switch source {
            case .rows(let snapshot): snapshot.coded()
            case .live(let router): router.snapshot().coded()
            }
        let chunks = stride(from: 0, to: bytes.count, by: Self.chunkMaxBytes).map {
            Array(bytes[$0..<min($0 + Self.chunkMaxBytes, bytes.count)])
        }
        return Coded(chunks: chunks, digest: InputLog.digest(of: bytes))
    }

    func storeIfSmall(_ connection: any Connection) throws {
        guard isSmall else { return }
        let coded = coded()
        for (n, chunk) in coded.chunks.enumerated() { try store(chunk, n, connection.execute) }
        try finish(coded, connection.execute)
    }

    func store(_ chunk: [UInt8], _ n: Int, _ execute: (SQL) throws -> Void) throws {
        if n == 0 { try Self.forget(workspace, batch, execute) }
        try execute(
            """
            INSERT INTO router_snapshot_chunk (workspace, batch, n, bytes)
            VALUES (\(workspace), \(batch), \(n), \(chunk))
            """)
    }

    /// From now on it counts.
    func finish(_ coded: Coded, _ execute: (SQL) throws -> Void) throws {
        try execute(
            """
            INSERT INTO router_snapshot (workspace, batch, at, clock, version, chunks, digest)
            VALUES (\(workspace), \(batch), \(at), \(clock), \(Router.version), \(coded.chunks.count),
                \(coded.digest))
            """)
    }

    static func forget(_ workspace: WorkspaceID, _ batch: Int64, _ execute: (SQL) throws -> Void) throws {
        try execute("DELETE FROM router_snapshot WHERE workspace = \(workspace) AND batch = \(batch)")
        try execute("DELETE FROM router_snapshot_chunk WHERE workspace = \(workspace) AND batch = \(batch)")
    }
}

/// When each workspace's router is written down. Confined to the writer's thread.
struct RouterSnapshots {
    static let everyMs: Int64 = 24 * 3_600_000
    /// Routers made from rows more often than this, because batch after batch fails, are written down when
    /// this has passed: what came before cannot be played again.
    static let gapMinMs: Int64 = 60_000

    private let mailbox: Mailbox
    private let logger: Logger
    private var nextAt: [WorkspaceID: Int64] = [:]

    init(_ mailbox: Mailbox, _ logger: Logger) {
        self.mailbox = mailbox
        self.logger = logger
    }

    /// What is to be written down with the batch that the office has just flushed.
    func due(_ office: Office, _ now: Instant) -> RouterSnapshot? {
        let nextAt = nextAt[office.workspace]
        if let origin = office.inputs.origin {
            office.inputs.origin = nil
            if nextAt == nil || now.ms >= (nextAt ?? 0) - Self.everyMs + Self.gapMinMs {
                return RouterSnapshot(
                    workspace: office.workspace, batch: office.inputs.life, at: now, source: .rows(origin),
                    isSmall: origin.items.count <= RouterSnapshot.smallItemsMax)
            }
            office.inputs.owesSnapshot = true
        }
        guard let nextAt else { return nil }
        guard now.ms >= (office.inputs.owesSnapshot ? nextAt - Self.everyMs + Self.gapMinMs : nextAt) else {
            return nil
        }
        office.inputs.owesSnapshot = false
        return RouterSnapshot(
            workspace: office.workspace, batch: office.inputs.batch, at: now, source: .live(office.router),
            isSmall: office.errands.count + office.externals.count <= RouterSnapshot.smallItemsMax)
    }

    /// Its batch is true; a large one is written now.
    mutating func committed(_ snapshot: RouterSnapshot) {
        nextAt[snapshot.workspace] = snapshot.at.ms + Self.everyMs
        guard !snapshot.isSmall else { return }
        let (mailbox, logger) = (mailbox, logger)
        DispatchQueue.global(qos: .utility).async {
            LargeSnapshot(snapshot, mailbox, logger).store(0)
        }
    }
}

/// Hands a snapshot to the writer, chunk after chunk.
private final class LargeSnapshot: Sendable {
    private let snapshot: RouterSnapshot
    private let coded: RouterSnapshot.Coded
    private let mailbox: Mailbox
    private let logger: Logger

    init(_ snapshot: RouterSnapshot, _ mailbox: Mailbox, _ logger: Logger) {
        self.snapshot = snapshot
        coded = snapshot.coded()
        self.mailbox = mailbox
        self.logger = logger
    }

    /// Stores this chunk and then those that follow; after the last one the snapshot counts.
    func store(_ n: Int) {
        let job = Job(
            plan: Plan("store router snapshot", checksFirst: true), principal: .system(snapshot.workspace),
            run: { [self] work in
                guard n < coded.chunks.count else { return try snapshot.finish(coded, work.execute) }
                try snapshot.store(coded.chunks[n], n, work.execute)
            },
            answer: { [self] outcome in
                switch outcome {
                case .success: if n < coded.chunks.count { store(n + 1) }
                case .failure(let error): giveUp("\(error)")
                }
            })
        if !mailbox.put(job) { giveUp("the writer takes nothing more") }
    }

    private func giveUp(_ why: String) {
        logger.notice("the router's snapshot at batch \(snapshot.batch) is not stored: \(why)")
    }
}
