// Levels held as bits find the same seats as a look at each.

import SeededRandom
import Testing

@testable import Routing

@Suite struct SeatLevelsTests {
    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func `the lowest of some seats are those that a look at each finds`(_ seed: UInt64) {
        var random = Seeded(seed: seed)
        let seats = 1 + random.below(200)
        let top = [1, 2, 20, 1_000, Int.max - 1][random.below(5)]
        let levels = (0..<seats).map { _ in Int64(1 + random.below(top)) }
        let packed = SeatLevels(levels)
        #expect(!packed.isEmpty)
        for word in 0...(seats - 1) / 64 {
            for _ in 0..<20 {
                let own = (word * 64..<min(seats, word * 64 + 64)).filter { _ in random.below(3) == 0 }
                guard let lowest = own.map({ levels[$0] }).min() else { continue }
                let bits = own.reduce(0 as UInt64) { $0 | 1 << UInt64($1 & 63) }
                let found = packed.lowest(of: bits, in: word)
                #expect(found.level == lowest)
                #expect(
                    found.seats
                        == own.filter { levels[$0] == lowest }.reduce(0 as UInt64) {
                            $0 | 1 << UInt64($1 & 63)
                        })
            }
        }
    }

    @Test func `without levels all seats are alike`() {
        let packed = SeatLevels([])
        #expect(packed.isEmpty)
        #expect(packed.lowest(of: 0b1011, in: 2) == (0, 0b1011))
    }

    @Test func `a set of seats has those that are put in, beyond a word too`() {
        var seats = SeatSet(seats: 130) { $0 % 3 == 0 }
        seats.put(129, false)
        seats.put(64, true)
        seats.put(0, false)
        let found = (0..<130).filter { seats.word($0 >> 6) >> UInt64($0 & 63) & 1 != 0 }
        #expect(found == (1..<129).filter { $0 % 3 == 0 || $0 == 64 })
        #expect(seats.words == 3)
    }
}
