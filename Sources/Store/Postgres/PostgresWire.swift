// How a libpq connection is opened, and where the server's notices go.
import CPostgres
import Glibc
import Logging

extension PostgresPipeline {
    private static let connectMaxS = 5
    /// After this much silence the other end counts as gone.
    private static let silenceMaxMs = 30_000

    /// Connects as libpq does with the URL, which may override what stands before it.
    static func connect(_ url: String) -> OpaquePointer? {
        let settings: [(String, String)] = [
            ("connect_timeout", String(connectMaxS)),
            ("application_name", "switchboard"),
            ("keepalives", "1"),
            ("keepalives_idle", "10"),
            ("keepalives_interval", "5"),
            ("keepalives_count", "3"),
            ("tcp_user_timeout", String(silenceMaxMs)),
            ("dbname", url),
            ("client_encoding", "UTF8"),
        ]
        let keywords = settings.map { strdup($0.0) }
        let values = settings.map { strdup($0.1) }
        defer { for pointer in keywords + values { free(pointer) } }
        let keywordPointers = keywords.map { UnsafePointer<CChar>($0) } + [nil]
        let valuePointers = values.map { UnsafePointer<CChar>($0) } + [nil]
        return PQconnectdbParams(keywordPointers, valuePointers, 1)
    }
}

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
