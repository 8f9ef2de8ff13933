// In one pooled group with equal exponential handling the mean wait does not depend on the order of service.

import Routing
import Simulation
import Testing

/// A way to hand out work, made from the plain model.
private struct PolicyCase: Sendable, CustomTestStringConvertible {
    var name: String
    var set: @Sendable (inout Model) -> Void
    var testDescription: String { name }
}

/// Every policy that neither idles nor looks at sizes belongs here: add a line for a new one.
private let policies = [
    PolicyCase(name: "longest idle") { _ in },
    PolicyCase(name: "regular") { $0.queues[0].settings.policy = .regular },
    PolicyCase(name: "circular") { $0.queues[0].settings.policy = .circular },
    PolicyCase(name: "weighted") { model in
        model.queues[0].settings.policy = .weighted
        // Agents are numbered from 0.
        model.queues[0].settings.members = (0..<8).map { QueueMember(agent: AgentID($0), weight: 4 + 2 * $0) }
    },
    PolicyCase(name: "fewest handled") { $0.queues[0].settings.policy = .fewestHandled },
    PolicyCase(name: "least talk time") { $0.queues[0].settings.policy = .leastTalkTime },
    PolicyCase(name: "simultaneous") { $0.queues[0].settings.policy = .simultaneous },
    PolicyCase(name: "skill-based") { model in
        model.queues[0].settings.routingType = .skillBased
        model.queues[0].settings.members = (0..<8).map { QueueMember(agent: AgentID($0), level: 1 + $0 % 3) }
    },
    PolicyCase(name: "two queues, one before the other") { model in
        model.queues.append(QueueModel("second"))
        model.queues[1].settings.rank = 1
        model.splitArrivals { second in second.queue = 1 }
        model.agents[0].settings.queues = [QueueModel.id(0), QueueModel.id(1)]
    },
    PolicyCase(name: "two queues, oldest first over both") { model in
        model.queues.append(QueueModel("second"))
        model.splitArrivals { second in second.queue = 1 }
        model.agents[0].settings.queues = [QueueModel.id(0), QueueModel.id(1)]
    },
    PolicyCase(name: "two priorities") { model in
        model.splitArrivals { second in second.priority = 1 }
    },
    PolicyCase(name: "time credit") { model in
        model.splitArrivals { second in second.creditMs = 120_000 }
    },
    PolicyCase(name: "a desired skill that half the agents have") { model in
        model.splitArrivals { second in second.desiredSkills = [SkillID(1)] }
        // Insisting on it would idle the others.
        model.queues[0].settings.desiredTimeoutMs = 0
        model.splitAgents { skilled in skilled.settings.skills = [AgentSkill(skill: SkillID(1))] }
    },
]

@Test(arguments: policies)
private func `the mean wait of a pooled group does not depend on the policy`(policy: PolicyCase) throws {
    let runs = 16
    let agents = 8
    var model = plainModel(perHour: 120, handlingS: 200, agents: agents, customers: 10_000)
    policy.set(&model)
    let exact = try #require(ErlangC(perMs: 120 / 3.6e6, handlingMs: 200_000, agents: agents))
    let results = simulate(model, runs: runs)
    print("Pooled, \(policy.name): 120/h, 200 s, n = \(agents); seeds 1...\(runs)")
    compare("P(W>0)", Measure.delayed.of(results), exact: exact.delayed)
    compare("mean wait, ms", Measure.answeredWaitMs.of(results), exact: exact.meanWaitMs)
    compare("utilisation", results.utilisation(ofAgents: 0..<agents), exact: exact.occupancy)
}

extension Model {
    /// Half of the first arrivals become others.
    fileprivate mutating func splitArrivals(_ change: (inout ArrivalModel) -> Void) {
        arrivals[0].perHour /= 2
        var second = arrivals[0]
        change(&second)
        arrivals.append(second)
    }

    /// Half of the agents become others.
    fileprivate mutating func splitAgents(_ change: (inout AgentModel) -> Void) {
        agents[0].count /= 2
        var second = agents[0]
        change(&second)
        agents.append(second)
    }
}
