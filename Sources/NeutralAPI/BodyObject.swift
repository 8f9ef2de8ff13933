// A request's JSON object, member by member; what has the wrong shape is refused with its place.
import Center
import Hummingbird
import Web

struct BodyObject: Sendable {
    private let value: JSONValue?

    /// - Throws: for what is no object, and for members that this request does not have.
    init(_ bytes: ByteBuffer, members: [String]) throws {
        guard bytes.readableBytes > 0 else {
            value = nil
            return
        }
        let root: JSONValue
        do {
            root = try JSONDocument(bytes).root
        } catch let fault as JSONFault {
            throw Refusal.invalid(
                "The body is no JSON that is taken here: \(fault.problem), at byte \(fault.offset).",
                pointer: nil)
        }
        guard root.kind == .object else { throw Refusal.invalid("Send a JSON object.", pointer: "") }
        for (name, _) in root.members where !members.contains(name) {
            let taken = members.isEmpty ? "none" : members.joined(separator: ", ")
            throw Refusal.invalid(
                "There is no such member here; those taken are: \(taken).",
                pointer: "/" + Self.escaped(String(name.prefix(60))))
        }
        value = root
    }

    /// As RFC 6901 has it.
    private static func escaped(_ name: String) -> String {
        name.reduce(into: "") { $0 += $1 == "~" ? "~0" : $1 == "/" ? "~1" : String($1) }
    }

    /// Null counts as absent.
    private func member(_ name: StaticString) -> JSONValue? {
        value?[name].flatMap { $0.isNull ? nil : $0 }
    }

    func has(_ name: StaticString) -> Bool { member(name) != nil }

    /// U+0000, which no engine stores, becomes U+FFFD.
    func text(_ name: StaticString) throws -> String? {
        try member(name).map { try Self.text($0, "/\(name)") }
    }

    func integer(_ name: StaticString) throws -> Int64? {
        guard let member = member(name) else { return nil }
        guard let number = member.integer, abs(number) < 1 << 53 else {
            throw Refusal.invalid("Expected a whole number here.", pointer: "/\(name)")
        }
        return number
    }

    func flag(_ name: StaticString) throws -> Bool? {
        guard let member = member(name) else { return nil }
        guard member.kind == .yes || member.kind == .no else {
            throw Refusal.invalid("Expected true or false here.", pointer: "/\(name)")
        }
        return member.kind == .yes
    }

    func texts(_ name: StaticString, max: Int) throws -> [String] {
        guard let member = member(name) else { return [] }
        guard member.kind == .array else {
            throw Refusal.invalid("Expected an array of strings here.", pointer: "/\(name)")
        }
        let elements = member.elements
        guard elements.count <= max else {
            throw Refusal.invalid("At most \(max) are taken here.", pointer: "/\(name)")
        }
        return try elements.enumerated().map { try Self.text($1, "/\(name)/\($0)") }
    }

    /// One of a list of words.
    func word<T>(_ name: StaticString, _ words: KeyValuePairs<String, T>) throws -> T? {
        guard let text = try text(name) else { return nil }
        guard let found = words.first(where: { $0.key == text }) else {
            throw Refusal.invalid(
                "Expected one of \(words.map(\.key).joined(separator: ", ")) here.", pointer: "/\(name)")
        }
        return found.value
    }

    func required<T>(_ name: StaticString, _ value: T?) throws -> T {
        guard let value else { throw Refusal.invalid("\(name) is required.", pointer: "/\(name)") }
        return value
    }

    private static func text(_ value: JSONValue, _ pointer: String) throws -> String {
        guard let text = value.string else {
            throw Refusal.invalid("Expected a string here.", pointer: pointer)
        }
        guard value.isEscaped, text.utf8.contains(0) else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.map { $0 == "\0" ? "\u{FFFD}" : $0 }))
    }
}
