// What a simulation found: the figures, and as JSON.

import Foundation
import Simulation

/// The share of confidence intervals that hold the true figure.
let simulateConfidence = 0.95

struct SimulateReport: Encodable {
    struct Figure: Encodable {
        var mean: Double
        /// Half the width of the confidence interval.
        var half_width: Double?
        /// In the long run, where a formula holds.
        var exact: Double?
        /// (mean − exact) in standard errors.
        var z: Double?

        init?(_ estimate: Estimate?, exact: Double? = nil) {
            guard let estimate else { return nil }
            mean = estimate.mean
            half_width = estimate.halfWidth(confidence: simulateConfidence)
            self.exact = exact
            z = exact.flatMap { estimate.z(exact: $0) }
        }
    }

    struct Queue: Encodable {
        var name: String
        var offered_a_run: Double
        /// By `Measure`; without those that nobody can be counted for.
        var figures: [String: Figure]
        /// nil where what is foretold cannot be compared: nobody waited, or patience is not exponential.
        var estimated_wait: Estimated?
    }

    struct Estimated: Encodable {
        /// Estimate − wait, on average.
        var bias_ms: Figure?
        /// Share of waits that were within the median, and the 90 % quantile, foretold.
        var within_median: Figure?
        var within_ninety: Figure?
    }

    struct Agents: Encodable {
        var name: String
        var count: Int
        /// Of all of them together.
        var utilisation: Figure?
        var occupancy: Figure?
        var connected_an_hour: Double
        /// Of each agent: the utilisation's mean.
        var each: [Double]
    }

    var file: String
    var name: String?
    var first_seed: Int64
    var runs: Int64
    var warm_up_s: Double
    var length_s: Double
    var answered_within_s: Double
    var confidence = simulateConfidence
    /// The formula beside which the figures stand.
    var exact: String?
    var all_queues: Queue
    var queues: [Queue]
    var agents: [Agents]
    /// Customers whose end was not seen, in all runs: the queue grows, or the runs are too short.
    var unfinished: Int
    var events: Int
    private var tookS: Double

    private enum CodingKeys: String, CodingKey {
        case file, name, first_seed, runs, warm_up_s, length_s, answered_within_s, confidence, exact
        case all_queues, queues, agents, unfinished, events
    }

    init(file: String, simulation: SimulationFile, results: [RunResult], tookS: Double) {
        let model = simulation.model
        let formula = ExactFigures(model)
        self.file = file
        self.tookS = tookS
        name = simulation.name
        first_seed = simulation.seed
        runs = simulation.runs
        warm_up_s = model.warmUpMs / 1_000
        length_s = model.lengthMs / 1_000
        answered_within_s = model.withinMs / 1_000
        exact = formula?.name
        unfinished = results.reduce(0) { $0 + $1.unfinished }
        events = results.reduce(0) { $0 + $1.events }
        all_queues = Self.queue("All queues", nil, results, formula?.whole ?? [])
        queues = model.queues.indices.map { place in
            let known = model.queues.count == 1 ? formula?.whole : formula?.queues[place]
            return Self.queue(model.queues[place].name, place, results, known ?? [])
        }
        agents = []
        var first = 0
        for group in model.agents where group.count > 0 {
            let range = first..<(first + group.count)
            first += group.count
            let connected = results.reduce(0) { sum, run in
                sum + run.agents[range].reduce(0) { $0 + $1.connected }
            }
            agents.append(
                Agents(
                    name: group.name, count: group.count,
                    utilisation: Figure(results.utilisation(ofAgents: range), exact: formula?.utilisation),
                    occupancy: Figure(results.occupancy(ofAgents: range)),
                    connected_an_hour: Double(connected) / Double(results.count) / length_s * 3_600,
                    each: range.map { results.utilisation(ofAgents: $0..<($0 + 1))?.mean ?? 0 }))
        }
    }

    private static func queue(
        _ name: String, _ place: Int?, _ results: [RunResult], _ exact: [(Measure, Double)]
    ) -> Queue {
        var figures: [String: Figure] = [:]
        for measure in Measure.allCases {
            let known = exact.first { $0.0 == measure }?.1
            figures[measure.rawValue] = Figure(measure.of(results, queue: place), exact: known)
        }
        let offered = results.reduce(0) { sum, run in
            sum + (place.map { run.queues[$0] } ?? run.whole).offered
        }
        return Queue(
            name: name, offered_a_run: Double(offered) / Double(results.count), figures: figures,
            estimated_wait: place.flatMap { results.coverage(queue: $0) }.map {
                Estimated(
                    bias_ms: Figure($0.biasMs), within_median: Figure($0.median),
                    within_ninety: Figure($0.ninety))
            })
    }

    var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
        }
    }
}

// MARK: As text

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
        if unfinished > 0 {
            lines.append(
                "\(unfinished) customers still waited when their run ended: the queue grows (add agents), or the runs "
                    + "are too short (raise 'length_s'). The figures leave them out.")
        }
        for queue in queues { lines += table(queue, exact: exact) }
        if queues.count > 1 { lines += table(all_queues, exact: exact) }
        lines += agentTable
        return lines.joined(separator: "\n") + "\n"
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
            if [.abandoned, .shortAbandoned, .turnedAway].contains(measure), found.mean == 0 { continue }
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
