// Random inputs of every kind; the invariants and the oracle after every step, a restored twin beside.

import Foundation
import Testing

@testable import Routing

/// Steps of one walk: long enough for every timer, short enough to be repeated from its seed.
private let stepsAWalk = 20_000

/// Walks that run side by side.
private let walksAtOnce = max(ProcessInfo.processInfo.activeProcessorCount, 1)

/// Something that must never happen, with where it did.
private struct Broken: Error, CustomStringConvertible { let description: String }

/// What was given and told, and how often.
private struct Tally: Sendable {
    var told: [String: Int] = [:]
    var given: [String: Int] = [:]
    var steps = 0

    mutating func add(_ other: Tally) {
        told.merge(other.told, uniquingKeysWith: +)
        given.merge(other.given, uniquingKeysWith: +)
        steps += other.steps
    }
}

/// Runs one world and counts what happened.
private struct Walk {
    let seed: UInt64
    var world: World
    var router = Router()
    /// Made from the router's rows at some point, and given the same inputs since.
    var twin = Router()
    var tally = Tally()
    var arrived = 0
    var left = 0
    var clock: Int64 = 0

    init(seed: UInt64) {
        self.seed = seed
        world = World(seed: seed)
        // Every second world finds the best agent by bounds, its twin by looking at each profile.
        if seed % 2 == 0 { router.fewProfiles = 1 }
    }

    mutating func run(steps: Int) throws {
        for input in world.opening() { try step(input, 0) }
        for number in 1...steps {
            if world.random.once(in: 25) { try restoreTwin(number) }
            world.passTime(router.nextDeadline)
            let input = world.input(router)
            if case .presence(let agent, _, _) = input {
                try step(.tick, number)
                try checkFlip(input, agent, number)
            } else {
                try step(input, number)
            }
        }
        try hold(arrived == left + router.snapshot().items.count, "something was lost", steps)
    }

    private mutating func step(_ input: Input, _ number: Int) throws {
        clock = max(clock, world.now)
        let bounced = world.bounced(router)
        let outputs = router.apply(input, at: Instant(ms: world.now))
        tally.steps += 1
        tally.given[input.kind, default: 0] += 1
        for output in outputs { for kind in output.kinds { tally.told[kind, default: 0] += 1 } }
        if input.isArrival, !outputs.contains(where: \.isRefused) { arrived += 1 }
        left += outputs.count { if case .left = $0 { true } else { false } }
        world.heed(input, outputs)

        let violations = router.audit()
        try hold(violations.isEmpty, "\(input): \(violations)", number)
        if outputs.contains(where: { if case .offered = $0 { true } else { false } }) {
            let complaints = OfferOracle(router, outputs, bounced: bounced, now: clock).complaints()
            try hold(complaints.isEmpty, "\(input): \(complaints)", number)
        }
        let same = twin.apply(input, at: Instant(ms: world.now))
        try hold(
            same == outputs, "\(input): the restored router answered otherwise: \(same), live: \(outputs)",
            number)
        try hold(twin.nextDeadline == router.nextDeadline, "\(input): another deadline", number)
    }

    private func hold(_ isTrue: Bool, _ what: @autoclosure () -> String, _ number: Int) throws {
        if !isTrue { throw Broken(description: "seed \(seed), step \(number) at \(world.now): \(what())") }
    }

    /// Presence says nothing about whose turn it is, except on signing in.
    private mutating func checkFlip(_ input: Input, _ agent: AgentID, _ number: Int) throws {
        let before = router.agent(agent)
        try step(input, number)
        guard let before, before.presence != .signedOut, let after = router.agent(agent) else { return }
        try hold(
            after.idleSince == before.idleSince && after.idleOrder == before.idleOrder,
            "\(input) moved \(before)", number)
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
        let restored = twin.snapshot()
        try hold(
            restored == snapshot,
            "restored otherwise: \(Set(restored.items).symmetricDifference(snapshot.items)), "
                + "\(Set(restored.agents).symmetricDifference(snapshot.agents)), "
                + "\(Set(restored.queueRecords).symmetricDifference(snapshot.queueRecords))", number)
        _ = router.apply(.tick, at: Instant(ms: world.now))
        _ = twin.apply(.tick, at: Instant(ms: clock))
    }
}

/// A number from the environment, for long runs.
private func setting<Number: LosslessStringConvertible>(_ name: String, _ usual: Number) -> Number {
    ProcessInfo.processInfo.environment[name].flatMap { Number($0) } ?? usual
}

@Test func `random inputs never break an invariant, and a restored router answers like the live one`()
    async throws
{
    let wanted = setting("SWITCHBOARD_TEST_ROUTER_STEPS", 1_000_000)
    let first: UInt64 = setting("SWITCHBOARD_TEST_SEED", 1)
    let walks = UInt64((wanted + stepsAWalk - 1) / stepsAWalk)
    let seeds = first..<(first + walks)
    print("random walks: seeds \(seeds), \(stepsAWalk) steps each (SWITCHBOARD_TEST_SEED=\(first))")
    var tally = Tally()
    try await withThrowingTaskGroup(of: Tally.self) { group in
        var waiting = Array(seeds.reversed())
        func begin() {
            guard let seed = waiting.popLast() else { return }
            group.addTask {
                var walk = Walk(seed: seed)
                try walk.run(steps: stepsAWalk)
                return walk.tally
            }
        }
        for _ in 0..<walksAtOnce { begin() }
        while let walk = try await group.next() {
            let millions = tally.steps / 1_000_000
            tally.add(walk)
            if tally.steps / 1_000_000 > millions { print("random walks: \(tally.steps) steps") }
            begin()
        }
    }
    print("random walks: \(tally.steps) steps")
    for (kind, count) in tally.given.sorted(by: { $0.key < $1.key }) { print("  input \(kind): \(count)") }
    for (kind, count) in tally.told.sorted(by: { $0.key < $1.key }) { print("  \(kind): \(count)") }
    #expect(tally.steps >= wanted)
    for kind in Input.everyKind {
        #expect(tally.given[kind, default: 0] > 100, "hardly ever given: \(kind)")
    }
    for kind in Output.everyKind {
        #expect(tally.told[kind, default: 0] > 100, "hardly ever told: \(kind)")
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
