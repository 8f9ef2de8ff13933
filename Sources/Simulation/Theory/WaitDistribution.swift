// The whole distribution of a wait with k customers ahead: what the router's estimate is measured against.

import Foundation

/// The steps of `EstimatedWait`, exactly. Milliseconds.
public struct WaitDistribution: Sendable {
    private let ahead: Int
    /// nμ.
    private let rate: Double
    private let patienceMs: Double?

    public init(ahead: Int, agents: Int, handlingMs: Double, patienceMs: Double?) {
        self.ahead = ahead
        rate = Double(agents) / handlingMs
        self.patienceMs = patienceMs
    }

    public var meanMs: Double {
        let givingUp = patienceMs.map { 1 / $0 } ?? 0
        return (0...ahead).reduce(0.0) { sum, i in sum + 1 / (rate + Double(i) * givingUp) }
    }

    /// P(wait ≤ t) of a customer who stays.
    public func share(withinMs: Double) -> Double {
        guard let patienceMs else { return erlangShare(rate * withinMs, steps: ahead + 1) }
        let stays = exp(-withinMs / patienceMs)
        let (a, b) = (Double(ahead + 1), rate * patienceMs)
        // Either share is precise only where it is not near 1.
        return stays < 0.5
            ? 1 - incompleteBeta(stays, b, a) : incompleteBeta(-expm1(-withinMs / patienceMs), a, b)
    }

    public func quantileMs(_ share: Double) -> Double {
        rising(to: share, above: 0) { self.share(withinMs: $0) }
    }
}
