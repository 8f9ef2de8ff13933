// The entries of a simulation file: queues, arrivals, agents, and times at random.

import Center
import Routing
import Simulation

private let daySeconds: Int64 = 86_400

/// Longest time, in seconds: a month.
private let timeMaxS = 2_678_400.0

extension QueueModel {
    static let keys = [
        "name", "priority", "required_skills", "desired_skills", "desired_timeout_s", "offer_timeout_s",
        "reoffer_pause_s", "wrap_up_s", "waiting_max", "policy", "routing_type", "guard_s", "rank",
        "overflow",
    ]

    static func located(_ node: DocumentNode) throws -> Located<String> {
        try EntryReader(node, "a queue", keys: keys).required("name") { try $0.locatedText(.name) }
    }

    init(_ node: DocumentNode, _ names: SimulationNames) throws {
        let entry = try EntryReader(node, "a queue", keys: Self.keys)
        self.init(try entry.required("name") { try $0.text(.name) })
        settings.priority =
            try entry.optional("priority") { try $0.whole(in: 0...1_000_000) } ?? settings.priority
        settings.requiredSkills = try entry.skills("required_skills", names)
        settings.desiredSkills = try entry.skills("desired_skills", names)
        func duration(_ key: String, from least: Int64, _ setting: inout Int64) throws {
            if let node = entry.node(key) { setting = try node.seconds(least...daySeconds) * 1_000 }
        }
        try duration("desired_timeout_s", from: 0, &settings.desiredTimeoutMs)
        try duration("offer_timeout_s", from: 1, &settings.offerTimeoutMs)
        try duration("reoffer_pause_s", from: 0, &settings.reofferPauseMs)
        try duration("wrap_up_s", from: 0, &settings.wrapUpMs)
        try duration("guard_s", from: 0, &settings.guardMs)
        settings.policy =
            try entry.optional("policy") { try $0.choice("policy", PolicyName.self).policy }
            ?? settings.policy
        settings.routingType =
            try entry.optional("routing_type") { try $0.choice("routing type", RoutingTypeName.self).type }
            ?? settings.routingType
        settings.rank = try entry.optional("rank") { try $0.whole(in: 0...1_000_000) } ?? settings.rank
        waitingMax = try entry.optional("waiting_max") { Int(try $0.whole(in: 0...100_000)) }
        if let node = entry.node("overflow") {
            guard waitingMax == nil else {
                throw ProvisionProblem(
                    at: entry.keyPosition("overflow"),
                    "'waiting_max' is an overflow by size to the busy tone: leave it out beside 'overflow'")
            }
            settings.overflow = try Overflow(node, of: name, names)
        }
    }

    /// What agents must know of a queue before it is read.
    static func choosing(_ node: DocumentNode) throws -> SimulationNames.Choosing {
        let entry = try EntryReader(node, "a queue", keys: keys)
        return SimulationNames.Choosing(
            policy: try entry.optional("policy") { try $0.choice("policy", PolicyName.self).rawValue },
            routing: try entry.optional("routing_type") {
                try $0.choice("routing type", RoutingTypeName.self).rawValue
            })
    }
}

extension Overflow {
    static let keys = ["size", "wait_s", "estimated_wait_s", "action"]
    static let actionKeys = ["queue", "keep_wait"]

    fileprivate init(_ node: DocumentNode, of queue: String, _ names: SimulationNames) throws {
        let entry = try EntryReader(node, "an overflow", keys: Self.keys)
        self.init(
            size: try entry.optional("size") { try $0.whole(in: 0...100_000) },
            waitMs: try entry.optional("wait_s") { try $0.seconds(0...daySeconds) * 1_000 },
            estimatedWaitMs: try entry.optional("estimated_wait_s") {
                try $0.seconds(0...daySeconds) * 1_000
            },
            action: try entry.required("action") { try Self.action($0, of: queue, names) })
        guard size != nil || waitMs != nil || estimatedWaitMs != nil else {
            throw node.problem("an overflow has one of the keys size, wait_s and estimated_wait_s, or more")
        }
    }

    private static func action(_ node: DocumentNode, of queue: String, _ names: SimulationNames) throws
        -> Treatment
    {
        if case .text("busy", _) = node.content { return .busy }
        guard case .mapping = node.content else { throw node.expected("busy or {queue: NAME}") }
        let entry = try EntryReader(node, "an action", keys: actionKeys)
        let target = try entry.required("queue") { try $0.locatedText(.name) }
        let place = try names.queue(target)
        guard target.value != queue else {
            throw ProvisionProblem(
                at: target.position, "'\(queue)' would overflow to itself: name another queue, or busy")
        }
        return .queue(
            QueueModel.id(place), keepWait: try entry.optional("keep_wait") { try $0.flag() } ?? true)
    }
}

