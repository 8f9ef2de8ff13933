// A statement written once for both engines: text with placeholders, and the values that go there.

/// The SQL an engine speaks.
public enum Dialect: String, Sendable, Hashable {
    case sqlite
    case postgres
}

/// A statement and its values: `"… WHERE id = \(id)"` binds, never splices.
///
/// Its text is put together only when it is first prepared: what is written between the values are literals of
/// the program, so where they stand tells statements apart, and no text is copied or hashed on the way.
public struct SQL: ExpressibleByStringInterpolation, Sendable {
    /// What the text is made of: the key of both engines' statement caches.
    let shape: SQLShape
    public let values: [Value]

    init(shape: SQLShape, values: [Value]) {
        self.shape = shape
        self.values = values
    }

    /// A text made at run time; there may only be few different ones, for each is kept.
    init(template: String, values: [Value]) {
        self.init(shape: SQLShape(SQLPiece.interned(template)), values: values)
    }

    public init(stringLiteral text: StaticString) {
        self.init(shape: SQLShape(SQLPiece(text)), values: [])
    }

    /// A table's or a column's name from the program's own lists; never anything that came from outside.
    public init(name: String) {
        self.init(template: name, values: [])
    }

    public init(stringInterpolation parts: StringInterpolation) {
        self.init(shape: parts.shape, values: parts.values)
    }

    public static func + (left: SQL, right: SQL) -> SQL {
        var shape = left.shape
        shape.append(right.shape)
        return SQL(shape: shape, values: left.values + right.values)
    }

    /// The text with `?` for each value: what SQLite runs.
    var template: String { shape.text }

    /// The text with the engine's placeholders: `?`, or `$1`, `$2`, ….
    public func text(for dialect: Dialect) -> String {
        switch dialect {
        case .sqlite: template
        case .postgres: numbered
        }
    }

    public struct StringInterpolation: StringInterpolationProtocol {
        public typealias StringLiteralType = StaticString

        var shape: SQLShape
        var values: [Value] = []

        public init(literalCapacity: Int, interpolationCount: Int) {
            shape = SQLShape(capacity: interpolationCount + 1)
            values.reserveCapacity(interpolationCount)
        }

        public mutating func appendLiteral(_ literal: StaticString) {
            if literal.utf8CodeUnitCount > 0 { shape.append(SQLPiece(literal)) }
        }

        // Inlined, so that callers make the value of a type they know: unspecialised, each of a statement's
        // dozen values costs its witness table.
        @inlinable public mutating func appendInterpolation(_ bound: some Bindable) {
            bind(bound.value)
        }

        /// Binds NULL for nil.
        @inlinable public mutating func appendInterpolation<Bound: Bindable>(_ bound: Bound?) {
            bind(bound?.value ?? .null)
        }

        @usableFromInline mutating func bind(_ value: Value) {
            shape.append(.value)
            values.append(value)
        }

        /// `(?, ?, …)`; an empty list is `(NULL)`, which `IN` never matches (nor does `NOT IN`).
        public mutating func appendInterpolation(list: [any Bindable]) {
            guard !list.isEmpty else {
                appendLiteral("(NULL)")
                return
            }
            appendLiteral("(")
            shape.append(.value)
            for _ in list.dropFirst() {
                appendLiteral(", ")
                shape.append(.value)
            }
            appendLiteral(")")
            values.append(contentsOf: list.map(\.value))
        }

        /// A statement, or a piece of one, inside another.
        public mutating func appendInterpolation(sql: SQL) {
            shape.append(sql.shape)
            values.append(contentsOf: sql.values)
        }
    }
}

extension SQL {
    /// The template with `$n` for each `?` outside literals, quoted names and comments.
    private var numbered: String {
        let template = template
        guard !values.isEmpty else { return template }
        var out = ""
        out.reserveCapacity(template.utf8.count + values.count * 2)
        var number = 0
        for piece in SQLScanner.pieces(of: template) {
            guard piece.kind == .code else {
                out += piece.text
                continue
            }
            for (index, run) in piece.text.split(separator: "?", omittingEmptySubsequences: false)
                .enumerated()
            {
                if index > 0 {
                    number += 1
                    out += "$\(number)"
                }
                out += run
            }
        }
        precondition(
            number == values.count, "\(number) placeholders for \(values.count) values in: \(template)")
        return out
    }
}
