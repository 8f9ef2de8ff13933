// Reads a simulation file: text in, a model or the first problem out.

import Center
import Routing
import Simulation

/// A model, and how often to run it.
struct SimulationFile {
    static let queuesMax = 500
    static let arrivalsMax = 2_000
    static let agentGroupsMax = 1_000
    static let skillsMax = 100
    static let runsMax: Int64 = 10_000
    /// Customers in all runs together, on average.
    static let customersMax = 1e9
    static let keys = [
        "name", "runs", "seed", "warm_up_s", "length_s", "answered_within_s", "short_abandon_s", "queues",
        "arrivals", "agents",
    ]
    private static let yearSeconds: Int64 = 31_536_000

    var name: String?
    var runs: Int64 = 20
    var seed: Int64 = 1
    var model = Model()

    /// Reads `text`; `name` stands in messages.
    static func read(_ text: String, name: String) throws(ProvisionProblem) -> SimulationFile {
        do {
            return try SimulationFile(try parseDocument(text, needed: "queues"))
        } catch var problem as ProvisionProblem {
            problem.file = name
            throw problem
        } catch {
            preconditionFailure("a reader threw \(error)")
        }
    }

    private init(_ node: DocumentNode) throws {
        let entry = try EntryReader(node, "a simulation file", keys: Self.keys)
        name = try entry.optional("name") { try $0.text(.name) }
        runs = try entry.optional("runs") { try $0.whole(in: 2...Self.runsMax) } ?? runs
        seed = try entry.optional("seed") { try $0.whole(in: 0...1_000_000_000) } ?? seed
        model.warmUpMs = try entry.ms("warm_up_s", 0...Self.yearSeconds) ?? model.warmUpMs
        model.lengthMs = try entry.ms("length_s", 1...Self.yearSeconds) ?? model.lengthMs
        model.withinMs = try entry.ms("answered_within_s", 0...86_400) ?? model.withinMs
        model.shortAbandonMs = try entry.ms("short_abandon_s", 0...86_400) ?? model.shortAbandonMs

        // Agents first: they say which skills there are, but name queues.
        let queueNodes = try entry.required("queues") {
            try $0.list(of: "queues", max: Self.queuesMax) { $0 }
        }
        let queueNames = try queueNodes.map { try QueueModel.located($0) }
        try refuseRepeats(queueNames)
        guard !queueNodes.isEmpty else {
            throw node.problem("'queues' is empty: there is nothing to simulate")
        }
        var names = SimulationNames(
            queues: queueNames.map(\.value), choosing: try queueNodes.map { try QueueModel.choosing($0) })
        let groups = try entry.required("agents") {
            try $0.list(of: "agent groups", max: Self.agentGroupsMax) { node in
                try AgentModel(node, &names)
            }
        }
        model.agents = groups
        model.queues = try queueNodes.map { try QueueModel($0, names) }
        try refuseRings(queueNodes)
        model.arrivals = try entry.required("arrivals") {
            try $0.list(of: "arrivals", max: Self.arrivalsMax) { try ArrivalModel($0, names) }
        }
        try checkTogether(entry)
    }

    /// Each queue sends its work on to one other at most: followed so often, a ring has shown itself.
    private func refuseRings(_ nodes: [DocumentNode]) throws {
        for start in model.queues.indices {
            var path = [start]
            while case .queue(let next, _)? = model.queues[path.last!].settings.overflow.action {
                path.append(Int(next.raw))
                if path.last == start {
                    let names = path.map { "'\(model.queues[$0].name)'" }.joined(separator: " to ")
                    throw nodes[start].problem("overflow goes round in a ring, from \(names)")
                }
                // A ring without this queue is told by one of its own.
                if path.count > model.queues.count { break }
            }
        }
    }

    /// What no entry can see alone.
    private func checkTogether(_ entry: EntryReader) throws {
        let agents = model.agents.reduce(0) { $0 + $1.count }
        if agents > agentsMax, let node = entry.node("agents") {
            throw node.problem("\(agents) agents together; at most \(agentsMax) can be simulated")
        }
        let perHour = model.arrivals.reduce(0) { $0 + $1.perHour }
        if perHour == 0, let node = entry.node("arrivals") {
            throw node.problem("nothing arrives: give one of them a 'per_hour' above 0")
        }
        let hours = (model.warmUpMs + model.lengthMs) / 3_600_000
        if perHour * hours * Double(runs) > Self.customersMax {
            throw ProvisionProblem(
                at: entry.position,
                "more than a billion customers in all runs together: make 'runs' or 'length_s' smaller")
        }
    }
}

/// What entries refer to by name.
struct SimulationNames {
    /// How a queue chooses, as written; nil for what it does by itself.
    struct Choosing {
        var policy: String?
        var routing: String?
    }

    var queues: [String]
    /// In step with the queues.
    var choosing: [Choosing]
    /// Of the agents read so far, by queue.
    var weights: [Int64]
    /// A skill's id is its place here; agents say which there are.
    var skills: [String] = []

    init(queues: [String], choosing: [Choosing]) {
        self.queues = queues
        self.choosing = choosing
        weights = queues.map { _ in 0 }
    }

    func queue(_ name: Located<String>) throws -> Int {
        guard let place = queues.firstIndex(of: name.value) else {
            throw ProvisionProblem.unknown("queue", name, among: queues)
        }
        return place
    }

    /// The known skill; ids start at 1.
    func skill(_ name: Located<String>) throws -> SkillID {
        guard let place = skills.firstIndex(of: name.value) else {
            var problem = ProvisionProblem.unknown("skill", name, among: skills)
            if !problem.reason.hasSuffix("?") { problem.reason += "; no agent has it" }
            throw problem
        }
        return SkillID(Int64(place) + 1)
    }

    mutating func learn(_ name: String) -> SkillID {
        if let place = skills.firstIndex(of: name) { return SkillID(Int64(place) + 1) }
        skills.append(name)
        return SkillID(Int64(skills.count))
    }
}
