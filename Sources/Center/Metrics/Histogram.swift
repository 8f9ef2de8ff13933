// How often which size was seen: buckets with fixed bounds, so that adding to one costs a few comparisons.

/// Counts values by upper bounds.
public struct Histogram: Sendable {
    /// Upper bounds, ascending; what is above the last one counts only in the total.
    public let bounds: [Double]
    /// Not summed up, one for each bound and one for what is above them all.
    public private(set) var counts: [Int]
    public private(set) var sum = 0.0

    public init(_ bounds: [Double]) {
        self.bounds = bounds
        counts = Array(repeating: 0, count: bounds.count + 1)
    }

    public var count: Int { counts.reduce(0, +) }

    public mutating func add(_ value: Double) {
        var bucket = 0
        while bucket < bounds.count, value > bounds[bucket] { bucket += 1 }
        counts[bucket] += 1
        sum += value
    }

    /// From a tenth of a millisecond to ten seconds.
    public static let secondsBounds = [
        0.000_1, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10,
    ]
}
