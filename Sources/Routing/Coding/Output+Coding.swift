// Outputs as numbers: they are only compared, so nothing reads them back.

extension Output {
    func code(_ sink: inout some NumberSink) {
        switch self {
        case .offered(let item, let agent, let epoch, let deadline, let reason):
            sink.put(1, item.raw, agent.raw, epoch, deadline.ms)
            reason.code(&sink)
        case .offerEnded(let item, let agent, let epoch, let end):
            sink.put(2, item.raw, agent.raw, epoch, end.rawValue)
        case .connected(let item, let agent, let epoch):
            sink.put(3, item.raw, agent.raw)
            sink.put(optional: epoch)
        case .returned(let item, let agent): sink.put(4, item.raw, agent.raw)
        case .moved(let item, let queue): sink.put(5, item.raw, queue.raw)
        case .relocated(let item, let queue): sink.put(6, item.raw, queue.raw)
        case .wrapUpBegan(let item, let agent, let until): sink.put(7, item.raw, agent.raw, until.ms)
        case .wrapUpExtended(let item, let agent, let until): sink.put(8, item.raw, agent.raw, until.ms)
        case .abandoned(let item, let queue): sink.put(9, item.raw, queue.raw)
        case .overflowed(let item, let queue, let cause, let treatment):
            sink.put(10, item.raw, queue.raw, cause.rawValue)
            Treatment.code(treatment, &sink)
        case .left(let item): sink.put(11, item.raw)
        case .decided(let decision):
            sink.put(12)
            decision.code(&sink)
        case .blocked(let item, let blockage): sink.put(13, item.raw, blockage.rawValue)
        case .blockageChanged(let queue, let channel, let skills, let blockage):
            sink.put(14, queue.raw, channel.rawValue, blockage.rawValue)
            sink.put(list: skills.lazy.map(\.raw))
        case .presencePending(let agent, let presence, let reason):
            sink.put(15, agent.raw, presence.rawValue)
            sink.put(optional: reason?.raw)
        case .presenceChanged(let agent, let presence, let reason, let cause):
            sink.put(16, agent.raw, presence.rawValue, cause.rawValue)
            sink.put(optional: reason?.raw)
        case .refused(let refusal):
            sink.put(17)
            refusal.code(&sink)
        case .queueChanged(let record):
            sink.put(18)
            record.code(&sink)
        case .agentChanged(let record):
            sink.put(19)
            record.code(&sink)
        case .itemChanged(let record):
            sink.put(20)
            record.code(&sink)
        }
    }
}

extension Reason {
    fileprivate func code(_ sink: inout some NumberSink) {
        switch self {
        case .longestIdle(let ms): sink.put(1, ms)
        case .fewestInHand(let count): sink.put(2, count)
        case .onlyCandidate: sink.put(3)
        case .listOrder(let place): sink.put(4, place)
        case .nextInTurn(let place): sink.put(5, place)
        case .weight(let percent): sink.put(6, percent)
        case .fewestHandled(let count): sink.put(7, count)
        case .leastTalk(let ms): sink.put(8, ms)
        case .skillLevel(let level): sink.put(9, level)
        case .preferred: sink.put(10)
        case .group(let count): sink.put(11, count)
        }
    }
}

extension Decision {
    fileprivate func code(_ sink: inout some NumberSink) {
        sink.put(item.raw, epoch, queue.raw)
        sink.put(serving, available, skilled, free, candidates)
        sink.put(winner.raw)
        reason.code(&sink)
        sink.put(optional: runnerUp?.raw)
        sink.put(waiting)
    }
}

extension RouterRefusal {
    fileprivate func code(_ sink: inout some NumberSink) {
        switch self {
        case .unknownItem(let item): sink.put(1, item.raw)
        case .unknownAgent(let agent): sink.put(2, agent.raw)
        case .unknownQueue(let queue): sink.put(3, queue.raw)
        case .duplicateItem(let item): sink.put(4, item.raw)
        case .offerIsOver(let item, let epoch): sink.put(5, item.raw, epoch)
        case .inHand(let item, let agent): sink.put(6, item.raw, agent.raw)
        case .notInHand(let item): sink.put(7, item.raw)
        case .queueHoldsWork(let queue): sink.put(8, queue.raw)
        case .queueIsTarget(let queue, let other): sink.put(9, queue.raw, other.raw)
        case .answered(let item): sink.put(10, item.raw)
        case .notInWrapUp(let agent): sink.put(11, agent.raw)
        case .overflowRing(let ring):
            sink.put(12)
            sink.put(list: ring.lazy.map(\.raw))
        case .overflowToUnknownQueue(let queue): sink.put(13, queue.raw)
        case .weightsTooHigh(let queue, let sum): sink.put(14, queue.raw, sum)
        }
    }
}
