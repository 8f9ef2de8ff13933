// The way in: a store is an engine at a location.
public import Logging

/// An open database of either engine.
public struct Store: Sendable {
    public let engine: any Engine

    public init(engine: any Engine) {
        self.engine = engine
    }

    public var dialect: Dialect { engine.dialect }

    /// Opens (and on SQLite creates) the database; PostgreSQL is first reached by `connect` or `read`.
    public static func open(_ location: Location, logger: Logger) throws -> Store {
        _ = LargeMemory.isGivenBack
        return switch location {
        case .sqlite(let path): Store(engine: try SQLiteEngine(path: path))
        case .postgres(let url): Store(engine: PostgresEngine(url: url, logger: logger))
        }
    }

    /// Runs `body` on a consistent snapshot, off the cooperative threads; see `Engine.read`.
    public func read<T: Sendable>(_ body: @escaping @Sendable (any Reading) throws -> T) async throws -> T {
        try await engine.read(body)
    }
}
