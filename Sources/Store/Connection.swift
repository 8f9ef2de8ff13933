// What the two engines have in common: reading, a writer's connection, and the engine itself.

/// A connection, or a snapshot, that can be asked.
public protocol Reading: AnyObject {
    var dialect: Dialect { get }

    func query(_ sql: SQL) throws -> [Row]

    /// The rows of each statement, in order; on PostgreSQL all of them in one round trip.
    func fetch(_ batch: [SQL]) throws -> [[Row]]

    /// Calls `body` for each row, in bounded memory; `body` must not use this connection.
    func forEach(_ sql: SQL, _ body: (Row) throws -> Void) throws
}

/// A writer's connection: used by one thread at a time, blocking.
public protocol Connection: Reading {
    /// False once the connection is lost or closed: every further use throws `unavailable`.
    var isAlive: Bool { get }

    /// Whether the database is still there, between transactions; looks without asking it.
    func isReady() -> Bool

    /// The number of the batch begun last, from 1 after `claim`; 0 before.
    var batch: Int64 { get }

    /// Runs a statement whose rows nobody needs.
    ///
    /// Inside `begin … commit` on PostgreSQL it is pipelined: its error may surface at any later call up to
    /// `commit`, and is repeated by each until a rollback. Outside a transaction it waits.
    func execute(_ sql: SQL) throws

    /// Runs one or more statements without parameters (DDL) and waits.
    func executeNow(_ script: String) throws

    /// Begins a transaction that may write, numbered and fenced once a scope is claimed.
    func begin() throws

    /// Begins a transaction that ends with `commitUnflushed`.
    func beginUnflushed() throws

    /// Commits, and leaves waiting for the disk to another thread where the engine can; readers beside it see the
    /// commit at once, and what they read is held back until it is flushed.
    /// - Returns: what must be run before anything of it is told; nil when it is durable already.
    /// - Throws: as `commit`.
    func commitUnflushed() throws -> Flush?

    /// Commits durably; after an error the transaction is still open until `rollback()`.
    /// - Throws: `unknownCommit` when the connection died meanwhile; otherwise nothing was committed.
    func commit() throws

    /// Undoes the transaction, if one is open; afterwards the connection is usable or not `isAlive`.
    func rollback()

    func savepoint(_ name: StaticString) throws
    func release(_ name: StaticString) throws

    /// Undoes what followed the savepoint (which stays) and forgets deferred errors of that part.
    func rollback(to name: StaticString) throws

    /// Takes a scope (a workspace, or the whole database) for this connection alone, until it closes.
    /// - Throws: `fenced` when another server holds it.
    func claim(scope: String) throws -> Ownership

    /// Whether a batch of an earlier owner's connection was committed; nil when a later owner has
    /// overwritten the marker, and always on SQLite, which leaves no commit unknown.
    ///
    /// Ask on a fresh connection, *before* claiming the scope again.
    func committed(epoch: Int64, batch: Int64, scope: String) throws -> Bool?

    func close()
}

extension Connection {
    public func beginUnflushed() throws { try begin() }

    public func commitUnflushed() throws -> Flush? {
        try commit()
        return nil
    }
}

/// A claimed scope; with `Connection.batch` it names a batch for `committed(epoch:batch:scope:)`.
public struct Ownership: Sendable, Hashable {
    public let scope: String
    /// Grows by one with each claim of the scope.
    public let epoch: Int64

    public init(scope: String, epoch: Int64) {
        self.scope = scope
        self.epoch = epoch
    }
}

/// A database that hands out connections and snapshots.
public protocol Engine: Sendable {
    var dialect: Dialect { get }

    /// A writer's connection; commits on it are durable.
    func connect() throws -> sending any Connection

    /// Runs `body` on a consistent snapshot, off the cooperative threads.
    ///
    /// The result is handed over once all that the snapshot saw is durable; `body` itself tells nobody.
    /// - Throws: what `body` throws; `unavailable` when the waiting line is full or the wait too long.
    func read<T: Sendable>(_ body: @escaping @Sendable (any Reading) throws -> T) async throws -> T

    /// Looks up a row or two by their keys at once, on the calling thread, to know where to read: nothing of it is
    /// told, since what it sees need not be on the disk yet.
    /// - Returns: nil where that would take long: the database is another process, or no reader is free.
    func glance<T>(_ body: (any Reading) throws -> T) throws -> T?

    /// Refuses new reads, lets those under way end, and closes their connections.
    func shutdown() async
}
