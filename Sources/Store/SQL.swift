// A statement written once for both engines: text with placeholders, and the values that go there.

/// The SQL an engine speaks.
public enum Dialect: String, Sendable, Hashable {
    case sqlite
    case postgres
}

/// A statement and its values: `"… WHERE id = \(id)"` binds, never splices.
public struct SQL: ExpressibleByStringInterpolation, Sendable {
    /// The text with `?` for each value: what SQLite runs, and the key of both engines' statement caches.
    let template: String
    public let values: [Value]

    init(template: String, values: [Value]) {
        self.template = template
        self.values = values
    }

    public init(stringLiteral text: String) {
        self.init(template: text, values: [])
    }

    public init(stringInterpolation parts: StringInterpolation) {
        self.init(template: parts.template, values: parts.values)
    }

    public static func + (left: SQL, right: SQL) -> SQL {
        SQL(template: left.template + right.template, values: left.values + right.values)
    }

    /// The text with the engine's placeholders: `?`, or `$1`, `$2`, ….
    public func text(for dialect: Dialect) -> String {
        switch dialect {
        case .sqlite: template
        case .postgres: numbered
        }
    }

    public struct StringInterpolation: StringInterpolationProtocol {
        var template = ""
        var values: [Value] = []

        public init(literalCapacity: Int, interpolationCount: Int) {
            template.reserveCapacity(literalCapacity + interpolationCount)
            values.reserveCapacity(interpolationCount)
        }

        public mutating func appendLiteral(_ literal: String) {
            template += literal
        }

        public mutating func appendInterpolation(_ bound: some Bindable) {
            template += "?"
            values.append(bound.value)
        }

        /// Binds NULL for nil.
        public mutating func appendInterpolation<Bound: Bindable>(_ bound: Bound?) {
            template += "?"
            values.append(bound?.value ?? .null)
        }

        /// `(?, ?, …)`; an empty list is `(NULL)`, which `IN` never matches (nor does `NOT IN`).
        public mutating func appendInterpolation(list: [any Bindable]) {
            guard !list.isEmpty else {
                template += "(NULL)"
                return
            }
            template += "(?"
            for _ in list.dropFirst() { template += ", ?" }
            template += ")"
            values.append(contentsOf: list.map(\.value))
        }

        /// A statement, or a piece of one, inside another.
        public mutating func appendInterpolation(sql: SQL) {
            template += sql.template
            values.append(contentsOf: sql.values)
        }
    }
}

extension SQL {
    /// The template with `$n` for each `?` outside literals, quoted names and comments.
    private var numbered: String {
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
