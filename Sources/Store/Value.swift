// What a statement binds and a row holds: the five kinds both engines share.
#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// One bound or stored value, in SQLite's five storage classes.
public enum Value: Sendable, Hashable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case blob([UInt8])
}

/// What may stand in `\(…)` of a statement.
public protocol Bindable: Sendable {
    var value: Value { get }
}

extension Value: Bindable {
    public var value: Value { self }

    var kind: String {
        switch self {
        case .null: "NULL"
        case .integer: "an integer"
        case .real: "a real"
        case .text: "a text"
        case .blob: "a blob"
        }
    }
}

extension Int: Bindable {
    public var value: Value { .integer(Int64(self)) }
}

extension Int64: Bindable {
    public var value: Value { .integer(self) }
}

extension Bool: Bindable {
    /// Booleans are stored as 0 and 1 on both engines.
    public var value: Value { .integer(self ? 1 : 0) }
}

extension Double: Bindable {
    /// NaN is NULL, as SQLite stores it.
    public var value: Value { isNaN ? .null : .real(self) }
}

extension String: Bindable {
    public var value: Value { .text(self) }
}

extension [UInt8]: Bindable {
    public var value: Value { .blob(self) }
}

extension Optional: Bindable where Wrapped: Bindable {
    public var value: Value { self?.value ?? .null }
}

extension String {
    /// The text as both engines can store it: U+0000, which PostgreSQL refuses, becomes U+FFFD.
    package var withoutNul: String {
        guard hasNul else { return self }
        return String(String.UnicodeScalarView(unicodeScalars.map { $0.value == 0 ? "\u{FFFD}" : $0 }))
    }

    var hasNul: Bool { holds(0) }

    /// By memchr: every text of every statement is looked through.
    package func holds(_ byte: UInt8) -> Bool {
        utf8.withContiguousStorageIfAvailable { bytes in
            bytes.baseAddress.map { memchr($0, Int32(byte), bytes.count) != nil } ?? false
        } ?? utf8.contains(byte)
    }
}
