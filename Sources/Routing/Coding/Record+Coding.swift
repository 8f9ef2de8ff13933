// Records and snapshots as numbers.

extension QueueRecord {
    func code(_ sink: inout some NumberSink) {
        sink.put(id.raw)
        sink.put(handlingMs)
        sink.put(handlings)
        sink.put(waitedMs)
        sink.put(abandonments)
        sink.put(optional: lastAnswered?.raw)
        sink.put(optional: handledAt?.ms)
        sink.put(optional: handledChannel?.rawValue)
        sink.put(handledEveryUs)
    }

    init(from reader: inout NumberReader) throws(Undecodable) {
        self.init(id: try reader.queue())
        handlingMs = try reader.number()
        handlings = try reader.number()
        waitedMs = try reader.number()
        abandonments = try reader.number()
        lastAnswered = try reader.optional().map(AgentID.init)
        handledAt = try reader.optional().map(Instant.init(ms:))
        handledChannel = try reader.flag() ? try reader.raw(Channel.self) : nil
        handledEveryUs = try reader.number()
    }
}

extension AgentRecord {
    func code(_ sink: inout some NumberSink) {
        sink.put(id.raw)
        sink.put(presence.rawValue)
        sink.put(optional: reason?.raw)
        sink.put(presenceSince.ms)
        sink.put(idleSince.ms)
        sink.put(idleOrder)
        sink.put(unanswered)
        sink.put(busyFailures)
        sink.put(errorFailures)
        sink.put(bounced)
        sink.put(optional: pending?.presence.rawValue)
        sink.put(optional: pending?.reason?.raw)
        sink.put(optional: wrapUpUntil?.ms)
        sink.put(optional: presenceUntil?.ms)
        sink.put(optional: guardUntil?.ms)
        sink.put(signals.rawValue)
        sink.put(handled)
        sink.put(talkMs)
        switch desk {
        case .none: sink.put(0)
        case .open: sink.put(1)
        case .closed(let until):
            sink.put(2)
            sink.put(until.ms)
        }
    }

    init(from reader: inout NumberReader) throws(Undecodable) {
        self.init(id: try reader.agent(), at: Instant(ms: 0))
        presence = try reader.raw()
        reason = try reader.optional().map(ReasonID.init)
        presenceSince = try reader.instant()
        idleSince = try reader.instant()
        idleOrder = try reader.number()
        unanswered = try reader.number()
        busyFailures = try reader.number()
        errorFailures = try reader.number()
        bounced = try reader.number()
        let pendingPresence = try reader.flag() ? try reader.raw(Presence.self) : nil
        let pendingReason = try reader.optional().map(ReasonID.init)
        pending = pendingPresence.map { PendingPresence(presence: $0, reason: pendingReason) }
        wrapUpUntil = try reader.optional().map(Instant.init(ms:))
        presenceUntil = try reader.optional().map(Instant.init(ms:))
        guardUntil = try reader.optional().map(Instant.init(ms:))
        signals = Signals(rawValue: try reader.number())
        handled = try reader.number()
        talkMs = try reader.number()
        switch try reader.number() {
        case 0: desk = .none
        case 1: desk = .open
        case 2: desk = .closed(until: try reader.instant())
        default: throw reader.unreadable
        }
    }
}

extension WorkItemRecord {
    func code(_ sink: inout some NumberSink) {
        sink.put(id.raw)
        sink.put(queue.raw)
        sink.put(channel.rawValue)
        sink.put(priority)
        sink.put(creditMs)
        sink.put(entered.ms)
        sink.put(queued.ms)
        sink.put(list: requiredSkills.lazy.map(\.raw))
        sink.put(list: desiredSkills.lazy.map(\.raw))
        Preference.code(preferred, &sink)
        sink.put(flag: isReturnCall)
        sink.put(flag: hasOverflowed)
        sink.put(flag: isWaitLearned)
        state.code(&sink)
        sink.put(epoch)
        sink.put(optional: firstOffered?.ms)
        sink.put(Int64(pauses.count))
        for pause in pauses {
            sink.put(pause.agent.raw)
            sink.put(pause.until.ms)
        }
    }

