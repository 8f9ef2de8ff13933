// How many agents a target needs, by Erlang C, or A with patience.

public import Routing

/// Most agents that are looked at.
public let staffingAgentsMax = 1_000_000

/// One kind of work in one queue.
public struct Demand: Sendable, Hashable {
    public var perMs: Double
    public var handlingMs: Double
    /// Mean; nil when nobody gives up.
    public var patienceMs: Double?

    public init(perMs: Double, handlingMs: Double, patienceMs: Double? = nil) {
        self.perMs = perMs
        self.handlingMs = handlingMs
        self.patienceMs = patienceMs
    }

    /// In erlangs.
    public var load: Double { perMs * handlingMs }
}

public struct StaffingTarget: Sendable, Hashable {
    public enum Goal: Sendable, Hashable {
        /// The share `atLeast`, 0 to 1, answered within T.
        case serviceLevel(atLeast: Double, withinMs: Double, formula: ServiceLevel)
        case answeredWait(atMostMs: Double)
        /// The share, 0 to 1.
        case abandoned(atMost: Double)
    }

    public var goal: Goal
    /// 0 to 1; nil for no limit.
    public var occupancyMax: Double?

    public init(goal: Goal, occupancyMax: Double? = nil) {
        self.goal = goal
        self.occupancyMax = occupancyMax
    }
}

/// What a number of agents leads to.
public struct StaffingOutcome: Sendable {
    public let agents: Int
    public let delayed: Double
    public let answeredWaitMs: Double
    public let abandoned: Double
    public let occupancy: Double
    private let exact: Exact

    private enum Exact {
        case c(ErlangC)
        case a(ErlangA)
        case nobody
    }

    /// nil when the queue would grow for ever.
    public init?(_ demand: Demand, agents: Int) {
        self.agents = agents
        if demand.perMs == 0 {
            (delayed, answeredWaitMs, abandoned, occupancy, exact) = (0, 0, 0, 0, .nobody)
        } else if let patienceMs = demand.patienceMs {
            guard
                let a = ErlangA(
                    perMs: demand.perMs, handlingMs: demand.handlingMs, agents: agents,
                    patienceMs: patienceMs)
            else { return nil }
            (delayed, answeredWaitMs, abandoned) = (a.delayed, a.answeredWaitMs, a.abandoned)
            (occupancy, exact) = (a.occupancy, .a(a))
        } else {
            guard let c = ErlangC(perMs: demand.perMs, handlingMs: demand.handlingMs, agents: agents) else {
                return nil
            }
            (delayed, answeredWaitMs, abandoned) = (c.delayed, c.meanWaitMs, 0)
            (occupancy, exact) = (c.occupancy, .c(c))
        }
    }

    public func serviceLevel(_ formula: ServiceLevel, withinMs: Double) -> Double {
        switch exact {
        case .c(let c): c.answered(withinMs: withinMs)
        case .a(let a): a.serviceLevel(formula, withinMs: withinMs)
        case .nobody: 1
        }
    }

    public func meets(_ target: StaffingTarget) -> Bool {
        if let most = target.occupancyMax, occupancy > most { return false }
        return switch target.goal {
        case .serviceLevel(let least, let withinMs, let formula):
            serviceLevel(formula, withinMs: withinMs) >= least
        case .answeredWait(let mostMs): answeredWaitMs <= mostMs
        case .abandoned(let most): abandoned <= most
        }
    }
}

/// The fewest agents that meet the target; nil when `staffingAgentsMax` do not.
///
/// More agents never make it worse, so it is found by doubling and halving.
public func fewestAgents(for demand: Demand, _ target: StaffingTarget) -> Int? {
    guard demand.perMs > 0 else { return 0 }
    func meets(_ agents: Int) -> Bool { StaffingOutcome(demand, agents: agents)?.meets(target) ?? false }
    var tooFew = 0
    if demand.patienceMs == nil {
        guard demand.load < Double(staffingAgentsMax) else { return nil }
        tooFew = Int(demand.load)
    }
    var step = 1
    var enough = tooFew + step
    while !meets(enough) {
        guard enough < staffingAgentsMax else { return nil }
        tooFew = enough
        step *= 2
        enough = min(staffingAgentsMax, enough + step)
    }
    while enough - tooFew > 1 {
        let middle = tooFew + (enough - tooFew) / 2
        if meets(middle) { enough = middle } else { tooFew = middle }
    }
    return enough
}
