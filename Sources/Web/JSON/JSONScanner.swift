// Checks a JSON text against RFC 8259 in one pass, and notes where each value stands.

/// What a value is.
package enum JSONKind: UInt8, Sendable {
    case null, no, yes
    /// A number without fraction and exponent.
    case integer
    case number
    case string, array, object
}

/// One value's place in the text. An object's members follow it as key and value in turn.
package struct JSONNode: Sendable {
    package var kind: JSONKind
    /// A string that holds backslashes.
    package var escaped = false
    package var start: UInt32
    /// Past the last byte; a string's quotes are outside.
    package var end: UInt32 = 0
    /// The node after this value and all it holds.
    package var next: UInt32 = 0
}

/// Why a text is no JSON that we take.
package struct JSONFault: Error, Hashable {
    package let problem: String
    /// Bytes before the place, from 0.
    package let offset: Int
}

package struct JSONLimits: Sendable {
    /// Objects and arrays inside one another.
    package var depthMax = 64
    /// Values and member names in one text; each takes 16 bytes while the text is read.
    package var valuesMax = 1 << 20

    package init() {}
}

package struct JSONScanner {
    private let text: UnsafeRawBufferPointer
    private let limits: JSONLimits
    private var at = 0
    package private(set) var nodes: [JSONNode] = []

    package init(_ text: UnsafeRawBufferPointer, limits: JSONLimits) {
        self.text = text
        self.limits = limits
        nodes.reserveCapacity(min(text.count / 16 + 8, 4_096))
    }

    /// Reads the whole text: one value, with nothing after it. A byte order mark before it is skipped.
    package mutating func document() throws {
        guard text.count < Int(UInt32.max) else { throw fault("the text is too long") }
        if text.starts(with: [0xEF, 0xBB, 0xBF]) { at = 3 }
        skipSpace()
        try value(depth: 1)
        skipSpace()
        if at < text.count { throw fault("there is something after the value") }
    }

    /// The next byte; 0, which no rule takes, at the end.
    @inline(__always) private var byte: UInt8 { at < text.count ? text[at] : 0 }

    private func fault(_ problem: String) -> JSONFault { JSONFault(problem: problem, offset: at) }

    private func unexpected(_ wanted: String) -> JSONFault {
        fault(at < text.count ? "expected \(wanted)" : "the text ends too early")
    }

    private mutating func skipSpace() {
        while case let byte = byte, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { at += 1 }
    }

    private mutating func open(_ kind: JSONKind) throws -> Int {
        guard nodes.count < limits.valuesMax else {
            throw fault("there are more than \(limits.valuesMax) values")
        }
        nodes.append(JSONNode(kind: kind, start: UInt32(at)))
        return nodes.count - 1
    }

    private mutating func close(_ node: Int) {
        nodes[node].end = UInt32(at)
        nodes[node].next = UInt32(nodes.count)
    }

    private mutating func value(depth: Int) throws {
        switch byte {
        case UInt8(ascii: "{"): try object(depth)
        case UInt8(ascii: "["): try array(depth)
        case UInt8(ascii: "\""): try string()
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try number()
        case UInt8(ascii: "t"): try word("true", .yes)
        case UInt8(ascii: "f"): try word("false", .no)
        case UInt8(ascii: "n"): try word("null", .null)
        default: throw unexpected("a value")
        }
    }

    private mutating func enter(_ kind: JSONKind, _ depth: Int) throws -> Int {
        guard depth <= limits.depthMax else { throw fault("it is nested deeper than \(limits.depthMax)") }
        let node = try open(kind)
        at += 1
        skipSpace()
        return node
    }

    private mutating func object(_ depth: Int) throws {
        let node = try enter(.object, depth)
        if byte != UInt8(ascii: "}") {
            while true {
                guard byte == UInt8(ascii: "\"") else { throw unexpected("a member's name") }
                try string()
                skipSpace()
                guard byte == UInt8(ascii: ":") else { throw unexpected("a colon") }
                at += 1
                skipSpace()
                try value(depth: depth + 1)
                skipSpace()
                guard byte == UInt8(ascii: ",") else { break }
                at += 1
                skipSpace()
            }
            guard byte == UInt8(ascii: "}") else { throw unexpected("a comma or a brace") }
        }
        at += 1
        close(node)
    }

    private mutating func array(_ depth: Int) throws {
        let node = try enter(.array, depth)
        if byte != UInt8(ascii: "]") {
            while true {
                try value(depth: depth + 1)
                skipSpace()
                guard byte == UInt8(ascii: ",") else { break }
                at += 1
                skipSpace()
            }
            guard byte == UInt8(ascii: "]") else { throw unexpected("a comma or a bracket") }
        }
        at += 1
        close(node)
    }

    private mutating func word(_ word: StaticString, _ kind: JSONKind) throws {
        let node = try open(kind)
        for index in 0..<word.utf8CodeUnitCount {
            guard byte == word.utf8Start[index] else { throw unexpected("a value") }
            at += 1
        }
        close(node)
    }

    private mutating func number() throws {
        let node = try open(.integer)
        if byte == UInt8(ascii: "-") { at += 1 }
        if byte == UInt8(ascii: "0") { at += 1 } else { try digits() }
        if byte == UInt8(ascii: ".") {
            nodes[node].kind = .number
            at += 1
            try digits()
        }
        if byte | 0x20 == UInt8(ascii: "e") {
            nodes[node].kind = .number
            at += 1
            if byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") { at += 1 }
            try digits()
        }
        close(node)
    }

    private mutating func digits() throws {
        let start = at
        while (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { at += 1 }
        if at == start { throw unexpected("a digit") }
    }
}

// MARK: - Strings

extension JSONScanner {
    private mutating func string() throws {
        at += 1
        let node = try open(.string)
        while true {
            switch byte {
            case UInt8(ascii: "\""):
                close(node)
                at += 1
                return
            case UInt8(ascii: "\\"):
                nodes[node].escaped = true
                try escape()
            case 0..<0x20:
                throw at < text.count ? fault("a control character stands in a string") : unexpected("")
            case 0x20..<0x80: at += 1
            default: try multibyte()
            }
        }
    }

    private mutating func escape() throws {
        at += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            at += 1
        case UInt8(ascii: "u"):
            at += 1
            let first = try hexUnit()
            guard first & 0xF800 == 0xD800 else { return }
            guard first < 0xDC00, byte == UInt8(ascii: "\\") else { throw fault("a surrogate stands alone") }
            at += 1
            guard byte == UInt8(ascii: "u") else { throw fault("a surrogate stands alone") }
            at += 1
            guard try hexUnit() & 0xFC00 == 0xDC00 else { throw fault("a surrogate stands alone") }
        default: throw unexpected("an escape")
        }
    }

    private mutating func hexUnit() throws -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = JSONText.hexDigit(byte) else { throw unexpected("four hex digits") }
            unit = unit << 4 | UInt16(digit)
            at += 1
        }
        return unit
    }

    /// One character beyond ASCII. Source: RFC 3629 §4.
    private mutating func multibyte() throws {
        let second: ClosedRange<UInt8>
        let more: Int
        switch byte {
        case 0xC2...0xDF: (second, more) = (0x80...0xBF, 0)
        case 0xE0: (second, more) = (0xA0...0xBF, 1)
        case 0xED: (second, more) = (0x80...0x9F, 1)
        case 0xE1...0xEF: (second, more) = (0x80...0xBF, 1)
        case 0xF0: (second, more) = (0x90...0xBF, 2)
        case 0xF1...0xF3: (second, more) = (0x80...0xBF, 2)
        case 0xF4: (second, more) = (0x80...0x8F, 2)
        default: throw fault("a string is no valid UTF-8")
        }
        at += 1
        guard second.contains(byte) else { throw fault("a string is no valid UTF-8") }
        at += 1
        for _ in 0..<more {
            guard (0x80...0xBF).contains(byte) else { throw fault("a string is no valid UTF-8") }
            at += 1
        }
    }
}
