// What the simulation does where no formula says what must come out.

import Routing
import Simulation
import Testing

@Suite struct ModelTests {
    @Test func `the same seed gives the same run and another one another`() {
        let model = plainModel(perHour: 100, handlingS: 180, agents: 6, patienceS: 60, customers: 500)
        let first = run(model, seed: 7)
        let again = run(model, seed: 7)
        let other = run(model, seed: 8)
        #expect(first.events == again.events)
        #expect(first.whole.waitAllMs == again.whole.waitAllMs)
        #expect(first.agents.map(\.busyMs) == again.agents.map(\.busyMs))
        #expect(first.whole.waitAllMs != other.whole.waitAllMs)
    }

    @Test func `everybody offered is answered or gives up`() {
        var model = plainModel(perHour: 200, handlingS: 180, agents: 8, patienceS: 60, customers: 2_000)
        model.queues[0].waitingMax = 3
        model.queues[0].settings.wrapUpMs = 15_000
        model.agents[0].accepting = .lognormal(meanMs: 4_000, deviationMs: 3_000)
        model.agents[0].unansweredShare = 0.1
        for seed in 1...5 as ClosedRange<UInt64> {
            let tally = run(model, seed: seed).whole
            #expect(tally.offered == tally.answered + tally.abandoned, "seed \(seed)")
            #expect(tally.turnedAway > 0 && tally.abandoned > 0, "seed \(seed)")
            #expect(tally.longestQueue <= 3, "seed \(seed)")
            #expect(tally.abandonedInTime >= tally.shortAbandons)
            // All wait: accepting takes time.
            #expect(tally.delayed == tally.offered, "seed \(seed)")
        }
    }

    @Test func `an agent's time is all accounted for`() {
        var model = plainModel(perHour: 100, handlingS: 180, agents: 6, patienceS: 60, customers: 1_000)
        model.agents[0].unansweredShare = 0.05
        model.agents[0].settings.unansweredLimit = 1
        let result = run(model, seed: 3)
        for agent in result.agents {
            #expect(abs(agent.busyMs + agent.idleMs + agent.awayMs - model.lengthMs) < 1)
        }
        #expect(result.agents.reduce(0) { $0 + $1.awayMs } > 0)
        #expect(result.agents.reduce(0) { $0 + $1.unanswered } > 0)
    }

    @Test func `who does not answer makes others wait`() {
        let model = plainModel(perHour: 100, handlingS: 180, agents: 8, customers: 5_000)
        var careless = model
        careless.agents[0].unansweredShare = 0.1
        let waits = simulate(model, runs: 4).map { $0.whole.waitAnsweredMs / Double($0.whole.answered) }
        let longer = simulate(careless, runs: 4).map { $0.whole.waitAnsweredMs / Double($0.whole.answered) }
        for (wait, long) in zip(waits, longer) { #expect(long > wait) }
    }

    /// Who waits too long, or finds too many, goes on to a second queue with agents of its own.
    @Test func `overflow goes on to another queue and nobody is lost`() {
        var model = plainModel(perHour: 200, handlingS: 180, agents: 7, patienceS: 120, customers: 2_000)
        model.queues.append(QueueModel("second"))
        model.queues[0].settings.overflow = Overflow(
            size: 5, waitMs: 30_000, action: .queue(QueueModel.id(1), keepWait: true))
        model.queues[1].settings.overflow = Overflow(size: 2, action: .busy)
        model.agents.append(AgentModel("second", count: 2, queues: [1]))
        #expect(ExactFigures(model) == nil)
        for seed in 1...5 as ClosedRange<UInt64> {
            let result = run(model, seed: seed)
            let (first, second, whole) = (result.queues[0], result.queues[1], result.whole)
            #expect(first.overflowed > 0 && second.turnedAway > 0 && second.answered > 0, "seed \(seed)")
            // What the first sends on, the second is offered or turns away.
            #expect(first.overflowed == second.offered + second.turnedAway, "seed \(seed)")
            #expect(first.offered == first.answered + first.abandoned + first.overflowed, "seed \(seed)")
            #expect(second.offered == second.answered + second.abandoned, "seed \(seed)")
            #expect(
                whole.offered + whole.turnedAway == first.offered
                    && whole.turnedAway + whole.overflowed
                        == second.turnedAway,
                "seed \(seed)")
            #expect(whole.answered == first.answered + second.answered)
            // Each customer's whole wait: at least as long as in the two queues apart.
            #expect(whole.waitAnsweredMs >= first.waitAnsweredMs + second.waitAnsweredMs)
        }
    }

    /// Weights 30, 30 and 10, 10 of agents who are mostly free share the work 3 to 1.
    @Test func `weights share the work, and the better level has it first`() {
        var model = plainModel(perHour: 10, handlingS: 20, agents: 2, customers: 20_000)
        model.queues[0].settings.policy = .weighted
        model.agents.append(AgentModel("few", count: 2, queues: [0]))
        model.agents[0].memberships = [.init(queue: 0, weight: 30)]
        model.agents[1].memberships = [.init(queue: 0, weight: 10)]
        let weighted = run(model, seed: 1).agents.map(\.connected)
        let share = Double(weighted[0] + weighted[1]) / Double(weighted.reduce(0, +))
        #expect(abs(share - 0.75) < 0.02, "\(weighted)")
        model.queues[0].settings.policy = .longestIdle
        model.queues[0].settings.routingType = .skillBased
        model.agents[0].memberships = [.init(queue: 0, level: 7)]
        model.agents[1].memberships = [.init(queue: 0, level: 3)]
        let leveled = run(model, seed: 1).agents.map(\.connected)
        #expect(leveled[2] + leveled[3] > 50 * (leveled[0] + leveled[1]), "\(leveled)")
    }