    init(from reader: inout NumberReader) throws(Undecodable) {
        self.init(
            id: try reader.item(), queue: try reader.queue(), channel: try reader.raw(),
            priority: try reader.number(), entered: Instant(ms: 0))
        creditMs = try reader.number()
        entered = try reader.instant()
        queued = try reader.instant()
        requiredSkills = try reader.skills()
        desiredSkills = try reader.skills()
        preferred = try Preference.read(&reader)
        isReturnCall = try reader.flag()
        hasOverflowed = try reader.flag()
        isWaitLearned = try reader.flag()
        state = try State(from: &reader)
        epoch = try reader.number()
        firstOffered = try reader.optional().map(Instant.init(ms:))
        pauses = try reader.list { (reader: inout NumberReader) throws(Undecodable) in
            Pause(agent: try reader.agent(), until: try reader.instant())
        }
    }
}

extension WorkItemRecord.Preference {
    static func code(_ preferred: Self?, _ sink: inout some NumberSink) {
        guard let preferred else { return sink.put(0) }
        sink.put(1)
        sink.put(preferred.agent.raw)
        sink.put(preferred.until.ms)
    }

    static func read(_ reader: inout NumberReader) throws(Undecodable) -> Self? {
        guard try reader.flag() else { return nil }
        return Self(agent: try reader.agent(), until: try reader.instant())
    }
}

extension WorkItemRecord.State {
    func code(_ sink: inout some NumberSink) {
        switch self {
        case .waiting: sink.put(0)
        case .offered(let agent, let made, let deadline):
            sink.put(1)
            sink.put(agent.raw)
            sink.put(made.ms)
            sink.put(deadline.ms)
        case .offeredToGroup(let group, let made, let deadline):
            sink.put(2)
            sink.put(list: group.lazy.map(\.raw))
            sink.put(made.ms)
            sink.put(deadline.ms)
        case .ringing(let until):
            sink.put(3)
            sink.put(until.ms)
        case .active(let agent, let since):
            sink.put(4)
            sink.put(agent.raw)
            sink.put(since.ms)
        case .wrapUp(let agent, let until):
            sink.put(5)
            sink.put(agent.raw)
            sink.put(until.ms)
        }
    }

    init(from reader: inout NumberReader) throws(Undecodable) {
        switch try reader.number() {
        case 0: self = .waiting
        case 1:
            self = .offered(
                try reader.agent(), made: try reader.instant(), deadline: try reader.instant())
        case 2:
            let group = try reader.list { (reader: inout NumberReader) throws(Undecodable) in
                try reader.agent()
            }
            self = .offeredToGroup(group, made: try reader.instant(), deadline: try reader.instant())
        case 3: self = .ringing(until: try reader.instant())
        case 4: self = .active(try reader.agent(), since: try reader.instant())
        case 5: self = .wrapUp(try reader.agent(), until: try reader.instant())
        default: throw reader.unreadable
        }
    }
}

extension Snapshot {
    /// As bytes that the same version of the router reads.
    public func coded() -> [UInt8] {
        var writer = NumberWriter()
        writer.put(idleOrder)
        writer.put(Int64(queueIDs.count))
        for (id, settings) in queues {
            writer.put(id.raw)
            settings.code(&writer)
        }
        writer.put(Int64(queueRecords.count))
        for record in queueRecords { record.code(&writer) }
        writer.put(Int64(agents.count))
        for (record, settings) in zip(agents, agentSettings) {
            record.code(&writer)
            settings.code(&writer)
        }
        writer.put(Int64(items.count))
        for record in items { record.code(&writer) }
        return writer.bytes
    }

    public init(coded bytes: [UInt8]) throws(Undecodable) {
        self.init()
        var reader = NumberReader(bytes[...])
        idleOrder = try reader.number()
        for _ in 0..<(try reader.count()) {
            queueIDs.append(try reader.queue())
            queueSettings.append(try QueueSettings(from: &reader))
        }
        queueRecords = try reader.list { (reader: inout NumberReader) throws(Undecodable) in
            try QueueRecord(from: &reader)
        }
        for _ in 0..<(try reader.count()) {
            agents.append(try AgentRecord(from: &reader))
            agentSettings.append(try AgentSettings(from: &reader))
        }
        items = try reader.list { (reader: inout NumberReader) throws(Undecodable) in
            try WorkItemRecord(from: &reader)
        }
        guard reader.isAtEnd else { throw reader.unreadable }
    }
}
