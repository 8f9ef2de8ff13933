// The router alone: agents finish and get the next item, with and without a backlog.

import ArgumentParser
import Routing
import SeededRandom

struct RouterBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "router", abstract: "µs of CPU an assignment.")

    @Option(help: "Rounds of finish and arrive that are measured.") var rounds = 300_000
    @Option(help: "Rounds before that.") var warmUp = 50_000
    @Option var seed: UInt64 = 42

    func run() throws {
        for (agents, queues) in [(200, 20), (2_000, 50), (15_000, 5_000)] {
            for waiting in [0, 50_000, 500_000] {
                var floor = BenchFloor(agents: agents, queues: queues, waiting: waiting, seed: seed)
                _ = floor.cpuUs(rounds: warmUp)
                let us = floor.cpuUs(rounds: rounds)
                report([
                    "agents": agents, "queues": queues, "waiting": waiting, "us": us,
                    "resident_mib": ProcessFigures.residentMiB,
                ])
            }
        }
    }
}

/// A contact center in virtual time: each agent has one item at once and takes from five queues.
private struct BenchFloor {
    static let queuesPerAgent = 5

    private var router = Router()
    private var random: Seeded
    private var now: Int64 = 1_700_000_000_000
    private var items: Int64 = 0
    private var busy: [WorkItemID] = []
    private var assigned = 0
    private let queues: Int

    init(agents: Int, queues: Int, waiting: Int, seed: UInt64) {
        random = Seeded(seed: seed)
        self.queues = queues
        for queue in 0..<queues {
            _ = router.apply(.setQueue(QueueID(Int64(queue)), QueueSettings()), at: Instant(ms: now))
        }
        for agent in 0..<agents {
            var settings = AgentSettings()
            settings.capacity = Capacity(errand: 1, chat: 1, call: 1)
            // Teams: agents of one team take from the same queues.
            let first = agent * queues / agents / Self.queuesPerAgent * Self.queuesPerAgent
            settings.queues = Set((0..<Self.queuesPerAgent).map { Int64((first + $0) % queues) }).sorted()
                .map { QueueID($0) }
            _ = router.apply(.setAgent(AgentID(Int64(agent)), settings), at: Instant(ms: now))
            _ = router.apply(
                .presence(AgentID(Int64(agent)), .available, reason: nil), at: Instant(ms: now))
        }
        // Without a backlog half of the agents are busy, so that each arrival finds somebody.
        let target = waiting > 0 ? agents : agents / 2
        var tries = 0
        while busy.count < target, tries < agents * 40 {
            arrive()
            tries += 1
        }
        while waiting > 0, Int(items) - assigned < waiting { arrive() }
    }

    mutating func cpuUs(rounds: Int) -> Double {
        let before = assigned
        let began = ProcessFigures.cpuUs
        for _ in 0..<rounds {
            finish()
            arrive()
        }
        return (ProcessFigures.cpuUs - began) / Double(max(assigned - before, 1))
    }

    private mutating func arrive() {
        items += 1
        if items & 3 == 0 { now += 1 }
        heed(
            router.apply(
                .arrive(
                    WorkItemID(items), queue: QueueID(Int64(random.below(queues))), channel: .errand,
                    priority: nil, creditMs: 0, requiredSkills: [], desiredSkills: []), at: Instant(ms: now)))
    }

    private mutating func finish() {
        guard !busy.isEmpty else { return }
        let index = random.below(busy.count)
        busy.swapAt(index, busy.count - 1)
        heed(router.apply(.finish(busy.removeLast()), at: Instant(ms: now)))
    }

    /// Every offer is accepted at once.
    private mutating func heed(_ outputs: [Output]) {
        for case .offered(let item, let agent, let epoch, _, _) in outputs {
            _ = router.apply(.accept(item, agent, epoch: epoch), at: Instant(ms: now))
            busy.append(item)
            assigned += 1
        }
    }
}
