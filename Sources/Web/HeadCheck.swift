// Which request heads the door refuses, and with what status.
import NIOHTTP1

enum HeadCheck {
    /// The status that refuses this head; nil when it may come in.
    ///
    /// Source: RFC 9110 §10.1.1 (Expect), RFC 9112 §3.2 (Host) and §6.1 (codings we do not know).
    static func refusal(of head: HTTPRequestHead) -> HTTPResponseStatus? {
        var (hosts, isCoded, isExpectant) = (0, false, false)
        // Once over all of them: on the way of every request.
        for (name, _) in head.headers {
            switch name.utf8.count {
            case 4: if isSame(name, "host") { hosts += 1 }
            case 6: if isSame(name, "expect") { isExpectant = true }
            case 17: if isSame(name, "transfer-encoding") { isCoded = true }
            default: break
            }
        }
        if hosts > 1 || hosts == 0 && head.version == .http1_1 { return .badRequest }
        if head.method == .CONNECT { return .methodNotAllowed }
        guard
            head.uri.utf8.first == UInt8(ascii: "/") || head.uri == "*"
                || head.uri.lowercased().hasPrefix("http"),
            isPrintable(head.uri)
        else { return .badRequest }
        if isCoded {
            let codings = head.headers[canonicalForm: "transfer-encoding"]
            if !codings.isEmpty, codings.count > 1 || codings[0].lowercased() != "chunked" {
                return .notImplemented
            }
        }
        if isExpectant {
            let expectations = head.headers[canonicalForm: "expect"]
            if expectations.contains(where: { $0.lowercased() != "100-continue" }) {
                return .expectationFailed
            }
        }
        return nil
    }

    /// - Parameters:
    ///   - name: as long as the other.
    ///   - other: in lower case, letters and hyphens only.
    private static func isSame(_ name: String, _ other: StaticString) -> Bool {
        var (place, isSame) = (other.utf8Start, true)
        for byte in name.utf8 {
            isSame = isSame && byte | 0x20 == place.pointee
            place += 1
        }
        return isSame
    }

    private static func isPrintable(_ text: String) -> Bool {
        var text = text
        // Without a branch for each byte.
        return text.withUTF8 { $0.reduce(0) { $0 | ($1 &- 33 > 93 ? 1 : 0) } == 0 }
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