private enum PolicyName: String, CaseIterable {
    case longestIdle = "longest_idle"
    case regular, circular, simultaneous, weighted
    case fewestHandled = "fewest_handled"
    case leastTalkTime = "least_talk_time"

    var policy: Policy {
        switch self {
        case .longestIdle: .longestIdle
        case .regular: .regular
        case .circular: .circular
        case .simultaneous: .simultaneous
        case .weighted: .weighted
        case .fewestHandled: .fewestHandled
        case .leastTalkTime: .leastTalkTime
        }
    }
}

private enum RoutingTypeName: String, CaseIterable {
    case priorityBased = "priority_based"
    case skillBased = "skill_based"

    var type: RoutingType {
        switch self {
        case .priorityBased: .priorityBased
        case .skillBased: .skillBased
        }
    }
}

private enum ChannelName: String, CaseIterable {
    case errand, chat, call

    var channel: Channel {
        switch self {
        case .errand: .errand
        case .chat: .chat
        case .call: .call
        }
    }
}

extension ArrivalModel {
    static let keys = [
        "queue", "per_hour", "channel", "priority", "credit_s", "required_skills", "desired_skills",
        "handling", "patience",
    ]

    init(_ node: DocumentNode, _ names: SimulationNames) throws {
        let entry = try EntryReader(node, "an arrival", keys: Self.keys)
        self.init(
            queue: try entry.required("queue") { try names.queue(try $0.locatedText(.name)) },
            perHour: try entry.required("per_hour") { try $0.number(0...1_800_000) },
            handling: try entry.required("handling") { try Distribution($0) })
        channel =
            try entry.optional("channel") { try $0.choice("channel", ChannelName.self).channel } ?? .call
        priority = try entry.optional("priority") { try $0.whole(in: 0...1_000_000) }
        creditMs = try entry.optional("credit_s") { try $0.seconds(0...daySeconds) * 1_000 } ?? 0
        requiredSkills = try entry.skills("required_skills", names)
        desiredSkills = try entry.skills("desired_skills", names)
        patience = try entry.optional("patience") { node -> Distribution? in
            if case .text("never", _) = node.content { return nil }
            guard case .text = node.content else { return try Distribution(node) }
            throw node.expected("never, or a time such as {exponential_s: 180}")
        }.flatMap { $0 }
    }
}

extension AgentModel {
    static let keys = [
        "name", "count", "queues", "skills", "capacity", "accept", "no_answer_percent", "unanswered_limit",
        "back_after_s",
    ]
    static let membershipKeys = ["name", "weight", "level"]

    init(_ node: DocumentNode, _ names: inout SimulationNames) throws {
        let entry = try EntryReader(node, "an agent group", keys: Self.keys)
        let count = Int(try entry.required("count") { try $0.whole(in: 0...Int64(agentsMax)) })
        let served = try entry.optional("queues") {
            try $0.list(of: "queues", max: SimulationFile.queuesMax) {
                try Self.membership($0, count, &names)
            }
        }
        try refuseRepeats((served ?? []).map(\.name))
        self.init(
            try entry.optional("name") { try $0.text(.name) } ?? "agents", count: count,
            queues: served?.map(\.membership.queue) ?? Array(names.queues.indices))
        memberships = (served ?? []).map(\.membership).filter { $0.weight > 0 || $0.level > 0 }
        let skills = try entry.optional("skills") {
            try $0.list(of: "skills", max: SimulationFile.skillsMax) { try Self.skill($0) }
        }
        try refuseRepeats((skills ?? []).map(\.name))
        settings.skills = (skills ?? []).map {
            AgentSkill(skill: names.learn($0.name.value), level: $0.level)
        }
        .sorted { $0.skill < $1.skill }
        if let node = entry.node("capacity") {
            let capacity = try EntryReader(node, "a capacity", keys: ["errand", "chat", "call"])
            func size(_ key: String, _ setting: inout Int64) throws {
                if let node = capacity.node(key) { setting = try node.whole(in: 0...100) }
            }
            try size("errand", &settings.capacity.errand)
            try size("chat", &settings.capacity.chat)
            try size("call", &settings.capacity.call)
        }
        accepting = try entry.optional("accept") { try Distribution($0) } ?? accepting
        unansweredShare = try entry.optional("no_answer_percent") { try $0.number(0...100) / 100 } ?? 0
        settings.unansweredLimit =
            try entry.optional("unanswered_limit") { try $0.whole(in: 0...1_000) } ?? settings.unansweredLimit
        backAfterMs = try entry.ms("back_after_s", 1...daySeconds) ?? backAfterMs
    }

