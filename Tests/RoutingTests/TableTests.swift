// Tables from ids to handles say what a dictionary says.

import SeededRandom
import Testing

@testable import Routing

@Suite struct TableTests {
    @Test(arguments: 1...12 as ClosedRange<UInt64>)
    func `tables find what was put in and not taken out again`(_ seed: UInt64) {
        var random = Seeded(seed: seed)
        var blocks = BlockTable<AgentSlot>()
        var hashed = HashTable<AgentSlot, Companions>()
        var known: [Int64: Int32] = [:]
        var mistakes = 0
        // Close together, on both sides of 0, and far apart.
        let spread = [1, 1, 1_000_003][random.below(3)]
        for step in 0..<4_000 {
            let id = Int64((random.below(600) - 300) * spread)
            if known[id] == nil {
                blocks.insert(id, Handle(raw: Int32(step)))
                hashed.insert(id, Handle(raw: Int32(step)))
                if step % 2 == 0 { hashed.note(Companions(agent: Handle(raw: Int32(step))), beside: id) }
                known[id] = Int32(step)
            } else if random.below(2) == 0 {
                blocks.remove(id)
                hashed.remove(id)
                known[id] = nil
            }
            let asked = Int64((random.below(600) - 300) * spread)
            if blocks[asked]?.raw != known[asked] || hashed[asked]?.raw != known[asked] { mistakes += 1 }
            let companion = known[asked].map { $0 % 2 == 0 ? $0 : -1 }
            if hashed.hinted(asked)?.hint.agent.raw != companion { mistakes += 1 }
        }
        #expect(mistakes == 0)
        // A copy goes on by itself.
        let copy = blocks
        for id in known.keys.sorted() { blocks.remove(id) }
        #expect(known.allSatisfy { blocks[$0.key] == nil && copy[$0.key]?.raw == $0.value })
    }
}

@Test func `work of forty kinds finds its own line again`() {
    var router = Router()
    func tell(_ input: Input) -> [Output] { router.apply(input, at: Instant(ms: 1_000)) }
    _ = tell(.setQueue(QueueID(1), QueueSettings()))
    for round in 0..<3 {
        for kind in 0..<40 {
            let item = WorkItemID(Int64(round * 40 + kind + 1))
            _ = tell(
                .arrive(
                    item, queue: QueueID(1), channel: .errand, priority: nil, creditMs: 0,
                    requiredSkills: [SkillID(Int64(kind))], desiredSkills: []))
        }
    }
    #expect(router.classes.handles.count { !router.classes[$0].isEmpty } == 40)
    #expect(router.audit().isEmpty)
    // Whoever has one of the skills gets that work, and the oldest of it.
    var settings = AgentSettings()
    settings.queues = [QueueID(1)]
    settings.skills = [AgentSkill(skill: SkillID(37), level: 1)]
    settings.capacity = Capacity(errand: 1, chat: 1, call: 1)
    _ = tell(.setAgent(AgentID(1), settings))
    for round in 0..<3 {
        let item = WorkItemID(Int64(round * 40 + 38))
        let outputs = tell(.presence(AgentID(1), .available, reason: nil))
        let offered = outputs.contains { if case .offered(item, _, _, _, _) = $0 { true } else { false } }
        #expect(offered)
        _ = tell(.withdraw(item))
        _ = tell(.presence(AgentID(1), .unavailable, reason: nil))
    }
}
