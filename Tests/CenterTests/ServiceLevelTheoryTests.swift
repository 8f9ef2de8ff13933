// The four service levels of one traffic and its estimated waits against exact figures: the production router, and
// the books it is counted in.

import Foundation
import Routing
import SeededRandom
import Testing

@testable import Center

/// Calls that arrive at random, are accepted at once, last exponentially long, and whose callers give up after
/// an exponential time: M/M/n+M.
private struct ImpatientFloor {
    static let queue = QueueID(1)
    static let handlingMs = 180_000.0
    static let patienceMs = 60_000.0
    static let perMs = 100.0 / 3_600_000
    static let agents = 5
    static let warmUpMs: Int64 = 8 * Interval.lengthMs

    private enum Happening { case arrival, gaveUp, ended }
    private struct Event {
        var at: Double
        var happening: Happening
        var call: Int64
    }

    private var router = Router()
    private var tally = Tally()
    private var random: Seeded
    private var events: [Event] = []
    private var now = 0.0
    private var calls: Int64 = 0

    init(seed: UInt64) {
        random = Seeded(seed: seed)
        tell(.setQueue(Self.queue, QueueSettings()))
        for agent in 1...Self.agents {
            var settings = AgentSettings()
            settings.queues = [Self.queue]
            tell(.setAgent(AgentID(Int64(agent)), settings))
            tell(.presence(AgentID(Int64(agent)), .available, reason: nil))
        }
        plan(.arrival, after: 1 / Self.perMs, 0)
    }

    /// What was counted of those who came in the hours after the warm-up; then nobody comes any more, and
    /// everybody who is there is waited for.
    mutating func run(hours: Int64) -> QueueCounts {
        let end = Self.warmUpMs + hours * 3_600_000
        while let event = events.popLast() {
            now = event.at
            switch event.happening {
            case .arrival:
                guard now < Double(end) else { continue }
                calls += 1
                plan(.arrival, after: 1 / Self.perMs, 0)
                plan(.gaveUp, after: Self.patienceMs, calls)
                tell(
                    .arrive(
                        WorkItemID(calls), queue: Self.queue, channel: .call, priority: nil, creditMs: 0,
                        requiredSkills: [], desiredSkills: []))
            case .gaveUp:
                if case .waiting? = router.item(WorkItemID(event.call))?.state {
                    tell(.abandon(WorkItemID(event.call)))
                }
            case .ended: tell(.finish(WorkItemID(event.call)))
            }
        }
        var sum = QueueCounts()
        for (key, counts) in tally.queueDeltas where key.start.ms >= Self.warmUpMs && key.start.ms < end {
            sum += counts
        }
        return sum
    }

    /// Of those who had to wait.
    private(set) var toldMs = 0.0
    private(set) var told = 0
    var meanEstimateMs: Double { toldMs / Double(told) }

    private mutating func plan(_ happening: Happening, after mean: Double, _ call: Int64) {
        let at = now + random.exponential(mean: mean)
        let place = events.firstIndex { $0.at < at } ?? events.count
        events.insert(Event(at: at, happening: happening, call: call), at: place)
    }

    private mutating func tell(_ input: Input) {
        let at = Instant(ms: Int64(now))
        let outputs = router.apply(input, at: at)
        tally.note(input, outputs, at: at)
        tally.foretell(outputs, router, at: at)
        if case .arrive(let id, _, _, _, _, _, _, _) = input, let estimate = router.estimatedWait(of: id) {
            toldMs += Double(estimate.meanMs)
            told += 1
        }
        for case .offered(let item, let agent, let epoch, _, _) in outputs {
            tell(.accept(item, agent, epoch: epoch))
        }
        for case .connected(let item, _, _) in outputs { plan(.ended, after: Self.handlingMs, item.raw) }
    }
}

@Suite struct ServiceLevelTheoryTests {
    static let runs = 20
    static let hours: Int64 = 150
    /// Erlang A, 100/h, 180 s, n = 5, patience 60 s, T = 20 s; in the order of the formulas.
    static let exact: [ServiceLevel: Double] = [
        .offered: 0.6515, .offeredLessAbandoned: 0.7331, .answeredOrAbandoned: 0.7628, .answered: 0.8344,
    ]

    @Test func `the four service levels of one traffic are those of theory`() {
        var levels: [ServiceLevel: [Double]] = [:]
        for run in 1...Self.runs {
            var floor = ImpatientFloor(seed: UInt64(run))
            let counts = floor.run(hours: Self.hours)
            #expect(counts.waiting == 0)
            #expect(counts[.answeredInTime] == counts.within(20, from: .answeredIn5))
            for formula in ServiceLevel.allCases {
                levels[formula, default: []].append(formula.of(counts, withinS: 20) ?? -1)
            }
        }
        for formula in ServiceLevel.allCases {
            let measured = levels[formula] ?? []
            let exact = Self.exact[formula] ?? 0
            let mean = measured.reduce(0, +) / Double(Self.runs)
            let squares = measured.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            let error = (squares / Double(Self.runs - 1) / Double(Self.runs)).squareRoot()
            let z = (mean - exact) / error
            print(
                "\(formula.formula): exact \(exact), measured \(String(format: "%.4f", mean)),"
                    + " z \(String(format: "%.2f", z)), seeds 1 to \(Self.runs)")
            #expect(abs(z) < 4.5, "\(formula.formula)")
            #expect(error < 0.005, "too few runs to tell the formulas apart")
        }
    }

    /// What the books say of the estimates, where patience is learned from those who give up.
    @Test func `estimates are as long as the waits, and their quantiles hold`() {
        var figures: [(name: String, exact: Double, allowed: Double, measured: [Double])] = [
            ("bias, of the mean estimate", 0, 0.03, []), ("within the median", 0.5, 0.015, []),
            ("within nine in ten", 0.9, 0.015, []),
        ]
        for run in 1...Self.runs {
            var floor = ImpatientFloor(seed: UInt64(run))
            let counts = floor.run(hours: Self.hours)
            figures[0].measured.append((counts.estimateBiasMs ?? .nan) / floor.meanEstimateMs)
            figures[1].measured.append(counts.estimateInMedian ?? .nan)
            figures[2].measured.append(counts.estimateInNinety ?? .nan)
        }
        for (name, exact, allowed, measured) in figures {
            let mean = measured.reduce(0, +) / Double(Self.runs)
            let squares = measured.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            let error = (squares / Double(Self.runs - 1) / Double(Self.runs)).squareRoot()
            print(
                "\(name): \(exact), measured \(String(format: "%.4f", mean)) ± \(String(format: "%.4f", error))"
            )
            #expect(abs(mean - exact) < allowed + 4.5 * error, "\(name)")
            #expect(error < 0.01, "\(name): too few runs")
        }
    }
}
