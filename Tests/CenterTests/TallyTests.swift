// The books against named stories, without rows; and against a floor where anything happens.

import Routing
import SeededRandom
import Testing

@testable import Center

/// A router and its books, on a clock that only tests move.
struct Ledger {
    var router = Router()
    var tally = Tally()
    /// 400 s into a quarter hour.
    var now = Instant(ms: 1_750_000_000_000)

    mutating func tell(_ input: Input) {
        if case .tick = input {} else { tell(.tick) }
        let outputs = router.apply(input, at: now)
        // What is refused changes nothing, for nothing is due any more.
        guard !outputs.contains(where: { if case .refused = $0 { true } else { false } }) else { return }
        tally.note(input, outputs, at: now)
    }

    mutating func pass(s: Int64) { now = now + s * 1_000 }

    mutating func queue(_ id: Int64, _ body: (inout QueueSettings) -> Void = { _ in }) {
        var settings = QueueSettings()
        body(&settings)
        tell(.setQueue(QueueID(id), settings))
    }

    mutating func agent(_ id: Int64, _ queues: Int64..., available: Bool = true) {
        var settings = AgentSettings()
        settings.queues = queues.map(QueueID.init)
        tell(.setAgent(AgentID(id), settings))
        if available { tell(.presence(AgentID(id), .available, reason: nil)) }
    }

    mutating func arrive(_ id: Int64, _ queue: Int64 = 1) {
        tell(
            .arrive(
                WorkItemID(id), queue: QueueID(queue), channel: .call, priority: nil, creditMs: 0,
                requiredSkills: [], desiredSkills: []))
    }

    mutating func accept(_ id: Int64, _ agent: Int64) {
        tell(.accept(WorkItemID(id), AgentID(agent), epoch: router.item(WorkItemID(id))?.epoch ?? 0))
    }

    /// The median is the mean, and nine in ten wait no longer than half as much again.
    mutating func foretell(_ id: Int64, meanMs: Int64) {
        tally.foretell(
            WorkItemID(id), EstimatedWait(meanMs: meanMs, medianMs: meanMs, ninetyMs: meanMs * 3 / 2))
    }

    func counts(_ queue: Int64 = 1) -> QueueCounts {
        var sum = QueueCounts()
        for (key, counts) in tally.queueDeltas where key.queue == QueueID(queue) { sum += counts }
        return sum
    }

    func agentCounts(_ agent: Int64) -> AgentCounts {
        var sum = AgentCounts()
        for (key, counts) in tally.agentDeltas where key.agent == AgentID(agent) { sum += counts }
        return sum
    }
}

@Suite struct TallyTests {
    @Test func `a wait counts in each bucket it fits, ringing included`() {
        var ledger = Ledger()
        ledger.tally.serviceLevelMs = [QueueID(1): 25_000]
        ledger.queue(1) { $0.offerTimeoutMs = 60_000 }
        ledger.arrive(1)
        ledger.pass(s: 10)
        ledger.agent(1, 1)
        ledger.pass(s: 12)
        ledger.accept(1, 1)
        let counts = ledger.counts()
        #expect(counts.offered == 1 && counts[.answered] == 1 && counts.waiting == 0)
        #expect(counts[.waitMs] == 22_000 && counts[.waitMaxMs] == 22_000)
        #expect(serviceLevelsS.map { counts.within($0, from: .answeredIn5) } == [0, 0, 0, 0, 1, 1, 1, 1, 1])
        #expect(ServiceLevel.offered.of(counts) == 1, "the queue's own T is 25 s")
        #expect(ServiceLevel.offered.of(counts, withinS: 20) == 0)
        #expect(ServiceLevel.offered.of(counts, withinS: 21) == nil, "nobody counted 21 s")
    }

    @Test func `of nothing there is no measure`() {
        let nothing = QueueCounts()
        for formula in ServiceLevel.allCases {
            #expect(formula.of(nothing) == nil && formula.of(nothing, withinS: 20) == nil)
        }
        #expect(nothing.meanWaitMs == nil && nothing.meanHandlingMs == nil && nothing.abandonment == nil)
        #expect(nothing.estimateBiasMs == nil && AgentCounts().occupancy == nil)
        var allGone = QueueCounts()
        allGone[.entered] = 2
        allGone[.abandoned] = 2
        allGone[.abandonedInTime] = 2
        #expect(ServiceLevel.offeredLessAbandoned.of(allGone) == nil, "nobody is left to be answered")
        #expect(ServiceLevel.answered.of(allGone) == nil)
        #expect(ServiceLevel.answeredOrAbandoned.of(allGone) == 1)
    }

