// Times at random have the mean and deviation they are said to have.

import Simulation
import Testing

@Suite struct DistributionTests {
    static let all: [Distribution] = [
        .fixed(ms: 30_000), .exponential(meanMs: 180_000), .lognormal(meanMs: 200_000, deviationMs: 150_000),
        .lognormal(meanMs: 1_000, deviationMs: 0),
        .sum([
            .exponential(meanMs: 120_000), .fixed(ms: 30_000), .lognormal(meanMs: 9_000, deviationMs: 1_000),
        ]),
    ]

    /// One agent who has nobody to wait for: the busy time of a run is the sum of what was drawn.
    @Test(arguments: all)
    func `busy time is the mean handling`(handling: Distribution) {
        var model = plainModel(perHour: 1, handlingS: 1, agents: 1, waitingMax: 0, customers: 10_000)
        model.arrivals[0].handling = handling
        model.arrivals[0].perHour = 3_600_000 / handling.meanMs / 10
        model.lasts(customers: 10_000, warmUp: 100)
        let results = simulate(model, runs: 12)
        // The loss formula holds whatever the handling times: a/(1 + a).
        compare("utilisation with \(handling)", results.utilisation(ofAgents: 0..<1), exact: 0.1 / 1.1)
    }

    /// The wait at one agent depends on the second moment: it shows a wrong deviation.
    @Test(arguments: all)
    func `the wait at one agent is Pollaczek and Khinchin's`(handling: Distribution) throws {
        var model = plainModel(perHour: 1, handlingS: 1, agents: 1, customers: 1)
        model.arrivals[0].handling = handling
        model.arrivals[0].perHour = 3_600_000 / handling.meanMs / 2
        model.lasts(customers: 20_000, warmUp: 500)
        let results = simulate(model, runs: 12)
        let exact = try #require(
            oneAgentWaitMs(perMs: 0.5 / handling.meanMs, handling: handling))
        compare("wait with \(handling)", Measure.answeredWaitMs.of(results), exact: exact)
    }
}
