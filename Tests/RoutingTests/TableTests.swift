// Tables from ids to handles say what a dictionary says.

import SeededRandom
import Testing

@testable import Routing

@Suite struct TableTests {
    @Test(arguments: 1...12 as ClosedRange<UInt64>)
    func `tables find what was put in and not taken out again`(_ seed: UInt64) {
        var random = Seeded(seed: seed)
        var blocks = BlockTable<AgentSlot>()
        var hashed = HashTable<AgentSlot>()
        var known: [Int64: Int32] = [:]
        var mistakes = 0
        // Close together, on both sides of 0, and far apart.
        let spread = [1, 1, 1_000_003][random.below(3)]
        for step in 0..<4_000 {
            let id = Int64((random.below(600) - 300) * spread)
            if known[id] == nil {
                blocks.insert(id, Handle(raw: Int32(step)))
                hashed.insert(id, Handle(raw: Int32(step)))
                known[id] = Int32(step)
            } else if random.below(2) == 0 {
                blocks.remove(id)
                hashed.remove(id)
                known[id] = nil
            }
            let asked = Int64((random.below(600) - 300) * spread)
            if blocks[asked]?.raw != known[asked] || hashed[asked]?.raw != known[asked] { mistakes += 1 }
        }
        #expect(mistakes == 0)
        // A copy goes on by itself.
        let copy = blocks
        for id in known.keys.sorted() { blocks.remove(id) }
        #expect(known.allSatisfy { blocks[$0.key] == nil && copy[$0.key]?.raw == $0.value })
    }
}
