// Ownership of a scope: one at a time, and a stale owner's batch never commits.
import Foundation
import Logging
import Store
import Synchronization
import TestStores
import Testing

/// What PostgreSQL alone does; on SQLite the lock on the data folder stands for the fence.
private let postgresOnly = EngineKind.tested.filter { $0 == .postgres }

@Suite struct FenceTests {
    @Test(arguments: postgresOnly) func aScopeHasOneOwner(_ kind: EngineKind) async throws {
        try await withConnection(kind) { first, database in
            try Migrator.migrate(first, [], now: 1)
            #expect(try first.claim(scope: "acme").epoch == 1)
            let second = try database.open().engine.connect()
            expectError("fenced") { _ = try second.claim(scope: "acme") }
            #expect(try second.claim(scope: "other").epoch == 1)
            second.close()
            try end(first, database)
            let third = try database.open().engine.connect()
            #expect(try third.claim(scope: "acme").epoch == 2)
        }
    }

    @Test(arguments: postgresOnly)
    func `a claim waits for a former owner that is just ending`(_ kind: EngineKind) async throws {
        try await withConnection(kind) { connection, database in
            try Migrator.migrate(connection, [], now: 1)
            nonisolated(unsafe) let former = try database.open().engine.connect()
            #expect(try former.claim(scope: "acme").epoch == 1)
            // What a session does that takes its time to end.
            Thread.detachNewThread {
                Thread.sleep(forTimeInterval: 0.2)
                former.close()
            }
            #expect(try connection.claim(scope: "acme").epoch == 2)
        }
    }

    @Test(arguments: postgresOnly) func aStaleOwnersBatchIsLost(_ kind: EngineKind) async throws {
        try await withConnection(kind) { stale, database in
            try Migrator.migrate(stale, [], now: 1)
            try stale.make(itemTable)
            _ = try stale.claim(scope: "acme")
            try stale.transaction { try stale.execute("INSERT INTO item VALUES (\(1), \("mine"))") }
            // A takeover that the stale owner has not noticed.
            let other = try database.open().engine.connect()
            try other.execute("UPDATE owner SET epoch = epoch + 1 WHERE scope = \("acme")")
            let late = storeError {
                try stale.transaction { try stale.execute("INSERT INTO item VALUES (\(2), \("late"))") }
            }
            #expect(late?.name == "fenced")
            let seen = storeError {
                try stale.begin()
                _ = try stale.query("SELECT 1 AS one")
            }
            #expect(seen?.name == "fenced")
            stale.rollback()
            #expect(try other.count("item") == 1)
            // A division of the caller's own is not the fence.
            let free = try database.open().engine.connect()
            expectError("statement") { _ = try free.query("SELECT 1 / \(0) AS x") }
        }
    }

    @Test(arguments: postgresOnly) func batchesAreAnsweredFor(_ kind: EngineKind) async throws {
        try await withConnection(kind) { first, database in
            try Migrator.migrate(first, [], now: 1)
            let ownership = try first.claim(scope: "acme")
            #expect(first.batch == 0)
            try first.transaction {}
            try first.begin()
            #expect(first.batch == 2)
            first.rollback()
            try first.transaction {}
            #expect(first.batch == 3)
            try end(first, database)
            let next = try database.open().engine.connect()
            #expect(try next.committed(epoch: ownership.epoch, batch: 3, scope: "acme") == true)
            #expect(try next.committed(epoch: ownership.epoch, batch: 4, scope: "acme") == false)
            #expect(try next.committed(epoch: 1, batch: 1, scope: "nobody's") == nil)
            _ = try next.claim(scope: "acme")
            let last = try database.open().engine.connect()
            #expect(try last.committed(epoch: ownership.epoch, batch: 3, scope: "acme") == nil)
        }
    }

