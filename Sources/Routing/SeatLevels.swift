// The levels on a bench, so that the best of many are found at a glance.

/// The level of each seat, a bit of it for all seats at once: who is best of 64 shows in as many steps as a level has
/// bits, and none of them is looked at.
struct SeatLevels: Sendable {
    /// Bits of a level; 0 where levels do not count, and all seats are alike.
    private let bits: Int
    /// For each 64 seats so many words, the highest bit first.
    private let planes: [UInt64]

    /// - Parameter levels: by seat, from 1; empty where levels do not count.
    init(_ levels: [Int64]) {
        let bits = Int64.bitWidth - (levels.max() ?? 0).leadingZeroBitCount
        var planes = [UInt64](repeating: 0, count: (levels.count + 63) / 64 * bits)
        for (seat, level) in levels.enumerated() {
            for bit in 0..<bits where level >> Int64(bits - 1 - bit) & 1 != 0 {
                planes[seat >> 6 * bits + bit] |= 1 << UInt64(seat & 63)
            }
        }
        self.bits = bits
        self.planes = planes
    }

    /// Levels do not count.
    var isEmpty: Bool {
        @inline(__always) get { bits == 0 }
    }

    /// Of some seats, those with the lowest level. Level 0 where levels do not count.
    /// - Parameters:
    ///   - seats: one at least, as bits of a word.
    ///   - word: which 64 they are.
    @inline(__always)
    func lowest(of seats: UInt64, in word: Int) -> (level: Int64, seats: UInt64) {
        var level: Int64 = 0
        var left = seats
        for plane in word * bits..<(word + 1) * bits {
            let lower = left & ~planes[plane]
            level <<= 1
            if lower != 0 { left = lower } else { level |= 1 }
        }
        return (level, left)
    }
}
