// The request's path as routes and dialects see it.
import Hummingbird

enum Target {
    /// The request with runs of slashes in its path made one; query and percent-encoding stay as they came.
    ///
    /// The router takes one optional slash at the end by itself.
    static func tidied(_ request: Request) -> Request {
        guard let target = request.head.path, let clean = collapsed(target) else { return request }
        var head = request.head
        head.path = clean
        return Request(head: head, body: request.body)
    }

    /// The target with single slashes; nil when it has no others.
    static func collapsed(_ target: String) -> String? {
        guard hasRuns(target) else { return nil }
        let path = target.utf8.prefix { $0 != UInt8(ascii: "?") }
        var clean: [UInt8] = []
        clean.reserveCapacity(target.utf8.count)
        for byte in path where byte != UInt8(ascii: "/") || clean.last != UInt8(ascii: "/") {
            clean.append(byte)
        }
        clean += target.utf8.dropFirst(path.count)
        return String(decoding: clean, as: UTF8.self)
    }

    /// Whether its path has two slashes beside each other: hardly any has.
    private static func hasRuns(_ target: String) -> Bool {
        var target = target
        return target.withUTF8 { target in
            var former: UInt8 = 0
            for byte in target {
                if byte == UInt8(ascii: "?") { return false }
                if byte == UInt8(ascii: "/"), former == byte { return true }
                former = byte
            }
            return false
        }
    }
}