    @Test(arguments: postgresOnly) func aKilledWriterIsUnavailable(_ kind: EngineKind) async throws {
        try await withConnection(kind) { first, database in
            try Migrator.migrate(first, [], now: 1)
            try first.make(itemTable)
            try first.begin()
            try first.execute("INSERT INTO item VALUES (\(1), \("x"))")
            try end(first, database)
            let error = storeError { _ = try first.query("SELECT 1 AS one") }
            #expect(error?.name == "unavailable")
            #expect(!first.isAlive)
            first.rollback()
            expectError("unavailable") { try first.begin() }
            #expect(try database.open().engine.connect().count("item") == 0)
        }
    }

    @Test(arguments: postgresOnly) func aKillDuringCommitIsUnknown(_ kind: EngineKind) async throws {
        try await withConnection(kind) { first, database in
            try Migrator.migrate(first, [], now: 1)
            try first.make(itemTable)
            let ownership = try first.claim(scope: "acme")
            try first.begin()
            try first.execute("INSERT INTO item VALUES (\(1), \("x"))")
            // The backend ends itself before it comes to the COMMIT that follows in the pipeline.
            try first.execute("SELECT pg_terminate_backend(pg_backend_pid())")
            expectError("unknownCommit") { try first.commit() }
            #expect(!first.isAlive)
            let next = try database.open().engine.connect()
            #expect(try next.committed(epoch: ownership.epoch, batch: first.batch, scope: "acme") == false)
            #expect(try next.count("item") == 0)
        }
    }

    @Test(arguments: postgresOnly) func readsReconnect(_ kind: EngineKind) async throws {
        try await withDatabase(kind) { database in
            let store = try database.open()
            let admin = try store.engine.connect()
            let pid = try await store.read { try $0.query("SELECT pg_backend_pid() AS pid")[0].int("pid") }
            _ = try admin.query("SELECT pg_terminate_backend(\(Int(pid))::int, 5000) AS ended")
            let next = try await store.read { try $0.query("SELECT pg_backend_pid() AS pid")[0].int("pid") }
            #expect(next != pid)
            await #expect(throws: StoreError.self) {
                try await store.read { _ = try $0.query("SELECT pg_terminate_backend(pg_backend_pid())") }
            }
            #expect(try await store.read { try $0.query("SELECT 1 AS one")[0].int("one") } == 1)
            await store.engine.shutdown()
        }
    }

    @Test(arguments: postgresOnly) func noticesGoToTheLog(_ kind: EngineKind) async throws {
        try await withDatabase(kind) { database in
            let lines = Lines()
            let connection = try database.open(logger: Logger(label: "t", factory: { _ in lines })).engine
                .connect()
            try connection.executeNow("DROP TABLE IF EXISTS nothing_here")
            connection.close()
            #expect(lines.all.contains { $0.contains("nothing_here") })
        }
    }

    @Test(arguments: [EngineKind.sqlite]) func sqliteClaimsNothing(_ kind: EngineKind) async throws {
        try await withConnection(kind) { connection, _ in
            #expect(try connection.claim(scope: "acme") == Ownership(scope: "acme", epoch: 1))
            try connection.transaction {}
            #expect(connection.batch == 1)
            #expect(try connection.committed(epoch: 1, batch: 1, scope: "acme") == nil)
        }
    }

    /// Ends the connection's session from outside and waits until it is gone.
    private func end(_ connection: any Connection, _ database: TestDatabase) throws {
        let admin = try database.open().engine.connect()
        defer { admin.close() }
        _ = try admin.query(
            """
            SELECT pg_terminate_backend(pid, 5000) AS ended FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()
            """)
    }
}

/// A log that remembers its lines.
private final class Lines: LogHandler, Sendable {
    private let lines = Mutex<[String]>([])

    var all: [String] { lines.withLock { $0 } }
    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }
    var logLevel: Logger.Level {
        get { .trace }
        set {}
    }
    subscript(metadataKey _: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }

    func log(event: LogEvent) {
        lines.withLock { $0.append("\(event.message)") }
    }
}
