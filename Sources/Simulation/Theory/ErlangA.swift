// Erlang's delay formula with patience (Palm 1946): who waits gives up at a constant rate (M/M/n+M).

import Foundation
public import Routing

/// Queue lengths looked at before it is given up; beyond, the probability is far below rounding in any
/// sensible input.
private let statesMax = 5_000_000

/// Waits and abandonment in the long run. Times are milliseconds.
///
/// A birth–death process: arrivals at λ; in state k, customers leave at min(k, n)μ + (k − n)⁺θ.
public struct ErlangA: Sendable {
    public let agents: Int
    /// P(W > 0), of everybody.
    public let delayed: Double
    /// The share who give up.
    public let abandoned: Double
    /// Mean of everybody's wait, also of those who give up.
    public let meanWaitMs: Double
    /// ASA: the mean wait of the answered.
    public let answeredWaitMs: Double
    public let occupancy: Double

    private let perMs: Double
    private let handlingMs: Double
    private let patienceMs: Double
    /// P(k customers wait), all agents busy.
    private let waiting: [Double]

    /// nil when patience is so long that the queue's length cannot be bounded.
    public init?(perMs: Double, handlingMs: Double, agents: Int, patienceMs: Double) {
        guard agents > 0, perMs > 0, handlingMs > 0, patienceMs > 0 else { return nil }
        let servedPerMs = Double(agents) / handlingMs
        let load = perMs * handlingMs
        let blocked = erlangB(agents: agents, load: load)
        // Weights of the states as in `LimitedQueue`: 1 − B below n customers, B at n.
        var weights = [blocked]
        var below = 1 - blocked
        var total = blocked
        while let last = weights.last {
            let leaving = servedPerMs + Double(weights.count) / patienceMs
            let next = last * perMs / leaving
            if next < total * 1e-18, perMs < leaving { break }
            guard weights.count < statesMax else { return nil }
            weights.append(next)
            total += next
            if total > 1e200 {
                for i in weights.indices { weights[i] *= 1e-200 }
                total *= 1e-200
                below *= 1e-200
            }
        }
        let all = below + total
        waiting = weights.map { $0 / all }
        self.agents = agents
        self.perMs = perMs
        self.handlingMs = handlingMs
        self.patienceMs = patienceMs
        delayed = total / all
        var length = 0.0
        var answered = 0.0
        var answeredWait = 0.0
        var wait = 0.0
        let steps = servedPerMs * patienceMs
        for (ahead, share) in waiting.enumerated() {
            length += Double(ahead) * share
            // Answered before giving up, and how long that took: see `answeredWithin`.
            let survives = steps / (steps + Double(ahead + 1))
            wait += patienceMs / (steps + Double(ahead + 1))
            answered += share * survives
            answeredWait += share * survives * wait
        }
        abandoned = length / (perMs * patienceMs)
        meanWaitMs = length / perMs
        answeredWaitMs = answeredWait / (answered + below / all)
        occupancy = load * (1 - abandoned) / Double(agents)
    }

    /// The service level in the four formulas of `ServiceLevel`.
    public func serviceLevel(_ formula: ServiceLevel, withinMs: Double) -> Double {
        let (answeredInTime, abandonedInTime) = ends(withinMs: withinMs)
        switch formula {
        case .offered: return answeredInTime
        case .offeredLessAbandoned: return answeredInTime / (1 - abandonedInTime)
        case .answeredOrAbandoned: return answeredInTime + abandonedInTime
        case .answered: return answeredInTime / (1 - abandoned)
        }
    }

    /// P(answered within t) and P(gave up within t), of everybody.
    ///
    /// With k ahead the wait has the steps nμ + iθ, i = 0…k. Being served before giving up has probability
    /// c/(c + k + 1), c = nμ/θ, and then takes the steps nμ + (i + 1)θ. The sum of m steps (b + i)θ, i = 0…m − 1,
    /// is at most t with the probability I(1 − e^(−θt); m, b), the incomplete beta function: m exponentials
    /// of which the i-th is the gap between the order statistics.
    private func ends(withinMs: Double) -> (answered: Double, abandoned: Double) {
        let steps = Double(agents) / handlingMs * patienceMs
        let givenUp = -expm1(-withinMs / patienceMs)
        var served = BetaSteps(share: givenUp, b: steps + 1)
        var turn = BetaSteps(share: givenUp, b: steps)
        var answered = 1 - delayed
        var abandoned = 0.0
        for (ahead, share) in waiting.enumerated() {
            let inTime = steps / (steps + Double(ahead + 1)) * served.next()
            answered += share * inTime
            abandoned += share * max(0, givenUp + (1 - givenUp) * turn.next() - inTime)
        }
        return (answered, abandoned)
    }
}

/// I(x; 1, b), I(x; 2, b), … by their recurrence, each term by its logarithm so that none underflows.
private struct BetaSteps {
    private let share: Double
    private let b: Double
    private var a = 0.0
    private var value = 1.0
    private var term: Double

    init(share: Double, b: Double) {
        self.share = share
        self.b = b
        // x^a (1 − x)^b / (a B(a, b)) at a = 0.
        term = b * log1p(-share)
    }

    mutating func next() -> Double {
        value -= exp(term)
        a += 1
        term += log(share * (a - 1 + b) / a)
        return max(0, value)
    }
}
