// A connection to PostgreSQL, for a writer or for snapshots.
import Foundation
import Logging

/// One PostgreSQL connection, its transaction and its errors; `PostgresPipeline` has the wire.
final class PostgresConnection: Connection, SnapshotConnection {
    enum Purpose {
        case writing
        case reading
    }

    let dialect = Dialect.postgres
    private(set) var batch: Int64 = 0
    private var ownership: Ownership?
    private let pipeline: PostgresPipeline
    private var isInTransaction = false
    private var isStreaming = false
    /// What failed in this transaction; every call repeats it until a rollback.
    private var failure: StoreError?

    init(url: String, logger: Logger, for purpose: Purpose) throws {
        pipeline = try PostgresPipeline(url: url, logger: logger)
        guard purpose == .writing else { return }
        try executeNow(Self.writerSettings)
    }

    /// A durable commit even where the server's default is not (a stronger default stays), and an early end
    /// for the session of a server that is gone.
    private static let writerSettings = """
        SELECT set_config('synchronous_commit', 'on', false)
        WHERE current_setting('synchronous_commit') = 'off';
        SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3;
        SET tcp_user_timeout = 30000;
        """

    var isAlive: Bool { pipeline.isOpen }

    func isReady() -> Bool {
        // The end of the last snapshot was sent without waiting for its answer.
        guard (try? pipeline.drain()) != nil else { return false }
        return pipeline.takeFailure() == nil && pipeline.isReachable()
    }

    func close() {
        pipeline.close()
    }

    // MARK: Statements

    func query(_ sql: SQL) throws -> [Row] {
        try fetch([sql])[0]
    }

    func fetch(_ batch: [SQL]) throws -> [[Row]] {
        try check()
        for (index, sql) in batch.enumerated() { try pipeline.send(sql, .rows(index)) }
        var answers = try settle()
        while answers.count < batch.count { answers.append([]) }
        return answers
    }

    func forEach(_ sql: SQL, _ body: (Row) throws -> Void) throws {
        try check()
        _ = try settle()
        isStreaming = true
        defer { isStreaming = false }
        try pipeline.stream(sql, body)
        try raise()
    }

    func execute(_ sql: SQL) throws {
        try check()
        try pipeline.send(sql)
        if !isInTransaction { _ = try settle() }
    }

    func executeNow(_ script: String) throws {
        try check()
        _ = try settle()
        try pipeline.script(script)
        try raise()
    }

    private func settle() throws -> [[Row]] {
        let answers = try pipeline.settle()
        try raise()
        return answers
    }

    /// Throws what the answers have brought; inside a transaction it stays.
    private func raise() throws {
        guard let error = pipeline.takeFailure() else { return }
        if isInTransaction { failure = error }
        throw error
    }

    private func check() throws {
        precondition(!isStreaming, "a forEach body uses its own connection")
        guard pipeline.isOpen else { throw StoreError.unavailable("the connection is lost") }
        if let failure { throw failure }
        try raise()
    }

    // MARK: Transactions

    func begin() throws {
        try begin("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE")
        guard let ownership else { return }
        batch += 1
        do {
            try pipeline.send(PostgresFence.statement(ownership, batch: batch), .fence)
        } catch {
            isInTransaction = false  // the connection is lost; nothing was begun for the caller
            throw error
        }
    }

    private func begin(_ sql: SQL) throws {
        precondition(!isInTransaction, "begin inside a transaction")
        try check()
        try pipeline.send(sql)
        isInTransaction = true
    }

    func commit() throws {
        precondition(isInTransaction, "commit without begin")
        try check()
        do {
            try pipeline.send("COMMIT", .commit)
            _ = try settle()
        } catch StoreError.unavailable(let why) where !pipeline.isOpen {
            throw StoreError.unknownCommit(why)
        }
        isInTransaction = false
    }

    func rollback() {
        isInTransaction = false
        failure = nil
        guard pipeline.isOpen else { return }
        do {
            // First the answers: an error among them would make the server skip the ROLLBACK.
            _ = try pipeline.settle()
            if pipeline.isInTransaction {
                try pipeline.send("ROLLBACK")
                _ = pipeline.takeFailure()
                _ = try pipeline.settle()
            }
            if pipeline.takeFailure() != nil, pipeline.isInTransaction { close() }
        } catch {
            close()
        }
    }

    func savepoint(_ name: StaticString) throws {
        precondition(isInTransaction, "savepoint without begin")
        try execute("SAVEPOINT " + SQL(stringLiteral: name))
    }

    func release(_ name: StaticString) throws {
        try execute("RELEASE SAVEPOINT " + SQL(stringLiteral: name))
    }

    func rollback(to name: StaticString) throws {
        precondition(isInTransaction, "rollback to a savepoint without begin")
        guard pipeline.isOpen else { throw StoreError.unavailable("the connection is lost") }
        _ = try pipeline.settle()
        let earlier = pipeline.takeFailure() ?? failure
        try pipeline.send("ROLLBACK TO SAVEPOINT " + SQL(stringLiteral: name))
        _ = try pipeline.settle()
        // Without that savepoint the error is older than it, and the transaction is lost.
        failure = pipeline.takeFailure().map { earlier ?? $0 }
        if let failure { throw failure }
    }

    /// A consistent snapshot; nothing is sent before the first statement.
    func snapshot<T>(_ body: (any Reading) throws -> T) throws -> T {
        try begin("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        defer { endSnapshot() }
        return try body(self)
    }

    /// Nobody waits for the answer: the next use of the connection takes it in.
    private func endSnapshot() {
        let hasFailed = failure != nil
        guard !hasFailed, pipeline.isOpen else { return rollback() }
        isInTransaction = false
        do {
            try pipeline.send("COMMIT")
            try pipeline.sync()
        } catch {
            close()
        }
    }

    // MARK: Ownership

    func claim(scope: String) throws -> Ownership {
        precondition(!isInTransaction && ownership == nil, "claim once, outside a transaction")
        // A former owner's session ends some time after its connection was closed, and its lock with it.
        var tries = 1
        while try query(PostgresFence.tryLock(scope)).first?.bool("locked") != true {
            guard tries < PostgresFence.claimTriesMax else {
                throw StoreError.fenced("another Switchboard server owns this database (scope '\(scope)')")
            }
            tries += 1
            Thread.sleep(forTimeInterval: PostgresFence.claimPauseS)
        }
        let row = try query(PostgresFence.claim(scope)).first
        let ownership = Ownership(scope: scope, epoch: row?.int("epoch") ?? 0)
        self.ownership = ownership
        batch = 0
        return ownership
    }

    func committed(epoch: Int64, batch: Int64, scope: String) throws -> Bool? {
        precondition(ownership == nil, "ask before claiming again, which overwrites the marker")
        try begin("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE")
        defer { rollback() }
        // The lost connection's transaction may still be ending: its lock on the row is waited for.
        try execute(SQL(template: "SET LOCAL lock_timeout = \(PostgresFence.lockMaxMs)", values: []))
        let row = try query("SELECT epoch, batch FROM owner WHERE scope = \(scope) FOR UPDATE").first
        guard let row, row.int("epoch") == epoch else { return nil }
        return row.int("batch") >= batch
    }
}
