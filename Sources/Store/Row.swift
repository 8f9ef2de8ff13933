// One row of an answer, decoded by column name.

/// The column names of a statement, shared by all its rows.
final class Columns: Sendable {
    /// A scan beats a hash for as few names.
    private static let scannedMax = 12

    let names: [String]
    /// Of the first of each name; nil where they are scanned.
    private let places: [String: Int]?

    init(_ names: [String]) {
        self.names = names
        places =
            names.count <= Self.scannedMax
            ? nil : Dictionary(zip(names, names.indices), uniquingKeysWith: { first, _ in first })
    }

    func index(of name: String) -> Int? {
        guard let places else { return names.firstIndex(of: name) }
        return places[name]
    }
}

/// A row; asking for a column that is not there, or as another type, is a broken invariant and crashes.
public struct Row: Sendable {
    let columns: Columns
    let values: [Value]

    public func value(_ column: String) -> Value {
        guard let index = columns.index(of: column) else {
            preconditionFailure("no column '\(column)' among \(columns.names)")
        }
        return values[index]
    }

    public func int(_ column: String) -> Int64 {
        guard case .integer(let int) = value(column) else { wrong(column, "an integer") }
        return int
    }

    public func intOrNil(_ column: String) -> Int64? {
        isNull(column) ? nil : int(column)
    }

    public func text(_ column: String) -> String {
        guard case .text(let text) = value(column) else { wrong(column, "a text") }
        return text
    }

    public func textOrNil(_ column: String) -> String? {
        isNull(column) ? nil : text(column)
    }

    /// A real; a whole number is one too, since an expression may yield either.
    public func real(_ column: String) -> Double {
        switch value(column) {
        case .real(let real): real
        case .integer(let int): Double(int)
        default: wrong(column, "a real")
        }
    }

    public func realOrNil(_ column: String) -> Double? {
        isNull(column) ? nil : real(column)
    }

    /// False for 0, true for any other integer.
    public func bool(_ column: String) -> Bool {
        int(column) != 0
    }

    public func blob(_ column: String) -> [UInt8] {
        guard case .blob(let bytes) = value(column) else { wrong(column, "a blob") }
        return bytes
    }

    public func blobOrNil(_ column: String) -> [UInt8]? {
        isNull(column) ? nil : blob(column)
    }

    private func isNull(_ column: String) -> Bool {
        if case .null = value(column) { true } else { false }
    }

    /// Names the kind, never the value: crash reports are logs too.
    private func wrong(_ column: String, _ wanted: String) -> Never {
        preconditionFailure(
            "column '\(column)' holds \(value(column).kind), not \(wanted); columns: \(columns.names)")
    }
}
