// Inputs as numbers: what the journal of the router holds.

extension Input {
    func code(_ sink: inout some NumberSink) {
        switch self {
        case .setQueue(let id, let settings):
            sink.put(1)
            sink.put(id.raw)
            settings.code(&sink)
        case .removeQueue(let id): sink.put(2, id.raw)
        case .setAgent(let id, let settings):
            sink.put(3)
            sink.put(id.raw)
            settings.code(&sink)
        case .removeAgent(let id): sink.put(4, id.raw)
        case .presence(let id, let presence, let reason):
            sink.put(5, id.raw, presence.rawValue)
            sink.put(optional: reason?.raw)
        case .endWrapUp(let id): sink.put(6, id.raw)
        case .extendWrapUp(let id, let until): sink.put(7, id.raw, until.ms)
        case .signal(let id, let signal, let on): sink.put(8, id.raw, signal.rawValue, on ? 1 : 0)
        case .deskOpened(let id): sink.put(9, id.raw)
        case .deskClosed(let id, let until): sink.put(10, id.raw, until.ms)
        case .arrive(
            let id, let queue, let channel, let priority, let creditMs, let required, let desired,
            let preferred):
            sink.put(11, id.raw, queue.raw, channel.rawValue)
            sink.put(optional: priority)
            sink.put(creditMs)
            sink.put(list: required.lazy.map(\.raw))
            sink.put(list: desired.lazy.map(\.raw))
            WorkItemRecord.Preference.code(preferred, &sink)
        case .arriveInHand(let id, let agent, let queue, let channel, let priority):
            sink.put(12, id.raw, agent.raw, queue.raw, channel.rawValue)
            sink.put(optional: priority)
        case .accept(let id, let agent, let epoch): sink.put(13, id.raw, agent.raw, epoch)
        case .decline(let id, let agent, let epoch): sink.put(14, id.raw, agent.raw, epoch)
        case .fail(let id, let agent, let epoch, let failure):
            sink.put(15, id.raw, agent.raw, epoch, failure.rawValue)
        case .abandon(let id): sink.put(16, id.raw)
        case .askReturnCall(let id): sink.put(17, id.raw)
        case .take(let id, let agent): sink.put(18, id.raw, agent.raw)
        case .returnToQueue(let id): sink.put(19, id.raw)
        case .transfer(let id, let queue, let keepWait): sink.put(20, id.raw, queue.raw, keepWait ? 1 : 0)
        case .relocate(let id, let queue): sink.put(21, id.raw, queue.raw)
        case .assign(let id, let agent): sink.put(22, id.raw, agent.raw)
        case .setPriority(let id, let priority): sink.put(23, id.raw, priority)
        case .finish(let id): sink.put(24, id.raw)
        case .withdraw(let id): sink.put(25, id.raw)
        case .resume(let desksUntil): sink.put(26, desksUntil.ms)
        case .tick: sink.put(27)
        }
    }

    init(from reader: inout NumberReader) throws(Undecodable) {
        switch try reader.number() {
        case 1: self = .setQueue(try reader.queue(), try QueueSettings(from: &reader))
        case 2: self = .removeQueue(try reader.queue())
        case 3: self = .setAgent(try reader.agent(), try AgentSettings(from: &reader))
        case 4: self = .removeAgent(try reader.agent())
        case 5:
            self = .presence(
                try reader.agent(), try reader.raw(), reason: try reader.optional().map(ReasonID.init))
        case 6: self = .endWrapUp(try reader.agent())
        case 7: self = .extendWrapUp(try reader.agent(), until: try reader.instant())
        case 8: self = .signal(try reader.agent(), try reader.raw(), on: try reader.flag())
        case 9: self = .deskOpened(try reader.agent())
        case 10: self = .deskClosed(try reader.agent(), until: try reader.instant())
        case 11:
            self = .arrive(
                try reader.item(), queue: try reader.queue(), channel: try reader.raw(),
                priority: try reader.optional(), creditMs: try reader.number(),
                requiredSkills: try reader.skills(), desiredSkills: try reader.skills(),
                preferred: try WorkItemRecord.Preference.read(&reader))
        case 12:
            self = .arriveInHand(
                try reader.item(), try reader.agent(), queue: try reader.queue(), channel: try reader.raw(),
                priority: try reader.optional())
        case 13: self = .accept(try reader.item(), try reader.agent(), epoch: try reader.number())
        case 14: self = .decline(try reader.item(), try reader.agent(), epoch: try reader.number())
        case 15:
            self = .fail(
                try reader.item(), try reader.agent(), epoch: try reader.number(), try reader.raw())
        case 16: self = .abandon(try reader.item())
        case 17: self = .askReturnCall(try reader.item())
        case 18: self = .take(try reader.item(), try reader.agent())
        case 19: self = .returnToQueue(try reader.item())
        case 20: self = .transfer(try reader.item(), try reader.queue(), keepWait: try reader.flag())
        case 21: self = .relocate(try reader.item(), try reader.queue())
        case 22: self = .assign(try reader.item(), try reader.agent())
        case 23: self = .setPriority(try reader.item(), try reader.number())
        case 24: self = .finish(try reader.item())
        case 25: self = .withdraw(try reader.item())
        case 26: self = .resume(desksUntil: try reader.instant())
        case 27: self = .tick
        default: throw reader.unreadable
        }
    }
}

extension NumberSink {
    /// A tag and what belongs to it.
    @inline(__always)
    mutating func put(_ tag: Int64, _ a: Int64) {
        put(tag)
        put(a)
    }

    @inline(__always)
    mutating func put(_ tag: Int64, _ a: Int64, _ b: Int64) {
        put(tag, a)
        put(b)
    }

    @inline(__always)
    mutating func put(_ tag: Int64, _ a: Int64, _ b: Int64, _ c: Int64) {
        put(tag, a, b)
        put(c)
    }

    @inline(__always)
    mutating func put(_ tag: Int64, _ a: Int64, _ b: Int64, _ c: Int64, _ d: Int64) {
        put(tag, a, b, c)
        put(d)
    }
}
