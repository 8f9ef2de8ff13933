// The rolling audit: silent on a sound router whatever its budget, and never silent for long on a broken one.

import SeededRandom
import Testing

@testable import Routing

/// Each invariant, broken by hand in a router that the inputs alone would never bring there.
enum Breakage {
    static let agents: (first: AgentID, second: AgentID) = (AgentID(1), AgentID(2))

    /// Two agents with an offer each, a third on a break, and work that waits.
    static func sound() -> Router {
        var router = Router()
        _ = router.apply(.setQueue(QueueID(1), QueueSettings()), at: Instant(ms: 1_000))
        for number in 1...3 {
            var settings = AgentSettings()
            settings.queues = [QueueID(1)]
            _ = router.apply(.setAgent(AgentID(Int64(number)), settings), at: Instant(ms: 1_000))
            let presence: Presence = number == 3 ? .unavailable : .available
            _ = router.apply(
                .presence(AgentID(Int64(number)), presence, reason: nil), at: Instant(ms: 1_000))
        }
        for number in 1...3 {
            _ = router.apply(
                .arrive(
                    WorkItemID(Int64(number)), queue: QueueID(1), channel: .errand, priority: nil,
                    creditMs: 0,
                    requiredSkills: [], desiredSkills: []), at: Instant(ms: 2_000))
        }
        return router
    }

    static func breaking(_ invariant: Invariant) -> Router {
        var router = sound()
        let first = router.agentByID[1]!
        let third = router.agentByID[3]!
        let offered = router.agents[first].offer
        switch invariant {
        case .twoOffersAtOnce:
            let other = router.agents[router.agentByID[2]!].offer
            router.items[other].record.state = router.items[offered].record.state
        case .offerBeyondCapacity:
            router.agents[first].settings.capacity = Capacity(errand: 0, chat: 0, call: 0)
        case .offerToUnready: router.agents[first].record.presence = .unavailable
        case .offerToUnskilled: router.agents[first].settings.queues = []
        case .workBesideReadyAgent: router.agents[third].record.presence = .available
        case .overdue:
            router.items[offered].record.state = .offered(
                AgentID(1), made: Instant(ms: 1_000), deadline: Instant(ms: 1_500))
        case .deadlineMissing: router.deadlines = .init()
        case .strandedLeft:
            router.queues[router.queueByID[1]!].settings.stranded = .busy
            for profile in router.profiles.handles { router.profiles[profile].signedIn = 0 }
            for agent in router.agents.handles { router.agents[agent].record.presence = .signedOut }
        case .booksWrong: router.queues[router.queueByID[1]!].waiting += 1
        }
        return router
    }
}

@Test func `a sound router breaks nothing`() {
    var cursor = AuditCursor()
    #expect(Breakage.sound().audit().isEmpty)
    #expect(Breakage.sound().auditSome(from: &cursor, budget: .max).isEmpty)
    #expect(cursor.rounds == 1)
    #expect(cursor.oldestWaiting(in: QueueID(1)) == Instant(ms: 2_000))
}

@Test func `a queue that counts its agents wrong is found`() {
    var router = Breakage.sound()
    router.queues[router.queueByID[1]!].serving += 1
    var cursor = AuditCursor()
    #expect(router.audit().map(\.invariant) == [.booksWrong])
    #expect(router.auditSome(from: &cursor, budget: .max).map(\.invariant) == [.booksWrong])
}

@Test(arguments: Invariant.allCases, [1, 20, Int.max])
func `each invariant that is broken is found within three rounds`(_ invariant: Invariant, _ budget: Int) {
    let router = Breakage.breaking(invariant)
    #expect(router.audit().contains { $0.invariant == invariant })
    var cursor = AuditCursor()
    var found: Set<Invariant> = []
    while cursor.rounds < 3 {
        found.formUnion(router.auditSome(from: &cursor, budget: budget).map(\.invariant))
    }
    if invariant == .booksWrong, budget < .max {
        // Lines are counted whenever a queue is looked at; all items only by a round made in one go.
        #expect(found == [.booksWrong])
    }
    #expect(found.contains(invariant))
}

