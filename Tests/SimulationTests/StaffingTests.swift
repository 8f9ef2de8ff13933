// How many agents a target needs.

import Routing
import Simulation
import Testing

@Suite struct StaffingTests {
    static let goals: [StaffingTarget.Goal] =
        ServiceLevel.allCases.map { .serviceLevel(atLeast: 0.8, withinMs: 20_000, formula: $0) } + [
            .answeredWait(atMostMs: 15_000), .abandoned(atMost: 0.03),
            .serviceLevel(atLeast: 0.999, withinMs: 0, formula: .offered),
        ]

    /// One fewer misses the target, and so does every number below.
    @Test(arguments: goals, [nil, 180_000, 30_000] as [Double?])
    func `the answer meets the target and one fewer does not`(
        goal: StaffingTarget.Goal, patienceMs: Double?
    ) throws {
        for perHour in [1.0, 20, 360, 3_000] {
            let demand = Demand(perMs: perHour / 3.6e6, handlingMs: 240_000, patienceMs: patienceMs)
            let target = StaffingTarget(goal: goal)
            let agents = try #require(fewestAgents(for: demand, target))
            for fewer in 1...(agents + 3) {
                let meets = StaffingOutcome(demand, agents: fewer)?.meets(target) ?? false
                #expect(meets == (fewer >= agents), "\(perHour)/h, \(fewer) of \(agents)")
            }
        }
    }

    @Test func `the reference case needs 29 agents for 80-20`() throws {
        let demand = Demand(perMs: 360 / 3.6e6, handlingMs: 240_000)
        let target = StaffingTarget(
            goal: .serviceLevel(atLeast: 0.8, withinMs: 20_000, formula: .offered))
        #expect(fewestAgents(for: demand, target) == 29)
        let with28 = try #require(StaffingOutcome(demand, agents: 28))
        #expect(abs(with28.serviceLevel(.offered, withinMs: 20_000) - 0.761295814) < 1e-9)
        #expect(StaffingOutcome(demand, agents: 24) == nil)
        var calm = target
        calm.occupancyMax = 0.75
        #expect(fewestAgents(for: demand, calm) == 32)
    }

    @Test func `no calls need nobody and a flood is refused`() {
        let target = StaffingTarget(goal: .answeredWait(atMostMs: 1_000))
        #expect(fewestAgents(for: Demand(perMs: 0, handlingMs: 240_000), target) == 0)
        #expect(fewestAgents(for: Demand(perMs: 1e6, handlingMs: 240_000), target) == nil)
    }
}
