// Entries against a dictionary that is told the same.

import Routing
import SeededRandom
import Testing

@testable import Center

@Suite struct EntriesTests {
    private func entry(_ random: inout Seeded) -> Tally.Entry {
        Tally.Entry(
            queue: QueueID(Int64(random.below(4))), channel: random.once(in: 2) ? .call : .errand,
            queued: Instant(ms: Int64(random.below(1_000))), standing: random.once(in: 2) ? .open : .over)
    }

    @Test func `entries are what was put for each item, whatever came and went before`() {
        var random = Seeded(seed: 7)
        var entries = Entries()
        var known: [WorkItemID: Tally.Entry] = [:]
        for _ in 0..<20_000 {
            let id = WorkItemID(Int64(random.below(200)))
            switch random.below(3) {
            case 0: (entries[id], known[id]) = (nil, nil)
            case 1 where known[id] != nil: (entries[id]!.standing, known[id]!.standing) = (.ringing, .ringing)
            default:
                let entry = entry(&random)
                (entries[id], known[id]) = (entry, entry)
            }
            #expect(entries[id] == known[id])
        }
        #expect(Dictionary(uniqueKeysWithValues: entries.map { $0 }) == known)
        #expect(Set(entries.keys) == Set(known.keys))
        #expect(Set(entries.values) == Set(known.values))
    }

    @Test func `entries are equal when each item has the same, in whatever order they came`() {
        var random = Seeded(seed: 8)
        let all = (0..<50).map { (WorkItemID($0), entry(&random)) }
        var a = Entries()
        var b = Entries()
        for (id, entry) in all { a[id] = entry }
        for (id, entry) in all.reversed() { b[id] = entry }
        #expect(a == b)
        b[WorkItemID(3)] = nil
        #expect(a != b)
    }

    @Test func `an entry of half a million takes no more than it must`() {
        #expect(MemoryLayout<Tally.Entry>.stride == 48)
    }
}