@Test func `work lost from its line is found through the agent who could have it`() {
    var router = Breakage.sound()
    // The agent is on no ready list and no index leads to it.
    let third = router.agentByID[3]!
    router.agents[third].record.presence = .available
    router.profiles[router.agents[third].profile].classes = []
    var cursor = AuditCursor()
    var found: Set<Invariant> = []
    while cursor.rounds < 3 {
        found.formUnion(router.auditSome(from: &cursor, budget: 10).map(\.invariant))
    }
    #expect(found == [.workBesideReadyAgent])
}

@Test func `work that its agents have not marked is found`() {
    var router = Breakage.sound()
    let third = router.agentByID[3]!
    router.agents[third].record.presence = .available
    let profile = router.agents[third].profile
    for place in 0..<router.profiles[profile].classes.count {
        router.workMarks[Int(profile.raw)].note(hasWork: false, at: Int32(place))
    }
    var cursor = AuditCursor()
    let found = router.auditSome(from: &cursor, budget: .max)
    #expect(found.contains { $0.what == "work that its agents do not see" })
}

@Test func `agents who look at other work than theirs are found`() {
    var router = Breakage.sound()
    let third = router.agentByID[3]!
    router.agents[third].record.presence = .available
    let profile = router.agents[third].profile
    router.reach[Int(profile.raw)].note(.none, at: 0)
    var cursor = AuditCursor()
    let found = router.auditSome(from: &cursor, budget: .max)
    #expect(found.contains { $0.what == "agents look at other work than theirs" })
}

/// Two agents on a bench, free.
private func seated() -> Router {
    var router = Router()
    var queue = QueueSettings()
    queue.policy = .regular
    _ = router.apply(.setQueue(QueueID(1), queue), at: Instant(ms: 1_000))
    for number in 1...2 {
        var settings = AgentSettings()
        settings.queues = [QueueID(1)]
        settings.capacity = Capacity(errand: 1, chat: 1, call: 1)
        _ = router.apply(.setAgent(AgentID(Int64(number)), settings), at: Instant(ms: 1_000))
        _ = router.apply(.presence(AgentID(Int64(number)), .available, reason: nil), at: Instant(ms: 1_000))
    }
    _ = router.apply(
        .arrive(
            WorkItemID(1), queue: QueueID(1), channel: .errand, priority: nil, creditMs: 0,
            requiredSkills: [],
            desiredSkills: []), at: Instant(ms: 2_000))
    return router
}

@Test func `an agent whom a bench does not show, or shows wrong, is found`() {
    func found(_ router: Router) -> [String] {
        var cursor = AuditCursor()
        let rolling = router.auditSome(from: &cursor, budget: .max)
        #expect(rolling.map(\.invariant) == router.audit().map(\.invariant))
        return rolling.map(\.what)
    }
    let router = seated()
    let queue = router.queueByID[1]!
    let second = router.agentByID[2]!
    #expect(found(router).isEmpty)

    var hidden = router
    hidden.queues.own()
    hidden.queues[queue].bench.show(hidden.agents[second].seats[0].seat, 0, 0)
    #expect(found(hidden).count == 1 && found(hidden)[0].hasPrefix("shown wrong for errand"))

    var lost = router
    lost.queues.own()
    lost.queues[queue].bench = Bench()
    #expect(found(lost).count == 2 && found(lost).allSatisfy { $0.hasPrefix("not on its seat") })

    // A bench decides here: no ready heap is asked, and none has anybody.
    #expect(router.ready.indices.allSatisfy { router.ready[$0].count == 0 })
    var asked = router
    asked.supplies.own()
    asked.supplies[Int(router.agents[second].profile.raw)].listed = Channel.errand.bit
    #expect(found(asked).count == 1 && found(asked)[0].hasPrefix("open, but on no ready list"))
}

@Test func `agents of a bench are on ready lists as soon as its queue has no rule of its own any more`() {
    var router = seated()
    _ = router.apply(.setQueue(QueueID(1), QueueSettings()), at: Instant(ms: 2_000))
    #expect(router.audit().isEmpty)
    let told = router.apply(
        .arrive(
            WorkItemID(2), queue: QueueID(1), channel: .errand, priority: nil, creditMs: 0,
            requiredSkills: [],
            desiredSkills: []), at: Instant(ms: 2_000))
    #expect(
        told.contains { if case .offered(WorkItemID(2), AgentID(2), _, _, _) = $0 { true } else { false } })
}

