// The estimate of a wait: against the exact distribution, and against what customers meet.

import Routing
import Simulation
import Testing

@Suite struct EstimatedWaitTests {
    /// Whole milliseconds must not matter: a handling of 24,000 s.
    @Test func `mean and quantiles are those of the sum of exponentials`() {
        var worst = (mean: 0.0, median: 0.0, ninety: 0.0)
        for agents in [1, 2, 5, 24, 200] {
            for ahead in [0, 1, 2, 3, 5, 10, 63, 64, 65, 300, 1_000] as [Int] {
                for patienceMs in [nil, 1_000_000, 6_000_000, 18_000_000, 360_000_000] as [Int64?] {
                    let estimate = EstimatedWait(
                        ahead: Double(ahead), agents: agents, handlingMs: 24_000_000,
                        patienceMs: patienceMs)
                    let exact = WaitDistribution(
                        ahead: ahead, agents: agents, handlingMs: 24_000_000,
                        patienceMs: patienceMs.map(Double.init))
                    worst.mean = max(worst.mean, abs(Double(estimate.meanMs) / exact.meanMs - 1))
                    worst.median = max(
                        worst.median, abs(Double(estimate.medianMs) / exact.quantileMs(0.5) - 1))
                    worst.ninety = max(
                        worst.ninety, abs(Double(estimate.ninetyMs) / exact.quantileMs(0.9) - 1))
                }
            }
        }
        print("Estimated wait against its exact distribution, worst: \(worst)")
        #expect(worst.mean < 1e-5)
        #expect(worst.median < 0.015)
        #expect(worst.ninety < 0.015)
    }

    @Test func `settings of any size give an estimate`() {
        let first = EstimatedWait(ahead: 0, agents: 1, handlingMs: 240_000, patienceMs: nil)
        #expect(first.meanMs == 240_000)
        #expect(EstimatedWait(ahead: 9, agents: 20, handlingMs: 240_000, patienceMs: nil).meanMs == 120_000)
        #expect(EstimatedWait(ahead: -1, agents: 0, handlingMs: 0, patienceMs: 0).meanMs >= 0)
        let longest = EstimatedWait(ahead: 9e18, agents: 1, handlingMs: .max, patienceMs: nil)
        #expect(longest.meanMs == .max)
        let impatient = EstimatedWait(ahead: 9e18, agents: 1, handlingMs: .max, patienceMs: 1)
        #expect(impatient.meanMs > 0)
        // 1/5 + 1/6 + 1/7 of a minute: two ahead, five agents, handling and patience of a minute.
        let three = EstimatedWait(ahead: 2, agents: 5, handlingMs: 60_000, patienceMs: 60_000)
        #expect(three.meanMs == 30_571)
    }

    /// What the router has learned, not what the model knows. Two things keep it from being exact: the formula for the
    /// quantiles (1.3 %, up to 0.6 percentage points), and that a queue is long when handling took long of late,
    /// which the mean of late makes more of than it is.
    @Test(
        arguments: [(n: 28, perHour: 360.0, patienceS: nil), (24, 360, 180), (5, 100, 60)]
            as [(Int, Double, Double?)])
    func `customers wait as estimated`(row: (n: Int, perHour: Double, patienceS: Double?)) throws {
        let runs = 24
        let handlingS = row.n == 5 ? 180.0 : 240
        let model = plainModel(
            perHour: row.perHour, handlingS: handlingS, agents: row.n, patienceS: row.patienceS,
            customers: 20_000)
        let results = simulate(model, runs: runs)
        let coverage = try #require(results.coverage(queue: 0))
        print(
            "Estimated wait: \(row.perHour)/h, \(handlingS) s, n = \(row.n), patience \(row.patienceS ?? .infinity) s; seeds 1...\(runs)"
        )
        let mean = try #require(results.meanEstimateMs(queue: 0))
        let biasError = try #require(coverage.biasMs.standardError)
        print("  mean estimate \(mean.mean) ms, bias \(coverage.biasMs.mean) ± \(biasError) ms")
        #expect(abs(coverage.biasMs.mean) < 0.03 * mean.mean + zMax * biasError)
        for (name, share, estimate) in [("50", 0.5, coverage.median), ("90", 0.9, coverage.ninety)] {
            let error = try #require(estimate.standardError)
            print(
                "  within the \(name) % quantile: \(estimate.mean * 100) ± \((estimate.halfWidth() ?? 0) * 100) %"
            )
            #expect(abs(estimate.mean - share) < 0.015 + zMax * error)
        }
    }

