// Erlang's delay formula: one queue, agents alike, exponential handling, nobody gives up (M/M/n).

import Foundation

/// Waits in the long run. Times are milliseconds.
public struct ErlangC: Sendable {
    public let agents: Int
    /// Arrivals times mean handling, in erlangs.
    public let load: Double
    public let handlingMs: Double
    /// P(W > 0).
    public let delayed: Double

    /// nil when the work is more than the agents can do: every wait would grow for ever.
    public init?(perMs: Double, handlingMs: Double, agents: Int) {
        load = perMs * handlingMs
        guard agents > 0, handlingMs > 0, load >= 0, load < Double(agents) else { return nil }
        self.agents = agents
        self.handlingMs = handlingMs
        let blocked = erlangB(agents: agents, load: load)
        delayed = Double(agents) * blocked / (Double(agents) - load * (1 - blocked))
    }

    /// The rate at which those who wait are served, a millisecond: nμ − λ.
    private var spare: Double { (Double(agents) - load) / handlingMs }

    /// ASA: C/(nμ − λ).
    public var meanWaitMs: Double { delayed / spare }

    public var occupancy: Double { load / Double(agents) }

    /// P(W ≤ t), the service level in all four formulas: nobody gives up.
    public func answered(withinMs: Double) -> Double { 1 - delayed * exp(-spare * withinMs) }

    /// The mean wait of each priority class, the first class first, where a class goes strictly before
    /// the next but interrupts nobody (Cobham 1954): (C/nμ)/((1 − σₖ₋₁)(1 − σₖ)).
    /// - Parameter shares: of the arrivals, one a class, 1 together.
    public func meanWaitsMs(ofClasses shares: [Double]) -> [Double] {
        var before = 0.0
        return shares.map { share in
            let upTo = before + share * occupancy
            defer { before = upTo }
            return delayed * handlingMs / Double(agents) / ((1 - before) * (1 - upTo))
        }
    }
}

/// The mean wait at one agent, whatever the handling times: λE[S²]/(2(1 − ρ)) (Pollaczek 1930, Khinchin
/// 1932). nil when the work is more than the agent can do. Milliseconds.
public func oneAgentWaitMs(perMs: Double, handling: Distribution) -> Double? {
    let load = perMs * handling.meanMs
    guard load < 1 else { return nil }
    return perMs * (handling.variance + handling.meanMs * handling.meanMs) / (2 * (1 - load))
}

/// A queue of at most `waitingMax`; who finds it full is turned away (M/M/n/n+K). Times are milliseconds.
public struct LimitedQueue: Sendable {
    /// The share of arriving customers who are turned away.
    public let turnedAway: Double
    /// P(W > 0) of those who enter.
    public let delayed: Double
    /// Of those who enter.
    public let meanWaitMs: Double
    public let occupancy: Double

    /// `agents` at least 1.
    public init(perMs: Double, handlingMs: Double, agents: Int, waitingMax: Int) {
        let load = perMs * handlingMs
        let ratio = load / Double(agents)
        let blocked = erlangB(agents: agents, load: load)
        // Weights of the states, those with a free agent together 1 − B, the next one B, then by the ratio;
        // made smaller together before they overflow.
        var scale = 1.0
        var weight = blocked
        var busy = 0.0
        var waiting = 0.0
        for k in 0...waitingMax {
            busy += weight
            waiting += Double(k) * weight
            if k < waitingMax { weight *= ratio }
            if weight > 1e200 {
                weight *= 1e-200
                busy *= 1e-200
                waiting *= 1e-200
                scale *= 1e-200
            }
        }
        let total = (1 - blocked) * scale + busy
        turnedAway = weight / total
        delayed = total > weight ? (busy - weight) / (total - weight) : 0
        meanWaitMs = perMs > 0 && turnedAway < 1 ? waiting / total / (perMs * (1 - turnedAway)) : 0
        occupancy = ratio * (1 - turnedAway)
    }
}
