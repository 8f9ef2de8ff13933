// What a simulation found, as a person reads it.

import Routing
import Simulation

extension SimulateReport {
    private static let labelWidth = 46
    private static let columnWidth = 22

    var text: String {
        var lines: [String] = []
        lines.append(name ?? file)
        lines.append(
            "\(runs) runs of \(span(length_s)) after a warm-up of \(span(warm_up_s)), seeds \(first_seed) to "
                + "\(first_seed + runs - 1); \(figure(Double(events) / 1e6, 2)) million events in \(figure(tookS)) s."
        )
        lines.append(
            "± is the \(percent(confidence, 0)) confidence interval; T = \(figure(answered_within_s, 0)) s.")
        lines += warnings
        for queue in queues { lines += table(queue, exact: exact) }
        if queues.count > 1 { lines += table(all_queues, exact: exact) }
        lines += agentTable
        return lines.joined(separator: "\n") + "\n"
    }

    /// What speaks against the figures.
    private var warnings: [String] {
        var lines: [String] = []
        for queue in queues {
            guard let growth = queue.growth else { continue }
            lines.append(
                "UNSTABLE: in '\(queue.name)' \(figure(growth, 0)) more customers waited at the end of the measured "
                    + "time than at its start: add agents, or raise 'warm_up_s' if the queue only had not filled yet."
            )
        }
        if unfinished > 0 {
            lines.append(
                "\(unfinished) customers still waited when their run ended: add agents, or raise 'length_s'. The waits "
                    + "leave them out.")
        }
        return lines
    }

    private func table(_ queue: Queue, exact: String?) -> [String] {
        let hasExact = queue.figures.values.contains { $0.exact != nil }
        var lines = ["", "\(queue.name): \(figure(queue.offered_a_run)) offered a run"]
        if hasExact, let exact {
            lines.append(
                "".left(Self.labelWidth) + "measured".right(Self.columnWidth) + exact.right(Self.columnWidth)
                    + "z".right(8))
        }
        for measure in Measure.allCases {
            guard let found = queue.figures[measure.rawValue] else { continue }
            // What nobody did needs no line.
            if [.abandoned, .shortAbandoned, .overflowed, .turnedAway].contains(measure), found.mean == 0 {
                continue
            }
            if measure == .meanWaitMs, queue.figures[Measure.abandoned.rawValue]?.mean == 0 { continue }
            lines.append(row(measure.label, found, measure.print))
        }
        if let estimated = queue.estimated_wait, let bias = estimated.bias_ms,
            let median = estimated.within_median, let ninety = estimated.within_ninety
        {
            lines.append(row("Estimated wait − wait", bias) { seconds($0) })
            lines.append(row("Waits within the median foretold", median) { percent($0) })
            lines.append(row("Waits within the 90 % quantile foretold", ninety) { percent($0) })
        }
        return lines
    }

    private func row(_ label: String, _ found: Figure, _ print: (Double) -> String) -> String {
        var cell = print(found.mean)
        if let half = found.half_width {
            // The unit once: 15.6 ± 0.2 s.
            let parts = cell.split(separator: " ", maxSplits: 1)
            cell =
                "\(parts[0]) ± \(print(half).split(separator: " ")[0])"
                + (parts.count > 1 ? " \(parts[1])" : "")
        }
        var line = "  \(label)".left(Self.labelWidth) + cell.right(Self.columnWidth)
        if let exact = found.exact { line += print(exact).right(Self.columnWidth) }
        if let z = found.z { line += figure(z, 2).right(8) }
        return line
    }

    private var agentTable: [String] {
        var lines = [
            "",
            "Agents".left(24) + "count".right(7) + "utilisation".right(18) + "occupancy".right(18)
                + "least–most busy".right(20) + "connected/h each".right(19),
        ]
        for group in agents {
            func cell(_ found: Figure?) -> String {
                guard let found else { return "–" }
                let half = found.half_width.map { " ± " + figure($0 * 100) } ?? ""
                return figure(found.mean * 100) + half + " %"
            }
            let spread =
                figure((group.each.min() ?? 0) * 100) + "–" + percent(group.each.max() ?? 0)
            lines.append(
                "  \(group.name)".left(24) + String(group.count).right(7) + cell(group.utilisation).right(18)
                    + cell(group.occupancy).right(18) + spread.right(20)
                    + figure(group.connected_an_hour / Double(group.count), 2).right(19))
            if let exact = group.utilisation?.exact, let z = group.utilisation?.z {
                lines.append(
                    "    \(self.exact ?? "")".left(31) + percent(exact).right(18) + "  z "
                        + figure(z, 2))
            }
        }
        return lines
    }

    private func span(_ s: Double) -> String {
        s >= 7_200
            ? "\(figure(s / 3_600, s.truncatingRemainder(dividingBy: 3_600) == 0 ? 0 : 1)) h"
            : "\(figure(s, 0)) s"
    }
}

extension Measure {
    var label: String {
        switch self {
        case .delayed: "Waited at all, P(W>0)"
        case .answeredWaitMs: "Mean wait of the answered (ASA)"
        case .meanWaitMs: "Mean wait of all"
        case .longestWaitMs: "Longest wait of a run"
        case .serviceLevelOffered: ServiceLevel.offered.formula
        case .serviceLevelLessAbandoned: ServiceLevel.offeredLessAbandoned.formula
        case .serviceLevelWithAbandoned: ServiceLevel.answeredOrAbandoned.formula
        case .serviceLevelAnswered: ServiceLevel.answered.formula
        case .abandoned: "Abandoned / offered"
        case .shortAbandoned: "Short abandons / offered"
        case .overflowed: "Overflowed / offered"
        case .turnedAway: "Turned away / arrived"
        case .longestQueue: "Longest queue of a run"
        }
    }

    func print(_ value: Double) -> String {
        switch self {
        case .answeredWaitMs, .meanWaitMs, .longestWaitMs: seconds(value)
        case .longestQueue: figure(value)
        default: percent(value)
        }
    }
}
