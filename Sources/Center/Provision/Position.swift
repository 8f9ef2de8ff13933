// Where in a file something stands, so that a complaint about it can say so.

/// A place in a text file.
///
/// Both count from 1; a column is one Unicode code point.
public struct Position: Codable, Sendable, Hashable, Comparable {
    public var line: Int
    public var column: Int

    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    public static func < (left: Position, right: Position) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}

/// A value and where it was written.
public struct Located<Value> {
    public var value: Value
    public var position: Position

    public init(_ value: Value, at position: Position) {
        self.value = value
        self.position = position
    }
}

extension Located: Sendable where Value: Sendable {}
extension Located: Equatable where Value: Equatable {}
extension Located: Hashable where Value: Hashable {}
extension Located: Encodable where Value: Encodable {}
extension Located: Decodable where Value: Decodable {}
