// The connection to a PostgreSQL server: opening, sending, waiting, losing it.
import CPostgres
import Glibc
import Logging

/// One libpq connection that never blocks inside libpq.
///
/// With the buffers of both sides full, a client that blocks while sending and the server would wait for
/// each other; so `poll` waits for both directions, and what has come is taken in meanwhile.
final class PostgresWire {
    private static let connectMaxS = 5
    /// After this much silence the other end counts as gone.
    private static let silenceMaxMs = 30_000

    /// What a caller waits for.
    enum Readiness {
        case answers
        case answersOrRoom
    }

    /// Nil once the connection is lost or closed.
    private var handle: OpaquePointer?
    private let url: String
    private var notices: Unmanaged<NoticeSink>?

    /// Connects as libpq does with the URL, and waits for it.
    init(url: String, logger: Logger) throws {
        self.url = url
        let handle = Self.connect(url)
        guard let handle, PQstatus(handle) == CONNECTION_OK else {
            let message = handle.map { String(cString: PQerrorMessage($0)) } ?? "no memory"
            PQfinish(handle)
            throw StoreError.unavailable(PostgresURL.scrub(message, of: url))
        }
        let encoding = PQparameterStatus(handle, "server_encoding").map { String(cString: $0) } ?? "unknown"
        guard encoding == "UTF8" else {
            PQfinish(handle)
            throw StoreError.unavailable("its encoding is \(encoding), not UTF8")
        }
        self.handle = handle
        let sink = Unmanaged.passRetained(NoticeSink(logger: logger))
        notices = sink
        PQsetNoticeProcessor(handle, NoticeSink.receive, sink.toOpaque())
        PQsetnonblocking(handle, 1)
    }

    deinit { close() }

    var isOpen: Bool { handle != nil }

    var isInTransaction: Bool {
        handle.map { PQtransactionStatus($0) != PQTRANS_IDLE } ?? false
    }

    func close() {
        PQfinish(handle)
        handle = nil
        notices?.release()
        notices = nil
    }

    func live() throws -> OpaquePointer {
        guard let handle else { throw StoreError.unavailable("the connection is lost") }
        return handle
    }

    /// Sends all that is queued.
    func flush() throws {
        let handle = try live()
        while true {
            switch PQflush(handle) {
            case 0: return
            case 1: try wait(for: .answersOrRoom)
            default: throw lost()
            }
        }
    }

    /// Waits until something has come (and takes it in) or, when asked for, more can be sent.
    func wait(for readiness: Readiness) throws {
        let handle = try live()
        let events = readiness == .answers ? POLLIN : POLLIN | POLLOUT
        var socket = pollfd(fd: PQsocket(handle), events: Int16(events), revents: 0)
        while poll(&socket, 1, -1) < 0 {
            guard errno == EINTR else { throw lost() }
        }
        if Int32(socket.revents) & ~POLLOUT != 0 { try takeIn() }
    }

    /// Takes in what has come, without waiting.
    func takeIn() throws {
        guard PQconsumeInput(try live()) == 1 else { throw lost() }
    }

    /// Looks, without waiting, whether the server has gone meanwhile.
    /// - Parameter isQuiet: nothing was asked, so nothing but a farewell or a notice can have come.
    func isReachable(isQuiet: Bool) -> Bool {
        guard let handle, PQconsumeInput(handle) == 1, PQstatus(handle) == CONNECTION_OK else { return false }
        guard isQuiet else { return true }
        var socket = pollfd(fd: PQsocket(handle), events: Int16(POLLIN), revents: 0)
        return poll(&socket, 1, 0) == 0
    }

    /// Closes a broken connection; the error to throw.
    func lost(_ error: StoreError? = nil) -> StoreError {
        let message = handle.map { String(cString: PQerrorMessage($0)) } ?? "closed"
        close()
        if case .unavailable = error, let error { return error }
        return .unavailable(PostgresURL.scrub(message, of: url))
    }

    /// What stands before the URL it may override, what follows it may not.
    private static func connect(_ url: String) -> OpaquePointer? {
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
