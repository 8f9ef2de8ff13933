// The values that stand in a request's path.

/// The segments of a path for which its route has names.
final class Captures: Sendable {
    /// Values in one path.
    static let valuesMax = 8

    /// Where the values are in the path's bytes.
    struct Spans: Sendable {
        private var places = InlineArray<8, Range<Int>>(repeating: 0..<0)
        private(set) var count = 0

        mutating func append(_ span: Range<Int>) {
            places[count] = span
            count += 1
        }

        mutating func removeLast() { count -= 1 }

        subscript(index: Int) -> Range<Int> { places[index] }
    }

    private let path: String
    private let names: [String]
    private let spans: Spans

    init(_ path: String, _ names: [String], _ spans: Spans) {
        self.path = path
        self.names = names
        self.spans = spans
    }

    func has(_ name: String) -> Bool { names.contains(name) }

    /// With percent-encoding undone; nil when there is no such value, or it is no valid UTF-8.
    func value(_ name: String) -> String? {
        for index in names.indices where names[index] == name {
            var path = path
            return path.withUTF8 { percentDecoded(UnsafeBufferPointer(rebasing: $0[spans[index]])) }
        }
        return nil
    }
}
