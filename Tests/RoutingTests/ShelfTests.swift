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

    @Test func `an item's slot is two cache lines`() {
        #expect(MemoryLayout<ItemSlot>.stride == 128)
    }
}
