// What `switchboard staff` prints.

import Routing
import Simulation

/// Agents fewer and more that the table shows beside the answer.
private let around = 2

extension StaffOrder {
    func report(callsPerHour: Double) throws -> String {
        let demand = demand(callsPerHour: callsPerHour)
        let needed = try agents(for: demand)
        var lines = [
            "\(figure(callsPerHour, 0)) calls an hour of \(figure(handlingMs / 1_000, 0)) s are "
                + "\(figure(demand.load, 2)) erlangs. \(formulaName).",
            "\(needed) \(needed == 1 ? "agent" : "agents"): \(goal).",
        ]
        if shrinkage > 0 {
            lines.append(
                "On the schedule, with \(percent(shrinkage)) of the time lost: \(scheduled(needed)).")
        }
        lines += ["", heading]
        for agents in max(1, needed - around)...(needed + around) {
            let mark = agents == needed ? "→" : " "
            let count = "\(mark) \(agents)".right(9)
            guard let outcome = StaffingOutcome(demand, agents: agents) else {
                lines.append(count + "   the queue would grow for ever")
                continue
            }
            lines.append(count + row(outcome))
        }
        return (lines + [""] + legend).joined(separator: "\n") + "\n"
    }

    func report(on intervals: [StaffInterval]) throws -> String {
        var lines = ["\(intervals.count) intervals of 15 minutes. \(formulaName). Each: \(goal).", ""]
        lines.append("   start     calls  erlangs\(shrinkage > 0 ? "  scheduled" : "")" + heading)
        var hours = 0.0
        for interval in intervals {
            let demand = demand(
                callsPerHour: interval.calls * 4, handlingMs: interval.handlingS.map { $0 * 1_000 })
            let needed = try agents(for: demand)
            hours += Double(scheduled(needed)) / 4
            var line =
                interval.start.right(8) + figure(interval.calls, 0).right(10)
                + figure(demand.load, 2).right(9)
            if shrinkage > 0 { line += String(scheduled(needed)).right(11) }
            line += String(needed).right(9)
            if needed > 0, let outcome = StaffingOutcome(demand, agents: needed) { line += row(outcome) }
            lines.append(line)
        }
        lines += ["", "\(figure(hours)) hours of agents\(shrinkage > 0 ? ", paid" : "") in all."]
        return (lines + legend).joined(separator: "\n") + "\n"
    }

    private var formulaName: String {
        patienceMs.map { "Erlang A: customers give up after \(figure($0 / 1_000, 0)) s on average" }
            ?? "Erlang C: nobody gives up"
    }

    private var goal: String {
        var words =
            switch target.goal {
            case .serviceLevel(let least, let withinMs, let formula):
                "at least \(percent(least)) by \(formula.formula), T = \(figure(withinMs / 1_000, 0)) s"
            case .answeredWait(let most): "the answered wait at most \(seconds(most)) on average"
            case .abandoned(let most): "at most \(percent(most)) give up"
            }
        if let most = target.occupancyMax { words += ", occupancy at most \(percent(most))" }
        return words
    }

    /// Without patience all four service levels are the same.
    private var formulas: [ServiceLevel] { patienceMs == nil ? [formula] : ServiceLevel.allCases }

    private var heading: String {
        "agents".right(9) + "P(W>0)".right(10) + "ASA".right(11)
            + formulas.map { "SL\($0.rawValue)".right(9) }.joined()
            + (patienceMs == nil ? "" : "abandoned".right(11)) + "occupancy".right(11)
    }

    private func row(_ outcome: StaffingOutcome) -> String {
        percent(outcome.delayed).right(10) + seconds(outcome.answeredWaitMs).right(11)
            + formulas.map { percent(outcome.serviceLevel($0, withinMs: withinMs)).right(9) }.joined()
            + (patienceMs == nil ? "" : percent(outcome.abandoned).right(11))
            + percent(outcome.occupancy).right(11)
    }

    private var legend: [String] {
        formulas.map { "SL\($0.rawValue): \($0.formula), T = \(figure(withinMs / 1_000, 0)) s" }
    }
}
