// Estimates where agents serve several queues, each number reckoned by hand.

import Routing
import Testing

/// Queues that have all learned that their work takes a minute.
private struct Floor {
    static let handlingMs: Int64 = 60_000
    var router = Router()
    private var now: Int64 = 1_000_000
    private var items: Int64 = 0

    /// - Parameter channels: of the queues, numbered from 1.
    init(_ channels: [Channel]) {
        let teacher = AgentID(1_000)
        for queue in 1...channels.count { tell(.setQueue(QueueID(Int64(queue)), QueueSettings())) }
        seat(teacher, in: Array(1...channels.count))
        for (place, channel) in channels.enumerated() {
            let item = arrive(in: place + 1, channel)
            tell(.accept(item, teacher, epoch: 1))
            now += Self.handlingMs
            tell(.finish(item))
        }
        tell(.removeAgent(teacher))
    }

    mutating func tell(_ input: Input) { _ = router.apply(input, at: Instant(ms: now)) }

    mutating func seat(_ agent: AgentID, in queues: [Int]) {
        var settings = AgentSettings()
        settings.capacity = Capacity(errand: 1, chat: 1, call: 1)
        settings.queues = queues.map { QueueID(Int64($0)) }
        tell(.setAgent(agent, settings))
        tell(.presence(agent, .available, reason: nil))
    }

    @discardableResult
    mutating func arrive(in queue: Int, _ channel: Channel = .call) -> WorkItemID {
        items += 1
        tell(
            .arrive(
                WorkItemID(items), queue: QueueID(Int64(queue)), channel: channel, priority: nil,
                creditMs: 0, requiredSkills: [], desiredSkills: []))
        return WorkItemID(items)
    }

    /// Calls for everybody who serves the queue.
    mutating func occupy(_ agents: Range<Int64>, in queue: Int) {
        for agent in agents {
            let item = arrive(in: queue)
            tell(.accept(item, AgentID(agent), epoch: 1))
        }
    }

    func minutes(_ item: WorkItemID) -> Double? {
        router.estimatedWait(of: item).map { Double($0.meanMs) / Double(Self.handlingMs) }
    }
}

@Suite struct SharedAgentsTests {
    @Test func `what waits longer in another queue of the same agents comes first`() {
        var floor = Floor([.call, .call])
        for agent in 1...4 { floor.seat(AgentID(Int64(agent)), in: [1, 2]) }
        floor.occupy(1..<5, in: 1)
        for _ in 1...3 { floor.arrive(in: 1) }
        let second = floor.arrive(in: 2)
        let later = floor.arrive(in: 1)
        #expect(floor.minutes(second) == 1)
        #expect(floor.minutes(later) == 1.25)
        #expect(floor.router.now(of: QueueID(2))?.estimatedWaitMs == 90_000)
    }

    @Test func `work goes to those who have nothing else to do`() {
        var floor = Floor([.call, .call])
        for agent in 1...2 { floor.seat(AgentID(Int64(agent)), in: [1]) }
        for agent in 3...4 { floor.seat(AgentID(Int64(agent)), in: [1, 2]) }
        floor.occupy(1..<5, in: 1)
        // Six of the first queue take its four agents a minute and a half; the two who serve both as long.
        for _ in 1...6 { floor.arrive(in: 1) }
        let second = floor.arrive(in: 2)
        #expect(floor.minutes(second) == 2)
        // Four more of the second: the first queue's work is left to its own agents.
        for _ in 1...4 { floor.arrive(in: 2) }
        let later = floor.arrive(in: 2)
        // (6 + 5) / 4 minutes of work ahead for everybody, then one of two.
        #expect(floor.minutes(later) == 3.25)
    }

    @Test func `a queue whose agents are overrun elsewhere is served by its own`() {
        var floor = Floor([.call, .call])
        floor.seat(AgentID(1), in: [1])
        floor.seat(AgentID(2), in: [1, 2])
        floor.occupy(1..<3, in: 1)
        for _ in 1...100 { floor.arrive(in: 2) }
        let first = floor.arrive(in: 1)
        #expect(floor.minutes(first) == 1)
    }

    @Test func `errands do not keep callers waiting, but calls do keep errands`() {
        var floor = Floor([.call, .errand])
        floor.seat(AgentID(1), in: [1, 2])
        floor.occupy(1..<2, in: 1)
        let errands = (1...5).map { _ in floor.arrive(in: 2, .errand) }
        let call = floor.arrive(in: 1)
        let later = floor.arrive(in: 2, .errand)
        #expect(floor.minutes(errands[4]) == 5)
        #expect(floor.minutes(call) == 1)
        #expect(floor.minutes(later) == 7)
    }

    /// More queues than are looked at one by one.
    @Test func `a hundred queues of one agent are a hundred calls ahead`() {
        var floor = Floor(Array(repeating: .call, count: 101))
        floor.seat(AgentID(1), in: Array(1...101))
        floor.occupy(1..<2, in: 1)
        for queue in 1...100 { floor.arrive(in: queue) }
        let last = floor.arrive(in: 101)
        #expect(floor.minutes(last) == 101)
    }
}
