// The PostgreSQL engine: writers' connections, and a few reading ones.
import Logging

/// PostgreSQL at a URL, which libpq reads as it is.
final class PostgresEngine: Engine {
    let dialect = Dialect.postgres
    private let url: String
    private let logger: Logger
    private let readers: Readers

    init(url: String, logger: Logger) {
        self.url = url
        self.logger = logger
        readers = Readers { try PostgresConnection(url: url, logger: logger, for: .reading) }
    }

    func connect() throws -> sending any Connection {
        try PostgresConnection(url: url, logger: logger, for: .writing)
    }

    func read<T: Sendable>(_ body: @escaping @Sendable (any Reading) throws -> T) async throws -> T {
        try await readers.read(body)
    }

    /// A round trip is no glance.
    func glance<T>(_ body: (any Reading) throws -> T) throws -> T? { nil }

    func shutdown() async {
        await readers.shutdown()
    }
}
