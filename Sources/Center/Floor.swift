// The contact center itself: every verb and every view of every noun, as extensions in the nouns' folders.

import Foundation
public import Logging
public import Routing
public import Store
import Synchronization

/// Opens a store and serves its workspaces. Verbs go through the one writer, views read beside it.
public final class Floor: Sendable {
    /// The fence's scope: one owner for all workspaces of a database.
    static let scope = "switchboard"

    /// Verbs in one commit.
    public static let batchMax = 128

    public let store: Store
    public let roster: Roster
    public let bus: EventBus
    public let blobs: Blobs
    public let logger: Logger
    /// Milliseconds since 1970.
    public let clock: @Sendable () -> Int64
    let master: MasterKey
    let passwords: Passwords
    let writer: Writer
    let desks: Desks
    let apiSessions = ApiSessions()
    let caches = Caches()
    let changedReads = ChangedReads()
    let meters = Meters()
    private let nextWorkspace: Mutex<Int64>
    private let pulse = Mutex<Pulse?>(nil)

    /// Migrates the database, claims it, restores every workspace and starts the writer.
    /// - Parameter folder: the data folder, which the caller has locked.
    /// - Parameter batchMax: verbs in one commit; only benchmarks set it.
    /// - Parameter lost: called when another server has taken the database over.
    public init(
        store: Store, folder: String, clock: @escaping @Sendable () -> Int64 = Floor.wallClock,
        batchMax: Int = Floor.batchMax, desks patience: DeskPatience = .init(),
        passwords cost: PasswordCost = .standard, logger: Logger,
        lost: @escaping @Sendable (String) -> Void
    ) throws {
        self.store = store
        self.clock = clock
        self.logger = logger
        passwords = Passwords(cost)
        roster = Roster()
        bus = EventBus()
        desks = Desks(patience)
        let connection = try store.engine.connect()
        do {
            try Migrator.migrate(connection, Schema.migrations, now: clock())
            let ownership = try connection.claim(scope: Self.scope)
            master = try MasterKey.load(folder: folder, for: connection)
            blobs = Blobs(store: store, folder: folder, clock: clock)
            writer = try Writer(
                engine: store.engine, connection: connection, ownership: ownership, bus: bus,
                caches: caches, roster: roster,
                desks: desks, clock: clock, batchMax: batchMax, logger: logger, lost: lost)
            nextWorkspace = Mutex(roster.directories.map(\.workspace.raw).max() ?? 0)
        } catch {
            connection.close()
            throw error
        }
        writer.start()
    }

    /// Tells standbys that this owner lives, until the floor closes; nothing on SQLite, which has none.
    public func keepPulse() {
        guard store.dialect == .postgres else { return }
        pulse.withLock { pulse in
            guard pulse == nil else { return }
            pulse = Pulse(store.engine, logger: logger, epoch: { [writer] in writer.epoch }) { [writer] in
                writer.depose()
            }
        }
    }

    public static let wallClock: @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970 * 1_000) }

    /// Finishes the verbs that were accepted. No verb is accepted afterwards.
    public func close() async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let pulse = pulse.withLock { $0 }
            Thread.detachNewThread { [writer] in
                pulse?.stop()
                writer.stop()
                continuation.resume()
            }
        }
        await store.engine.shutdown()
    }

    /// Why the server cannot serve now; nil when it can.
    public var notReady: String? { writer.whyAway }

    func reserveWorkspaceID() -> WorkspaceID {
        nextWorkspace.withLock {
            $0 += 1
            return WorkspaceID($0)
        }
    }

    public var now: Instant { Instant(ms: clock()) }

    /// Runs a verb through the writer and answers after the commit.
    func perform<T: Sendable>(
        _ plan: Plan, by principal: Principal, _ verb: @escaping @Sendable (Work) throws -> T
    ) async throws -> T {
        let kept = Kept<T>()
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            let job = Job(
                plan: plan, principal: principal, run: { kept.value = try verb($0) },
                answer: { outcome in
                    switch outcome {
                    case .success: continuation.resume()
                    case .failure(let error): continuation.resume(throwing: error)
                    }
                })
            if !writer.mailbox.put(job) { continuation.resume(throwing: Self.tooMuch) }
        }
        guard let value = kept.value else { preconditionFailure("\(plan.name) succeeded without a result") }
        return value
    }

    /// What a full mailbox is told as.
    static var tooMuch: Refusal {
        Refusal.unavailable("Too much is waiting to be stored; retry.", retryAfterS: 1)
    }

    /// Reads beside the writer, in one consistent snapshot.
    func view<T: Sendable>(_ body: @escaping @Sendable (any Reading) throws -> T) async throws -> T {
        do {
            return try await store.engine.read(body)
        } catch StoreError.unavailable {
            throw Refusal.unavailable("The database is away; retry.", retryAfterS: 2)
        }
    }
}

/// A verb's result on its way from the writer's thread; written before, read after the answer.
final class Kept<T>: @unchecked Sendable {
    var value: T?
}
