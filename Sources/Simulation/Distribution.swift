// How long things last: conversations, patience, the time an agent takes to accept.

import Foundation
import SeededRandom

/// A time at random; milliseconds.
public enum Distribution: Sendable, Hashable {
    case fixed(ms: Double)
    case exponential(meanMs: Double)
    /// `deviationMs` is the standard deviation of the time itself, not of its logarithm.
    case lognormal(meanMs: Double, deviationMs: Double)
    /// One after the other, such as talk and work after it.
    case sum([Distribution])

    public var meanMs: Double {
        switch self {
        case .fixed(let ms): ms
        case .exponential(let meanMs): meanMs
        case .lognormal(let meanMs, _): meanMs
        case .sum(let parts): parts.reduce(0) { $0 + $1.meanMs }
        }
    }

    /// In milliseconds squared.
    public var variance: Double {
        switch self {
        case .fixed: 0
        case .exponential(let meanMs): meanMs * meanMs
        case .lognormal(_, let deviationMs): deviationMs * deviationMs
        case .sum(let parts): parts.reduce(0) { $0 + $1.variance }
        }
    }

    /// The mean when it is exponential, else nil. A sum of one part is that part.
    public var exponentialMeanMs: Double? {
        switch self {
        case .exponential(let meanMs): meanMs
        case .sum(let parts) where parts.count == 1: parts[0].exponentialMeanMs
        case .fixed, .lognormal, .sum: nil
        }
    }

    func draw(_ random: inout Seeded) -> Double {
        switch self {
        case .fixed(let ms): return ms
        case .exponential(let meanMs): return random.exponential(mean: meanMs)
        case .lognormal(let meanMs, let deviationMs):
            let ratio = deviationMs / meanMs
            let spread = log(1 + ratio * ratio)
            return exp(log(meanMs) - spread / 2 + spread.squareRoot() * random.normal())
        case .sum(let parts):
            var total = 0.0
            for part in parts { total += part.draw(&random) }
            return total
        }
    }
}
