// A connection to an SQLite file, for a writer or for snapshots.
import GRDB
import GRDBSQLite

/// One SQLite connection.
///
/// GRDB opens it, sets it up and compiles its statements on its own queue; stepping them goes straight to
/// the C API on the calling thread, since nobody else has this connection (a hop to GRDB's queue and its
/// observers would cost more than a small insert).
final class SQLiteConnection: Connection, SnapshotConnection {
    /// How long a statement waits for another process's lock.
    static let busyMaxMs = 5000
    /// Twice as much costs more than it saves: a commit that moved pages while it balanced a tree looks through
    /// the whole cache (SQLite 3.40).
    private static let writerCacheKiB = 24 * 1024
    private static let readerCacheKiB = 4 * 1024

    enum Purpose {
        case writing
        case reading
        case checkpoints
    }

    let dialect = Dialect.sqlite
    private(set) var batch: Int64 = 0
    private var ownership: Ownership?
    private let queue: DatabaseQueue
    private let database: OpaquePointer
    private var statements = StatementCache<SQLiteStatement>()
    private let bound = BoundBytes()
    private var checkpointer: Checkpointer?
    private var isOpen = true
    private var isInTransaction = false
    private var isStreaming = false
    private let path: String
    /// Holds back what readers saw of commits that are not flushed; nil where every commit waits for the disk.
    private let gate: FlushGate?
    private var log: LogFile?
    /// Whether the next commit leaves waiting for the disk to somebody else.
    private var isUnflushed = false

    init(path: String, for purpose: Purpose, gate: FlushGate? = nil) throws {
        self.path = path
        self.gate = gate
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true  // begin and commit are separate calls
        configuration.busyMode = .timeout(Double(Self.busyMaxMs) / 1000)
        configuration.foreignKeysEnabled = true
        configuration.journalMode = .wal
        configuration.label = "store.sqlite"
        (queue, database) = try storeErrors {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            let handle = queue.inDatabase { $0.sqliteConnection! }
            return (queue, handle)
        }
        // GRDB's transaction observers have nobody to tell.
        sqlite3_commit_hook(database, nil, nil)
        sqlite3_rollback_hook(database, nil, nil)
        let cacheKiB = purpose == .writing ? Self.writerCacheKiB : Self.readerCacheKiB
        try executeNow("PRAGMA cache_size = -\(cacheKiB)")
        // GRDB sets NORMAL with WAL, which may lose the last commits when the power fails.
        if purpose != .reading { try executeNow("PRAGMA synchronous = FULL") }
        switch purpose {
        case .checkpoints: break
        case .writing:
            try executeNow("PRAGMA wal_autocheckpoint = 0")
            checkpointer = Checkpointer(path: path)
            _ = sqlite3_wal_hook(database, Self.committed, Unmanaged.passUnretained(self).toOpaque())
            // What is deleted or overwritten is zeroed in the file: people can be erased.
            try executeNow("PRAGMA secure_delete = ON")
            let level = try query("PRAGMA synchronous").first?.value("synchronous")
            precondition(level == .integer(2), "PRAGMA synchronous reads \(level ?? .null), not FULL")
        case .reading:
            try executeNow("PRAGMA query_only = 1")
        }
    }

    deinit { close() }

    var isAlive: Bool { isOpen }

    func isReady() -> Bool { isOpen }

    func close() {
        guard isOpen else { return }
        isOpen = false
        checkpointer?.stop()
        statements.removeAll()
        try? queue.close()
    }

    // MARK: Statements

    func query(_ sql: SQL) throws -> [Row] {
        var rows: [Row] = []
        try run(sql) { rows.append($0) }
        return rows
    }

    func fetch(_ batch: [SQL]) throws -> [[Row]] {
        try batch.map(query)
    }

    func forEach(_ sql: SQL, _ body: (Row) throws -> Void) throws {
        try run(sql) { row in
            isStreaming = true
            defer { isStreaming = false }
            try body(row)
        }
    }

    func execute(_ sql: SQL) throws {
        try run(sql) { _ in }
    }

    func executeNow(_ script: String) throws {
        try check()
        statements.removeAll()
        let code = sqlite3_exec(database, script, nil, nil, nil)
        guard code == SQLITE_OK else { throw StoreError(sqlite: database, code, script) }
    }

    private func run(_ sql: SQL, _ body: (Row) throws -> Void) throws {
        try check()
        let statement: SQLiteStatement
        if let cached = statements.find(sql.shape) {
            statement = cached
        } else {
            statement = try storeErrors {
                try SQLiteStatement(queue.inDatabase { try $0.makeStatement(sql: sql.template) })
            }
            _ = statements.insert(statement, for: sql.shape)
        }
        try statement.run(sql, on: database, bound, body)
    }

    private func check() throws {
        precondition(!isStreaming, "a forEach body uses its own connection")
        guard isOpen else { throw StoreError.unavailable("the connection is closed") }
        // SQLite undoes a transaction by itself after some errors (disk full, I/O); what follows must not
        // commit one by one.
        if isInTransaction, sqlite3_get_autocommit(database) != 0 {
            throw StoreError.unavailable("the transaction was undone after an earlier error")
        }
    }

    // MARK: Transactions

