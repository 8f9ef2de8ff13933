// One line a request: who asked what, how it ended; never a query, a header or a body.
import Hummingbird
import Logging
import Synchronization

/// Writes the request lines.
struct RequestLog: Sendable {
    /// Longest path written, in bytes.
    static let pathMaxBytes = 256

    let logger: Logger

    /// Logs the answer: now when its length is known, otherwise when its last byte is out or the client left.
    func logging(_ response: Response, to request: Request, context: Context) -> Response {
        guard isOn else { return response }
        let line = Line(
            log: self, method: request.method.rawValue, path: request.uri.path, status: response.status.code,
            context: context)
        if let bytes = response.body.contentLength {
            line.write(bytes: bytes)
            return response
        }
        var response = response
        let body = response.body
        response.body = ResponseBody { writer in
            defer { line.write(bytes: nil) }
            try await body.write(CountingWriter(base: writer, line: line))
        }
        return response
    }

    private var isOn: Bool { logger.logLevel <= .info }

    func write(method: String, path: String, status: Int, metadata: Logger.Metadata) {
        logger.info("\(method) \(RequestLog.tidy(path)) \(status)", metadata: metadata)
    }

    private static func tidy(_ path: String) -> String {
        let bytes = path.utf8.prefix(pathMaxBytes).map { (33...126).contains($0) ? $0 : UInt8(ascii: "?") }
        return String(decoding: bytes, as: UTF8.self) + (path.utf8.count > pathMaxBytes ? "…" : "")
    }

    /// The line of one request; written once, at the latest when the answer is dropped unwritten.
    final class Line: Sendable {
        private let log: RequestLog
        private let method: String
        private let path: String
        private let status: Int
        private let context: Context
        private let state = Mutex<(written: Bool, bytes: Int)>((false, 0))

        init(log: RequestLog, method: String, path: String, status: Int, context: Context) {
            self.log = log
            self.method = method
            self.path = path
            self.status = status
            self.context = context
        }

        func count(_ bytes: Int) {
            state.withLock { $0.bytes += bytes }
        }

        func write(bytes: Int?) {
            let counted: Int? = state.withLock { state in
                if state.written { return nil }
                state.written = true
                return bytes ?? state.bytes
            }
            guard let counted, log.isOn else { return }
            let tenths = Int((ContinuousClock.now - context.arrival) / .microseconds(100))
            var metadata: Logger.Metadata = [
                "request": "\(context.requestID)", "ms": "\(tenths / 10).\(tenths % 10)",
                "bytes": "\(counted)",
                "client": "\(context.client?.description ?? "local")",
            ]
            if let workspace = context.notes.workspace { metadata["workspace"] = "\(workspace)" }
            if let principal = context.notes.principal { metadata["principal"] = "\(principal)" }
            log.write(method: method, path: context.notes.path ?? path, status: status, metadata: metadata)
        }

        deinit {
            write(bytes: nil)
        }
    }
}

/// Counts what an answer of unknown length writes.
private struct CountingWriter: ResponseBodyWriter {
    var base: any ResponseBodyWriter
    let line: RequestLog.Line

    mutating func write(_ buffer: ByteBuffer) async throws {
        line.count(buffer.readableBytes)
        try await base.write(buffer)
    }

    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {
        try await base.finish(trailingHeaders)
    }
}