@Test func `a channel that never had work is shown from its first item on`() {
    var router = seated()
    let second = router.agentByID[2]!
    #expect(router.agents[second].open == 7)
    // What is offered an errand is open for nothing else, and is shown so only where it matters.
    _ = router.apply(.accept(WorkItemID(1), AgentID(1), epoch: 1), at: Instant(ms: 2_000))
    for (number, channel) in [Channel.chat, .call].enumerated() {
        let id = WorkItemID(Int64(10 + number))
        let told = router.apply(
            .arrive(
                id, queue: QueueID(1), channel: channel, priority: nil, creditMs: 0, requiredSkills: [],
                desiredSkills: []), at: Instant(ms: 2_000))
        #expect(told.contains { if case .offered(id, _, _, _, _) = $0 { true } else { false } })
        #expect(router.audit().isEmpty)
    }
}

@Test func `a chain that bites its tail ends the look, not the server`() {
    var router = Breakage.sound()
    _ = router.apply(.take(WorkItemID(3), AgentID(3)), at: Instant(ms: 2_000))
    let item = router.itemByID[3]!
    router.items[item].nextInHand = item
    var cursor = AuditCursor()
    let found = router.auditSome(from: &cursor, budget: .max)
    #expect(found.contains { $0.invariant == .booksWrong })
}

@Test func `a restored router is only judged once it has had an input`() {
    let restored = Router(restoring: Breakage.sound().snapshot())
    var cursor = AuditCursor()
    #expect(restored.auditSome(from: &cursor, budget: .max).isEmpty)
    #expect(cursor.rounds == 0)
}

@Test func `a call takes about its budget, however much there is`() {
    var router = Router()
    _ = router.apply(.setQueue(QueueID(1), QueueSettings()), at: Instant(ms: 1_000))
    for number in 1...1_000 {
        _ = router.apply(
            .arrive(
                WorkItemID(Int64(number)), queue: QueueID(1), channel: .errand, priority: nil, creditMs: 0,
                requiredSkills: [], desiredSkills: []), at: Instant(ms: 1_000 + Int64(number)))
    }
    var cursor = AuditCursor()
    var calls = 0
    while cursor.rounds == 0 {
        _ = router.auditSome(from: &cursor, budget: 100)
        #expect(cursor.spent < 120)
        calls += 1
    }
    #expect(calls > 50)
    #expect(cursor.oldestWaiting(in: QueueID(1)) == Instant(ms: 1_001))
    #expect(router.census().queues.map(\.waiting) == [1_000])
}

@Test func `random inputs never disquiet the rolling audit, and its figures are those of a count`() throws {
    var looks = 0
    for seed: UInt64 in 1...20 {
        var world = World(seed: seed)
        var random = Seeded(seed: seed &+ 77)
        var router = Router()
        var cursor = AuditCursor()
        for input in world.opening() { _ = router.apply(input, at: Instant(ms: 0)) }
        for step in 1...3_000 {
            world.passTime(router.nextDeadline)
            let input = world.input(router)
            world.heed(input, router.apply(input, at: Instant(ms: world.now)))
            let budget = random.once(in: 3) ? Int.max : 1 + random.below(200)
            let found = router.auditSome(from: &cursor, budget: budget)
            try #require(found.isEmpty, "seed \(seed), step \(step), after \(input): \(found)")
            looks += 1
            let rows = router.snapshot()
            let census = router.census()
            let waiting = rows.items.count { $0.state == .waiting }
            try #require(census.queues.reduce(0) { $0 + $1.waiting } == waiting)
            try #require(census.presences.reduce(0, +) == rows.agents.count)
            let asked = rows.agents.count { agent in rows.items.contains { $0.isOffered(to: agent.id) } }
            try #require(census.offers == asked)
            let inHand = rows.agents.reduce(0) { $0 + router.inHand(of: $1.id).count }
            try #require(census.inHand == inHand)
        }
    }
    print("rolling audit: \(looks) looks at random worlds")
}