    /// Agents who also serve others: what the estimates were too short for once.
    @Test(arguments: SharedFloor.all)
    fileprivate func `customers of shared agents wait as estimated`(floor: SharedFloor) throws {
        var model = floor.model
        model.lasts(customers: 20_000, warmUp: 3_000)
        let results = simulate(model, runs: 12)
        for queue in model.queues.indices {
            let mean = try #require(results.meanEstimateMs(queue: queue))
            let coverage = try #require(results.coverage(queue: queue))
            let biasError = try #require(coverage.biasMs.standardError)
            print(
                "Shared agents, \(floor.name), queue \(queue): mean estimate \(mean.mean) ms, bias \(coverage.biasMs.mean) ± \(biasError) ms, within \(coverage.median.mean) and \(coverage.ninety.mean)"
            )
            #expect(abs(coverage.biasMs.mean) < 0.08 * mean.mean + zMax * biasError)
            for (share, estimate) in [(0.5, coverage.median), (0.9, coverage.ninety)] {
                let error = try #require(estimate.standardError)
                #expect(abs(estimate.mean - share) < 0.075 + zMax * error)
            }
        }
    }
}

/// A floor whose queues share agents.
private struct SharedFloor: Sendable, CustomTestStringConvertible {
    var name: String
    /// Calls an hour by queue, each of four minutes.
    var perHour: [Double]
    /// So many agents, each for these queues.
    var agents: [(count: Int, queues: [Int])]
    var patienceS: Double?
    /// Agents of the last kind have a skill that a fifth of the first queue's calls need.
    var hasSkill = false
    /// Each queue's calls go before those of the next.
    var isRanked = false
    var testDescription: String { name }

    static let all = [
        SharedFloor(name: "all serve both", perHour: [108, 108], agents: [(16, [0, 1])]),
        SharedFloor(
            name: "some serve both", perHour: [108, 108], agents: [(5, [0]), (6, [0, 1]), (5, [1])]),
        SharedFloor(
            name: "some serve both, callers give up", perHour: [150, 150],
            agents: [(5, [0]), (8, [0, 1]), (5, [1])], patienceS: 180),
        SharedFloor(
            name: "a ring", perHour: [100, 100, 100], agents: [(7, [0, 1]), (7, [1, 2]), (7, [0, 2])]),
        SharedFloor(
            name: "one queue before the other", perHour: [108, 108], agents: [(16, [0, 1])], isRanked: true),
        SharedFloor(
            name: "one queue before the other, callers give up", perHour: [150, 150],
            agents: [(5, [0]), (8, [0, 1]), (5, [1])], patienceS: 180, isRanked: true),
        SharedFloor(name: "a skill", perHour: [200], agents: [(10, [0]), (5, [0])], hasSkill: true),
    ]

    var model: Model {
        var model = Model()
        model.queues = perHour.indices.map { QueueModel("queue \($0)") }
        for queue in model.queues.indices where isRanked { model.queues[queue].settings.rank = Int64(queue) }
        for (queue, rate) in perHour.enumerated() {
            model.arrivals.append(
                ArrivalModel(
                    queue: queue, perHour: rate, handling: .exponential(meanMs: 240_000),
                    patience: patienceS.map { .exponential(meanMs: $0 * 1_000) }))
        }
        model.agents = agents.map { AgentModel("agents", count: $0.count, queues: $0.queues) }
        if hasSkill {
            var skilled = model.arrivals[0]
            skilled.perHour = perHour[0] / 5
            skilled.requiredSkills = [SkillID(1)]
            model.arrivals[0].perHour -= skilled.perHour
            model.arrivals.append(skilled)
            model.agents[model.agents.count - 1].settings.skills = [AgentSkill(skill: SkillID(1))]
        }
        return model
    }
}
