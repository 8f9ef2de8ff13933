// Which request heads the door refuses, and with what status.
import NIOHTTP1

enum HeadCheck {
    /// The status that refuses this head; nil when it may come in.
    ///
    /// Source: RFC 9110 §10.1.1 (Expect), RFC 9112 §3.2 (Host) and §6.1 (codings we do not know).
    static func refusal(of head: HTTPRequestHead) -> HTTPResponseStatus? {
        let hosts = head.headers["host"].count
        if hosts > 1 || hosts == 0 && head.version == .http1_1 { return .badRequest }
        if head.method == .CONNECT { return .methodNotAllowed }
        guard head.uri.hasPrefix("/") || head.uri == "*" || head.uri.lowercased().hasPrefix("http"),
            head.uri.utf8.allSatisfy({ (33...126).contains($0) })
        else { return .badRequest }
        let codings = head.headers[canonicalForm: "transfer-encoding"]
        if !codings.isEmpty, codings.count > 1 || codings[0].lowercased() != "chunked" {
            return .notImplemented
        }
        let expectations = head.headers[canonicalForm: "expect"]
        if expectations.contains(where: { $0.lowercased() != "100-continue" }) { return .expectationFailed }
        return nil
    }

    /// Whether the client waits for a go-ahead that it should get: the body is not known to be too large.
    ///
    /// Without one the handler refuses the announced length in its own words, and the body never travels.
    static func wantsContinue(_ head: HTTPRequestHead, upTo maxBytes: Int) -> Bool {
        guard head.version == .http1_1, head.headers.contains(name: "expect") else { return false }
        guard let length = head.headers.first(name: "content-length") else {
            return head.headers.contains(name: "transfer-encoding")
        }
        return Int(length).map { $0 <= maxBytes } ?? false
    }

    static func status(of error: HTTPParserError) -> HTTPResponseStatus {
        switch error {
        case .headerOverflow: .requestHeaderFieldsTooLarge
        case .invalidVersion: .httpVersionNotSupported
        default: .badRequest
        }
    }
}
