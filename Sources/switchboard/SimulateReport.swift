// What a simulation found, as JSON; SimulateText.swift prints it.

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
        /// How many more waited at the end than at the start; nil where the queue has settled.
        var growth: Double?
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
    var tookS: Double

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
            },
            growth: place.flatMap { results.growth(queue: $0) })
    }

    var json: String { get throws { try jsonText(self) } }
}
