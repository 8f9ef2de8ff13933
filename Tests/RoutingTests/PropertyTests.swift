// Random inputs of every kind; the invariants and the oracle after every step, a restored twin beside.

import Foundation
import Routing
import Testing

/// Runs one world and counts what happened.
private struct Walk {
    let seed: UInt64
    var world: World
    var router = Router()
    /// Made from the router's rows at some point, and given the same inputs since.
    var twin = Router()
    var told: [String: Int] = [:]
    var arrived = 0
    var left = 0
    var clock: Int64 = 0

    init(seed: UInt64) {
        self.seed = seed
        world = World(seed: seed)
    }

    mutating func run(steps: Int) throws {
        for input in world.opening() { try step(input, 0) }
        for number in 1...steps {
            if world.random.once(in: 25) { try restoreTwin(number) }
            world.passTime(router.nextDeadline)
            let input = world.input(router)
            if case .presence(let agent, let presence, _) = input {
                try step(.tick, number)
                try checkFlip(input, agent, presence, number)
            } else {
                try step(input, number)
            }
        }
        try #require(arrived == left + router.snapshot().items.count, "seed \(seed): something was lost")
    }

    private mutating func step(_ input: Input, _ number: Int) throws {
        clock = max(clock, world.now)
        let bounced = world.bounced(router)
        let outputs = router.apply(input, at: Instant(ms: world.now))
        for output in outputs { told[output.kind, default: 0] += 1 }
        let isArrival: Bool = if case .arrive = input { true } else { false }
        if isArrival, !outputs.contains(where: \.isRefused) { arrived += 1 }
        left += outputs.count { if case .left = $0 { true } else { false } }
        world.heed(input, outputs)
        let place = "seed \(seed), step \(number), \(input) at \(world.now)"

        let violations = router.audit()
        try #require(violations.isEmpty, "\(place): \(violations)")
        if outputs.contains(where: { if case .offered = $0 { true } else { false } }) {
            let complaints = OfferOracle(router, outputs, bounced: bounced, now: clock).complaints()
            try #require(complaints.isEmpty, "\(place): \(complaints)")
        }
        let same = twin.apply(input, at: Instant(ms: world.now))
        try #require(same == outputs, "\(place): the restored router answered otherwise")
        try #require(twin.nextDeadline == router.nextDeadline, "\(place)")
    }

    /// Presence says nothing about whose turn it is, except on signing in.
    private mutating func checkFlip(
        _ input: Input, _ agent: AgentID, _ presence: Presence, _ number: Int
    ) throws {
        let before = router.agent(agent)
        try step(input, number)
        guard let before, before.presence != .signedOut, let after = router.agent(agent) else { return }
        try #require(
            after.idleSince == before.idleSince && after.idleOrder == before.idleOrder,
            "seed \(seed), step \(number): \(input) moved \(before)")
    }

    /// From rows in any order.
    private mutating func restoreTwin(_ number: Int) throws {
        let snapshot = router.snapshot()
        var rows = snapshot
        rows.items.shuffle(using: &world.random)
        let agents = zip(rows.agents, rows.agentSettings).shuffled(using: &world.random)
        rows.agents = agents.map(\.0)
        rows.agentSettings = agents.map(\.1)
        let queues = rows.queues.shuffled(using: &world.random)
        rows.queueIDs = queues.map(\.0)
        rows.queueSettings = queues.map(\.1)
        rows.queueRecords.shuffle(using: &world.random)
        twin = Router(restoring: rows)
        try #require(twin.snapshot() == snapshot, "seed \(seed), step \(number)")
        _ = router.apply(.tick, at: Instant(ms: world.now))
        _ = twin.apply(.tick, at: Instant(ms: clock))
    }
}

@Test func `random inputs never break an invariant, and a restored router answers like the live one`() throws
{
    let seeds: ClosedRange<UInt64> = 1...50
    let steps = 4_000
    var told: [String: Int] = [:]
    for seed in seeds {
        var walk = Walk(seed: seed)
        try walk.run(steps: steps)
        told.merge(walk.told, uniquingKeysWith: +)
    }
    print("random walks: seeds \(seeds), \(steps) steps each")
    for (kind, count) in told.sorted(by: { $0.key < $1.key }) {
        print("  \(kind): \(count)")
    }
    for kind in [
        "offered: longestIdle", "offered: fewestInHand", "offered: onlyCandidate",
        "offer ended: accepted",
        "offer ended: declined", "offer ended: noAnswer", "offer ended: taken", "offer ended: itemGone",
        "offer ended: agentGone", "connected: taken or assigned", "returned", "moved", "wrap-up began",
        "left",
        "presence: unavailable, unanswered", "presence: unavailable, deskGone", "relocated",
        "offer ended: serverDown", "refused: offerIsOver", "refused: queueHoldsWork",
    ] {
        #expect(told[kind, default: 0] > 100, "hardly ever: \(kind)")
    }
}

@Test func `the same inputs give the same outputs`() {
    func outputs(seed: UInt64) -> [Output] {
        var world = World(seed: seed)
        var router = Router()
        var outputs: [Output] = []
        for input in world.opening() { outputs += router.apply(input, at: Instant(ms: world.now)) }
        for _ in 1...5_000 {
            world.passTime(router.nextDeadline)
            let input = world.input(router)
            let told = router.apply(input, at: Instant(ms: world.now))
            world.heed(input, told)
            outputs += told
        }
        return outputs
    }
    let once = outputs(seed: 77)
    #expect(once.count > 5_000)
    #expect(once == outputs(seed: 77))
    #expect(once != outputs(seed: 78))
}
