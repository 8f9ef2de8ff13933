// The router alone for a long time: calls, answers, wrap-up, people who give up; at the end nothing is stuck.

import ArgumentParser
import Foundation
import HeapModule
import Routing
import SeededRandom

struct SoakRouter: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "soak-router",
        abstract: "500 arrivals/s in virtual time with accept and wrap-up; fails when anything is stuck.")

    @Option(help: "Inputs given to the router.") var events = 10_000_000
    @Option(help: "Arrivals a second, in virtual time.") var rate = 500.0
    @Option var seed: UInt64 = 42

    func run() throws {
        var floor = SoakFloor(seed: seed, ratePerMs: rate / 1_000)
        let began = ProcessFigures.cpuUs
        floor.run(events: events) { done in
            let line = "  \(done) events, \(Int((ProcessFigures.cpuUs - began) / 1e6)) s of CPU\n"
            FileHandle.standardError.write(Data(line.utf8))
        }
        let complaints = floor.complaints()
        report([
            "events": floor.events, "seconds": (ProcessFigures.cpuUs - began) / 1e6,
            "virtual_seconds": floor.virtualSeconds, "arrived": floor.arrived, "connected": floor.connected,
            "abandoned": floor.abandoned, "overflowed": floor.overflowed, "stuck": complaints.count,
        ])
        guard complaints.isEmpty else {
            for complaint in complaints.prefix(20) {
                FileHandle.standardError.write(Data("  \(complaint)\n".utf8))
            }
            throw ExitCode.failure
        }
    }
}

/// A contact center of 9,000 agents and 300 queues, every policy among them, that is busy but not overrun.
private struct SoakFloor {
    static let agents = 9_000
    static let queues = 300
    static let talkMeanMs = 10_000.0
    static let ringMeanMs = 1_000.0
    static let patienceMeanMs = 60_000.0
    static let breakMs = 30_000.0
    static let wrapUpMs: Int64 = 4_000
    static let progressEvery = 1_000_000

    /// What people will do, and when.
    private struct Plan: Comparable {
        enum Deed {
            case arrive
            case answer(WorkItemID, AgentID, epoch: Int64)
            case decline(WorkItemID, AgentID, epoch: Int64)
            case hangUp(WorkItemID)
            case finish(WorkItemID)
            case comeBack(AgentID)
        }

        var at: Double
        /// Keeps the order of plans for one instant the same in every run.
        var number: Int
        var deed: Deed

        static func < (a: Plan, b: Plan) -> Bool { a.at != b.at ? a.at < b.at : a.number < b.number }
        static func == (a: Plan, b: Plan) -> Bool { a.number == b.number }
    }

    private var router = Router()
    private var random: Seeded
    private let ratePerMs: Double
    private var plans = Heap<Plan>()
    private var planned = 0
    private var isOpen = true
    private var items: Int64 = 0
    private var now = 0.0
    private(set) var events = 0
    private(set) var arrived = 0
    private(set) var connected = 0
    private(set) var finished = 0
    private(set) var abandoned = 0
    private(set) var overflowed = 0
    private var left = 0

    var virtualSeconds: Int { Int(now / 1_000) }

    init(seed: UInt64, ratePerMs: Double) {
        random = Seeded(seed: seed)
        self.ratePerMs = ratePerMs
        let start = Instant(ms: 0)
        for queue in 0..<Self.queues {
            var settings = QueueSettings()
            settings.policy = Policy.allCases[queue % Policy.allCases.count]
            settings.routingType = queue % 4 == 0 ? .skillBased : .priorityBased
            settings.wrapUpMs = Self.wrapUpMs
            settings.guardMs = queue % 3 == 0 ? 500 : 0
            settings.offersInWrapUp = queue % 10 == 9
            if queue % 5 == 0 { settings.overflow = Overflow(waitMs: 90_000, action: .busy) }
            _ = router.apply(.setQueue(QueueID(Int64(queue)), settings), at: start)
        }
        for agent in 0..<Self.agents {
            var settings = AgentSettings()
            settings.queues = [0, 7].map { QueueID(Int64((agent + $0) % Self.queues)) }.sorted()
            _ = router.apply(.setAgent(AgentID(Int64(agent)), settings), at: start)
            _ = router.apply(.presence(AgentID(Int64(agent)), .available, reason: nil), at: start)
        }
        plan(.arrive, in: 0)
    }

