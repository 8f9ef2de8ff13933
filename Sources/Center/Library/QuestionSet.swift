// Questions of one block of ids, as the index stores them: a short list, or a bit for each.

/// A set of at most `size` neighbouring ids.
struct QuestionSet: Sendable, Hashable {
    static let size: Int64 = 4_096
    private static let words = Int(size) / 64
    private static let mapBytes = Int(size) / 8

    private(set) var bits: [UInt64]

    init() { bits = Array(repeating: 0, count: Self.words) }

    static func block(of id: Int64) -> Int64 { id / size }

    /// As a row holds it: two bytes for each member while that is shorter than a bit for each id.
    init(_ stored: [UInt8]) {
        self.init()
        if stored.count == Self.mapBytes {
            for (at, byte) in stored.enumerated() { bits[at / 8] |= UInt64(byte) << UInt64(at % 8 * 8) }
        } else {
            for at in stride(from: 0, to: stored.count - 1, by: 2) {
                insert(Int64(stored[at]) | Int64(stored[at + 1]) << 8)
            }
        }
    }

    var stored: [UInt8] {
        let count = bits.reduce(0) { $0 + $1.nonzeroBitCount }
        guard count * 2 >= Self.mapBytes else {
            return places.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        }
        return bits.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64($0 * 8)) } }
    }

    var isEmpty: Bool { bits.allSatisfy { $0 == 0 } }

    /// Ascending, from 0 in this block.
    var places: [Int64] {
        var places: [Int64] = []
        for (at, word) in bits.enumerated() {
            var rest = word
            while rest != 0 {
                places.append(Int64(at * 64 + rest.trailingZeroBitCount))
                rest &= rest - 1
            }
        }
        return places
    }

    mutating func insert(_ id: Int64) {
        let place = Int(id % Self.size)
        bits[place / 64] |= 1 << UInt64(place % 64)
    }

    mutating func remove(_ id: Int64) {
        let place = Int(id % Self.size)
        bits[place / 64] &= ~(1 << UInt64(place % 64))
    }

    mutating func formIntersection(_ other: QuestionSet) {
        for at in bits.indices { bits[at] &= other.bits[at] }
    }

    mutating func formUnion(_ other: QuestionSet) {
        for at in bits.indices { bits[at] |= other.bits[at] }
    }
}
