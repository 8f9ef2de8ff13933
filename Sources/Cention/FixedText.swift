// A short text of digits and signs, written in place: a report has two stamps a line.
import Center

/// What a text of a known length is written into, byte by byte.
struct FixedText {
    private let room: UnsafeMutableBufferPointer<UInt8>
    private var count = 0

    /// - Parameters:
    ///   - capacity: bytes it has at most.
    ///   - write: puts the text in; more than there is room for is a broken invariant and crashes.
    static func text(_ capacity: Int, _ write: (inout FixedText) -> Void) -> String {
        String(unsafeUninitializedCapacity: capacity) { room in
            var text = FixedText(room: room)
            write(&text)
            return text.count
        }
    }

    private init(room: UnsafeMutableBufferPointer<UInt8>) { self.room = room }

    mutating func put(_ byte: UInt8) {
        precondition(count < room.count, "a text of more than \(room.count) bytes")
        room[count] = byte
        count += 1
    }

    mutating func put(_ text: String) { for byte in text.utf8 { put(byte) } }

    /// At least two digits.
    mutating func two(_ number: Int64) {
        if number < 0 || number > 99 { return put(String(number)) }
        put(UInt8(ascii: "0") + UInt8(number / 10))
        put(UInt8(ascii: "0") + UInt8(number % 10))
    }

    /// A year: as many digits as it has.
    mutating func year(_ number: Int64) {
        if number < 1_000 || number > 9_999 { return put(String(number)) }
        two(number / 100)
        two(number % 100)
    }
}

extension FixedText {
    /// Year, month and day.
    mutating func day(_ time: WallTime, between: UInt8) {
        year(time.year)
        put(between)
        two(time.month)
        put(between)
        two(time.day)
    }

    /// `20:47`
    mutating func time(_ time: WallTime) {
        two(time.hour)
        put(UInt8(ascii: ":"))
        two(time.minute)
    }
}
