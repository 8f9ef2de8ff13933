// Writes JSON straight into bytes: members in the order they are named.

package struct JSONWriter {
    /// Set aside for an object at once; it grows when it is larger.
    package static let objectBytes = 512

    package private(set) var bytes: [UInt8] = []
    /// Where a text belongs that is written later, between its quotes.
    package private(set) var gap: Int?
    private var needsComma = false

    package init() {}

    /// The bytes of one object.
    /// - Parameter expected: about how many there will be.
    package static func object(
        expected: Int = objectBytes, _ members: (inout JSONWriter) -> Void
    ) -> [UInt8] {
        var writer = JSONWriter()
        writer.bytes.reserveCapacity(expected)
        writer.object(members)
        return writer.bytes
    }

    package mutating func object(_ members: (inout JSONWriter) -> Void) {
        enclosed(UInt8(ascii: "{"), members, UInt8(ascii: "}"))
    }

    package mutating func object(_ name: StaticString, _ members: (inout JSONWriter) -> Void) {
        self.name(name)
        object(members)
    }

    package mutating func array(_ name: StaticString, _ elements: (inout JSONWriter) -> Void) {
        self.name(name)
        enclosed(UInt8(ascii: "["), elements, UInt8(ascii: "]"))
    }

    package mutating func member(_ name: StaticString, _ number: Int64) {
        self.name(name)
        digits(number)
        needsComma = true
    }

    package mutating func member(_ name: StaticString, _ text: String) {
        self.name(name)
        string(text)
        needsComma = true
    }

    package mutating func member(_ name: StaticString, _ flag: Bool) {
        self.name(name)
        bytes.append(contentsOf: (flag ? "true" : "false").utf8)
        needsComma = true
    }

    /// Written with as many digits as it takes to read the same number back.
    package mutating func member(_ name: StaticString, decimal number: Double) {
        self.name(name)
        bytes.append(contentsOf: (number.isFinite ? "\(number)" : "null").utf8)
        needsComma = true
    }

    /// null where there is none.
    package mutating func member(_ name: StaticString, orNull text: String?) {
        if let text { member(name, text) } else { null(name) }
    }

    /// null where there is none.
    package mutating func member(_ name: StaticString, orNull number: Int64?) {
        if let number { member(name, number) } else { null(name) }
    }

    package mutating func null(_ name: StaticString) {
        self.name(name)
        bytes.append(contentsOf: "null".utf8)
        needsComma = true
    }

    /// A member whose name is not known before.
    package mutating func member(named name: String, _ text: String) {
        comma()
        string(name)
        bytes.append(UInt8(ascii: ":"))
        string(text)
        needsComma = true
    }

    /// A member whose name is not known before.
    package mutating func member(named name: String, _ number: Int64) {
        comma()
        string(name)
        bytes.append(UInt8(ascii: ":"))
        digits(number)
        needsComma = true
    }

    /// A member that is JSON already.
    package mutating func member(_ name: StaticString, json: some Sequence<UInt8>) {
        self.name(name)
        bytes.append(contentsOf: json)
        needsComma = true
    }

    /// An array's element.
    package mutating func element(_ text: String) {
        comma()
        string(text)
        needsComma = true
    }

    package mutating func element(_ number: Int64) {
        comma()
        digits(number)
        needsComma = true
    }

    /// A member whose text is not here yet: its place is `gap`, and what goes there needs no escapes.
    package mutating func memberLeftOpen(_ name: StaticString) {
        self.name(name)
        bytes.append(UInt8(ascii: "\""))
        gap = bytes.count
        bytes.append(UInt8(ascii: "\""))
        needsComma = true
    }

    private mutating func enclosed(_ open: UInt8, _ body: (inout JSONWriter) -> Void, _ close: UInt8) {
        comma()
        bytes.append(open)
        body(&self)
        bytes.append(close)
        needsComma = true
    }

    private mutating func name(_ name: StaticString) {
        comma()
        quoted(UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
        bytes.append(UInt8(ascii: ":"))
    }

    /// In one piece: room is made and looked after once.
    private mutating func quoted(_ text: UnsafeBufferPointer<UInt8>) {
        bytes.append(addingCapacity: text.count + 2) { span in
            span.withUnsafeMutableBufferPointer { room, count in
                room[0] = UInt8(ascii: "\"")
                _ = UnsafeMutableBufferPointer(rebasing: room[1...]).update(fromContentsOf: text)
                room[text.count + 1] = UInt8(ascii: "\"")
                count = text.count + 2
            }
        }
    }

    /// A whole number: most have a few digits, and no text is made of them.
    private mutating func digits(_ number: Int64) {
        if 0..<10 ~= number { return bytes.append(UInt8(ascii: "0") + UInt8(number)) }
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.digitsMax) { room in
            var place = room.count
            var rest = number.magnitude
            repeat {
                place -= 1
                room[place] = UInt8(ascii: "0") + UInt8(rest % 10)
                rest /= 10
            } while rest != 0
            if number < 0 {
                place -= 1
                room[place] = UInt8(ascii: "-")
            }
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: room[place...]))
        }
    }

    /// Of the least number there is, its sign among them.
    private static let digitsMax = 20

    private mutating func comma() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = false
    }

    private mutating func string(_ text: String) {
        var text = text
        text.withUTF8 { utf8 in
            // Most texts need no escapes, and go in one piece.
            if Self.isPlain(utf8) { return quoted(utf8) }
            bytes.append(UInt8(ascii: "\""))
            escape(utf8)
            bytes.append(UInt8(ascii: "\""))
        }
    }

    /// Eight bytes at once: in each it is asked whether one is below 0x20, a quote or a backslash.
    private static func isPlain(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        let raw = UnsafeRawBufferPointer(text)
        var at = 0
        while at + 8 <= raw.count {
            let word = raw.loadUnaligned(fromByteOffset: at, as: UInt64.self)
            let quotes = word ^ 0x2222_2222_2222_2222
            let backslashes = word ^ 0x5C5C_5C5C_5C5C_5C5C
            let controls = (word &- 0x2020_2020_2020_2020) & ~word
            let found =
                controls | (quotes &- 0x0101_0101_0101_0101) & ~quotes
                | (backslashes &- 0x0101_0101_0101_0101) & ~backslashes
            if found & 0x8080_8080_8080_8080 != 0 { return false }
            at += 8
        }
        return text[at...].allSatisfy(isPlain)
    }

    @inline(__always) private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }

    private mutating func escape(_ text: UnsafeBufferPointer<UInt8>) {
        var rest = text[...]
        while let next = rest.firstIndex(where: { !Self.isPlain($0) }) {
            bytes.append(contentsOf: rest[..<next])
            let byte = text[next]
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 0x0A: bytes.append(contentsOf: "\\n".utf8)
            case 0x0D: bytes.append(contentsOf: "\\r".utf8)
            case 0x09: bytes.append(contentsOf: "\\t".utf8)
            default:
                bytes.append(contentsOf: "\\u00".utf8)
                bytes.append(Self.digit(byte >> 4))
                bytes.append(Self.digit(byte & 15))
            }
            rest = text[(next + 1)...]
        }
        bytes.append(contentsOf: rest)
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}
