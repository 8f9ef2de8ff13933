// Time: spans of work in hand and of presence, parted at intervals.

import Routing

extension Tally {
    /// Books every open span up to now.
    mutating func bookOpenSpans(to now: Instant) {
        for (id, hand) in hands { book(hand, of: id, to: now) }
        for (id, shift) in shifts where shift.presence != .signedOut {
            book(shift, of: id, to: now)
            shifts[id]!.since = now
        }
        bookedUntil = max(bookedUntil, now)
        hasBooked = true
    }

    /// The server was down: presences count up to its last sign of life and from now on. Work in hand went on,
    /// for a conversation does not know of the server.
    mutating func skipStandstill(to now: Instant) {
        for (id, shift) in shifts where shift.presence != .signedOut {
            book(shift, of: id, to: min(lastSign, now))
            shifts[id]!.since = now
            // Later figures of this interval must not be taken for this stretch after the next restart.
            toldUntil[AgentKey(start: Interval.start(of: now), agent: id)] = now
            agentDeltas[AgentKey(start: Interval.start(of: now), agent: id), default: .init()][.offered] += 0
        }
    }

    mutating func book(_ hand: Hand, of id: WorkItemID, to now: Instant) {
        guard let entry = entries[id] else { return }
        eachInterval(from: max(hand.since, bookedUntil), to: now) { start, ms, _ in
            let key = QueueKey(start: start, queue: entry.queue, channel: entry.channel)
            queueDeltas[key, default: .init()][hand.isWrapUp ? .wrapUpMs : .talkMs] += ms
            agentDeltas[AgentKey(start: start, agent: hand.agent), default: .init()][
                hand.isWrapUp ? .wrapUpMs : .talkMs] += ms
        }
    }

    mutating func book(_ shift: Shift, of id: AgentID, to now: Instant) {
        guard shift.presence != .signedOut else { return }
        eachInterval(from: shift.since, to: now) { start, ms, end in
            let key = AgentKey(start: start, agent: id)
            var counts = agentDeltas[key] ?? .init()
            counts[.signedInMs] += ms
            switch shift.presence {
            case .available: counts[.availableMs] += ms
            case .wrapUp: counts[.wrapUpPresenceMs] += ms
            case .unavailable:
                counts[.unavailableMs] += ms
                reasonDeltas[ReasonKey(start: start, agent: id, reason: shift.reason), default: 0] += ms
            case .signedIn, .signedOut: break
            }
            if shift.isBusy {
                counts[.busyMs] += ms
            } else if shift.presence == .available {
                counts[.idleMs] += ms
            }
            agentDeltas[key] = counts
            toldUntil[key] = max(toldUntil[key] ?? end, end)
        }
    }

    mutating func count(_ figure: QueueFigure, _ entry: Entry) { with(entry) { $0[figure] += 1 } }

    mutating func count(
        _ figure: QueueFigure, _ queue: QueueID, _ channel: Channel, at now: Instant
    ) {
        let key = QueueKey(start: Interval.start(of: now), queue: queue, channel: channel)
        queueDeltas[key, default: .init()][figure] += 1
    }

    mutating func count(_ figure: AgentFigure, _ agent: AgentID, at now: Instant) {
        agentDeltas[AgentKey(start: Interval.start(of: now), agent: agent), default: .init()][figure] += 1
    }

    /// The figures of the interval in which it entered.
    mutating func with(_ entry: Entry, _ body: (inout QueueCounts) -> Void) {
        let key = QueueKey(
            start: Interval.start(of: entry.queued), queue: entry.queue, channel: entry.channel)
        body(&queueDeltas[key, default: .init()])
    }
}

extension Tally.Shift {
    /// Work left open over a break is no work.
    var isBusy: Bool {
        switch presence {
        case .wrapUp: true
        case .available, .signedIn: inHand > 0
        case .unavailable, .signedOut: false
        }
    }
}
