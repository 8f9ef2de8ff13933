// The production router in virtual time against exact results.

import Foundation
import Routing
import Simulation
import Testing

/// Independent runs a row; more of them find smaller differences.
private let runs = ProcessInfo.processInfo.environment["SWITCHBOARD_THEORY_RUNS"].flatMap(Int.init) ?? 24

private typealias DelayRow = (
    perHour: Double, handlingS: Double, n: Int, delayed: Double, asaS: Double, sl20: Double
)
private typealias LossRow = (n: Int, load: Double, blocked: Double)

@Suite struct TheoryTests {
    @Test(
        arguments: [
            (100, 180, 6, 0.587516450, 105.752961, 0.474267181),
            (360, 240, 28, 0.333138528, 19.988312, 0.761295814),
            (60, 60, 2, 1 / 3.0, 20, 0.761156230),
        ] as [DelayRow])
    private func `one queue waits as Erlang C says`(row: DelayRow) {
        let model = plainModel(
            perHour: row.perHour, handlingS: row.handlingS, agents: row.n, customers: 20_000)
        let results = simulate(model, runs: runs)
        print("Erlang C: \(row.perHour)/h, \(row.handlingS) s, n = \(row.n); seeds 1...\(runs)")
        compare("P(W>0)", Measure.delayed.of(results), exact: row.delayed)
        compare("SL20", Measure.serviceLevelOffered.of(results), exact: row.sl20)
        compare("ASA, ms", Measure.answeredWaitMs.of(results), exact: row.asaS * 1000)
        compare(
            "utilisation", results.utilisation(ofAgents: 0..<row.n),
            exact: row.perHour * row.handlingS / 3_600 / Double(row.n))
    }

    @Test(
        arguments: [
            (5, 3, 0.110054348), (10, 8, 0.121661064), (28, 24, 0.066612134), (100, 90, 0.026957380),
        ] as [LossRow])
    private func `without a place to wait it blocks as Erlang B says`(row: LossRow) {
        let model = plainModel(
            perHour: row.load * 20, handlingS: 180, agents: row.n, waitingMax: 0, customers: 12_000,
            warmUp: 1_000)
        let results = simulate(model, runs: runs)
        print("Erlang B: n = \(row.n), a = \(row.load); seeds 1...\(runs)")
        compare("P(block)", Measure.turnedAway.of(results), exact: row.blocked)
        compare(
            "utilisation", results.utilisation(ofAgents: 0..<row.n),
            exact: row.load * (1 - row.blocked) / Double(row.n))
    }

    @Test func `who gives up does so as Erlang A says`() {
        let model = plainModel(
            perHour: 360, handlingS: 240, agents: 24, patienceS: 180, customers: 20_000)
        let results = simulate(model, runs: runs)
        print("Erlang A: 360/h, 240 s, n = 24, patience 180 s; seeds 1...\(runs)")
        compare("P(abandon)", Measure.abandoned.of(results), exact: 0.086928127)
        compare("E[W], ms", Measure.meanWaitMs.of(results), exact: 15_647.063)
        compare("P(W>0)", Measure.delayed.of(results), exact: 0.493491317)
        compare("occupancy", results.occupancy(ofAgents: 0..<24), exact: 0.913071873)
    }

    @Test func `the four service levels are those of Erlang A`() throws {
        let model = plainModel(perHour: 100, handlingS: 180, agents: 5, patienceS: 60, customers: 20_000)
        let results = simulate(model, runs: runs)
        let exact = try #require(ErlangA(perMs: 100 / 3.6e6, handlingMs: 180e3, agents: 5, patienceMs: 60e3))
        print("Service levels: Erlang A, 100/h, 180 s, n = 5, patience 60 s, T = 20 s; seeds 1...\(runs)")
        for (formula, printed) in zip(ServiceLevel.allCases, [0.6515, 0.7331, 0.7628, 0.8344]) {
            let level = exact.serviceLevel(formula, withinMs: 20_000)
            #expect(abs(level - printed) < 0.5e-4)
            compare(formula.formula, Measure(formula).of(results), exact: level)
        }
    }