    func begin() throws {
        precondition(!isInTransaction, "begin inside a transaction")
        try execute("BEGIN IMMEDIATE")
        isInTransaction = true
        if ownership != nil { batch += 1 }
    }

    func commit() throws {
        precondition(isInTransaction, "commit without begin")
        precondition(!isUnflushed, "commit of a transaction that was begun to be flushed later")
        try execute("COMMIT")
        isInTransaction = false
    }

    func beginUnflushed() throws {
        if gate != nil, log == nil { log = LogFile(of: path) }
        guard let log, isOpen else { return try begin() }
        try setUnflushed(true)
        do { try begin() } catch {
            try? setUnflushed(false)
            throw error
        }
        log.makeRoom(behind: checkpointer?.pages ?? 0)
    }

    /// A commit with `synchronous = NORMAL` is as whole after a crash as one with FULL: SQLite itself flushes the log
    /// before it copies it, the file before the log begins anew, and the log's new beginning. Only the log's end is
    /// left to `Flush`, which is how much of it a power failure could take.
    func commitUnflushed() throws -> Flush? {
        guard isUnflushed, let gate, let log else {
            try commit()
            return nil
        }
        precondition(isInTransaction, "commit without begin")
        let commit = gate.announce()
        do { try execute("COMMIT") } catch {
            gate.withdraw(commit)
            throw error
        }
        isInTransaction = false
        let flush = Flush(
            run: {
                try log.flush()
                gate.flushed(commit)
            }, abandon: { gate.shut($0) })
        do { try setUnflushed(false) } catch {
            // It is committed all the same; what cannot be set now is found with the next statement.
            close()
        }
        return flush
    }

    /// Takes effect when it is compiled, so it is compiled each time; only between transactions.
    private func setUnflushed(_ unflushed: Bool) throws {
        let script = unflushed ? "PRAGMA synchronous = NORMAL" : "PRAGMA synchronous = FULL"
        let code = sqlite3_exec(database, script, nil, nil, nil)
        guard code == SQLITE_OK else { throw StoreError(sqlite: database, code, script) }
        isUnflushed = unflushed
    }

    func rollback() {
        isInTransaction = false
        guard isOpen else { return }
        do {
            if sqlite3_get_autocommit(database) == 0 { try execute("ROLLBACK") }
            if isUnflushed { try setUnflushed(false) }
        } catch { close() }
    }

    func savepoint(_ name: StaticString) throws {
        precondition(isInTransaction, "savepoint without begin")
        try execute("SAVEPOINT " + SQL(stringLiteral: name))
    }

    func release(_ name: StaticString) throws {
        try execute("RELEASE SAVEPOINT " + SQL(stringLiteral: name))
    }

    func rollback(to name: StaticString) throws {
        try execute("ROLLBACK TO SAVEPOINT " + SQL(stringLiteral: name))
    }

    /// A consistent snapshot: the first statement fixes what the others see.
    func snapshot<T>(_ body: (any Reading) throws -> T) throws -> T {
        try execute("BEGIN")
        isInTransaction = true
        defer { rollback() }
        return try body(self)
    }

    // MARK: Checkpoints

    /// SQLite calls it after each commit; the pages are those in the log.
    private static let committed:
        @convention(c) (UnsafeMutableRawPointer?, OpaquePointer?, UnsafePointer<CChar>?, CInt) -> CInt = {
            this, _, _, pages in
            guard let this else { return SQLITE_OK }
            let connection = Unmanaged<SQLiteConnection>.fromOpaque(this).takeUnretainedValue()
            connection.checkpointer?.committed(logPages: Int(pages)) { _ = connection.checkpoint() }
            return SQLITE_OK
        }

    /// Copies what no reader holds up from the log into the file; what goes wrong is tried again with the next.
    /// - Returns: the log's pages that are in the file now.
    @discardableResult
    func checkpoint() -> Int {
        guard isOpen else { return 0 }
        var copied: CInt = 0
        let code = sqlite3_wal_checkpoint_v2(database, nil, SQLITE_CHECKPOINT_PASSIVE, nil, &copied)
        return code == SQLITE_OK ? Int(copied) : 0
    }

    /// Flushes what was copied into the file; an error is found again by whoever flushes it next.
    func flushFile() {
        var file: UnsafeMutablePointer<sqlite3_file>?
        guard isOpen,
            sqlite3_file_control(database, "main", SQLITE_FCNTL_FILE_POINTER, &file) == SQLITE_OK, let file,
            let methods = file.pointee.pMethods
        else { return }
        _ = methods.pointee.xSync(file, SQLITE_SYNC_NORMAL)
    }

    // MARK: Ownership

    /// The lock on the data folder guards an SQLite database; there is nothing to claim.
    func claim(scope: String) throws -> Ownership {
        try check()
        let ownership = Ownership(scope: scope, epoch: 1)
        self.ownership = ownership
        return ownership
    }

    func committed(epoch: Int64, batch: Int64, scope: String) throws -> Bool? { nil }
}

/// GRDB's errors as the store's.
func storeErrors<T>(_ body: () throws -> T) throws -> T {
    do { return try body() } catch let error as DatabaseError { throw StoreError(error) }
}
