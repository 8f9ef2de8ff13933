// Plays a scenario: names for ids, words for inputs and outputs.

import Routing

struct Stage {
    static let deskPatienceMs: Int64 = 60_000

    var router = Router()
    private var numbers: [String: Int64] = [:]
    private var names: [String] = []

    /// Performs one line and returns what the router said, in words.
    mutating func perform(_ words: [String], at: Int64) throws -> [String] {
        var words = Words(words)
        if words.peek == "restart" {
            router = Router(restoring: router.snapshot())
            return []
        }
        var outputs: [Output] = []
        for input in try inputs(&words, at: at) { outputs += router.apply(input, at: Instant(ms: at)) }
        guard words.rest.isEmpty else { throw Scenario.Malformed(why: "not understood: \(words.rest)") }
        return outputs.compactMap { tell($0) }
    }

    private mutating func id(_ name: String) -> Int64 {
        if let known = numbers[name] { return known }
        names.append(name)
        numbers[name] = Int64(names.count)
        return Int64(names.count)
    }

    private func name(_ id: Int64) -> String { names[Int(id) - 1] }

    private mutating func skills(_ list: String) -> [SkillID] {
        list.split(separator: ",").map { SkillID(id(String($0))) }.sorted()
    }

    // MARK: Inputs

    private mutating func inputs(_ words: inout Words, at: Int64) throws -> [Input] {
        let verb = try words.next()
        switch verb {
        case "tick": return [.tick]
        case "resume": return [.resume(desksUntil: Instant(ms: at + Self.deskPatienceMs))]
        case "desk":
            let agent = AgentID(id(try words.next()))
            if words.take("opens") { return [.deskOpened(agent)] }
            guard words.take("closes") else { throw Scenario.Malformed(why: "a desk opens or closes") }
            return [.deskClosed(agent, until: Instant(ms: at + Self.deskPatienceMs))]
        case "queue": return [try queue(&words)]
        case "agent": return try agent(&words)
        case "presence":
            let agent = AgentID(id(try words.next()))
            let presence = try self.presence(try words.next())
            let reason = words.rest.isEmpty ? nil : ReasonID(id(try words.next()))
            return [.presence(agent, presence, reason: reason)]
        case "end-wrap-up": return [.endWrapUp(AgentID(id(try words.next())))]
        case "remove":
            let what = try words.next()
            let one = id(try words.next())
            return [what == "agent" ? .removeAgent(AgentID(one)) : .removeQueue(QueueID(one))]
        case "errand", "chat", "call": return try arrive(verb, &words)
        default: break
        }
        let item = WorkItemID(id(try words.next()))
        switch verb {
        case "return": return [.returnToQueue(item)]
        case "finish": return [.finish(item)]
        case "withdraw": return [.withdraw(item)]
        case "take": return [.take(item, AgentID(id(try words.next())))]
        case "relocate": return [.relocate(item, QueueID(id(try words.next())))]
        case "assign": return [.assign(item, AgentID(id(try words.next())))]
        case "priority": return [.setPriority(item, try words.number())]
        case "transfer":
            let queue = QueueID(id(try words.next()))
            return [.transfer(item, queue, keepWait: words.take("keeping-its-wait"))]
        case "accept", "decline":
            let agent = AgentID(id(try words.next()))
            let epoch = words.take("offer") ? try words.number() : router.item(item)?.epoch ?? 0
            return [
                verb == "accept" ? .accept(item, agent, epoch: epoch) : .decline(item, agent, epoch: epoch)
            ]
        default: throw Scenario.Malformed(why: "no such verb: \(verb)")
        }
    }

    private mutating func queue(_ words: inout Words) throws -> Input {
        let queue = QueueID(id(try words.next()))
        var settings = router.queueSettings(queue) ?? QueueSettings()
        while let word = words.nextOrNil() {
            switch word {
            case "priority": settings.priority = try words.number()
            case "requires": settings.requiredSkills = skills(try words.next())
            case "desires":
                settings.desiredSkills = skills(try words.next())
                settings.desiredTimeoutMs = try words.seconds()
            case "offer": settings.offerTimeoutMs = try words.seconds()
            case "pause": settings.reofferPauseMs = try words.seconds()
            case "wrap-up": settings.wrapUpMs = try words.seconds()
            default: throw Scenario.Malformed(why: "not of a queue: \(word)")
            }
        }
        return .setQueue(queue, settings)
    }

    /// `agent ana ready sales,support`: settings and presence at once; new queues have the defaults.
    private mutating func agent(_ words: inout Words) throws -> [Input] {
        let agent = AgentID(id(try words.next()))
        var inputs: [Input] = []
        let presence = try self.presence(try words.next())
        var settings = router.agentSettings(agent) ?? AgentSettings()
        settings.queues = try words.next().split(separator: ",").map { QueueID(id(String($0))) }.sorted()
        for queue in settings.queues where router.queueSettings(queue) == nil {
            inputs.append(.setQueue(queue, QueueSettings()))
        }
        while let word = words.nextOrNil() {
            switch word {
            case "skills": settings.skills = skills(try words.next()).map { AgentSkill(skill: $0) }
            case "no-skills": settings.skills = []
            case "errands": settings.capacity.errand = try words.number()
            case "chats": settings.capacity.chat = try words.number()
            case "calls": settings.capacity.call = try words.number()
            case "unanswered-limit": settings.unansweredLimit = try words.number()
            default: throw Scenario.Malformed(why: "not of an agent: \(word)")
            }
        }
        inputs.append(.setAgent(agent, settings))
        if router.agent(agent)?.presence ?? .signedOut != presence {
            inputs.append(.presence(agent, presence, reason: nil))
        }
        return inputs
    }

