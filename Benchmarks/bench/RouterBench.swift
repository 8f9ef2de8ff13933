// The router alone: agents finish and get the next item, by policy, with and without a backlog.

import ArgumentParser
import CMemory
import Routing
import SeededRandom

/// Presence changes that come at once.
private let presenceChanges = 5_000

struct RouterBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "router", abstract: "µs of CPU an assignment; seconds for 5,000 presence changes.")

    /// Of a measurement. The least of them is the machine's own time: others who use its caches come and go within
    /// parts of a second, and stay away for a moment within two. Each meets every agent and makes all that is made from
    /// time to time.
    @Option(help: "Parts of a measurement, of which the least is told, and the mean.") var slices = 60

    @Option(help: "Rounds of finish and arrive that are measured.") var rounds = 1_200_000
    @Option(help: "Rounds before that.") var warmUp = 50_000
    @Option(help: "Only this rule.") var rule: BenchRule?
    @Option(help: "Only this many agents.") var agents: Int?
    @Option var seed: UInt64 = 42

    func run() throws {
        let memory = MemoryProbe(seed: seed)
        for rule in BenchRule.allCases where self.rule == nil || self.rule == rule {
            for (agents, queues) in [(200, 20), (2_000, 50), (15_000, 5_000)]
            where self.agents == nil || self.agents == agents {
                for waiting in rule == .longestIdle ? [0, 50_000, 500_000] : [0, 50_000] {
                    var floor = BenchFloor(
                        rule: rule, agents: agents, queues: queues, waiting: waiting, seed: seed)
                    // A group's rounds take as long as it is large.
                    let share = rule == .simultaneous ? 10 : 1
                    _ = floor.cpuUs(rounds: warmUp / share)
                    let readBeforeNs = memory.readNs()
                    let taken = (0..<slices).map { _ in floor.cpuUs(rounds: rounds / share / slices) }
                    report([
                        "rule": rule.rawValue, "agents": agents, "queues": queues, "waiting": waiting,
                        "us": taken.min() ?? 0, "mean_us": taken.reduce(0, +) / Double(slices),
                        "read_ns": (readBeforeNs + memory.readNs()) / 2,
                        "resident_mib": ProcessFigures.residentMiB,
                    ])
                }
            }
        }
        guard rule == nil else { return }
        for rule in [BenchRule.longestIdle, .circular] {
            var floor = BenchFloor(rule: rule, agents: 15_000, queues: 5_000, waiting: 50_000, seed: seed)
            report([
                "rule": rule.rawValue, "changes": presenceChanges,
                "seconds": floor.presenceSeconds(presenceChanges),
            ])
        }
    }
}

/// What the queues of a bench decide by.
enum BenchRule: String, CaseIterable, ExpressibleByArgument {
    case longestIdle = "longest idle"
    case regular
    case circular
    case weighted
    case fewestHandled = "fewest handled"
    case leastTalk = "least talk time"
    /// Each item requires one of four skills, and desires another.
    case skills
    /// Skill-based: levels first.
    case skillLevels = "skill levels"
    case simultaneous

    fileprivate var policy: Policy {
        switch self {
        case .longestIdle, .skills, .skillLevels: .longestIdle
        case .regular: .regular
        case .circular: .circular
        case .weighted: .weighted
        case .fewestHandled: .fewestHandled
        case .leastTalk: .leastTalkTime
        case .simultaneous: .simultaneous
        }
    }
}

/// A contact center in virtual time: each agent has one item at once and takes from five queues.
private struct BenchFloor {
    static let queuesPerAgent = 5
    static let skills = 4

    /// One skill each: making lists is no part of the router.
    private let lists: [[SkillID]] = (0..<BenchFloor.skills).map { [SkillID(Int64($0))] }
    private let rule: BenchRule
    private var router = Router()
    private var random: Seeded
    private var now: Int64 = 1_700_000_000_000
    private var items: Int64 = 0
    private var busy: [WorkItemID] = []
    /// The place of who of those ends next. Drawn, and asked for, before the arrival of the round: waiting for the floor's
    /// own memory is no part of the router.
    private var upcoming: Int?
    private var assigned = 0
    /// Of the last input, and of the last answer to one of them.
    private var told: [Output] = []
    private var answered: [Output] = []
    private let queues: Int
    private let agents: Int

