// Measured against exact: independent runs, fixed seeds, one printed line a figure.

import Foundation
import Simulation
import Testing

/// What a figure may be off, in standard errors; over the whole family of figures.
let zMax = 4.5

/// Runs with seeds 1, 2, …; not a matter of luck, because the seeds are fixed.
func simulate(_ model: Model, runs: Int) -> [RunResult] {
    let results = (1...UInt64(runs)).map { run(model, seed: $0) }
    for result in results { #expect(result.unfinished == 0, "seed \(result.seed)") }
    return results
}

/// Holds a figure against the exact one, and prints both.
func compare(_ name: String, _ estimate: Estimate?, exact: Double, percent: Bool = false) {
    guard let estimate, let z = estimate.z(exact: exact) else {
        Issue.record("\(name): nothing was measured")
        return
    }
    let scale = percent ? 100.0 : 1
    print(
        "  \(name.padding(toLength: 44, withPad: " ", startingAt: 0)) exact "
            + String(
                format: "%12.6f  measured %12.6f ± %9.6f  z %5.2f", exact * scale, estimate.mean * scale,
                (estimate.halfWidth() ?? 0) * scale, z))
    #expect(abs(z) < zMax, "\(name): exact \(exact), measured \(estimate.mean) over \(estimate.runs) runs")
}

/// One queue of exponential calls and agents alike.
func plainModel(
    perHour: Double, handlingS: Double, agents: Int, patienceS: Double? = nil, waitingMax: Int? = nil,
    customers: Double, warmUp: Double = 3_000
) -> Model {
    var model = Model()
    model.queues = [QueueModel("calls")]
    model.queues[0].waitingMax = waitingMax
    model.arrivals = [
        ArrivalModel(
            perHour: perHour, handling: .exponential(meanMs: handlingS * 1000),
            patience: patienceS.map { .exponential(meanMs: $0 * 1000) })
    ]
    model.agents = [AgentModel("agents", count: agents, queues: [0])]
    model.lasts(customers: customers, warmUp: warmUp)
    return model
}

extension Model {
    /// Long enough for so many customers, on average.
    mutating func lasts(customers: Double, warmUp: Double) {
        let perMs = arrivals.reduce(0) { $0 + $1.perHour } / 3_600_000
        warmUpMs = warmUp / perMs
        lengthMs = customers / perMs
    }
}
