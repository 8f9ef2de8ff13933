// Explanations of a random world agree with what the router does, and always find a cause.

import SeededRandom
import Testing

@testable import Routing

@Suite struct ExplainTests {
    @Test(arguments: [51, 52, 53, 54, 55, 56, 57, 58] as [UInt64])
    func `whatever happens, there is a cause, and it is the right one`(_ seed: UInt64) throws {
        var world = World(seed: seed)
        var router = Router()
        var found: Set<Blockage> = []
        for input in world.opening() { _ = router.apply(input, at: Instant(ms: world.now)) }
        for step in 1...4_000 {
            world.passTime(router.nextDeadline)
            let input = world.input(router)
            world.heed(input, router.apply(input, at: Instant(ms: world.now)))
            let place: Comment = "seed \(seed), step \(step)"
            for item in world.present {
                let told = try #require(router.explain(item), place)
                try #require(told.position == router.position(of: item).map(Int64.init), place)
                try #require(told.blockage == router.blockage(of: item), place)
                guard told.position != nil, let blockage = told.blockage else { continue }
                found.insert(blockage)
                try check(told, blockage, place)
            }
            // Work beside an agent from whom nothing keeps it would have been offered.
            for number in 1...World.agents {
                guard let told = router.explain(AgentID(Int64(number))) else { continue }
                try #require(!told.causes.isEmpty, place)
            }
        }
        #expect(found.count >= 5, "seed \(seed) found only \(found)")
    }

    private func check(_ told: ItemExplanation, _ blockage: Blockage, _ place: Comment) throws {
        let steps = told.steps
        let counts = [
            steps.serving, steps.signedIn, steps.skilled, steps.available, steps.rested, steps.free,
        ]
        try #require(counts == counts.sorted(by: >), place)
        try #require((blockage == .nobodySignedIn) == (steps.signedIn == 0), place)
        switch blockage {
        case .skillMissing: try #require(steps.skilled == 0, place)
        case .nobodyAvailable: try #require(steps.available == 0 && steps.skilled > 0, place)
        case .allBusy, .inGuard: try #require(steps.free == 0 && steps.available > 0, place)
        case .reofferPause, .waitsForPreferred: try #require(steps.free > 0, place)
        case .nobodySignedIn, .queueClosed: break
        }
    }
}
