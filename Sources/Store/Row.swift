// One row of an answer, decoded by column name.

/// The column names of a statement, shared by all its rows.
///
/// A table of our own, because each value of each row is found by its name, and the standard library's hash, made to
/// withstand who chooses the names, costs more than the rest of reading it.
final class Columns: Sendable {
    /// Where a name is among `text`, and its column; `column` is -1 where there is none.
    private struct Slot: Sendable {
        var start: Int32 = 0
        var length: Int32 = 0
        var column: Int32 = -1
    }

    let names: [String]
    /// All names, one after the other.
    private let text: [UInt8]
    /// Of the first of each name, open addressing: a power of two, at most a quarter taken.
    private let slots: [Slot]

    init(_ names: [String]) {
        self.names = names
        var text: [UInt8] = []
        var size = 8
        while size < names.count * 4 { size *= 2 }
        var slots = [Slot](repeating: Slot(), count: size)
        for (column, name) in names.enumerated() {
            let bytes = Array(name.utf8)
            var at = bytes.withUnsafeBufferPointer { Self.fold($0) } & (size - 1)
            while slots[at].column >= 0 { at = (at + 1) & (size - 1) }
            slots[at] = Slot(start: Int32(text.count), length: Int32(bytes.count), column: Int32(column))
            text += bytes
        }
        self.text = text
        self.slots = slots
    }

    func index(of name: String) -> Int? {
        name.utf8.withContiguousStorageIfAvailable(place) ?? names.firstIndex(of: name)
    }

    private func place(of name: UnsafeBufferPointer<UInt8>) -> Int? {
        text.withUnsafeBufferPointer { text in
            slots.withUnsafeBufferPointer { slots in
                var at = Self.fold(name) & (slots.count - 1)
                while slots[at].column >= 0 {
                    let slot = slots[at]
                    if Int(slot.length) == name.count, isEqual(name, text, from: Int(slot.start)) {
                        return Int(slot.column)
                    }
                    at = (at + 1) & (slots.count - 1)
                }
                return nil
            }
        }
    }

    @inline(__always)
    private func isEqual(
        _ name: UnsafeBufferPointer<UInt8>, _ text: UnsafeBufferPointer<UInt8>, from start: Int
    ) -> Bool {
        var place = 0
        while place < name.count {
            if name[place] != text[start &+ place] { return false }
            place &+= 1
        }
        return true
    }

    /// Its length and three of its bytes in one number, by which few columns of a statement meet.
    @inline(__always)
    private static func fold(_ name: UnsafeBufferPointer<UInt8>) -> Int {
        guard let first = name.first, let last = name.last else { return 0 }
        let middle = name[name.count / 2]
        let mixed =
            (UInt32(truncatingIfNeeded: name.count) << 24 ^ UInt32(first) << 16 ^ UInt32(middle) << 8
                ^ UInt32(last)) &* 0x9E37_79B1
        return Int(mixed >> 16)
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
        switch value(column) {
        case .null: nil
        case .integer(let int): int
        default: wrong(column, "an integer")
        }
    }

    public func text(_ column: String) -> String {
        guard case .text(let text) = value(column) else { wrong(column, "a text") }
        return text
    }

    public func textOrNil(_ column: String) -> String? {
        switch value(column) {
        case .null: nil
        case .text(let text): text
        default: wrong(column, "a text")
        }
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
