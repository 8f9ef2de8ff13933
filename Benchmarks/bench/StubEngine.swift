// A real engine whose writer stores nothing once it is told so: what remains is everything but storage.

import Store
import Synchronization

/// Wraps an engine; after `arm()` statements, savepoints and commits of its connections do nothing.
final class StubEngine: Engine {
    private let engine: any Engine
    private let armed = Atomic<Bool>(false)

    init(_ engine: any Engine) { self.engine = engine }

    func arm() { armed.store(true, ordering: .releasing) }
    fileprivate var isArmed: Bool { armed.load(ordering: .acquiring) }

    var dialect: Dialect { engine.dialect }

    func connect() throws -> sending any Connection { StubConnection(try engine.connect(), self) }

    func read<T: Sendable>(_ body: @escaping @Sendable (any Reading) throws -> T) async throws -> T {
        try await engine.read(body)
    }

    func glance<T>(_ body: (any Reading) throws -> T) throws -> T? { try engine.glance(body) }

    func shutdown() async { await engine.shutdown() }
}

private final class StubConnection: Connection {
    private let connection: any Connection
    private let engine: StubEngine

    init(_ connection: any Connection, _ engine: StubEngine) {
        self.connection = connection
        self.engine = engine
    }

    var dialect: Dialect { connection.dialect }
    var isAlive: Bool { connection.isAlive }
    var batch: Int64 { connection.batch }

    func isReady() -> Bool { connection.isReady() }
    func query(_ sql: SQL) throws -> [Row] { engine.isArmed ? [] : try connection.query(sql) }
    func fetch(_ batch: [SQL]) throws -> [[Row]] {
        engine.isArmed ? batch.map { _ in [] } : try connection.fetch(batch)
    }
    func forEach(_ sql: SQL, _ body: (Row) throws -> Void) throws {
        if !engine.isArmed { try connection.forEach(sql, body) }
    }
    func execute(_ sql: SQL) throws { if !engine.isArmed { try connection.execute(sql) } }
    func executeNow(_ script: String) throws { if !engine.isArmed { try connection.executeNow(script) } }
    func begin() throws { if !engine.isArmed { try connection.begin() } }
    func beginUnflushed() throws { if !engine.isArmed { try connection.beginUnflushed() } }
    func commitUnflushed() throws -> Flush? { engine.isArmed ? nil : try connection.commitUnflushed() }
    func commit() throws { if !engine.isArmed { try connection.commit() } }
    func rollback() { if !engine.isArmed { connection.rollback() } }
    func savepoint(_ name: StaticString) throws { if !engine.isArmed { try connection.savepoint(name) } }
    func release(_ name: StaticString) throws { if !engine.isArmed { try connection.release(name) } }
    func rollback(to name: StaticString) throws {
        if !engine.isArmed { try connection.rollback(to: name) }
    }
    func claim(scope: String) throws -> Ownership { try connection.claim(scope: scope) }
    func committed(epoch: Int64, batch: Int64, scope: String) throws -> Bool? {
        try connection.committed(epoch: epoch, batch: batch, scope: scope)
    }
    func close() { connection.close() }
}