    init(rule: BenchRule, agents: Int, queues: Int, waiting: Int, seed: UInt64) {
        random = Seeded(seed: seed)
        self.rule = rule
        self.queues = queues
        self.agents = agents
        for queue in 0..<queues { give(.setQueue(QueueID(Int64(queue)), QueueSettings())) }
        var served: [[AgentID]] = Array(repeating: [], count: queues)
        for agent in 0..<agents {
            let id = AgentID(Int64(agent))
            var settings = AgentSettings()
            settings.capacity = Capacity(errand: 1, chat: 1, call: 1)
            // Teams: agents of one team take from the same queues.
            let first = agent * queues / agents / Self.queuesPerAgent * Self.queuesPerAgent
            let own = Set((0..<Self.queuesPerAgent).map { (first + $0) % queues }).sorted()
            settings.queues = own.map { QueueID(Int64($0)) }
            if rule == .skills || rule == .skillLevels { settings.skills = skills(of: agent) }
            give(.setAgent(id, settings))
            for queue in own { served[queue].append(id) }
        }
        for queue in 0..<queues {
            var settings = QueueSettings()
            settings.policy = rule.policy
            if rule == .skillLevels { settings.routingType = .skillBased }
            if rule != .longestIdle, rule != .skills {
                settings.members = served[queue].enumerated().map { place, id in
                    QueueMember(agent: id, weight: rule == .weighted && place < 50 ? 2 : 0)
                }
            }
            give(.setQueue(QueueID(Int64(queue)), settings))
        }
        for agent in 0..<agents { give(.presence(AgentID(Int64(agent)), .available, reason: nil)) }
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
            draw()
            arrive()
        }
        return (ProcessFigures.cpuUs - began) / Double(max(assigned - before, 1))
    }

    /// CPU time of so many agents going on a break at once, and of as many coming back.
    mutating func presenceSeconds(_ changes: Int) -> Double {
        let began = ProcessFigures.cpuUs
        for agent in 0..<(changes / 2) { give(.presence(AgentID(Int64(agent)), .unavailable, reason: nil)) }
        for agent in 0..<(changes - changes / 2) {
            give(.presence(AgentID(Int64(agent)), .available, reason: nil))
            heed()
        }
        return (ProcessFigures.cpuUs - began) / 1e6
    }

    /// The input is given away: counting references to its lists is no part of the router.
    private mutating func give(_ input: consuming Input) {
        router.apply(input, at: Instant(ms: now), telling: &told)
    }

    /// Two or three of the skills, by turns, at levels of their own.
    private func skills(of agent: Int) -> [AgentSkill] {
        (0..<Self.skills).filter { $0 != agent % Self.skills && (agent / Self.skills % 2 == 0 || $0 != 0) }
            .map { AgentSkill(skill: SkillID(Int64($0)), level: Int64(1 + (agent + $0) % 20)) }
    }

    private mutating func arrive() {
        items += 1
        if items & 3 == 0 { now += 1 }
        let required = rule == .skills || rule == .skillLevels ? anyList() : []
        let desired = rule == .skills ? anyList() : []
        give(
            .arrive(
                WorkItemID(items), queue: QueueID(Int64(random.below(queues))), channel: .errand,
                priority: nil, creditMs: 0, requiredSkills: required, desiredSkills: desired))
        heed()
    }

    private mutating func anyList() -> [SkillID] { lists[random.below(Self.skills)] }

    private mutating func finish() {
        if upcoming == nil { draw() }
        guard let place = upcoming else { return }
        upcoming = nil
        let item = busy[place]
        busy[place] = busy[busy.count - 1]
        busy.removeLast()
        give(.finish(item))
        heed()
    }

    private mutating func draw() {
        guard !busy.isEmpty else { return }
        let place = random.below(busy.count)
        busy.withUnsafeBufferPointer { prefetch_line($0.baseAddress! + place) }
        upcoming = place
    }

    /// Every offer is accepted at once, by the first who is asked; what the others' withdrawal leads to, too.
    private mutating func heed() {
        while true {
            var next: [Output] = []
            var last: WorkItemID?
            // Looked at where they are: copying what was told is no part of the router.
            for index in told.indices {
                guard case .offered(let item, let agent, let epoch, _, _) = told[index], item != last
                else {
                    continue
                }
                last = item
                router.apply(
                    .accept(item, agent, epoch: epoch), at: Instant(ms: now), telling: &answered)
                if rule == .simultaneous { next += answered }
                busy.append(item)
                assigned += 1
            }
            guard rule == .simultaneous else { return }
            guard next.contains(where: { if case .offered = $0 { true } else { false } }) else { return }
            told = next
        }
    }
}
