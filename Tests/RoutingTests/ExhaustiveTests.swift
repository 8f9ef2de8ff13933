// Every sequence of inputs up to a depth, for two agents and two items: a plain queue, and one with a group,
// guard time and overflow.

import Routing
import Testing

private let ana = AgentID(1)
private let bo = AgentID(2)
private let sales = QueueID(1)
private let first = WorkItemID(1)
private let second = WorkItemID(2)

/// What may happen next, each with the time that passes before.
private typealias Moves = (Router) -> [(Input, Int64)]

private func plainMoves(_ router: Router) -> [(Input, Int64)] {
    let epoch = router.item(first)?.epoch ?? 0
    return [
        (
            .arrive(
                first, queue: sales, channel: .errand, priority: nil, creditMs: 0, requiredSkills: [],
                desiredSkills: []), 0
        ),
        (
            .arrive(
                second, queue: sales, channel: .call, priority: 1, creditMs: 0, requiredSkills: [],
                desiredSkills: [SkillID(1)]), 1_000
        ),
        (.accept(first, ana, epoch: epoch), 0),
        (.accept(first, bo, epoch: epoch), 1_000),
        (.accept(second, ana, epoch: router.item(second)?.epoch ?? 0), 0),
        (.decline(first, ana, epoch: epoch), 0),
        (.take(first, bo), 0),
        (.assign(second, ana), 0),
        (.returnToQueue(first), 0),
        (.transfer(first, sales, keepWait: false), 0),
        (.finish(first), 1_000),
        (.withdraw(second), 0),
        (.presence(ana, .unavailable, reason: nil), 0),
        (.presence(bo, .available, reason: nil), 0),
        (.removeAgent(ana), 0),
        (.tick, 20_000),
    ]
}

private func groupMoves(_ router: Router) -> [(Input, Int64)] {
    let epoch = router.item(first)?.epoch ?? 0
    func arrive(_ item: WorkItemID) -> Input {
        .arrive(
            item, queue: sales, channel: .call, priority: nil, creditMs: 0, requiredSkills: [],
            desiredSkills: [])
    }
    return [
        (arrive(first), 0), (arrive(second), 1_000),
        (.accept(first, ana, epoch: epoch), 0),
        (.accept(second, bo, epoch: router.item(second)?.epoch ?? 0), 1_000),
        (.decline(first, bo, epoch: epoch), 0),
        (.fail(first, ana, epoch: epoch, .busy), 0),
        (.abandon(first), 0),
        (.askReturnCall(second), 0),
        (.finish(first), 1_000),
        (.extendWrapUp(ana, until: Instant(ms: 60_000)), 0),
        (.signal(ana, .doNotDisturb, on: router.agent(ana)?.signals.isEmpty ?? true), 0),
        (.presence(ana, .signedOut, reason: nil), 0),
        (.presence(bo, router.agent(bo)?.presence == .available ? .signedOut : .available, reason: nil), 0),
        (.tick, 5_000), (.tick, 20_000),
    ]
}

private struct Explorer {
    let moves: Moves
    var sequences = 0
    var path: [Input] = []

    mutating func explore(_ router: Router, at now: Int64, depth: Int) throws {
        for (input, ms) in moves(router) {
            var next = router
            path.append(input)
            sequences += 1
            let outputs = next.apply(input, at: Instant(ms: now + ms))
            let violations = next.audit()
            if !violations.isEmpty {
                Issue.record("\(path): \(violations)")
                return
            }
            if outputs.contains(where: { if case .offered = $0 { true } else { false } }) {
                let bounced = Set([first, second].filter { router.item($0)?.firstOffered != nil })
                let complaints = OfferOracle(next, outputs, bounced: bounced, now: now + ms)
                    .complaints()
                if !complaints.isEmpty { Issue.record("\(path): \(complaints)") }
            }
            if depth > 1 { try explore(next, at: now + ms, depth: depth - 1) }
            path.removeLast()
        }
    }
}

@Test func `every short story of two agents and two items keeps the invariants`() throws {
    var router = Router()
    var queue = QueueSettings()
    queue.wrapUpMs = 20_000
    let start = Instant(ms: 0)
    _ = router.apply(.setQueue(sales, queue), at: start)
    for agent in [ana, bo] {
        var settings = AgentSettings()
        settings.queues = [sales]
        settings.capacity = Capacity(errand: 1, chat: 1, call: 1)
        if agent == bo { settings.skills = [AgentSkill(skill: SkillID(1))] }
        _ = router.apply(.setAgent(agent, settings), at: start)
    }
    _ = router.apply(.presence(ana, .available, reason: nil), at: start)
    var explorer = Explorer(moves: plainMoves)
    try explorer.explore(router, at: 0, depth: 5)
    print("exhaustive: \(explorer.sequences) sequences")
    #expect(explorer.sequences == 16 + 256 + 4_096 + 65_536 + 1_048_576)
}

@Test func `every short story of a group with guard time and overflow keeps the invariants`() throws {
    var router = Router()
    let late = QueueID(2)
    let start = Instant(ms: 0)
    _ = router.apply(.setQueue(late, QueueSettings()), at: start)
    var queue = QueueSettings()
    queue.policy = .simultaneous
    queue.guardMs = 5_000
    queue.wrapUpMs = 3_000
    queue.overflow = Overflow(size: 1, waitMs: 22_000, action: .queue(late, keepWait: true))
    queue.stranded = .ringing
    _ = router.apply(.setQueue(sales, queue), at: start)
    for agent in [ana, bo] {
        var settings = AgentSettings()
        settings.queues = agent == bo ? [sales, late] : [sales]
        settings.forcing.doNotDisturb = .yes(nil)
        settings.busyLimit = 1
        _ = router.apply(.setAgent(agent, settings), at: start)
        _ = router.apply(.presence(agent, .available, reason: nil), at: start)
    }
    var explorer = Explorer(moves: groupMoves)
    try explorer.explore(router, at: 0, depth: 5)
    print("exhaustive, group: \(explorer.sequences) sequences")
    #expect(explorer.sequences == 15 + 225 + 3_375 + 50_625 + 759_375)
}
