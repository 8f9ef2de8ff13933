// What a queue learns from its work, and the estimates that come of it.

import Routing
import Testing

/// One queue with one agent.
private struct OneQueue {
    static let id = QueueID(1)
    static let agent = AgentID(1)
    var router = Router()
    var now: Int64 = 1_000_000
    private var calls: Int64 = 0

    init(_ channel: Channel = .call, _ body: (inout QueueSettings) -> Void = { _ in }) {
        self.channel = channel
        var settings = QueueSettings()
        settings.offerTimeoutMs = 20_000
        body(&settings)
        tell(.setQueue(Self.id, settings))
        setAgent(Self.agent)
    }

    let channel: Channel
    var record: QueueRecord { router.queueRecord(Self.id)! }

    @discardableResult
    mutating func tell(_ input: Input) -> [Output] { router.apply(input, at: Instant(ms: now)) }

    mutating func setAgent(_ id: AgentID, capacity: Capacity = Capacity(), skills: [AgentSkill] = []) {
        var settings = AgentSettings()
        settings.queues = [Self.id]
        settings.capacity = capacity
        settings.skills = skills
        tell(.setAgent(id, settings))
    }

    mutating func ready(_ id: AgentID = agent) { tell(.presence(id, .available, reason: nil)) }

    mutating func away(_ id: AgentID = agent) { tell(.presence(id, .unavailable, reason: nil)) }

    mutating func arrive(requiring skills: [SkillID] = []) -> WorkItemID {
        calls += 1
        let id = WorkItemID(calls)
        tell(
            .arrive(
                id, queue: Self.id, channel: channel, priority: nil, creditMs: 0, requiredSkills: skills,
                desiredSkills: []))
        return id
    }

    mutating func accept(_ id: WorkItemID) {
        tell(.accept(id, Self.agent, epoch: router.item(id)?.epoch ?? 0))
    }

    /// A call that waits, gives up, and leaves nothing.
    mutating func abandon(afterMs: Int64) {
        let id = arrive()
        now += afterMs
        tell(.abandon(id))
    }

    /// A call that is answered after a wait.
    mutating func answer(afterMs: Int64, talkMs: Int64 = 1_000) {
        away()
        let id = arrive()
        now += afterMs
        ready()
        accept(id)
        now += talkMs
        tell(.finish(id))
        tell(.endWrapUp(Self.agent))
    }
}

@Suite struct LearningTests {
    @Test func `handling is the mean of the first, ringing and wrap-up included`() {
        var floor = OneQueue { $0.wrapUpMs = 15_000 }
        floor.ready()
        let first = floor.arrive()
        floor.now += 4_000
        floor.accept(first)
        floor.now += 60_000
        floor.tell(.finish(first))
        #expect(floor.record.handlingMs == 79_000 && floor.record.handlings == 1)
        floor.now += 15_000
        let second = floor.arrive()
        floor.accept(second)
        floor.now += 20_000
        floor.tell(.finish(second))
        #expect(floor.record.handlingMs == (79_000 + 35_000) / 2 && floor.record.handlings == 2)
    }

    @Test func `a wrap-up that ends early or late is put right`() {
        var floor = OneQueue { $0.wrapUpMs = 30_000 }
        floor.ready()
        let call = floor.arrive()
        floor.accept(call)
        floor.now += 60_000
        floor.tell(.finish(call))
        floor.tell(.extendWrapUp(OneQueue.agent, until: Instant(ms: floor.now + 90_000)))
        #expect(floor.record.handlingMs == 150_000)
        floor.now += 10_000
        floor.tell(.endWrapUp(OneQueue.agent))
        #expect(floor.record.handlingMs == 70_000)
    }

    @Test func `of wrap-up and guard time the longer counts`() {
        var floor = OneQueue {
            $0.wrapUpMs = 5_000
            $0.guardMs = 12_000
        }
        floor.ready()
        let call = floor.arrive()
        floor.accept(call)
        floor.now += 60_000
        floor.tell(.finish(call))
        #expect(floor.record.handlingMs == 72_000)
        floor.tell(.endWrapUp(OneQueue.agent))
        #expect(floor.record.handlingMs == 72_000)
    }

    @Test func `patience is what was waited for each who gave up, from the eighth on`() {
        var floor = OneQueue()
        for _ in 1...7 { floor.abandon(afterMs: 20_000) }
        #expect(floor.record.patienceMs == nil)
        floor.answer(afterMs: 140_000)
        floor.abandon(afterMs: 20_000)
        // 7 × 20 s + 140 s + 20 s, waited by eight who gave up and one who did not; a little of it is forgotten.
        let patienceMs = floor.record.patienceMs ?? 0
        #expect(abs(patienceMs - 37_500) < 500, "\(patienceMs)")
    }