    @Test func `a chat agent has several at a time`() {
        var model = plainModel(perHour: 60, handlingS: 300, agents: 2, customers: 2_000)
        model.arrivals[0].channel = .chat
        model.agents[0].settings.capacity.chat = 4
        #expect(model.overload == nil)
        #expect(ExactFigures(model) == nil)
        // As many places as M/M/8 has agents: the same waits.
        let eight = ErlangC(perMs: 60 / 3.6e6, handlingMs: 300e3, agents: 8)
        compare("P(W>0) of chats", Measure.delayed.of(simulate(model, runs: 12)), exact: eight?.delayed ?? 0)
    }

    @Test func `too much work is found before it waits for ever`() throws {
        let tight = plainModel(perHour: 360, handlingS: 240, agents: 24, customers: 100)
        let overload = try #require(tight.overload)
        #expect(overload.queues == [0])
        #expect(abs(overload.load - 24) < 1e-9)
        #expect(overload.capacity == 24)
        #expect(plainModel(perHour: 359, handlingS: 240, agents: 24, customers: 100).overload == nil)
        #expect(
            plainModel(perHour: 999, handlingS: 240, agents: 24, patienceS: 60, customers: 100).overload
                == nil)
        #expect(
            plainModel(perHour: 999, handlingS: 240, agents: 24, waitingMax: 9, customers: 100).overload
                == nil)
        var wrapped = plainModel(perHour: 359, handlingS: 240, agents: 24, customers: 100)
        wrapped.queues[0].settings.wrapUpMs = 1_000
        #expect(wrapped.overload != nil)
    }

    /// Three queues; each agent takes two of them. Enough agents in all, too few for two of the queues.
    @Test func `too few agents with the skill are named though there are enough in all`() throws {
        var model = Model()
        model.queues = ["a", "b", "c"].map { QueueModel($0) }
        model.arrivals = [(0, 1.2), (1, 1.2), (2, 0.3)].map { queue, load in
            ArrivalModel(queue: queue, perHour: load * 20, handling: .exponential(meanMs: 180_000))
        }
        model.agents = [AgentModel("ab", count: 2, queues: [0, 1]), AgentModel("c", count: 5, queues: [2])]
        let overload = try #require(model.overload)
        #expect(overload.queues == [0, 1])
        #expect(overload.capacity == 2)
        model.agents[1].settings.queues = [QueueModel.id(1), QueueModel.id(2)]
        #expect(model.overload == nil)
        // The rest that b leaves to a is enough only because b has somewhere else to go.
        model.arrivals[0].requiredSkills = [SkillID(9)]
        let unskilled = try #require(model.overload)
        #expect(unskilled.queues == [0])
        #expect(unskilled.capacity == 0)
    }

    @Test func `a growing queue that no sum shows is told by those left`() {
        // Priority work that gives up late takes all the agents; nobody is left for the patient.
        var model = plainModel(perHour: 200, handlingS: 180, agents: 5, patienceS: 3_600, customers: 2_000)
        model.arrivals.append(ArrivalModel(perHour: 1, handling: .exponential(meanMs: 180_000)))
        model.arrivals[0].priority = 0
        #expect(model.overload == nil)
        #expect(run(model, seed: 1).unfinished > 0)
    }

    @Test func `formulas are shown where they hold only`() throws {
        let plain = plainModel(perHour: 100, handlingS: 180, agents: 6, customers: 100)
        #expect(try #require(ExactFigures(plain)).name == "Erlang C")
        #expect(
            ExactFigures(plainModel(perHour: 100, handlingS: 180, agents: 6, patienceS: 60, customers: 1))?
                .name == "Erlang A")
        func changed(_ change: (inout Model) -> Void) -> ExactFigures? {
            var model = plain
            change(&model)
            return ExactFigures(model)
        }
        #expect(changed { $0.arrivals[0].handling = .fixed(ms: 180_000) } == nil)
        #expect(changed { $0.agents[0].accepting = .fixed(ms: 1_000) } == nil)
        #expect(changed { $0.agents[0].unansweredShare = 0.1 } == nil)
        #expect(changed { $0.queues[0].settings.wrapUpMs = 1 } == nil)
        #expect(changed { $0.arrivals[0].patience = .fixed(ms: 60_000) } == nil)
        #expect(changed { $0.agents[0].settings.capacity.call = 2 } == nil)
        #expect(changed { $0.agents[0].count = 5 } == nil)
        #expect(changed { $0.queues[0].waitingMax = 4 }?.name == "M/M/6 with 4 waiting")
        #expect(
            changed {
                $0.agents[0].count = 1
                $0.arrivals[0].perHour = 10
                $0.arrivals[0].handling = .lognormal(meanMs: 180_000, deviationMs: 90_000)
            }?.name == "Pollaczek–Khinchin")
    }
}
