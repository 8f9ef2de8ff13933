// Memory of the router's own: who has a copy never sees what the other changes.

import SeededRandom
import Testing

@testable import Routing

@Suite struct ShelfTests {
    @Test func `a copy of a router stays as it is while the other goes on, and goes on by itself`() {
        var world = World(seed: 3)
        var router = Router()
        for input in world.opening() { world.heed(input, router.apply(input, at: Instant(ms: world.now))) }
        for _ in 0..<200 {
            var copy = router
            let before = copy.snapshot()
            let inputs = (0..<20).map { _ in
                world.passTime(router.nextDeadline)
                let input = world.input(router)
                let at = Instant(ms: world.now)
                let outputs = router.apply(input, at: at)
                world.heed(input, outputs)
                return (input, at, outputs)
            }
            #expect(copy.snapshot() == before)
            let live = router.snapshot()
            for (input, at, outputs) in inputs { #expect(copy.apply(input, at: at) == outputs) }
            #expect(router.snapshot() == live)
            #expect(copy.snapshot() == live)
        }
    }

    @Test func `a shelf keeps what it was given when it grows, and gives it back`() {
        final class Thing: Sendable {}
        var shelf = Shelf<Thing>()
        let things = (0..<1_000).map { _ in Thing() }
        for thing in things { shelf.append(thing) }
        shelf.reserve(5_000)
        var copy = shelf
        copy.own()
        copy[3] = things[0]
        #expect(shelf.indices.allSatisfy { shelf[$0] === things[$0] })
        #expect(copy[3] === things[0])
        weak var gone: Thing?
        do {
            let last = Thing()
            gone = last
            shelf.append(last)
        }
        #expect(gone != nil)
        shelf = Shelf()
        #expect(gone == nil)
    }

    @Test func `a pile keeps its order when it grows, and its room when it is emptied`() {
        var pile = Pile<Handle<ItemSlot>>()
        for round in 0..<3 {
            for number in 0..<1_000 { pile.append(Handle(raw: Int32(number + round))) }
            #expect((0..<pile.count).allSatisfy { pile[$0].raw == $0 + round })
            pile.sort { $0.raw > $1.raw }
            #expect((0..<pile.count).allSatisfy { pile[$0].raw == 999 - $0 + round })
            pile.clear()
            #expect(pile.isEmpty)
        }
        for raw: Int32 in [3, 1, 2] { pile.append(Handle(raw: raw)) }
        pile.sort { $0.raw < $1.raw }
        #expect((0..<pile.count).map { pile[$0].raw } == [1, 2, 3])
    }

    @Test func `a list that outputs are told in is emptied first, and an enormous one is not kept`() {
        var router = Router()
        var told = [Output](repeating: .left(WorkItemID(1)), count: 10_000)
        router.apply(.setQueue(QueueID(1), QueueSettings()), at: Instant(ms: 1), telling: &told)
        #expect(told.isEmpty)
        #expect(told.capacity < 10_000)
        told = [.left(WorkItemID(1))]
        router.apply(.removeQueue(QueueID(2)), at: Instant(ms: 1), telling: &told)
        #expect(told == [.refused(.unknownQueue(QueueID(2)))])
    }

    @Test func `a list begins as far behind its own address as is asked for early`() {
        let list: [Int32] = [1, 2, 3]
        let begins = list.withUnsafeBufferPointer { UnsafeRawPointer($0.baseAddress!) }
        #expect(begins - unsafeBitCast(list, to: UnsafeRawPointer.self) == listHeaderBytes)
        #expect(MemoryLayout<Ready>.offset(of: \.head) == 0)
        #expect(Ready.othersField > 0 && QueueSlot.profilesField > 0 && WorkClass.laneField > 0)
    }

    @Test func `what an assignment looks at together lies in the same cache lines`() {
        #expect(MemoryLayout<ItemSlot>.stride == 128)
        #expect(MemoryLayout<Supply>.stride == 32)
        #expect(MemoryLayout<Deadline>.stride == 32)
        #expect(MemoryLayout<WorkMarks>.stride == 16)
        #expect(MemoryLayout<Reach>.stride == 128)
        // With the id and the handle, half a line.
        #expect(8 + 4 + MemoryLayout<Companions>.size <= 32 && 8 + 4 + MemoryLayout<Companions>.size > 24)
        #expect(MemoryLayout<Ready>.size <= 64)
        #expect(WorkClass.membersField + 8 <= 128)
        #expect(WorkClass.laneField + 8 <= 128)
        #expect(MemoryLayout<WorkClass.Head>.size <= 64)
        #expect(MemoryLayout<AgentSlot>.offset(of: \.record) == 64)
        #expect(AgentSlot.seatsField + 8 <= 192)
        #expect(MemoryLayout<QueueSlot>.offset(of: \.record) == 64)
        #expect(QueueSlot.benchField % 64 == 0)
        // The list of agents comes first on a bench: it is asked for by where the bench is.
        #expect(MemoryLayout<Bench>.offset(of: \.agents) == 0)
        #expect(MemoryLayout<Bench>.offset(of: \.open)! + MemoryLayout<ByChannel<SeatSet>>.size <= 64)
        // The figures of the settings that an assignment reads end with the third line.
        let end = MemoryLayout<QueueSettings>.offset(of: \.desiredTimeoutMs)! + 8
        #expect(64 + (MemoryLayout<QueueRecord>.size + 7) / 8 * 8 + end <= 192)
    }
}

@Suite struct AscendingTests {
    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `a list is a union only of the lists it is one of`(_ seed: UInt64) {
        var random = Seeded(seed: seed)
        func list() -> [SkillID] {
            (0..<random.below(4)).map { _ in SkillID(Int64(random.below(5))) }.ascending()
        }
        for _ in 0..<500 {
            let (a, b, c) = (list(), list(), list())
            #expect(a.isUnion(of: b, c) == (a == b.union(c)), "\(a) of \(b) and \(c), seed \(seed)")
            if a != b { #expect(SkillFold(a) != SkillFold(b), "\(a) and \(b)") }
        }
    }
}