    /// A queue by name, or with what each agent is in it.
    private static func membership(_ node: DocumentNode, _ count: Int, _ names: inout SimulationNames) throws
        -> (name: Located<String>, membership: Membership)
    {
        guard case .mapping = node.content else {
            let name = try node.locatedText(.name)
            return (name, Membership(queue: try names.queue(name)))
        }
        let entry = try EntryReader(node, "a queue of agents", keys: membershipKeys)
        let name = try entry.required("name") { try $0.locatedText(.name) }
        let queue = try names.queue(name)
        var membership = Membership(queue: queue)
        if let weight = entry.node("weight") {
            let policy = names.choosing[queue].policy ?? PolicyName.longestIdle.rawValue
            guard policy == PolicyName.weighted.rawValue else {
                throw ProvisionProblem(
                    at: entry.keyPosition("weight"),
                    "'weight' counts under the policy weighted only, and '\(name.value)' has \(policy)")
            }
            membership.weight = try weight.whole(in: 0...100)
            names.weights[queue] += membership.weight * Int64(count)
            guard names.weights[queue] <= 100 else {
                throw weight.problem(
                    "the weights of '\(name.value)' come to \(names.weights[queue]) with these agents; "
                        + "at most 100 together")
            }
        }
        if let level = entry.node("level") {
            let routing = names.choosing[queue].routing ?? RoutingTypeName.priorityBased.rawValue
            guard routing == RoutingTypeName.skillBased.rawValue else {
                throw ProvisionProblem(
                    at: entry.keyPosition("level"),
                    "'level' counts where the routing type is skill_based only, and '\(name.value)' is "
                        + routing)
            }
            membership.level = try level.whole(in: 1...20)
        }
        return (name, membership)
    }

    private static func skill(_ node: DocumentNode) throws -> (name: Located<String>, level: Int64) {
        guard case .mapping = node.content else { return (try node.locatedText(.name), 1) }
        let entry = try EntryReader(node, "a skill", keys: ["name", "level"])
        return (
            try entry.required("name") { try $0.locatedText(.name) },
            try entry.optional("level") { try $0.whole(in: 1...20) } ?? 1
        )
    }
}

extension Distribution {
    static let keys = ["fixed_s", "exponential_s", "lognormal_s", "deviation_s"]
    /// Parts of a sum.
    private static let partsMax = 20

    /// One time, or a list of times that follow each other.
    init(_ node: DocumentNode) throws {
        switch node.content {
        case .list:
            let parts = try node.list(of: "times", max: Self.partsMax) { try Distribution(single: $0) }
            guard !parts.isEmpty else {
                throw node.expected("at least one time, such as {exponential_s: 240}")
            }
            self = parts.count == 1 ? parts[0] : .sum(parts)
        case .mapping: try self.init(single: node)
        case .text: throw node.expected("a time such as {exponential_s: 240}, or a list of them")
        }
    }

    private init(single node: DocumentNode) throws {
        let entry = try EntryReader(node, "a time", keys: Self.keys)
        let kinds = ["fixed_s", "exponential_s", "lognormal_s"].filter { entry.node($0) != nil }
        guard kinds.count == 1, let kind = kinds.first, let value = entry.node(kind) else {
            throw node.problem("a time has one of the keys fixed_s, exponential_s and lognormal_s")
        }
        if kind != "lognormal_s", let deviation = entry.node("deviation_s") {
            throw deviation.problem("'deviation_s' belongs to 'lognormal_s'")
        }
        switch kind {
        case "fixed_s": self = .fixed(ms: try value.number(0...timeMaxS) * 1_000)
        case "exponential_s": self = .exponential(meanMs: try value.number(0.001...timeMaxS) * 1_000)
        default:
            self = .lognormal(
                meanMs: try value.number(0.001...timeMaxS) * 1_000,
                deviationMs: try entry.required("deviation_s") { try $0.number(0...timeMaxS) } * 1_000)
        }
    }
}

extension EntryReader {
    func ms(_ key: String, _ range: ClosedRange<Int64>) throws -> Double? {
        try optional(key) { Double(try $0.seconds(range)) * 1_000 }
    }

    fileprivate func skills(_ key: String, _ names: SimulationNames) throws -> [SkillID] {
        try (self.names(key, of: "skills", max: SimulationFile.skillsMax) ?? []).map { try names.skill($0) }
            .sorted()
    }
}

extension DocumentNode {
    /// A decimal number, written without quotes.
    func number(_ range: ClosedRange<Double>) throws -> Double {
        guard case .text(let text, plain: true) = content, let number = decimal(text), range.contains(number)
        else {
            throw expected(
                "a number from \(shortest(range.lowerBound)) to \(shortest(range.upperBound))")
        }
        return number
    }
}

/// Digits, with a point at most; no exponents, no names of numbers.
func decimal(_ text: some StringProtocol) -> Double? {
    let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard text.utf8.count <= 20,
        parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } })
    else { return nil }
    return Double(String(text))
}

private func shortest(_ number: Double) -> String {
    number == number.rounded() ? String(Int64(number)) : String(number)
}