    @Test func `a call that comes back, an errand and a return call are no waits`() {
        var floor = OneQueue()
        floor.answer(afterMs: 10_000)
        let once = floor.record
        #expect(once.waitedMs == 10_000)
        floor.ready()
        let call = floor.arrive()
        floor.accept(call)
        floor.now += 30_000
        floor.tell(.returnToQueue(call))
        floor.now += 50_000
        floor.tell(.abandon(call))
        #expect(floor.record.waitedMs == once.waitedMs && floor.record.abandonments == 0)
        floor.away()
        let return_ = floor.arrive()
        floor.tell(.askReturnCall(return_))
        floor.now += 500_000
        floor.tell(.abandon(return_))
        #expect(floor.record.waitedMs == once.waitedMs)
        var errands = OneQueue(.errand)
        errands.answer(afterMs: 10_000)
        #expect(errands.record.waitedMs == 0 && errands.record.handlings == 1)
    }

    @Test func `who overflows has waited without giving up`() {
        var floor = OneQueue {
            $0.overflow.waitMs = 30_000
            $0.overflow.action = .busy
        }
        floor.tell(.presence(OneQueue.agent, .signedIn, reason: nil))
        _ = floor.arrive()
        floor.now += 30_000
        floor.tell(.tick)
        #expect(floor.record.waitedMs == 30_000 && floor.record.abandonments == 0)
    }

    @Test func `an estimate counts an agent once for each item at a time`() throws {
        var floor = OneQueue(.errand)
        floor.setAgent(OneQueue.agent, capacity: Capacity(errand: 2))
        floor.ready()
        for _ in 1...2 {
            let id = floor.arrive()
            floor.accept(id)
        }
        floor.now += 60_000
        floor.tell(.finish(WorkItemID(1)))
        let third = floor.arrive()
        floor.accept(third)
        let waiting = floor.arrive()
        #expect(floor.router.estimatedWait(of: waiting)?.meanMs == 30_000)
        // The setting counts at once.
        floor.setAgent(OneQueue.agent, capacity: Capacity(errand: 1))
        #expect(floor.router.estimatedWait(of: waiting)?.meanMs == 60_000)
        #expect(floor.router.audit().isEmpty)
    }

    @Test func `how often work is done is learned, and a night does not count for much`() {
        var floor = OneQueue()
        #expect(floor.record.handledEveryUs == 0 && floor.record.handledAt == nil)
        floor.answer(afterMs: 0, talkMs: 60_000)
        #expect(floor.record.handledEveryUs == 0)
        floor.answer(afterMs: 30_000, talkMs: 60_000)
        #expect(floor.record.handledEveryUs == 90_000_000)
        floor.answer(afterMs: 0, talkMs: 60_000)
        // The mean of two: 90 s and 60 s.
        #expect(floor.record.handledEveryUs == 75_000_000)
        floor.now += 12 * 3_600_000
        floor.answer(afterMs: 0, talkMs: 60_000)
        // It counts as four of the usual ones, a third of the three: 75 + (300 − 75) / 3.
        #expect(floor.record.handledEveryUs == 150_000_000)
        #expect(floor.record.handledAt == Instant(ms: floor.now))
    }

    /// Ten agents, one of whom knows Swedish.
    @Test func `a rare skill is waited for at the pace of those who have it`() throws {
        let swedish = SkillID(7)
        var floor = OneQueue()
        for agent in 2...10 {
            floor.setAgent(AgentID(Int64(agent)), skills: agent == 10 ? [AgentSkill(skill: swedish)] : [])
        }
        floor.answer(afterMs: 0, talkMs: 60_000)
        for agent in 2...10 { floor.ready(AgentID(Int64(agent))) }
        for _ in 1...10 {
            let id = floor.arrive()
            guard case .offered(let agent, _, _)? = floor.router.item(id)?.state else { break }
            floor.tell(.accept(id, agent, epoch: 1))
        }
        let plain = floor.arrive()
        let first = floor.arrive(requiring: [swedish])
        let second = floor.arrive(requiring: [swedish])
        #expect(floor.router.estimatedWait(of: plain)?.meanMs == 6_000)
        // One in ten times it is the one who knows Swedish who takes the one before.
        #expect(floor.router.estimatedWait(of: first)?.meanMs == 66_000)
        // The others take it, as long as that agent has more to do.
        #expect(floor.router.estimatedWait(of: second)?.meanMs == 120_000)
    }
}
