// A JSON object of a request, read member by member; what has the wrong shape is refused with its place.
import Center
import Web

/// An object and the JSON pointer to it. A member that is null counts as absent.
struct WireObject {
    let value: JSONValue
    let pointer: String

    /// - Throws: `Refusal.invalid` when the value is no object.
    init(_ value: JSONValue, at pointer: String) throws {
        guard value.kind == .object else { throw Self.wrong("an object", at: pointer) }
        self.value = value
        self.pointer = pointer
    }

    /// The member's value; nil when it is absent.
    func member(_ name: StaticString) -> JSONValue? {
        value[name].flatMap { $0.isNull ? nil : $0 }
    }

    /// The member's text, nil when it is absent. U+0000, which no engine stores, becomes U+FFFD.
    func textOrNil(_ name: StaticString) throws -> String? {
        guard let member = member(name) else { return nil }
        guard let text = member.string else { throw wrong("a string", name) }
        // Only an escape can say it.
        guard member.isEscaped, text.utf8.contains(0) else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.map { $0 == "\0" ? "\u{FFFD}" : $0 }))
    }

    /// The member's text, empty when it is absent.
    func text(_ name: StaticString) throws -> String {
        try textOrNil(name) ?? ""
    }

    /// The member's text, which must be there and not blank.
    func requiredText(_ name: StaticString) throws -> String {
        let text = try text(name)
        guard !text.allSatisfy(\.isWhitespace) else { throw missing(name) }
        return text
    }

    /// The member's number, without fraction and exponent; nil when it is absent.
    func integerOrNil(_ name: StaticString) throws -> Int64? {
        guard let member = member(name) else { return nil }
        guard let number = member.integer else { throw wrong("a whole number", name) }
        return number
    }

    func requiredInteger(_ name: StaticString) throws -> Int64 {
        guard let number = try integerOrNil(name) else { throw missing(name) }
        return number
    }

    /// Nil when the member is absent.
    func boolOrNil(_ name: StaticString) throws -> Bool? {
        guard let member = member(name) else { return nil }
        guard member.kind == .yes || member.kind == .no else { throw wrong("true or false", name) }
        return member.kind == .yes
    }

    func object(_ name: StaticString) throws -> WireObject? {
        try member(name).map { try WireObject($0, at: pointer(to: name)) }
    }

    func required(_ name: StaticString) throws -> WireObject {
        guard let object = try object(name) else { throw missing(name) }
        return object
    }

    func array(_ name: StaticString) throws -> [JSONValue]? {
        guard let member = member(name) else { return nil }
        guard member.kind == .array else { throw wrong("an array", name) }
        return member.elements
    }

    /// The array's objects, at most `max` of them.
    func objects(_ name: StaticString, max: Int) throws -> [WireObject] {
        let elements = try array(name) ?? []
        guard elements.count <= max else {
            throw Refusal.invalid(
                "\(name) has \(elements.count) elements; \(max) are taken.", pointer: pointer(to: name))
        }
        return try elements.enumerated().map { index, element in
            try WireObject(element, at: "\(pointer(to: name))/\(index)")
        }
    }

    func pointer(to name: StaticString) -> String { "\(pointer)/\(name)" }

    func missing(_ name: StaticString) -> Refusal {
        .invalid("\(name) is required.", pointer: pointer(to: name))
    }

    func wrong(_ wanted: String, _ name: StaticString) -> Refusal {
        Self.wrong(wanted, at: pointer(to: name))
    }

    private static func wrong(_ wanted: String, at pointer: String) -> Refusal {
        .invalid("Expected \(wanted) here.", pointer: pointer)
    }
}