    /// Gives so many inputs, then no more calls come and everything runs out.
    mutating func run(events wanted: Int, told: (Int) -> Void) {
        while true {
            if events >= wanted { isOpen = false }
            let due = router.nextDeadline.map { Double($0.ms) }
            if let next = plans.min, next.at < due ?? .infinity {
                plans.removeMin()
                now = next.at
                perform(next.deed)
            } else if let due {
                now = max(now, due)
                give(.tick)
            } else {
                return
            }
            if events % Self.progressEvery == 0 { told(events) }
        }
    }

    /// What should not be so when everything has run out.
    func complaints() -> [String] {
        var complaints = router.audit().map { "\($0.invariant): \($0.what)" }
        let snapshot = router.snapshot()
        complaints += snapshot.items.map { "still there: \($0)" }
        for agent in snapshot.agents
        where agent.presence != .available || router.routingStatus(of: agent.id) != .free {
            complaints.append("not back: \(agent)")
        }
        if arrived != left { complaints.append("\(arrived) arrived, \(left) left") }
        if arrived != connected + abandoned + overflowed {
            complaints.append(
                "\(arrived) arrived, but \(connected) connected, \(abandoned) abandoned, \(overflowed) overflowed"
            )
        }
        if finished != connected { complaints.append("\(connected) connected, \(finished) finished") }
        return complaints
    }

    private mutating func plan(_ deed: Plan.Deed, in ms: Double) {
        planned += 1
        plans.insert(Plan(at: now + ms, number: planned, deed: deed))
    }

    private mutating func perform(_ deed: Plan.Deed) {
        switch deed {
        case .arrive:
            guard isOpen else { return }
            items += 1
            let item = WorkItemID(items)
            arrived += 1
            plan(.hangUp(item), in: random.exponential(mean: Self.patienceMeanMs))
            plan(.arrive, in: random.exponential(mean: 1 / ratePerMs))
            give(
                .arrive(
                    item, queue: QueueID(Int64(random.below(Self.queues))), channel: .call, priority: nil,
                    creditMs: 0, requiredSkills: [], desiredSkills: []))
        case .answer(let item, let agent, let epoch):
            guard stands(item, agent, epoch) else { return }
            give(.accept(item, agent, epoch: epoch))
        case .decline(let item, let agent, let epoch):
            guard stands(item, agent, epoch) else { return }
            give(.decline(item, agent, epoch: epoch))
        case .hangUp(let item):
            switch router.item(item)?.state {
            case nil, .active, .wrapUp: return
            default: give(.abandon(item))
            }
        case .finish(let item):
            finished += 1
            give(.finish(item))
        case .comeBack(let agent): give(.presence(agent, .available, reason: nil))
        }
    }

    private func stands(_ item: WorkItemID, _ agent: AgentID, _ epoch: Int64) -> Bool {
        guard let record = router.item(item) else { return false }
        return record.epoch == epoch && record.isOffered(to: agent)
    }

    private mutating func give(_ input: Input) {
        events += 1
        for output in router.apply(input, at: Instant(ms: Int64(now))) { heed(output) }
    }

    private mutating func heed(_ output: Output) {
        switch output {
        case .offered(let item, let agent, let epoch, _, _):
            switch random.below(50) {
            // The telephone rings until the offer's time is over.
            case 0: break
            case 1: plan(.decline(item, agent, epoch: epoch), in: random.exponential(mean: Self.ringMeanMs))
            default: plan(.answer(item, agent, epoch: epoch), in: random.exponential(mean: Self.ringMeanMs))
            }
        case .connected(let item, _, _):
            connected += 1
            plan(.finish(item), in: random.exponential(mean: Self.talkMeanMs))
        case .presenceChanged(let agent, .unavailable, _, _): plan(.comeBack(agent), in: Self.breakMs)
        case .abandoned: abandoned += 1
        case .overflowed: overflowed += 1
        case .left: left += 1
        default: break
        }
    }
}
