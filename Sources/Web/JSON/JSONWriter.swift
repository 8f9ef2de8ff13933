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
        Self.withDigits(number) { member(name, $0, between: nil) }
    }

    package mutating func member(_ name: StaticString, _ text: String) {
        var text = text
        text.withUTF8 { utf8 in
            // Most texts need no escapes, and go in one piece.
            let first = Self.nextEscape(in: utf8, from: 0)
            if first == utf8.count { return member(name, utf8, between: UInt8(ascii: "\"")) }
            self.name(name)
            escaped(utf8, first)
            needsComma = true
        }
    }

    package mutating func member(_ name: StaticString, _ flag: Bool) {
        member(name, flag ? "true" : "false", between: nil)
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

    package mutating func null(_ name: StaticString) { member(name, "null", between: nil) }

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

    /// A text that is put together where it is written.
    package mutating func member(_ name: StaticString, pieces: (inout JSONPieces) -> Void) {
        self.name(name)
        bytes.append(UInt8(ascii: "\""))
        var text = JSONPieces()
        // Lent, not copied.
        swap(&self, &text.writer)
        pieces(&text)
        swap(&self, &text.writer)
        bytes.append(UInt8(ascii: "\""))
        needsComma = true
    }

    /// Members that are the same in every object, as JSON.
    package mutating func members(_ json: StaticString) {
        comma()
        bytes.append(contentsOf: UnsafeBufferPointer(start: json.utf8Start, count: json.utf8CodeUnitCount))
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

    private mutating func member(_ name: StaticString, _ value: StaticString, between quote: UInt8?) {
        member(
            name, UnsafeBufferPointer(start: value.utf8Start, count: value.utf8CodeUnitCount), between: quote)
    }

    /// The comma before it, the name and the value in one piece: room is made and looked after once.
    private mutating func member(
        _ name: StaticString, _ value: UnsafeBufferPointer<UInt8>, between quote: UInt8?
    ) {
        let name = UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        let hasComma = needsComma
        write(name.count + value.count + 6) { piece in
            if hasComma { piece.put(UInt8(ascii: ",")) }
            piece.put(UInt8(ascii: "\""))
            piece.put(name)
            piece.put(UInt8(ascii: "\""))
            piece.put(UInt8(ascii: ":"))
            if let quote { piece.put(quote) }
            piece.put(value)
            if let quote { piece.put(quote) }
        }
        needsComma = true
    }

    /// What is written at once; no more than there was room made for.
    private struct Piece {
        let room: UnsafeMutablePointer<UInt8>
        var count = 0

        @inline(__always)
        mutating func put(_ byte: UInt8) {
            room[count] = byte
            count &+= 1
        }

        @inline(__always)
        mutating func put(_ text: UnsafeBufferPointer<UInt8>) {
            guard let first = text.baseAddress else { return }
            (room + count).update(from: first, count: text.count)
            count &+= text.count
        }
    }

    /// - Parameter capacity: at least as many bytes as the body puts.
    @inline(__always)
    private mutating func write(_ capacity: Int, _ body: (inout Piece) -> Void) {
        bytes.append(addingCapacity: capacity) { span in
            span.withUnsafeMutableBufferPointer { room, count in
                guard let first = room.baseAddress else { return }
                var piece = Piece(room: first)
                body(&piece)
                precondition(
                    piece.count <= room.count, "\(piece.count) bytes where there was room for \(room.count)")
                count = piece.count
            }
        }
    }

    private mutating func quoted(_ text: UnsafeBufferPointer<UInt8>) {
        write(text.count + 2) { piece in
            piece.put(UInt8(ascii: "\""))
            piece.put(text)
            piece.put(UInt8(ascii: "\""))
        }
    }

    private mutating func digits(_ number: Int64) {
        Self.withDigits(number) { bytes.append(contentsOf: $0) }
    }

    /// A whole number: most have a few digits, and no text is made of them.
    private static func withDigits(_ number: Int64, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: digitsMax) { room in
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
            body(UnsafeBufferPointer(rebasing: room[place...]))
        }
    }

    /// Of the least number there is, its sign among them.
    private static let digitsMax = 20

    fileprivate mutating func piece(plain text: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    fileprivate mutating func piece(_ number: Int64) { digits(number) }

    fileprivate mutating func piece(_ text: String) {
        var text = text
        text.withUTF8 { utf8 in
            let first = Self.nextEscape(in: utf8, from: 0)
            if first == utf8.count {
                bytes.append(contentsOf: utf8)
            } else {
                escaped(utf8, first, between: nil)
            }
        }
    }

    private mutating func comma() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = false
    }

    private mutating func string(_ text: String) {
        var text = text
        text.withUTF8 { utf8 in
            let first = Self.nextEscape(in: utf8, from: 0)
            if first == utf8.count { quoted(utf8) } else { escaped(utf8, first) }
        }
    }

    /// Where the next byte is that needs an escape; the text's length where none does.
    ///
    /// Eight bytes at once: in each it is asked whether one is below 0x20, a quote or a backslash. Of the bytes that are
    /// said to be one, the first is.
    private static func nextEscape(in text: UnsafeBufferPointer<UInt8>, from: Int) -> Int {
        let raw = UnsafeRawBufferPointer(text)
        var at = from
        while at + 8 <= raw.count {
            let word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: at, as: UInt64.self))
            let quotes = word ^ 0x2222_2222_2222_2222
            let backslashes = word ^ 0x5C5C_5C5C_5C5C_5C5C
            let controls = (word &- 0x2020_2020_2020_2020) & ~word
            let found =
                (controls | (quotes &- 0x0101_0101_0101_0101) & ~quotes
                    | (backslashes &- 0x0101_0101_0101_0101) & ~backslashes) & 0x8080_8080_8080_8080
            if found != 0 { return at + found.trailingZeroBitCount / 8 }
            at += 8
        }
        while at < text.count, text[at] >= 0x20, text[at] != UInt8(ascii: "\""),
            text[at] != UInt8(ascii: "\\")
        {
            at += 1
        }
        return at
    }

    /// In one piece, too: how many bytes the escapes add is counted before.
    /// - Parameter first: where its first escape belongs.
    private mutating func escaped(
        _ text: UnsafeBufferPointer<UInt8>, _ first: Int, between quote: UInt8? = UInt8(ascii: "\"")
    ) {
        var added = 0
        var place = first
        while place < text.count {
            added += Self.isShort(text[place]) ? 1 : 5
            place = Self.nextEscape(in: text, from: place + 1)
        }
        write(text.count + added + 2) { piece in
            if let quote { piece.put(quote) }
            var begin = 0
            var place = first
            while place < text.count {
                piece.put(UnsafeBufferPointer(rebasing: text[begin..<place]))
                piece.put(UInt8(ascii: "\\"))
                let byte = text[place]
                switch byte {
                case UInt8(ascii: "\""), UInt8(ascii: "\\"): piece.put(byte)
                case 0x0A: piece.put(UInt8(ascii: "n"))
                case 0x0D: piece.put(UInt8(ascii: "r"))
                case 0x09: piece.put(UInt8(ascii: "t"))
                default:
                    for letter in "u00".utf8 { piece.put(letter) }
                    piece.put(Self.digit(byte >> 4))
                    piece.put(Self.digit(byte & 15))
                }
                begin = place + 1
                place = Self.nextEscape(in: text, from: begin)
            }
            piece.put(UnsafeBufferPointer(rebasing: text[begin...]))
            if let quote { piece.put(quote) }
        }
    }

    /// Whether its escape is one letter.
    private static func isShort(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), 0x0A, 0x0D, 0x09: true
        default: false
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}

/// What a text's pieces are put into, one after the other.
package struct JSONPieces {
    fileprivate var writer = JSONWriter()

    /// A text without quotes, backslashes and control characters.
    package mutating func put(plain text: StaticString) { writer.piece(plain: text) }
    package mutating func put(_ text: String) { writer.piece(text) }
    package mutating func put(_ number: Int64) { writer.piece(number) }
}