    private mutating func arrive(_ channel: String, _ words: inout Words) throws -> [Input] {
        let item = WorkItemID(id(try words.next()))
        guard words.take("arrives") else { throw Scenario.Malformed(why: "\(channel) does not arrive") }
        let queue = QueueID(id(try words.next()))
        var priority: Int64?
        var creditMs: Int64 = 0
        var required: [SkillID] = []
        var desired: [SkillID] = []
        while let word = words.nextOrNil() {
            switch word {
            case "priority": priority = try words.number()
            case "credit": creditMs = try words.seconds()
            case "requires": required = skills(try words.next())
            case "desires": desired = skills(try words.next())
            default: throw Scenario.Malformed(why: "not of an arrival: \(word)")
            }
        }
        var inputs: [Input] = []
        if router.queueSettings(queue) == nil { inputs.append(.setQueue(queue, QueueSettings())) }
        let channels: [String: Channel] = ["errand": .errand, "chat": .chat, "call": .call]
        inputs.append(
            .arrive(
                item, queue: queue, channel: channels[channel]!, priority: priority, creditMs: creditMs,
                requiredSkills: required, desiredSkills: desired))
        return inputs
    }

    private static let presences: [(Presence, String)] = [
        (.signedOut, "signed-out"), (.signedIn, "signed-in"), (.available, "ready"),
        (.unavailable, "not-ready"), (.wrapUp, "wrap-up"),
    ]

    private func presence(_ word: String) throws -> Presence {
        guard let (presence, _) = Self.presences.first(where: { $0.1 == word }) else {
            throw Scenario.Malformed(why: "no presence: \(word)")
        }
        return presence
    }

    // MARK: Outputs

    /// An output in a supervisor's words; nil for records, and for a presence that was asked for.
    private func tell(_ output: Output) -> String? {
        switch output {
        case .offered(let item, let agent, _, _, let reason):
            "offer \(name(item.raw)) \(name(agent.raw)) because \(tell(reason))"
        case .offerEnded(let item, let agent, _, let end):
            switch end {
            case .accepted: "accepted \(name(item.raw)) \(name(agent.raw))"
            case .declined: "declined \(name(item.raw)) \(name(agent.raw))"
            case .noAnswer: "withdraw \(name(item.raw)) \(name(agent.raw)) no-answer"
            case .taken: "withdraw \(name(item.raw)) \(name(agent.raw)) taken"
            case .itemGone: "withdraw \(name(item.raw)) \(name(agent.raw)) item-gone"
            case .agentGone: "withdraw \(name(item.raw)) \(name(agent.raw)) agent-gone"
            case .serverDown: "withdraw \(name(item.raw)) \(name(agent.raw)) server-was-down"
            }
        case .connected(let item, let agent, let epoch):
            "connect \(name(item.raw)) \(name(agent.raw))" + (epoch == nil ? " unasked" : "")
        case .returned(let item, let agent): "return \(name(item.raw)) \(name(agent.raw))"
        case .moved(let item, let queue): "move \(name(item.raw)) \(name(queue.raw))"
        case .relocated(let item, let queue): "relocate \(name(item.raw)) \(name(queue.raw))"
        case .wrapUpBegan(let item, let agent, let until):
            "wrap-up \(name(item.raw)) \(name(agent.raw)) until \(clock(until))"
        case .left(let item): "leave \(name(item.raw))"
        case .presenceChanged(_, _, _, .asked): nil
        case .presenceChanged(let agent, let presence, _, let cause):
            "presence \(name(agent.raw)) \(Self.presences.first { $0.0 == presence }!.1) because \(cause)"
        case .refused(let refusal): "refuse \(tell(refusal))"
        case .agentChanged, .itemChanged: nil
        }
    }

    private func tell(_ reason: Reason) -> String {
        switch reason {
        case .longestIdle(let ms): "idle \(ms / 1000)s"
        case .fewestInHand(let count): "fewest in hand (\(count))"
        case .onlyCandidate: "only candidate"
        }
    }

    private func tell(_ refusal: RouterRefusal) -> String {
        switch refusal {
        case .unknownItem(let id): "unknown item \(name(id.raw))"
        case .unknownAgent(let id): "unknown agent \(name(id.raw))"
        case .unknownQueue(let id): "unknown queue \(name(id.raw))"
        case .duplicateItem(let id): "duplicate item \(name(id.raw))"
        case .offerIsOver(let id, let epoch): "offer is over \(name(id.raw)) now at offer \(epoch)"
        case .inHand(let id, let agent): "in hand \(name(id.raw)) of \(name(agent.raw))"
        case .notInHand(let id): "not in hand \(name(id.raw))"
        case .queueHoldsWork(let id): "queue holds work \(name(id.raw))"
        }
    }

    private func clock(_ at: Instant) -> String {
        let s = at.ms / 1000
        return [s / 3600, s / 60 % 60, s % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
    }
}
