// What a policy does over many calls, which no single scenario shows.

import Routing
import Testing

/// Offers each of so many calls to agents who are all free, and counts who gets them.
private func offers(_ calls: Int, _ settings: QueueSettings, agents: Int) -> [Int] {
    var router = Router()
    let sales = QueueID(1)
    let now = Instant(ms: 0)
    _ = router.apply(.setQueue(sales, settings), at: now)
    for agent in 1...agents {
        var own = AgentSettings()
        own.queues = [sales]
        _ = router.apply(.setAgent(AgentID(Int64(agent)), own), at: now)
        _ = router.apply(.presence(AgentID(Int64(agent)), .available, reason: nil), at: now)
    }
    var counts = Array(repeating: 0, count: agents)
    for call in 1...calls {
        let item = WorkItemID(Int64(call))
        let outputs = router.apply(
            .arrive(
                item, queue: sales, channel: .call, priority: nil, creditMs: 0, requiredSkills: [],
                desiredSkills: []), at: now)
        for case .offered(_, let agent, let epoch, _, _) in outputs {
            counts[Int(agent.raw) - 1] += 1
            _ = router.apply(.accept(item, agent, epoch: epoch), at: now)
        }
        _ = router.apply(.finish(item), at: now)
    }
    return counts
}

@Test func `weights are shares of the calls`() {
    var settings = QueueSettings()
    settings.policy = .weighted
    let weights: [Int64] = [50, 30, 15, 5]
    settings.members = weights.enumerated().map {
        QueueMember(agent: AgentID(Int64($0.offset + 1)), weight: $0.element)
    }
    let calls = 20_000
    let counts = offers(calls, settings, agents: weights.count)
    print("weights \(weights): \(counts) of \(calls)")
    for (count, weight) in zip(counts, weights) {
        let share = Double(weight) / 100
        let z = (Double(count) - share * Double(calls)) / (share * (1 - share) * Double(calls)).squareRoot()
        #expect(abs(z) < 4.5, "weight \(weight): \(count) of \(calls)")
    }
}

@Test(arguments: [Policy.circular, .longestIdle, .fewestHandled])
func `turns go round evenly while everybody is free`(policy: Policy) {
    var settings = QueueSettings()
    settings.policy = policy
    #expect(offers(700, settings, agents: 7) == Array(repeating: 100, count: 7))
}
