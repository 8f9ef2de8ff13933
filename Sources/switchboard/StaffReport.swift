// What `switchboard staff` prints.

import Routing
import Simulation

extension StaffOrder {
    func text(_ figures: StaffFigures) -> String {
        let needed = figures.agents
        var lines = [
            "\(figure(figures.calls_per_hour, 0)) calls an hour of \(figure(handlingMs / 1_000, 0)) s are "
                + "\(figure(figures.erlangs, 2)) erlangs. \(formulaName).",
            "\(needed) \(needed == 1 ? "agent" : "agents"): \(goal).",
        ]
        if shrinkage > 0 {
            lines.append(
                "On the schedule, with \(percent(shrinkage)) of the time lost: \(figures.scheduled).")
        }
        lines += ["", heading]
        for outcome in figures.outcomes {
            let mark = outcome.agents == needed ? "→" : " "
            lines.append("\(mark) \(outcome.agents)".right(9) + row(outcome))
        }
        return (lines + [""] + legend).joined(separator: "\n") + "\n"
    }

    func text(_ day: StaffDayFigures) -> String {
        var lines = ["\(day.intervals.count) intervals of 15 minutes. \(formulaName). Each: \(goal).", ""]
        lines.append("   start     calls  erlangs\(shrinkage > 0 ? "  scheduled" : "")" + heading)
        for interval in day.intervals {
            var line =
                interval.start.right(8) + figure(interval.calls, 0).right(10)
                + figure(interval.erlangs, 2).right(9)
            if shrinkage > 0 { line += String(interval.scheduled).right(11) }
            line += String(interval.agents).right(9)
            if let outcome = interval.outcome { line += row(outcome) }
            lines.append(line)
        }
        lines += ["", "\(figure(day.hours)) hours of agents\(shrinkage > 0 ? ", paid" : "") in all."]
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

    private func row(_ outcome: StaffOutcome) -> String {
        guard let delayed = outcome.delayed, let asaMs = outcome.asa_ms, let levels = outcome.service_levels,
            let abandoned = outcome.abandoned, let occupancy = outcome.occupancy
        else { return "   the queue would grow for ever" }
        let shown = zip(ServiceLevel.allCases, levels).filter { formulas.contains($0.0) }
        return percent(delayed).right(10) + seconds(asaMs).right(11)
            + shown.map { percent($0.1).right(9) }.joined()
            + (patienceMs == nil ? "" : percent(abandoned).right(11)) + percent(occupancy).right(11)
    }

    private var legend: [String] {
        formulas.map { "SL\($0.rawValue): \($0.formula), T = \(figure(withinMs / 1_000, 0)) s" }
    }
}
