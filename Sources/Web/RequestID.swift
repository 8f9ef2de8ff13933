// The id of one request: in the log line, in X-Request-Id and in every fault.
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

enum RequestID {
    /// Longest id taken over from a proxy, in characters.
    static let givenMax = 64

    private static let counter = Atomic<UInt32>(UInt32.random(in: 0...UInt32.max))
    private static let digits = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

    /// A new id: 13 characters that sort by time (42 bits of milliseconds, then 22 bits of a counter).
    static func next() -> String {
        let count = counter.wrappingAdd(1, ordering: .relaxed).newValue
        var value = UInt64(wallClockMs()) << 22 | UInt64(count & 0x3f_ffff)
        var text = [UInt8](repeating: 0, count: 13)
        for index in text.indices.reversed() {
            text[index] = digits[Int(value & 31)]
            value >>= 5
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// An id a trusted proxy gave, when it is safe to log and to send back.
    static func given(_ text: String?) -> String? {
        guard let text, (1...givenMax).contains(text.utf8.count) else { return nil }
        let sane = text.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
        }
        return sane ? text : nil
    }

    private static func wallClockMs() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}
