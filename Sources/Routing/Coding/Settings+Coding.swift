// Settings as numbers. What is written here is read by the same version only; order and tags are the format.

extension QueueSettings {
    func code(_ sink: inout some NumberSink) {
        sink.put(priority)
        sink.put(list: requiredSkills.lazy.map(\.raw))
        sink.put(list: desiredSkills.lazy.map(\.raw))
        sink.put(desiredTimeoutMs)
        sink.put(offerTimeoutMs)
        sink.put(reofferPauseMs)
        sink.put(wrapUpMs)
        sink.put(guardMs)
        sink.put(rank)
        sink.put(policy.rawValue)
        sink.put(routingType.rawValue)
        sink.put(Int64(members.count))
        for member in members {
            sink.put(member.agent.raw)
            sink.put(member.level)
            sink.put(member.weight)
        }
        sink.put(flag: offersInWrapUp)
        sink.put(optional: overflow.size)
        sink.put(optional: overflow.waitMs)
        sink.put(optional: overflow.estimatedWaitMs)
        Treatment.code(overflow.action, &sink)
        sink.put(service.rawValue)
        Treatment.code(holiday, &sink)
        Treatment.code(night, &sink)
        Treatment.code(forcedForwarding, &sink)
        Treatment.code(stranded, &sink)
    }

    init(from reader: inout NumberReader) throws(Undecodable) {
        self.init()
        priority = try reader.number()
        requiredSkills = try reader.skills()
        desiredSkills = try reader.skills()
        desiredTimeoutMs = try reader.number()
        offerTimeoutMs = try reader.number()
        reofferPauseMs = try reader.number()
        wrapUpMs = try reader.number()
        guardMs = try reader.number()
        rank = try reader.number()
        policy = try reader.raw()
        routingType = try reader.raw()
        members = try reader.list { (reader: inout NumberReader) throws(Undecodable) in
            QueueMember(
                agent: try reader.agent(), level: try reader.number(), weight: try reader.number())
        }
        offersInWrapUp = try reader.flag()
        overflow.size = try reader.optional()
        overflow.waitMs = try reader.optional()
        overflow.estimatedWaitMs = try reader.optional()
        overflow.action = try Treatment.read(&reader)
        service = try reader.raw()
        holiday = try Treatment.read(&reader)
        night = try Treatment.read(&reader)
        forcedForwarding = try Treatment.read(&reader)
        stranded = try Treatment.read(&reader)
    }
}

extension Treatment {
    static func code(_ treatment: Treatment?, _ sink: inout some NumberSink) {
        switch treatment {
        case nil: sink.put(0)
        case .queue(let target, let keepWait):
            sink.put(keepWait ? 2 : 1)
            sink.put(target.raw)
        case .number: sink.put(3)
        case .busy: sink.put(4)
        case .ringing: sink.put(5)
        }
    }

    static func read(_ reader: inout NumberReader) throws(Undecodable) -> Treatment? {
        switch try reader.number() {
        case 0: return nil
        case 1: return .queue(try reader.queue(), keepWait: false)
        case 2: return .queue(try reader.queue(), keepWait: true)
        case 3: return .number
        case 4: return .busy
        case 5: return .ringing
        default: throw reader.unreadable
        }
    }
}

extension AgentSettings {
    func code(_ sink: inout some NumberSink) {
        sink.put(list: queues.lazy.map(\.raw))
        sink.put(Int64(skills.count))
        for skill in skills {
            sink.put(skill.skill.raw)
            sink.put(skill.level)
        }
        for channel in Channel.allCases { sink.put(capacity[channel]) }
        sink.put(unansweredLimit)
        sink.put(busyLimit)
        sink.put(errorLimit)
        sink.put(bouncedLimit)
        sink.put(optional: bouncedReason?.raw)
        for signal in Signal.allCases { forcing[signal].code(&sink) }
        sink.put(optional: guardMs)
        sink.put(wrapUpMs)
        sink.put(interrupts.rawValue)
    }

    init(from reader: inout NumberReader) throws(Undecodable) {
        self.init()
        queues = try reader.list { (reader: inout NumberReader) throws(Undecodable) in try reader.queue() }
        skills = try reader.list { (reader: inout NumberReader) throws(Undecodable) in
            AgentSkill(skill: SkillID(try reader.number()), level: try reader.number())
        }
        capacity = Capacity(
            errand: try reader.number(), chat: try reader.number(), call: try reader.number())
        unansweredLimit = try reader.number()
        busyLimit = try reader.number()
        errorLimit = try reader.number()
        bouncedLimit = try reader.number()
        bouncedReason = try reader.optional().map(ReasonID.init)
        forcing.doNotDisturb = try ForcedUnavailable(from: &reader)
        forcing.personalCall = try ForcedUnavailable(from: &reader)
        forcing.notReachable = try ForcedUnavailable(from: &reader)
        guardMs = try reader.optional()
        wrapUpMs = try reader.number()
        interrupts = Interrupts(rawValue: try reader.number())
    }
}

extension ForcedUnavailable {
    func code(_ sink: inout some NumberSink) {
        switch self {
        case .no: sink.put(0)
        case .yes(nil): sink.put(1)
        case .yes(let reason?):
            sink.put(2)
            sink.put(reason.raw)
        }
    }

    init(from reader: inout NumberReader) throws(Undecodable) {
        switch try reader.number() {
        case 0: self = .no
        case 1: self = .yes(nil)
        case 2: self = .yes(ReasonID(try reader.number()))
        default: throw reader.unreadable
        }
    }
}
