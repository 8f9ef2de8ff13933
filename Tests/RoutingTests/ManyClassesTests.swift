// More kinds of work than a profile marks one by one, and kinds that take each other's place.

import Routing
import SeededRandom
import Testing

@Test func `an agent of a hundred queues gets their work in its order, whatever queues go`() {
    var router = Router()
    var now: Int64 = 1_000
    var random = Seeded(seed: 7)
    let agent = AgentID(1)
    func tell(_ input: Input) -> [Output] {
        now += 1
        return router.apply(input, at: Instant(ms: now))
    }
    func offered(_ outputs: [Output]) -> WorkItemID? {
        for case .offered(let item, _, _, _, _) in outputs { return item }
        return nil
    }
    var queues = (1...100).map { QueueID(Int64($0)) }
    for queue in queues { _ = tell(.setQueue(queue, QueueSettings())) }
    var settings = AgentSettings()
    settings.capacity = Capacity(errand: 1, chat: 1, call: 1)
    settings.queues = queues
    _ = tell(.setAgent(agent, settings))
    _ = tell(.presence(agent, .available, reason: nil))
    var items: Int64 = 0
    while queues.count > 10 {
        // One in hand, then one in each queue, in an order of chance.
        var left = queues
        var inHand: WorkItemID?
        var expected: [WorkItemID] = []
        while !left.isEmpty {
            items += 1
            let queue = left.remove(at: random.below(left.count))
            let outputs = tell(
                .arrive(
                    WorkItemID(items), queue: queue, channel: .call, priority: nil, creditMs: 0,
                    requiredSkills: [], desiredSkills: []))
            if let item = offered(outputs) {
                inHand = item
                _ = tell(.accept(item, agent, epoch: 1))
            } else {
                expected.append(WorkItemID(items))
            }
        }
        for item in expected {
            #expect(offered(tell(.finish(inHand!))) == item)
            _ = tell(.accept(item, agent, epoch: 1))
            inHand = item
        }
        #expect(offered(tell(.finish(inHand!))) == nil)
        #expect(router.audit().isEmpty)
        for _ in 0..<30 {
            let outputs = tell(.removeQueue(queues.remove(at: random.below(queues.count))))
            #expect(!outputs.contains { if case .refused = $0 { true } else { false } })
        }
    }
}
