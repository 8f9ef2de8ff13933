// What each of the router's decisions means for the figures.

import Routing

extension Tally {
    /// - Parameter sentOn: the item that overflow is just sending to another queue.
    mutating func note(_ output: Output, _ sentOn: inout WorkItemID?, at now: Instant) {
        switch output {
        case .offered(_, let agent, _, _, _): count(.offered, agent, at: now)
        case .offerEnded(_, let agent, _, let end): noteEnd(end, agent, at: now)
        case .connected(let id, let agent, _): connect(id, agent, at: now)
        case .returned(let id, _):
            guard let hand = release(id, at: now), let entry = entries[id] else { return }
            // What was in wrap-up had its conversation already.
            guard !hand.isWrapUp else { return }
            count(.returned, entry.queue, entry.channel, at: now)
            count(.returned, hand.agent, at: now)
        case .overflowed(let id, _, let cause, let treatment):
            overflow(id, cause, treatment)
            if case .queue = treatment { sentOn = id }
        case .moved(let id, let queue):
            move(id, to: queue, byOverflow: sentOn == id, at: now)
            sentOn = nil
        case .relocated(let id, let queue): relocate(id, to: queue)
        case .wrapUpBegan(let id, let agent, _):
            guard release(id, at: now) != nil else { return }
            handled(id, agent, at: now)
            hands[id] = Hand(agent: agent, isWrapUp: true, since: now)
            change(agent, at: now) { $0.inHand += 1 }
        case .abandoned(let id, _): abandon(id, at: now)
        case .left(let id): leave(id, at: now)
        case .agentChanged(let record): follow(record, at: now)
        case .queueChanged(let record): patienceMs[record.id] = record.patienceMs
        case .wrapUpExtended, .decided, .blocked, .blockageChanged, .presencePending, .presenceChanged,
            .refused, .itemChanged:
            break
        }
    }

    private mutating func noteEnd(_ end: OfferEnd, _ agent: AgentID, at now: Instant) {
        switch end {
        case .accepted: count(.accepted, agent, at: now)
        case .declined: count(.declined, agent, at: now)
        case .noAnswer, .busy, .error: count(.unanswered, agent, at: now)
        case .taken, .itemGone, .agentGone, .serverDown: break
        }
    }

    private mutating func connect(_ id: WorkItemID, _ agent: AgentID, at now: Instant) {
        // Out of a wrap-up into the same hands again.
        release(id, at: now)
        if let entry = entries[id] { answer(id, entry, at: now) }
        hands[id] = Hand(agent: agent, since: now)
        change(agent, at: now) { $0.inHand += 1 }
    }

    private mutating func answer(_ id: WorkItemID, _ entry: Entry, at now: Instant) {
        enter(id)
        takeIn(id)
        guard entries[id]?.standing == .open else { return }
        entries[id]!.standing = .over
        let waitMs = max(0, now - entry.queued)
        let limitMs = serviceLevelMs[entry.queue] ?? serviceLevelDefaultS * 1_000
        with(entry) { counts in
            counts[.answered] += 1
            counts[.waitMs] += waitMs
            counts[.waitMaxMs] = max(counts[.waitMaxMs], waitMs)
            counts.countWait(waitMs, from: .answeredIn5)
            if waitMs <= limitMs { counts[.answeredInTime] += 1 }
        }
        compare(entry, waitMs: waitMs)
    }

    private mutating func abandon(_ id: WorkItemID, at now: Instant) {
        guard let entry = entries[id], entry.standing == .open else { return }
        entries[id]!.standing = .over
        let waitMs = max(0, now - entry.queued)
        let limitMs = serviceLevelMs[entry.queue] ?? serviceLevelDefaultS * 1_000
        with(entry) { counts in
            counts[.abandoned] += 1
            counts[.abandonedWaitMs] += waitMs
            counts.countWait(waitMs, from: .abandonedIn5)
            if waitMs <= limitMs { counts[.abandonedInTime] += 1 }
            if waitMs < shortAbandonMs { counts[.shortAbandoned] += 1 }
        }
        compare(entry, waitMs: nil)
    }

    private mutating func overflow(_ id: WorkItemID, _ cause: OverflowCause, _ treatment: Treatment) {
        guard let entry = entries[id] else { return }
        switch (entry.standing, treatment) {
        case (.over, _), (.ringing, _): return
        case (.arriving, .busy), (.arriving, .ringing): count(.balked, entry)
        case (.arriving, .queue), (.arriving, .number), (.open, _):
            enter(id)
            if let figure = cause.figure { count(figure, entry) }
        }
        entries[id]!.standing = treatment == .ringing ? .ringing : .over
    }

    /// Into another queue, where it is a newcomer.
    private mutating func move(_ id: WorkItemID, to queue: QueueID, byOverflow: Bool, at now: Instant) {
        let hand = release(id, at: now)
        guard let entry = entries[id] else { return }
        if let hand, !hand.isWrapUp {
            handled(id, hand.agent, at: now)
            count(.passedOn, entry.queue, entry.channel, at: now)
        }
        if entry.standing == .open { count(.transferredOut, entry) }
        let fresh = Entry(queue: queue, channel: entry.channel, queued: now, standing: .arriving)
        entries[id] = fresh
        arriving.append(id)
        count(byOverflow ? .overflowedIn : .transferredIn, fresh)
    }

    /// Into another queue with the wait it has; what is in hand only counts its time there from now on.
    private mutating func relocate(_ id: WorkItemID, to queue: QueueID) {
        guard var entry = entries[id] else { return }
        let wasOpen = entry.standing == .open
        if wasOpen { count(.transferredOut, entry) }
        entry.queue = queue
        entries[id] = entry
        guard wasOpen else { return }
        count(.transferredIn, entry)
        count(.entered, entry)
    }

    private mutating func leave(_ id: WorkItemID, at now: Instant) {
        if let hand = release(id, at: now), !hand.isWrapUp { handled(id, hand.agent, at: now) }
        if let entry = entries[id], entry.standing == .open { count(.withdrawn, entry) }
        entries[id] = nil
    }

    private mutating func follow(_ record: AgentRecord, at now: Instant) {
        guard let shift = shifts[record.id],
            shift.presence != record.presence || shift.reason != record.reason
        else { return }
        change(record.id, at: now) {
            $0.presence = record.presence
            $0.reason = record.reason
        }
    }

    private mutating func handled(_ id: WorkItemID, _ agent: AgentID, at now: Instant) {
        guard let entry = entries[id] else { return }
        count(.handled, entry.queue, entry.channel, at: now)
        count(.handled, agent, at: now)
    }

    /// Takes an item out of the hands it is in, and books its time there.
    @discardableResult
    private mutating func release(_ id: WorkItemID, at now: Instant) -> Hand? {
        guard let hand = hands[id] else { return nil }
        book(hand, of: id, to: now)
        hands[id] = nil
        change(hand.agent, at: now) { $0.inHand -= 1 }
        return hand
    }
}

extension OverflowCause {
    /// nil for the end of ringing: that the item rang was counted when it began.
    fileprivate var figure: QueueFigure? {
        switch self {
        case .holiday: .overflowedHoliday
        case .night: .overflowedNight
        case .forcedForwarding: .overflowedForcedForwarding
        case .stranded: .overflowedStranded
        case .size: .overflowedSize
        case .wait: .overflowedWait
        case .estimatedWait: .overflowedEstimatedWait
        case .ringingEnded: nil
        }
    }
}
