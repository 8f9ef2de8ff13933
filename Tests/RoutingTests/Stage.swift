// Plays a scenario: names for ids, words for inputs and outputs.

import Routing

struct Stage {
    static let deskPatienceMs: Int64 = 60_000

    var router = Router()
    private var numbers: [String: Int64] = [:]
    private var names: [String] = []
    /// The last decision on each item.
    private var decisions: [WorkItemID: Decision] = [:]
    /// Whether it is told why work waits.
    private var tellsWhy = false

    /// Performs one line and returns what the router said, in words.
    mutating func perform(_ words: [String], at: Int64) throws -> [String] {
        var words = Words(words)
        switch words.peek {
        case "restart":
            router = Router(restoring: router.snapshot())
            return []
        case "why": return [try why(&words)]
        case "decision": return [try decision(&words)]
        case "status": return [try status(&words)]
        case "tell-why":
            tellsWhy = true
            return []
        default: break
        }
        var outputs: [Output] = []
        for input in try inputs(&words, at: at) { outputs += router.apply(input, at: Instant(ms: at)) }
        for case .decided(let decision) in outputs { decisions[decision.item] = decision }
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
        case "extend-wrap-up":
            let agent = AgentID(id(try words.next()))
            return [.extendWrapUp(agent, until: Instant(ms: at + (try words.seconds())))]
        case "signal":
            let agent = AgentID(id(try words.next()))
            let signal = try words.next()
            guard let signal = Self.signals[signal] else {
                throw Scenario.Malformed(why: "no signal: \(signal)")
            }
            return [.signal(agent, signal, on: try words.next() == "on")]
        case "end-wrap-up": return [.endWrapUp(AgentID(id(try words.next())))]
        case "remove":
            let what = try words.next()
            let one = id(try words.next())
            return [what == "agent" ? .removeAgent(AgentID(one)) : .removeQueue(QueueID(one))]
        case "errand", "chat", "call": return try arrive(verb, &words, at: at)
        default: break
        }
        let item = WorkItemID(id(try words.next()))
        switch verb {
        case "return": return [.returnToQueue(item)]
        case "finish": return [.finish(item)]
        case "withdraw": return [.withdraw(item)]
        case "abandon": return [.abandon(item)]
        case "return-call": return [.askReturnCall(item)]
        case "fail":
            let agent = AgentID(id(try words.next()))
            let failures: [String: Failure] = ["busy": .busy, "no-answer": .noAnswer, "error": .error]
            guard let failure = failures[try words.next()] else {
                throw Scenario.Malformed(why: "busy, no-answer or error")
            }
            return [.fail(item, agent, epoch: router.item(item)?.epoch ?? 0, failure)]
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
            case "guard": settings.guardMs = try words.seconds()
            case "rank": settings.rank = try words.number()
            case "policy": settings.policy = try policy(try words.next())
            case "skill-based": settings.routingType = .skillBased
            case "members": settings.members = try members(try words.next())
            case "offers-in-wrap-up": settings.offersInWrapUp = true
            case "size": settings.overflow.size = try words.number()
            case "wait": settings.overflow.waitMs = try words.seconds()
            case "estimated-wait": settings.overflow.estimatedWaitMs = try words.seconds()
            case "overflow": settings.overflow.action = try treatment(&words)
            case "night": settings.night = try treatment(&words)
            case "holiday": settings.holiday = try treatment(&words)
            case "forwarding": settings.forcedForwarding = try treatment(&words)
            case "stranded": settings.stranded = try treatment(&words)
            case "service":
                let services: [String: Service] = ["open": .open, "night": .night, "holiday": .holiday]
                settings.service = services[try words.next()] ?? .open
            default: throw Scenario.Malformed(why: "not of a queue: \(word)")
            }
        }
        return .setQueue(queue, settings)
    }

    private func policy(_ word: String) throws -> Policy {
        guard let policy = Policy.allCases.first(where: { hyphened("\($0)") == word }) else {
            throw Scenario.Malformed(why: "no policy: \(word)")
        }
        return policy
    }

    /// `ana,bo:weight=70,cy:level=2`
    private mutating func members(_ list: String) throws -> [QueueMember] {
        try list.split(separator: ",").map { entry in
            let parts = entry.split(separator: ":").map(String.init)
            var member = QueueMember(agent: AgentID(id(parts[0])))
            for part in parts.dropFirst() {
                let pair = part.split(separator: "=")
                guard pair.count == 2, let number = Int64(pair[1]) else {
                    throw Scenario.Malformed(why: "not of a member: \(part)")
                }
                if pair[0] == "weight" { member.weight = number } else { member.level = number }
            }
            return member
        }
    }

    private mutating func treatment(_ words: inout Words) throws -> Treatment? {
        let word = try words.next()
        switch word {
        case "none": return nil
        case "busy": return .busy
        case "ringing": return .ringing
        case "number": return .number
        case "to":
            let queue = QueueID(id(try words.next()))
            return .queue(queue, keepWait: words.take("keeping-its-wait"))
        default: throw Scenario.Malformed(why: "no treatment: \(word)")
        }
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
            case "busy-limit": settings.busyLimit = try words.number()
            case "error-limit": settings.errorLimit = try words.number()
            case "bounced-limit": settings.bouncedLimit = try words.number()
            case "guard": settings.guardMs = try words.seconds()
            case "own-wrap-up": settings.wrapUpMs = try words.seconds()
            case "forced-by":
                switch Self.signals[try words.next()] {
                case .doNotDisturb: settings.forcing.doNotDisturb = .yes(nil)
                case .personalCall: settings.forcing.personalCall = .yes(nil)
                case .notReachable: settings.forcing.notReachable = .yes(nil)
                case nil: throw Scenario.Malformed(why: "no such signal")
                }
            case "levels":
                settings.skills = try words.next().split(separator: ",").map { entry in
                    let pair = entry.split(separator: "=")
                    return AgentSkill(skill: SkillID(id(String(pair[0]))), level: Int64(pair[1]) ?? 1)
                }
            case "errands-interrupt-calls": settings.interrupts[.errand, during: .call] = true
            case "calls-interrupt-nothing":
                for channel in Channel.allCases { settings.interrupts[.call, during: channel] = false }
            default: throw Scenario.Malformed(why: "not of an agent: \(word)")
            }
        }
        inputs.append(.setAgent(agent, settings))
        if router.agent(agent)?.presence ?? .signedOut != presence {
            inputs.append(.presence(agent, presence, reason: nil))
        }
        return inputs
    }

    private mutating func arrive(_ channel: String, _ words: inout Words, at: Int64) throws -> [Input] {
        let item = WorkItemID(id(try words.next()))
        guard words.take("arrives") else { throw Scenario.Malformed(why: "\(channel) does not arrive") }
        let queue = QueueID(id(try words.next()))
        var priority: Int64?
        var creditMs: Int64 = 0
        var required: [SkillID] = []
        var desired: [SkillID] = []
        var preferred: WorkItemRecord.Preference?
        while let word = words.nextOrNil() {
            switch word {
            case "priority": priority = try words.number()
            case "credit": creditMs = try words.seconds()
            case "requires": required = skills(try words.next())
            case "desires": desired = skills(try words.next())
            case "prefers":
                let agent = AgentID(id(try words.next()))
                preferred = WorkItemRecord.Preference(
                    agent: agent, until: Instant(ms: at + (try words.seconds())))
            default: throw Scenario.Malformed(why: "not of an arrival: \(word)")
            }
        }
        var inputs: [Input] = []
        if router.queueSettings(queue) == nil { inputs.append(.setQueue(queue, QueueSettings())) }
        let channels: [String: Channel] = ["errand": .errand, "chat": .chat, "call": .call]
        inputs.append(
            .arrive(
                item, queue: queue, channel: channels[channel]!, priority: priority, creditMs: creditMs,
                requiredSkills: required, desiredSkills: desired, preferred: preferred))
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

    private static let signals: [String: Signal] = [
        "do-not-disturb": .doNotDisturb, "personal-call": .personalCall, "not-reachable": .notReachable,
    ]

    // MARK: Questions

    private mutating func why(_ words: inout Words) throws -> String {
        let item = WorkItemID(id(try words.next(after: "why")))
        guard let blockage = router.blockage(of: item) else { return "does not wait" }
        let place = router.position(of: item).map { ", place \($0)" } ?? ""
        return "waits because \(hyphened("\(blockage)"))\(place)"
    }

    /// What the engine says of an agent, what the agent says, and what it has asked for.
    private mutating func status(_ words: inout Words) throws -> String {
        let agent = AgentID(id(try words.next(after: "status")))
        guard let record = router.agent(agent), let status = router.routingStatus(of: agent) else {
            return "unknown"
        }
        let then = record.pending.map { ", then \(tell($0.presence, $0.reason))" } ?? ""
        return "\(status), \(tell(record.presence, record.reason))\(then)"
    }

    private func tell(_ presence: Presence, _ reason: ReasonID?) -> String {
        Self.presences.first { $0.0 == presence }!.1 + (reason.map { " \(name($0.raw))" } ?? "")
    }

    private mutating func decision(_ words: inout Words) throws -> String {
        let item = WorkItemID(id(try words.next(after: "decision")))
        guard let decision = decisions[item] else { return "no decision" }
        let steps = [
            decision.serving, decision.available, decision.skilled, decision.free, decision.candidates,
        ]
        return steps.map { "\($0)" }.joined(separator: " > ") + ", \(name(decision.winner.raw))"
            + (decision.runnerUp.map { " before \(name($0.raw))" } ?? "") + ", \(decision.waiting) waiting"
    }

    /// `allBusy` as `all-busy`.
    private func hyphened(_ word: String) -> String {
        word.reduce(into: "") { text, letter in
            text += letter.isUppercase ? "-" + letter.lowercased() : String(letter)
        }
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
            case .busy: "withdraw \(name(item.raw)) \(name(agent.raw)) busy"
            case .error: "withdraw \(name(item.raw)) \(name(agent.raw)) error"
            }
        case .connected(let item, let agent, let epoch):
            "connect \(name(item.raw)) \(name(agent.raw))" + (epoch == nil ? " unasked" : "")
        case .returned(let item, let agent): "return \(name(item.raw)) \(name(agent.raw))"
        case .moved(let item, let queue): "move \(name(item.raw)) \(name(queue.raw))"
        case .relocated(let item, let queue): "relocate \(name(item.raw)) \(name(queue.raw))"
        case .wrapUpBegan(let item, let agent, let until):
            "wrap-up \(name(item.raw)) \(name(agent.raw)) until \(clock(until))"
        case .wrapUpExtended(let item, let agent, let until):
            "extend \(name(item.raw)) \(name(agent.raw)) until \(clock(until))"
        case .abandoned(let item, let queue): "abandoned \(name(item.raw)) in \(name(queue.raw))"
        case .overflowed(let item, let queue, let cause, let treatment):
            "overflow \(name(item.raw)) from \(name(queue.raw)) \(tell(treatment)) because \(hyphened("\(cause)"))"
        case .presencePending(let agent, let presence, _):
            "pending \(name(agent.raw)) \(tell(presence, nil))"
        case .decided: nil
        case .blocked(let item, let blockage):
            tellsWhy ? "blocked \(name(item.raw)) \(hyphened("\(blockage)"))" : nil
        case .blockageChanged(let queue, let channel, let skills, let blockage):
            tellsWhy
                ? (["\(channel)", name(queue.raw)] + skills.map { name($0.raw) }
                    + [hyphened("\(blockage)")]).joined(separator: " ") : nil
        case .left(let item): "leave \(name(item.raw))"
        case .presenceChanged(_, _, _, .asked): nil
        case .presenceChanged(let agent, let presence, _, let cause):
            "presence \(name(agent.raw)) \(Self.presences.first { $0.0 == presence }!.1) because \(cause)"
        case .refused(let refusal): "refuse \(tell(refusal))"
        case .queueChanged, .agentChanged, .itemChanged: nil
        }
    }

    private func tell(_ reason: Reason) -> String {
        switch reason {
        case .longestIdle(let ms): "idle \(ms / 1000)s"
        case .fewestInHand(let count): "fewest in hand (\(count))"
        case .onlyCandidate: "only candidate"
        case .listOrder(let place): "place \(place) in the list"
        case .nextInTurn(let place): "next in turn (place \(place))"
        case .weight(let percent): "weight \(percent)%"
        case .fewestHandled(let count): "fewest handled (\(count))"
        case .leastTalk(let ms): "least talk \(ms / 1000)s"
        case .skillLevel(let level): "level \(level)"
        case .preferred: "preferred"
        case .group(let count): "group of \(count)"
        }
    }

    private func tell(_ treatment: Treatment) -> String {
        switch treatment {
        case .queue(let queue, let keepWait): "to \(name(queue.raw))" + (keepWait ? " keeping its wait" : "")
        case .number: "to a number"
        case .busy: "busy"
        case .ringing: "ringing"
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
        case .queueIsTarget(let id, let other): "queue \(name(other.raw)) overflows to \(name(id.raw))"
        case .answered(let id): "answered already \(name(id.raw))"
        case .notInWrapUp(let id): "not in wrap-up \(name(id.raw))"
        case .overflowRing(let ids): "ring " + ids.map { name($0.raw) }.joined(separator: " ")
        case .overflowToUnknownQueue(let id): "overflow to unknown queue \(name(id.raw))"
        case .weightsTooHigh(let id, let sum): "weights of \(name(id.raw)) are \(sum) together"
        }
    }

    private func clock(_ at: Instant) -> String {
        let s = at.ms / 1000
        return [s / 3600, s / 60 % 60, s % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
    }
}
