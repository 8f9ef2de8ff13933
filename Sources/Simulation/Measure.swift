// What is read off a run.

public import Routing

/// Standard errors from which on a queue counts as growing.
private let growthZ = 5.0

/// A figure of a queue. The raw value is its name in JSON.
public enum Measure: String, Sendable, Hashable, CaseIterable {
    case delayed
    case answeredWaitMs = "asa_ms"
    case meanWaitMs = "mean_wait_ms"
    case longestWaitMs = "longest_wait_ms"
    case serviceLevelOffered = "answered_in_t_of_offered"
    case serviceLevelLessAbandoned = "answered_in_t_of_offered_less_abandoned_in_t"
    case serviceLevelWithAbandoned = "answered_or_abandoned_in_t_of_offered"
    case serviceLevelAnswered = "answered_in_t_of_answered"
    case abandoned
    case shortAbandoned = "short_abandoned"
    case overflowed
    case turnedAway = "turned_away"
    case longestQueue = "longest_queue"

    public init(_ formula: ServiceLevel) {
        switch formula {
        case .offered: self = .serviceLevelOffered
        case .offeredLessAbandoned: self = .serviceLevelLessAbandoned
        case .answeredOrAbandoned: self = .serviceLevelWithAbandoned
        case .answered: self = .serviceLevelAnswered
        }
    }

    /// nil when there was nobody to measure.
    public func of(_ tally: QueueTally) -> Double? {
        switch self {
        case .delayed: share(tally.delayed, tally.offered)
        case .answeredWaitMs: tally.answered > 0 ? tally.waitAnsweredMs / Double(tally.answered) : nil
        case .meanWaitMs:
            tally.answered + tally.abandoned > 0
                ? tally.waitAllMs / Double(tally.answered + tally.abandoned) : nil
        case .longestWaitMs: tally.waitMaxMs
        case .serviceLevelOffered: share(tally.answeredInTime, tally.offered)
        case .serviceLevelLessAbandoned:
            share(tally.answeredInTime, tally.offered - tally.abandonedInTime)
        case .serviceLevelWithAbandoned:
            share(tally.answeredInTime + tally.abandonedInTime, tally.offered)
        case .serviceLevelAnswered: share(tally.answeredInTime, tally.answered)
        case .abandoned: share(tally.abandoned, tally.offered)
        case .shortAbandoned: share(tally.shortAbandons, tally.offered)
        case .overflowed: share(tally.overflowed, tally.offered)
        case .turnedAway: share(tally.turnedAway, tally.turnedAway + tally.offered)
        case .longestQueue: Double(tally.longestQueue)
        }
    }

    /// Over independent runs; `queue` nil is all queues together.
    public func of(_ runs: [RunResult], queue: Int? = nil) -> Estimate? {
        Estimate(runs.compactMap { run in of(queue.map { run.queues[$0] } ?? run.whole) })
    }
}

private func share(_ part: Int, _ whole: Int) -> Double? {
    whole > 0 ? Double(part) / Double(whole) : nil
}

extension Array<RunResult> {
    /// The share of time with anything in hand: of one agent, or of several together.
    public func utilisation(ofAgents agents: Range<Int>) -> Estimate? {
        Estimate(
            map { run in
                run.agents[agents].reduce(0) { $0 + $1.utilisation } / Double(agents.count)
            })
    }

    /// Busy / (busy + idle while available), of several agents together.
    public func occupancy(ofAgents agents: Range<Int>) -> Estimate? {
        Estimate(
            compactMap { run in
                let busy = run.agents[agents].reduce(0) { $0 + $1.busyMs }
                let idle = run.agents[agents].reduce(0) { $0 + $1.idleMs }
                return busy + idle > 0 ? busy / (busy + idle) : nil
            })
    }

    /// How many more wait at the end of the measured time than at its start, where that is no chance: the
    /// queue grows, or the warm-up is too short. nil when it has settled.
    public func growth(queue: Int) -> Double? {
        let growth = Estimate(map { Double($0.queues[queue].waitingAtEnd - $0.queues[queue].waitingAtStart) })
        guard let growth, growth.mean >= 1, let z = growth.z(exact: 0), z > growthZ else { return nil }
        return growth.mean
    }

    /// What customers who had to wait would have been told.
    public func meanEstimateMs(queue: Int) -> Estimate? {
        let tallies = map { $0.queues[queue].prediction }.filter { $0.count > 0 }
        return Estimate(tallies.map { $0.estimatedMs / Double($0.count) })
    }

    /// Of customers who had to wait, the share who waited no longer than the median, or the 90 % quantile,
    /// that the router's estimate gave.
    public func coverage(queue: Int) -> (median: Estimate, ninety: Estimate, biasMs: Estimate)? {
        let tallies = map { $0.queues[queue].prediction }.filter { $0.count > 0 }
        guard let median = Estimate(tallies.map { $0.withinMedian / Double($0.count) }),
            let ninety = Estimate(tallies.map { $0.withinNinety / Double($0.count) }),
            let bias = Estimate(tallies.map { ($0.estimatedMs - $0.weighedWaitMs) / Double($0.count) })
        else { return nil }
        return (median, ninety, bias)
    }
}
