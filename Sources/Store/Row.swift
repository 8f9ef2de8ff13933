// One row of an answer, decoded by column name.

/// The column names of a statement, shared by all its rows.
///
/// A table of our own, because each value of each row is found by its name, and the standard library's hash, made to
/// withstand who chooses the names, costs more than the rest of reading it.
final class Columns: Sendable {
    /// A name's length, its first and its last eight bytes: all of it up to sixteen bytes, which most names have.
    private struct Key: Equatable, Sendable {
        var count = 0
        var first: UInt64 = 0
        var last: UInt64 = 0

        static let wholeMaxBytes = 16

        @inline(__always)
        init(_ name: UnsafeBufferPointer<UInt8>) {
            let raw = UnsafeRawBufferPointer(name)
            count = raw.count
            if count >= 8 {
                first = raw.loadUnaligned(as: UInt64.self)
                last = raw.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
            } else if count >= 4 {
                first = UInt64(raw.loadUnaligned(as: UInt32.self))
                last = UInt64(raw.loadUnaligned(fromByteOffset: count - 4, as: UInt32.self))
            } else {
                for byte in raw { first = first << 8 | UInt64(byte) }
            }
        }

        init() {}

        @inline(__always)
        var hash: Int {
            Int(((first ^ last &* 0x9E37_79B9_7F4A_7C15 ^ UInt64(count)) &* 0xD6E8_FEB8_6659_FD93) >> 40)
        }
    }

    /// `column` is -1 where there is none.
    private struct Slot: Sendable {
        var key = Key()
        var column = -1
    }

    let names: [String]
    /// Of the first of each name, open addressing: a power of two, at most a quarter taken.
    private let slots: [Slot]

    init(_ names: [String]) {
        self.names = names
        var size = 8
        while size < names.count * 4 { size *= 2 }
        var slots = [Slot](repeating: Slot(), count: size)
        for (column, name) in names.enumerated() {
            let key = Array(name.utf8).withUnsafeBufferPointer { Key($0) }
            var at = key.hash & (size - 1)
            while slots[at].column >= 0 { at = (at + 1) & (size - 1) }
            slots[at] = Slot(key: key, column: column)
        }
        self.slots = slots
    }

    func index(of name: String) -> Int? {
        name.utf8.withContiguousStorageIfAvailable { place(of: $0, name) } ?? names.firstIndex(of: name)
    }

    @inline(__always)
    private func place(of bytes: UnsafeBufferPointer<UInt8>, _ name: String) -> Int? {
        let key = Key(bytes)
        return slots.withUnsafeBufferPointer { slots in
            var at = key.hash & (slots.count - 1)
            while slots[at].column >= 0 {
                if slots[at].key == key,
                    key.count <= Key.wholeMaxBytes || names[slots[at].column] == name
                {
                    return slots[at].column
                }
                at = (at + 1) & (slots.count - 1)
            }
            return nil
        }
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
