// An engine that fails where a plan says, around a real one.

/// Hands out the real engine's connections with the plan's faults in them; reads go through untouched.
public struct FaultEngine: Engine {
    private let engine: any Engine
    private let plan: FaultPlan

    public init(_ engine: any Engine, plan: FaultPlan) {
        self.engine = engine
        self.plan = plan
    }

    public var dialect: Dialect { engine.dialect }

    public func connect() throws -> sending any Connection {
        FaultConnection(try engine.connect(), plan: plan)
    }

    public func read<T: Sendable>(
        _ body: @escaping @Sendable (any Reading) throws -> T
    ) async throws -> T {
        try await engine.read(body)
    }

    public func glance<T>(_ body: (any Reading) throws -> T) throws -> T? {
        try engine.glance(body)
    }

    public func shutdown() async {
        await engine.shutdown()
    }
}

/// A real connection that counts, and fails on demand.
final class FaultConnection: Connection {
    private let connection: any Connection
    private let plan: FaultPlan
    private var ownership: Ownership?

    init(_ connection: any Connection, plan: FaultPlan) {
        self.connection = connection
        self.plan = plan
    }

    var dialect: Dialect { connection.dialect }
    var isAlive: Bool { connection.isAlive }
    var batch: Int64 { connection.batch }

    func isReady() -> Bool { connection.isReady() }

    func query(_ sql: SQL) throws -> [Row] {
        try plan.countStatement()
        return try connection.query(sql)
    }

    func fetch(_ batch: [SQL]) throws -> [[Row]] {
        for _ in batch { try plan.countStatement() }
        return try connection.fetch(batch)
    }

    func forEach(_ sql: SQL, _ body: (Row) throws -> Void) throws {
        try plan.countStatement()
        try connection.forEach(sql, body)
    }

    func execute(_ sql: SQL) throws {
        try plan.countStatement()
        try connection.execute(sql)
    }

    func executeNow(_ script: String) throws {
        try plan.countStatement()
        try connection.executeNow(script)
    }

    func begin() throws {
        try plan.countStatement()
        try connection.begin()
    }

    func commit() throws {
        let isUnknown = try plan.countCommit()
        try connection.commit()
        guard isUnknown else { return }
        plan.leaveUnanswered(FaultPlan.Mark(ownership: ownership, batch: batch))
        connection.close()
        throw StoreError.unknownCommit("injected at commit \(plan.commits)")
    }

    func beginUnflushed() throws {
        try plan.countStatement()
        try connection.beginUnflushed()
    }

    func commitUnflushed() throws -> Flush? {
        let isUnknown = try plan.countCommit()
        let flush = try connection.commitUnflushed()
        guard isUnknown else {
            guard let flush else { return nil }
            return Flush(
                run: { [plan] in
                    try plan.countFlush()
                    try flush.run()
                }, abandon: flush.abandon)
        }
        try flush?.run()
        plan.leaveUnanswered(FaultPlan.Mark(ownership: ownership, batch: batch))
        connection.close()
        throw StoreError.unknownCommit("injected at commit \(plan.commits)")
    }

    func rollback() {
        connection.rollback()
    }

    func savepoint(_ name: StaticString) throws {
        try plan.countStatement()
        try connection.savepoint(name)
    }

    func release(_ name: StaticString) throws {
        try plan.countStatement()
        try connection.release(name)
    }

    func rollback(to name: StaticString) throws {
        try connection.rollback(to: name)
    }

    func claim(scope: String) throws -> Ownership {
        let ownership = try connection.claim(scope: scope)
        self.ownership = ownership
        return ownership
    }

    /// The real engine's answer; SQLite has none, but the plan knows of the commit it left unanswered.
    func committed(epoch: Int64, batch: Int64, scope: String) throws -> Bool? {
        if let answer = try connection.committed(epoch: epoch, batch: batch, scope: scope) { return answer }
        let mark = FaultPlan.Mark(ownership: Ownership(scope: scope, epoch: epoch), batch: batch)
        return dialect == .sqlite && plan.isUnanswered(mark) ? true : nil
    }

    func close() {
        connection.close()
    }
}
