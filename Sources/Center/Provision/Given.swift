// What a file says about a member that can be cleared: nothing, null, or a value.

/// A member that a file may leave out (the old value stays), clear with null, or set.
///
/// In JSON: no member, null, the value.
public enum Given<Value> {
    case absent
    case cleared
    case value(Value)

    public var value: Value? {
        if case .value(let value) = self { value } else { nil }
    }

    /// What holds after the file was applied over `current`.
    public func over(_ current: Value?) -> Value? {
        switch self {
        case .absent: current
        case .cleared: nil
        case .value(let value): value
        }
    }

    public func map<Other>(_ change: (Value) -> Other) -> Given<Other> {
        switch self {
        case .absent: .absent
        case .cleared: .cleared
        case .value(let value): .value(change(value))
        }
    }
}

extension Given: Sendable where Value: Sendable {}
extension Given: Equatable where Value: Equatable {}
extension Given: Hashable where Value: Hashable {}

extension Given: Encodable where Value: Encodable {
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .absent:
            throw EncodingError.invalidValue(
                self, .init(codingPath: encoder.codingPath, debugDescription: "absent has no value"))
        case .cleared: try container.encodeNil()
        case .value(let value): try container.encode(value)
        }
    }
}

extension Given: Decodable where Value: Decodable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        self = container.decodeNil() ? .cleared : .value(try container.decode(Value.self))
    }
}

// Synthesised Codable prefers these two to the general ones; that is how "absent" becomes no member at all.
extension KeyedEncodingContainer {
    mutating func encode<Value: Encodable>(_ given: Given<Value>, forKey key: Key) throws {
        switch given {
        case .absent: break
        case .cleared: try encodeNil(forKey: key)
        case .value(let value): try encode(value, forKey: key)
        }
    }
}

extension KeyedDecodingContainer {
    func decode<Value: Decodable>(_ type: Given<Value>.Type, forKey key: Key) throws -> Given<Value> {
        guard contains(key) else { return .absent }
        return try decodeNil(forKey: key) ? .cleared : .value(decode(Value.self, forKey: key))
    }
}
