// A JSON text, checked whole and kept as it came: its values are places in it, decoded when asked for.
package import Hummingbird

package final class JSONDocument: Sendable {
    fileprivate let text: ByteBuffer
    fileprivate let nodes: [JSONNode]

    /// - Throws: `JSONFault` for what is no JSON, and for what is beyond the limits.
    package init(_ text: ByteBuffer, limits: JSONLimits = .init()) throws {
        self.text = text
        nodes = try text.withUnsafeReadableBytes { bytes in
            var scanner = JSONScanner(bytes, limits: limits)
            try scanner.document()
            return scanner.nodes
        }
    }

    package var root: JSONValue { JSONValue(document: self, index: 0) }
}

/// One value of a document.
package struct JSONValue: Sendable {
    fileprivate let document: JSONDocument
    fileprivate let index: Int

    private var node: JSONNode { document.nodes[index] }

    package var kind: JSONKind { node.kind }
    package var isNull: Bool { node.kind == .null }
    /// Whether a string holds backslashes.
    package var isEscaped: Bool { node.escaped }

    /// The value as it was written, strings without their quotes.
    private func withRaw<T>(_ body: (UnsafeRawBufferPointer) throws -> T) rethrows -> T {
        let node = node
        return try document.text.withUnsafeReadableBytes { bytes in
            try body(UnsafeRawBufferPointer(rebasing: bytes[Int(node.start)..<Int(node.end)]))
        }
    }

    /// The value's own text, as it came: of an object, everything between its braces with them.
    package var source: String {
        let text = withRaw { String(decoding: $0, as: UTF8.self) }
        return kind == .string ? "\"\(text)\"" : text
    }

    package var string: String? {
        guard kind == .string else { return nil }
        let escaped = node.escaped
        return withRaw { escaped ? JSONText.unescaped($0) : String(decoding: $0, as: UTF8.self) }
    }

    /// A number that is written without fraction and exponent, and fits.
    package var integer: Int64? {
        guard kind == .integer else { return nil }
        return withRaw { Int64(String(decoding: $0, as: UTF8.self)) }
    }

    package var number: Double? {
        guard kind == .integer || kind == .number else { return nil }
        return withRaw { Double(String(decoding: $0, as: UTF8.self)) }
    }

    /// The bytes that a string is the base64 of; nil when it is none.
    package var base64: [UInt8]? {
        guard kind == .string else { return nil }
        // A slash may be written as an escape.
        if node.escaped {
            return string.flatMap { text in Array(text.utf8).withUnsafeBytes(Base64.decoded) }
        }
        return withRaw(Base64.decoded)
    }

    /// An array's elements; empty for anything else.
    package var elements: [JSONValue] {
        guard kind == .array else { return [] }
        var elements: [JSONValue] = []
        var at = index + 1
        while at < Int(node.next) {
            elements.append(JSONValue(document: document, index: at))
            at = Int(document.nodes[at].next)
        }
        return elements
    }

    /// An object's members as they came; empty for anything else.
    package var members: [(name: String, value: JSONValue)] {
        guard kind == .object else { return [] }
        var members: [(name: String, value: JSONValue)] = []
        var at = index + 1
        while at < Int(node.next) {
            let name = JSONValue(document: document, index: at).string ?? ""
            members.append((name, JSONValue(document: document, index: at + 1)))
            at = Int(document.nodes[at + 1].next)
        }
        return members
    }

    /// The object's member of that name; of several the last.
    package subscript(name: StaticString) -> JSONValue? {
        guard kind == .object else { return nil }
        var found: JSONValue?
        var at = index + 1
        while at < Int(node.next) {
            if JSONValue(document: document, index: at).spells(name) {
                found = JSONValue(document: document, index: at + 1)
            }
            at = Int(document.nodes[at + 1].next)
        }
        return found
    }

    private func spells(_ name: StaticString) -> Bool {
        let wanted = UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        if node.escaped { return string.map { $0.utf8.elementsEqual(wanted) } ?? false }
        guard Int(node.end - node.start) == wanted.count else { return false }
        return withRaw { $0.elementsEqual(wanted) }
    }
}