    @Test func `a queue of ten turns away as M-M-n-K says`() {
        let model = plainModel(
            perHour: 180, handlingS: 180, agents: 10, waitingMax: 10, customers: 20_000)
        let results = simulate(model, runs: runs)
        print("At most 10 wait: n = 10, λ = 9/180, μ = 1/180; seeds 1...\(runs)")
        compare("P(block)", Measure.turnedAway.of(results), exact: 0.029510062)
        compare("Wq, ms", Measure.answeredWaitMs.of(results), exact: 47_506.966)
    }

    @Test func `strict priority waits as Cobham says`() {
        var model = Model()
        for (place, perService) in [2.0, 3, 4].enumerated() {
            var queue = QueueModel("priority \(place)")
            queue.settings.priority = Int64(place)
            model.queues.append(queue)
            model.arrivals.append(
                ArrivalModel(
                    queue: place, perHour: perService * 20, handling: .exponential(meanMs: 180_000)))
        }
        model.agents = [AgentModel("agents", count: 10, queues: [0, 1, 2])]
        model.lasts(customers: 30_000, warmUp: 6_000)
        let results = simulate(model, runs: runs)
        print("Strict priority: n = 10, 180 s, λ = (2, 3, 4)/180; seeds 1...\(runs)")
        for (place, exactS) in [15.046459, 30.092919, 240.743349].enumerated() {
            compare(
                "wait of priority \(place), ms", Measure.answeredWaitMs.of(results, queue: place),
                exact: exactS * 1000)
        }
        compare("utilisation", results.utilisation(ofAgents: 0..<10), exact: 0.9)
    }

    @Test func `talk and wrap-up at one agent wait as Pollaczek and Khinchin say`() {
        var model = plainModel(perHour: 18, handlingS: 120, agents: 1, customers: 20_000)
        model.queues[0].settings.wrapUpMs = 30_000
        let results = simulate(model, runs: runs)
        print("One agent: talk exp 120 s, wrap-up 30 s, λ = 1/200; seeds 1...\(runs)")
        compare("wait, ms", Measure.answeredWaitMs.of(results), exact: 369_000)
        compare("P(W>0)", Measure.delayed.of(results), exact: 0.75)
        compare("utilisation", results.utilisation(ofAgents: 0..<1), exact: 0.75)
    }

    @Test func `the longest idle agent with skills is as busy as Adan and Weiss say`() {
        let results = simulate(skillsModel(serving: [[0], [0], [0, 1], [0, 1]], load: 3.1), runs: runs)
        print("Skills N: s1, s2 take a; s3, s4 take a and b; λ = (2.2, 0.9)/180; seeds 1...\(runs)")
        for (agent, exact) in [0.728260, 0.728260, 0.821740, 0.821740].enumerated() {
            compare(
                "utilisation of s\(agent + 1)", results.utilisation(ofAgents: agent..<agent + 1), exact: exact
            )
        }
        for (queue, exactMs) in [105_177.780, 193_732.979].enumerated() {
            compare(
                "wait of \(["a", "b"][queue]), ms", Measure.answeredWaitMs.of(results, queue: queue),
                exact: exactMs)
        }
    }

    @Test func `a pool of four waits and is busy as one group`() {
        let everything = Array(repeating: [0, 1], count: 4)
        let results = simulate(skillsModel(serving: everything, load: 3), runs: runs)
        print("Pool: four agents take a and b, λ = 3/180 in all; seeds 1...\(runs)")
        compare("wait, ms", Measure.answeredWaitMs.of(results), exact: 91_698.113)
        for agent in 0..<4 {
            compare(
                "utilisation of s\(agent + 1)", results.utilisation(ofAgents: agent..<agent + 1), exact: 0.75)
        }
    }

    /// Queues a and b, of which b has 0.9 erlangs; an entry for each agent says which it takes.
    private func skillsModel(serving: [[Int]], load: Double) -> Model {
        var model = Model()
        model.queues = [QueueModel("a"), QueueModel("b")]
        model.arrivals = [(0, load - 0.9), (1, 0.9)].map { queue, load in
            ArrivalModel(queue: queue, perHour: load * 20, handling: .exponential(meanMs: 180_000))
        }
        model.agents = serving.enumerated().map { AgentModel("s\($0 + 1)", count: 1, queues: $1) }
        model.lasts(customers: 50_000, warmUp: 2_000)
        return model
    }
}
