// Tells two rows of outputs apart: 128 bits, quick, the same on every machine; no seal against forgers.

/// Multiplies each number into two lanes. Source: the folded multiplication of wyhash.
struct Digest: NumberSink, Hashable {
    private(set) var high: UInt64 = 0x9e37_79b9_7f4a_7c15
    private(set) var low: UInt64 = 0xa076_1d64_78bd_642f

    @inline(__always)
    mutating func put(_ number: Int64) {
        let word = UInt64(bitPattern: number)
        low = Self.fold((low ^ word) &+ 0xe703_7ed1_a0b4_28db, 0x8ebc_6af0_9c88_c6e3)
        high = Self.fold((high &+ word) ^ low, 0x5899_65cc_7537_4cc3)
    }

    mutating func put(bytes: ArraySlice<UInt8>) {
        put(Int64(bytes.count))
        var word: UInt64 = 0
        var filled: UInt64 = 0
        for byte in bytes {
            word |= UInt64(byte) << filled
            filled += 8
            if filled == 64 {
                put(Int64(bitPattern: word))
                (word, filled) = (0, 0)
            }
        }
        if filled > 0 { put(Int64(bitPattern: word)) }
    }

    @inline(__always)
    private static func fold(_ a: UInt64, _ b: UInt64) -> UInt64 {
        let (high, low) = a.multipliedFullWidth(by: b)
        return high ^ low
    }

    /// Sixteen bytes, highest first.
    var bytes: [UInt8] {
        [high, low].flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(56 - 8 * $0)) } }
    }
}