    @Test func `who leaves in under five seconds is a short abandon`() {
        var ledger = Ledger()
        ledger.queue(1)
        for (id, waits) in [(Int64(1), Int64(4)), (2, 5), (3, 21)] {
            ledger.arrive(id)
            ledger.pass(s: waits)
            ledger.tell(.abandon(WorkItemID(id)))
        }
        let counts = ledger.counts()
        #expect(counts[.abandoned] == 3 && counts[.shortAbandoned] == 1 && counts[.abandonedInTime] == 2)
        #expect(counts.within(5, from: .abandonedIn5) == 2 && counts.within(30, from: .abandonedIn5) == 3)
        #expect(counts.abandonment == 1 && counts[.abandonedWaitMs] == 30_000)
    }

    @Test func `time over a boundary is parted there`() {
        var ledger = Ledger()
        ledger.queue(1) { $0.wrapUpMs = 600_000 }
        ledger.agent(1, 1)
        ledger.arrive(1)
        ledger.accept(1, 1)
        let first = Interval.start(of: ledger.now)
        ledger.pass(s: 700)
        ledger.tell(.finish(WorkItemID(1)))
        ledger.pass(s: 900)
        ledger.tell(.tick)
        ledger.tell(.presence(AgentID(1), .signedOut, reason: nil))
        let parts = (0...2).map { first + $0 * Interval.lengthMs }.map { start in
            (
                ledger.tally.queueDeltas[.init(start: start, queue: QueueID(1), channel: .call)] ?? .init(),
                ledger.tally.agentDeltas[.init(start: start, agent: AgentID(1))] ?? .init()
            )
        }
        #expect(parts.map { $0.0[.talkMs] } == [500_000, 200_000, 0])
        // The tick that ended the wrap-up came late; its time is what passed.
        #expect(parts.map { $0.0[.wrapUpMs] } == [0, 700_000, 200_000])
        #expect(parts.map { $0.1[.busyMs] } == [500_000, 900_000, 200_000])
        #expect(parts.map { $0.1[.signedInMs] } == [500_000, 900_000, 200_000])
        #expect(parts.map { $0.0[.handled] } == [0, 1, 0])
    }

    @Test func `a span of days is booked whole`() {
        var sum: Int64 = 0
        var intervals = 0
        let from = Instant(ms: 1_750_000_000_000)
        eachInterval(from: from, to: from + 30 * 24 * 3_600_000) { _, ms, _ in
            sum += ms
            intervals += 1
        }
        #expect(sum == 30 * 24 * 3_600_000 && intervals <= 96)
        eachInterval(from: from, to: from) { _, _, _ in Issue.record("nothing passed") }
        eachInterval(from: from + 1, to: from) { _, _, _ in Issue.record("nothing passed") }
    }

    @Test func `overflow is counted by cause, and balked are not offered`() {
        var ledger = Ledger()
        ledger.queue(2)
        ledger.queue(1) {
            $0.overflow = Overflow(size: 1, waitMs: 30_000, action: .queue(QueueID(2), keepWait: true))
        }
        ledger.queue(3) { $0.forcedForwarding = .busy }
        ledger.agent(1, 1, 2, 3, available: false)
        ledger.tell(.presence(AgentID(1), .signedIn, reason: nil))
        ledger.arrive(1)
        ledger.arrive(2)
        #expect(ledger.counts()[.overflowedSize] == 1 && ledger.counts().waiting == 1)
        #expect(ledger.counts(2).offered == 1 && ledger.counts(2)[.overflowedIn] == 1)
        ledger.pass(s: 30)
        ledger.tell(.tick)
        #expect(ledger.counts()[.overflowedWait] == 1 && ledger.counts().waiting == 0)
        #expect(ledger.counts().offered == 2 && ledger.counts().overflowed == 2)
        #expect(ledger.counts(2).waiting == 2)
        ledger.arrive(3, 3)
        #expect(ledger.counts(3).offered == 0 && ledger.counts(3)[.balked] == 1)
    }

    @Test func `who hears ringing and is taken in after all is offered then`() {
        var ledger = Ledger()
        ledger.queue(1) { $0.forcedForwarding = .ringing }
        ledger.agent(1, 1, available: false)
        ledger.arrive(1)
        ledger.arrive(2)
        ledger.arrive(3)
        #expect(ledger.counts()[.balked] == 3 && ledger.counts().offered == 0)
        ledger.pass(s: 7)
        ledger.tell(.take(WorkItemID(1), AgentID(1)))
        ledger.tell(.askReturnCall(WorkItemID(2)))
        ledger.pass(s: 300)
        ledger.tell(.tick)
        let counts = ledger.counts()
        #expect(counts.offered == 2 && counts[.answered] == 1 && counts[.waitMs] == 7_000)
        #expect(counts.waiting == 1 && ledger.tally.entries[WorkItemID(3)] == nil)
    }

