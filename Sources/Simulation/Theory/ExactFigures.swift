// Which exact results hold for a model, if any.

import Routing

/// What a model must give in the long run.
public struct ExactFigures: Sendable {
    /// The formula, such as "Erlang C".
    public var name: String
    /// All queues together.
    public var whole: [(Measure, Double)] = []
    /// In step with the model's queues.
    public var queues: [[(Measure, Double)]] = []
    /// Of all agents together.
    public var utilisation: Double?

    /// nil where no formula applies: agents who cannot all take everything, several items at a time, ringing
    /// that takes time, handling that is not exponential beside more than one agent.
    public init?(_ model: Model) {
        guard let plain = PlainModel(model) else { return nil }
        let meanMs = plain.handling.exponentialMeanMs
        queues = model.queues.map { _ in [] }
        if let patience = plain.patience {
            guard let meanMs, let patienceMs = patience.exponentialMeanMs, model.queues.count == 1,
                plain.waitingMax == nil, plain.priorities.count == 1,
                let a = ErlangA(
                    perMs: plain.perMs, handlingMs: meanMs, agents: plain.agents, patienceMs: patienceMs)
            else { return nil }
            name = "Erlang A"
            whole = [
                (.delayed, a.delayed), (.answeredWaitMs, a.answeredWaitMs), (.meanWaitMs, a.meanWaitMs),
            ]
            whole += ServiceLevel.allCases.map { formula in
                (Measure(formula), a.serviceLevel(formula, withinMs: model.withinMs))
            }
            whole.append((.abandoned, a.abandoned))
            utilisation = a.occupancy
        } else if let waitingMax = plain.waitingMax {
            guard let meanMs, model.queues.count == 1, plain.priorities.count == 1 else { return nil }
            let limited = LimitedQueue(
                perMs: plain.perMs, handlingMs: meanMs, agents: plain.agents, waitingMax: waitingMax)
            name = "M/M/\(plain.agents) with \(waitingMax) waiting"
            whole = [
                (.delayed, limited.delayed), (.answeredWaitMs, limited.meanWaitMs),
                (.turnedAway, limited.turnedAway),
            ]
            utilisation = limited.occupancy
        } else if let meanMs,
            let c = ErlangC(perMs: plain.perMs, handlingMs: meanMs, agents: plain.agents)
        {
            name = "Erlang C"
            whole = [(.delayed, c.delayed), (.answeredWaitMs, c.meanWaitMs)]
            utilisation = c.occupancy
            if plain.priorities.count == 1 {
                let level = c.answered(withinMs: model.withinMs)
                whole += ServiceLevel.allCases.map { (Measure($0), level) }
            } else if let shares = plain.shares(by: model) {
                name = "Erlang C with strict priority"
                for (queue, waitMs) in zip(shares.queues, c.meanWaitsMs(ofClasses: shares.shares)) {
                    queues[queue] = [(.answeredWaitMs, waitMs)]
                }
            }
        } else if plain.agents == 1, plain.priorities.count == 1,
            let waitMs = oneAgentWaitMs(perMs: plain.perMs, handling: plain.handling)
        {
            name = "Pollaczek–Khinchin"
            let load = plain.perMs * plain.handling.meanMs
            whole = [(.delayed, load), (.answeredWaitMs, waitMs)]
            utilisation = load
        } else {
            return nil
        }
    }
}

/// A model in which every agent may take everything, one at a time, and all work is alike but for priority.
private struct PlainModel {
    var agents: Int
    var perMs: Double
    /// Wrap-up included.
    var handling: Distribution
    var patience: Distribution?
    var waitingMax: Int?
    var priorities: Set<Int64> = []
    private var arrivals: [(queue: Int, priority: Int64, perMs: Double)] = []

    init?(_ model: Model) {
        let work = model.arrivals.filter { $0.perHour > 0 }
        guard let first = work.first else { return nil }
        let groups = model.agents.filter { $0.count > 0 }
        agents = groups.reduce(0) { $0 + $1.count }
        perMs = work.reduce(0) { $0 + $1.perMs }
        patience = first.patience
        waitingMax = model.queues[first.queue].waitingMax
        let wrapUpMs = model.queues[first.queue].settings.wrapUpMs
        handling =
            wrapUpMs > 0 ? .sum([first.handling, .fixed(ms: Double(wrapUpMs))]) : first.handling
        for arrival in work {
            let queue = model.queues[arrival.queue]
            guard arrival.handling == first.handling, arrival.patience == first.patience,
                arrival.channel == first.channel, arrival.creditMs == 0,
                queue.settings.wrapUpMs == wrapUpMs, queue.waitingMax == waitingMax,
                queue.settings.overflow.action == nil, arrival.desiredSkills.isEmpty,
                queue.settings.desiredSkills.isEmpty
            else { return nil }
            for group in groups {
                guard model.mayServe(group, arrival), group.settings.capacity[arrival.channel] == 1,
                    group.accepting == .fixed(ms: 0), group.unansweredShare == 0
                else { return nil }
            }
            let priority = arrival.priority ?? queue.settings.priority
            priorities.insert(priority)
            arrivals.append((arrival.queue, priority, arrival.perMs))
        }
        guard agents > 0 else { return nil }
    }

    /// Queues by priority and the share of the arrivals each has; nil unless each queue is a class.
    func shares(by model: Model) -> (queues: [Int], shares: [Double])? {
        guard arrivals.count == priorities.count, Set(arrivals.map(\.queue)).count == arrivals.count else {
            return nil
        }
        let sorted = arrivals.sorted { $0.priority < $1.priority }
        return (sorted.map(\.queue), sorted.map { $0.perMs / perMs })
    }
}
