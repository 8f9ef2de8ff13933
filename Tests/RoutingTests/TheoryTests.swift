// The router in virtual time against exact results: independent runs, fixed seeds, |z| < 4.5.

import Foundation
import Routing
import SeededRandom
import Testing

/// Calls that arrive at random, are accepted at once and last exponentially long.
private struct CallFloor {
    /// Calls before measuring begins.
    static let warmUp = 2_000

    struct Result {
        /// Waits in seconds by queue, of the calls after the warm-up.
        var waits: [[Double]]
        /// Share of time in hand, by agent.
        var utilisation: [Double]
    }

    private var router = Router()
    private var random: Seeded
    private let handlingMs: Double
    /// Ends of conversations, soonest last.
    private var ends: [(at: Double, call: Int64, agent: Int)] = []
    private var arrived: [Int64: (at: Double, queue: Int)] = [:]
    private var waits: [[Double]]
    private var busyMs: [Double]

    /// `serving` lists, for each agent, the queues it serves, numbered from 0.
    init(serving: [[Int]], queues: Int, handlingMs: Double, seed: UInt64) {
        random = Seeded(seed: seed)
        self.handlingMs = handlingMs
        waits = Array(repeating: [], count: queues)
        busyMs = Array(repeating: 0, count: serving.count)
        let start = Instant(ms: 0)
        for queue in 0..<queues {
            _ = router.apply(.setQueue(QueueID(Int64(queue)), QueueSettings()), at: start)
        }
        for (agent, served) in serving.enumerated() {
            var settings = AgentSettings()
            settings.queues = served.map { QueueID(Int64($0)) }
            _ = router.apply(.setAgent(AgentID(Int64(agent)), settings), at: start)
            _ = router.apply(.presence(AgentID(Int64(agent)), .available, reason: nil), at: start)
        }
    }

    /// `perMs` is the arrival rate of each queue.
    mutating func run(perMs: [Double], calls: Int) -> Result {
        let total = perMs.reduce(0, +)
        var now = 0.0
        var measuredFrom = 0.0
        for call in 0..<(Self.warmUp + calls) {
            now += random.exponential(mean: 1 / total)
            while let next = ends.last, next.at <= now { end(ends.removeLast()) }
            if call == Self.warmUp {
                measuredFrom = now
                waits = waits.map { _ in [] }
                busyMs = busyMs.map { _ in 0 }
                // What is in hand counts from here only.
                for end in ends { busyMs[end.agent] += end.at - now }
            }
            var queue = 0
            var share = Double(random.next() >> 11) / Double(1 << 53) * total
            while queue < perMs.count - 1, share >= perMs[queue] {
                share -= perMs[queue]
                queue += 1
            }
            arrived[Int64(call)] = (now, queue)
            heed(
                router.apply(
                    .arrive(
                        WorkItemID(Int64(call)), queue: QueueID(Int64(queue)), channel: .call, priority: nil,
                        creditMs: 0, requiredSkills: [], desiredSkills: []), at: Instant(ms: Int64(now))),
                at: now)
        }
        for end in ends { busyMs[end.agent] -= end.at - now }
        return Result(waits: waits, utilisation: busyMs.map { $0 / (now - measuredFrom) })
    }

    private mutating func end(_ end: (at: Double, call: Int64, agent: Int)) {
        heed(router.apply(.finish(WorkItemID(end.call)), at: Instant(ms: Int64(end.at))), at: end.at)
    }

    private mutating func heed(_ outputs: [Output], at now: Double) {
        for case .offered(let call, let agent, let epoch, _, _) in outputs {
            _ = router.apply(.accept(call, agent, epoch: epoch), at: Instant(ms: Int64(now)))
            let (at, queue) = arrived.removeValue(forKey: call.raw)!
            waits[queue].append((now - at) / 1000)
            let talk = random.exponential(mean: handlingMs)
            busyMs[Int(agent.raw)] += talk
            let end = (at: now + talk, call: call.raw, agent: Int(agent.raw))
            ends.insert(end, at: ends.firstIndex { $0.at < end.at } ?? ends.count)
        }
    }
}

/// Holds the mean of independent runs against the exact figure.
private func compare(_ name: String, _ runs: [Double], exact: Double) {
    let mean = runs.reduce(0, +) / Double(runs.count)
    let variance = runs.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(runs.count - 1)
    let z = (mean - exact) / (variance / Double(runs.count)).squareRoot()
    print("  \(name): exact \(exact), measured \(mean), z \((z * 100).rounded() / 100)")
    #expect(abs(z) < 4.5, "\(name): exact \(exact), measured \(mean) over \(runs.count) runs")
}

private let runs: ClosedRange<UInt64> = 1...20

@Test(arguments: [
    (perHour: 60.0, aht: 60.0, n: 2, delayed: 1 / 3.0, asa: 20.0, sl20: 0.761156230),
    (perHour: 100.0, aht: 180.0, n: 6, delayed: 0.587516450, asa: 105.752961, sl20: 0.474267181),
])
func `one queue waits as Erlang C says`(
    row: (perHour: Double, aht: Double, n: Int, delayed: Double, asa: Double, sl20: Double)
) {
    let waits = runs.map { seed in
        var floor = CallFloor(
            serving: Array(repeating: [0], count: row.n), queues: 1, handlingMs: row.aht * 1000, seed: seed)
        return floor.run(perMs: [row.perHour / 3_600_000], calls: 10_000).waits[0]
    }
    func share(_ waits: [Double], _ test: (Double) -> Bool) -> Double {
        Double(waits.count(where: test)) / Double(waits.count)
    }
    print("Erlang C, \(row.perHour)/h, \(row.aht) s, n = \(row.n), seeds \(runs)")
    compare("P(W>0)", waits.map { share($0) { $0 > 0 } }, exact: row.delayed)
    compare("SL20", waits.map { share($0) { $0 <= 20 } }, exact: row.sl20)
    compare("ASA", waits.map { $0.reduce(0, +) / Double($0.count) }, exact: row.asa)
}

@Test func `the longest idle agent with skills is as busy as Adan and Weiss say`() {
    let results = runs.map { seed in
        var floor = CallFloor(
            serving: [[0], [0], [0, 1], [0, 1]], queues: 2, handlingMs: 180_000, seed: seed)
        return floor.run(perMs: [2.2 / 180_000, 0.9 / 180_000], calls: 20_000)
    }
    print("skills N, seeds \(runs)")
    for (agent, exact) in [0.728260, 0.728260, 0.821740, 0.821740].enumerated() {
        compare("utilisation of s\(agent + 1)", results.map { $0.utilisation[agent] }, exact: exact)
    }
    for (queue, exact) in [105.177780, 193.732979].enumerated() {
        compare(
            "wait of \(["a", "b"][queue])",
            results.map { $0.waits[queue].reduce(0, +) / Double($0.waits[queue].count) }, exact: exact)
    }
}
