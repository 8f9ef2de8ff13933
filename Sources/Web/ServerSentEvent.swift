// One server-sent event and its bytes.
import NIOCore

/// An event of a stream. Source: the HTML standard, "Server-sent events".
public struct ServerSentEvent: Sendable, Equatable {
    /// What the browser sends back as `Last-Event-ID`.
    public var id: String?
    /// The event's name; nil for `message`.
    public var event: String?
    /// May have many lines.
    public var data: String

    public init(id: String? = nil, event: String? = nil, data: String) {
        self.id = id
        self.event = event
        self.data = data
    }

    /// Tells the page to fetch everything anew.
    public static let reload = ServerSentEvent(event: "reload", data: "")

    /// The event on the wire, with its closing blank line.
    var encoded: [UInt8] {
        var bytes: [UInt8] = []
        if let id { ServerSentEvent.append("id: ", ServerSentEvent.oneLine(id), to: &bytes) }
        if let event { ServerSentEvent.append("event: ", ServerSentEvent.oneLine(event), to: &bytes) }
        // Bytes, because "\r\n" is one Character.
        var line: [UInt8] = []
        var afterReturn = false
        for byte in data.utf8 {
            defer { afterReturn = byte == 13 }
            if byte == 10, afterReturn { continue }
            if byte == 10 || byte == 13 {
                ServerSentEvent.append("data: ", line, to: &bytes)
                line.removeAll(keepingCapacity: true)
            } else {
                line.append(byte)
            }
        }
        ServerSentEvent.append("data: ", line, to: &bytes)
        bytes.append(10)
        return bytes
    }

    private static func append(_ name: String, _ value: [UInt8], to bytes: inout [UInt8]) {
        bytes += name.utf8
        bytes += value
        bytes.append(10)
    }

    private static func oneLine(_ text: String) -> [UInt8] {
        text.utf8.filter { $0 != 10 && $0 != 13 && $0 != 0 }
    }
}
