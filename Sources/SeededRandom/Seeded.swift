// Randomness that is the same on every machine: SplitMix64 (Steele, Lea, Flood 2014).

import Foundation

public struct Seeded: RandomNumberGenerator {
    private var state: UInt64

    public init(seed: UInt64) { state = seed }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// 0 ..< bound.
    public mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

    public mutating func byte() -> UInt8 { UInt8(truncatingIfNeeded: next()) }

    /// True once in so many times.
    public mutating func once(in times: Int) -> Bool { below(times) == 0 }

    public mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }

    /// Above 0, up to 1.
    public mutating func share() -> Double { Double((next() >> 11) + 1) / Double(1 << 53) }

    /// Exponentially distributed with this mean.
    public mutating func exponential(mean: Double) -> Double { -mean * log(share()) }

    /// Normally distributed, mean 0 and deviation 1 (Box and Muller 1958).
    public mutating func normal() -> Double { (-2 * log(share())).squareRoot() * cos(2 * .pi * share()) }
}