    @Test func `an entry is answered once, however often it comes back`() {
        var ledger = Ledger()
        ledger.queue(1) { $0.reofferPauseMs = 0 }
        ledger.agent(1, 1)
        ledger.arrive(1)
        ledger.pass(s: 3)
        ledger.accept(1, 1)
        ledger.pass(s: 60)
        ledger.tell(.returnToQueue(WorkItemID(1)))
        ledger.pass(s: 60)
        ledger.tell(.tick)
        ledger.accept(1, 1)
        ledger.pass(s: 10)
        ledger.tell(.finish(WorkItemID(1)))
        let counts = ledger.counts()
        #expect(counts.offered == 1 && counts[.answered] == 1 && counts[.waitMs] == 3_000)
        #expect(counts[.returned] == 1 && counts[.handled] == 1 && counts[.talkMs] == 70_000)
        let agent = ledger.agentCounts(1)
        #expect(agent[.offered] == 2 && agent[.accepted] == 2 && agent[.handled] == 1)
        #expect(agent[.returned] == 1 && agent[.talkMs] == 70_000 && agent.meanHandlingMs == 70_000)
    }

    @Test func `a transfer ends an entry and begins one`() {
        var ledger = Ledger()
        ledger.queue(1)
        ledger.queue(2)
        ledger.agent(1, 1)
        ledger.arrive(1)
        ledger.accept(1, 1)
        ledger.pass(s: 40)
        ledger.tell(.transfer(WorkItemID(1), QueueID(2), keepWait: false))
        ledger.tell(.presence(AgentID(1), .signedIn, reason: nil))
        ledger.arrive(2)
        ledger.tell(.transfer(WorkItemID(2), QueueID(2), keepWait: false))
        ledger.tell(.withdraw(WorkItemID(2)))
        let (first, second) = (ledger.counts(), ledger.counts(2))
        #expect(first.offered == 2 && first[.answered] == 1 && first[.transferredOut] == 1)
        #expect(first[.passedOn] == 1 && first[.handled] == 1 && first[.talkMs] == 40_000)
        #expect(second.offered == 2 && second[.transferredIn] == 2 && second[.withdrawn] == 1)
        #expect(second.waiting == 1 && first.waiting == 0)
    }

    @Test func `an estimate is held against the wait`() {
        var ledger = Ledger()
        ledger.queue(1)
        ledger.arrive(1)
        ledger.foretell(1, meanMs: 30_000)
        ledger.arrive(2)
        ledger.foretell(2, meanMs: 60_000)
        ledger.pass(s: 50)
        ledger.agent(1, 1)
        ledger.accept(1, 1)
        ledger.tell(.finish(WorkItemID(1)))
        ledger.accept(2, 1)
        let counts = ledger.counts()
        #expect(counts[.estimated] == 2 && counts.estimateBiasMs == -5_000)
        #expect(counts.estimateMissMs == 15_000)
        // 30 s had a 90 % quantile of 45, 60 s one of 90.
        #expect(counts.estimateInMedian == 0.5 && counts.estimateInNinety == 0.5)
    }

    /// Patience 50 s: who is answered after 50 s stands for e = 2.718 who would have waited so long.
    @Test func `who gives up counts by those who were as patient`() {
        var ledger = Ledger()
        ledger.queue(1)
        ledger.tally.patienceMs[QueueID(1)] = 50_000
        ledger.arrive(1)
        ledger.foretell(1, meanMs: 60_000)
        ledger.arrive(2)
        ledger.foretell(2, meanMs: 20_000)
        ledger.pass(s: 10)
        ledger.tell(.abandon(WorkItemID(2)))
        ledger.pass(s: 40)
        // The queue has learned nothing yet, but its record was told with the abandonment.
        ledger.tally.patienceMs[QueueID(1)] = 50_000
        ledger.agent(1, 1)
        ledger.accept(1, 1)
        let counts = ledger.counts()
        #expect(counts[.abandoned] == 1 && counts[.estimated] == 2)
        #expect(counts[.estimateErrorMs] == 60_000 + 20_000 - 135_914)
        #expect(counts[.estimateInNinety] == 2_718)
    }

