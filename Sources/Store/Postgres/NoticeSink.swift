// Where a PostgreSQL server's notices go.
import CPostgres
import Logging

/// Logs what libpq would otherwise print on the terminal.
final class NoticeSink {
    private let logger: Logger

    init(logger: Logger) {
        self.logger = logger
    }

    static let receive: PQnoticeProcessor = { context, message in
        guard let context, let message else { return }
        let sink = Unmanaged<NoticeSink>.fromOpaque(context).takeUnretainedValue()
        let line = String(cString: message).split(whereSeparator: \.isNewline).joined(separator: " ")
        sink.logger.notice("PostgreSQL: \(line)")
    }
}
