// Whether the agents can do the work at all: what nobody can do in time waits for ever.

import Routing

/// Arrivals nobody gives up on and no limit turns away, and too few agents for them.
public struct Overload: Sendable, Hashable {
    /// Places in `Model.queues`.
    public var queues: [Int]
    /// Arrivals times mean handling, in erlangs.
    public var load: Double
    /// Conversations that those who may take this work can have at a time.
    public var capacity: Double
}

/// A load this much under the capacity still counts as reaching it.
private let slack = 1e-9

extension Model {
    /// Work that surely makes a queue grow for ever; nil says that none was found, not that there is none.
    ///
    /// A maximum flow from arrivals to the agents who may take them (Ford and Fulkerson 1956): where it
    /// cannot carry all, the cut names the work that has too few agents. Agents count as doing their
    /// channels side by side, and priorities do not count: both can only make it worse.
    public var overload: Overload? {
        let works = arrivals.indices.filter { place in
            arrivals[place].patience == nil && queues[arrivals[place].queue].waitingMax == nil
                && queues[arrivals[place].queue].settings.overflow.action == nil
                && arrivals[place].perHour > 0
        }
        var flow = Flow(
            loads: works.map { load(of: arrivals[$0]) * (1 + slack) }, capacities: [], serves: [])
        for group in agents where group.count > 0 {
            for channel in Channel.allCases where group.settings.capacity[channel] > 0 {
                flow.capacities.append(Double(group.count) * Double(group.settings.capacity[channel]))
                flow.serves.append(
                    works.map { place in
                        arrivals[place].channel == channel && mayServe(group, arrivals[place])
                    })
            }
        }
        guard let cut = flow.cut() else { return nil }
        let cutOff = cut.map { works[$0] }
        let capacity = flow.capacities.indices.filter { group in cut.contains { flow.serves[group][$0] } }
            .reduce(0) { $0 + flow.capacities[$1] }
        return Overload(
            queues: Array(Set(cutOff.map { arrivals[$0].queue })).sorted(),
            load: cutOff.reduce(0) { $0 + load(of: arrivals[$1]) }, capacity: capacity)
    }

    /// In erlangs; ringing and wrap-up count as far as they keep every agent from other work.
    private func load(of arrival: ArrivalModel) -> Double {
        let takers = agents.filter { $0.count > 0 && mayServe($0, arrival) }
        var eachMs = arrival.handling.meanMs + (takers.map { $0.accepting.meanMs }.min() ?? 0)
        if takers.allSatisfy({ $0.settings.capacity[arrival.channel] == 1 }) {
            eachMs += Double(queues[arrival.queue].settings.wrapUpMs)
        }
        return arrival.perMs * eachMs
    }
}

/// Loads that are to be spread over groups with capacities.
private struct Flow {
    var loads: [Double]
    var capacities: [Double]
    /// By group, then by load: whether the group may take of it.
    var serves: [[Bool]]

    /// The loads that cannot be placed, with those that stand in their way; nil when all can.
    func cut() -> [Int]? {
        var left = loads
        var room = capacities
        var placed = capacities.map { _ in loads.map { _ in 0.0 } }
        let least = slack * slack * max(1, loads.reduce(0, +))
        while let start = left.firstIndex(where: { $0 > least }) {
            // Breadth first from a load with a rest: to groups that may take it, and from them back to
            // loads that could make room.
            var groupBefore: [Int?] = loads.map { _ in nil }
            var loadBefore: [Int?] = capacities.map { _ in nil }
            var reached = [start]
            var seen = Set(reached)
            var end: Int?
            var next = 0
            search: while next < reached.count {
                let load = reached[next]
                next += 1
                for group in capacities.indices where loadBefore[group] == nil && serves[group][load] {
                    loadBefore[group] = load
                    if room[group] > least {
                        end = group
                        break search
                    }
                    for other in loads.indices where !seen.contains(other) && placed[group][other] > least {
                        seen.insert(other)
                        groupBefore[other] = group
                        reached.append(other)
                    }
                }
            }
            guard let end else { return reached.sorted() }
            var amount = min(left[start], room[end])
            var group = end
            while let load = loadBefore[group], let before = groupBefore[load] {
                amount = min(amount, placed[before][load])
                group = before
            }
            room[end] -= amount
            left[start] -= amount
            group = end
            while let load = loadBefore[group] {
                placed[group][load] += amount
                guard let before = groupBefore[load] else { break }
                placed[before][load] -= amount
                group = before
            }
        }
        return nil
    }
}