    @Test func `who gives up is left out where patience is not known`() {
        var ledger = Ledger()
        ledger.queue(1)
        ledger.arrive(1)
        ledger.foretell(1, meanMs: 60_000)
        ledger.tell(.abandon(WorkItemID(1)))
        #expect(ledger.counts()[.abandoned] == 1 && ledger.counts()[.estimated] == 0)
    }

    /// Seeds and steps are printed; every step is checked.
    @Test(arguments: 1...8)
    func `whatever happens, the books are right`(_ seed: Int) throws {
        var random = Seeded(seed: UInt64(seed))
        var ledger = Ledger()
        var last: Int64 = 0
        for step in 1...1_000 {
            ledger.pass(s: random.once(in: 3) ? Int64(random.below(40)) : 0)
            if let input = randomInput(&random, &last) { ledger.tell(input) }
            if random.once(in: 10) { ledger.tally.bookOpenSpans(to: ledger.now) }
            let problems = strayBooks(ledger.tally, ledger.router) + unbalanced(ledger)
            try #require(problems.isEmpty, "seed \(seed), step \(step): \(problems)")
        }
    }

    private func unbalanced(_ ledger: Ledger) -> [String] {
        var open: [Tally.QueueKey: Int64] = [:]
        for entry in ledger.tally.entries.values where entry.standing == .open {
            let key = Tally.QueueKey(
                start: Interval.start(of: entry.queued), queue: entry.queue, channel: entry.channel)
            open[key, default: 0] += 1
        }
        return ledger.tally.queueDeltas.flatMap { key, counts in
            impossible(counts)
                + (counts.waiting == open[key] ?? 0
                    ? [] : ["\(key): \(counts.waiting) open, not \(open[key] ?? 0)"])
        }
    }

    private func randomInput(_ random: inout Seeded, _ last: inout Int64) -> Input? {
        let queue = QueueID(Int64(1 + random.below(3)))
        let agent = AgentID(Int64(1 + random.below(4)))
        let item = WorkItemID(max(1, last - Int64(random.below(12))))
        switch random.below(40) {
        case 0...1: return .setQueue(queue, randomQueue(&random))
        case 2:
            var settings = AgentSettings()
            settings.queues = (1...3).map { QueueID($0) }
            settings.capacity.call = Int64(1 + random.below(2))
            return .setAgent(agent, settings)
        case 3: return random.once(in: 4) ? .removeAgent(agent) : .tick
        case 4...8:
            let presence = random.pick(Presence.allCases + [.available, .available])
            return .presence(agent, presence, reason: random.once(in: 2) ? ReasonID(1) : nil)
        case 9...18:
            last += 1
            return .arrive(
                WorkItemID(last), queue: queue, channel: random.pick(Channel.allCases), priority: nil,
                creditMs: 0, requiredSkills: [], desiredSkills: [])
        case 19:
            last += 1
            return .arriveInHand(WorkItemID(last), agent, queue: queue, channel: .errand, priority: nil)
        case 20...25: return .accept(item, agent, epoch: Int64(1 + random.below(3)))
        case 26: return .decline(item, agent, epoch: Int64(1 + random.below(3)))
        case 27: return .take(item, agent)
        case 28: return .assign(item, agent)
        case 29: return .returnToQueue(item)
        case 30...31: return .transfer(item, queue, keepWait: random.once(in: 2))
        case 32: return .relocate(item, queue)
        case 33...36: return .finish(item)
        case 37: return random.once(in: 2) ? .abandon(item) : .withdraw(item)
        case 38: return random.once(in: 2) ? .endWrapUp(agent) : .askReturnCall(item)
        default: return .resume(desksUntil: Instant(ms: .max))
        }
    }

    private func randomQueue(_ random: inout Seeded) -> QueueSettings {
        var settings = QueueSettings()
        settings.wrapUpMs = random.once(in: 2) ? 10_000 : 0
        func treatment() -> Treatment? {
            switch random.below(9) {
            case 0: .busy
            case 1: .ringing
            case 2: .number
            // A ring is refused.
            case 3...4: .queue(QueueID(Int64(1 + random.below(3))), keepWait: random.once(in: 2))
            default: nil
            }
        }
        settings.overflow = Overflow(
            size: random.once(in: 2) ? Int64(random.below(4)) : nil,
            waitMs: random.once(in: 2) ? Int64(random.below(60_000)) : nil, action: treatment())
        settings.stranded = treatment()
        settings.forcedForwarding = random.once(in: 6) ? treatment() : nil
        settings.policy = random.once(in: 4) ? .simultaneous : .longestIdle
        return settings
    }
}
