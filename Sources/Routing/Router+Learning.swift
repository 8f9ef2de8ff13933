// What a queue learns from its work: how long it takes, whose turn it was, and how patient customers are.

/// A handling time counts at least one part in this many: few follow a change at once, many are sure.
let handlingsMax: Int64 = 256

/// Waits by which patience is known. More than handling times, because most of them end with an answer.
let waitsMax: Int64 = 512

/// An interval between two ends of conversations counts at least one part in this many.
let pacesMax: Int64 = 128

/// One such interval counts as this many of the usual ones at most: a night is not the pace of the day.
private let paceMost: Int64 = 4

/// The first interval at most: an hour.
private let paceFirstMaxUs: Int64 = 3_600_000_000

/// What one customer who gave up counts.
private let abandonment: Int64 = 1_024

/// With fewer of late than eight, nobody is expected to give up; some of the eight is forgotten already.
private let abandonmentsMin: Int64 = 15 * abandonment / 2

extension QueueRecord {
    /// How long customers are ready to wait, in milliseconds, if as many give up in each moment of waiting as in any
    /// other; nil while too few have.
    public var patienceMs: Int64? {
        guard abandonments >= abandonmentsMin else { return nil }
        let patience = Double(waitedMs) / Double(abandonments) * Double(abandonment)
        return patience < 9e18 ? max(1, Int64(patience.rounded())) : nil
    }

    mutating func learn(handlingMs taken: Int64) {
        handlings = min(handlings + 1, handlingsMax)
        // The difference does not overflow: neither is negative.
        handlingMs += (max(0, taken) - handlingMs) / handlings
    }

    /// A conversation ended.
    mutating func learnPace(_ now: Instant, _ channel: Channel) {
        defer {
            handledAt = now
            handledChannel = channel
        }
        guard let handledAt else { return }
        let (us, overflow) = (now - handledAt).multipliedReportingOverflow(by: 1_000)
        let taken = overflow ? .max : us
        guard handledEveryUs > 0 else {
            handledEveryUs = max(1, min(taken, paceFirstMaxUs))
            return
        }
        let counted = min(taken, handledEveryUs.times(paceMost))
        handledEveryUs = max(
            1, handledEveryUs + (counted - handledEveryUs) / min(max(1, handlings - 1), pacesMax))
    }

    /// How many are handled in a millisecond, of late; fewer when nothing was done for long.
    func pace(at now: Int64) -> Double {
        guard handledEveryUs > 0, let handledAt else { return 0 }
        let sinceUs = Double(now - handledAt.ms) * 1_000
        return 1_000 / max(Double(handledEveryUs), sinceUs / Double(paceMost))
    }

    /// The last one took that much longer, or shorter, than was supposed.
    mutating func correct(handlingMs longer: Int64) {
        guard handlings > 0 else { return }
        handlingMs = max(0, handlingMs.plus(longer / handlings))
    }

    mutating func learn(waitMs: Int64, abandoned: Bool) {
        waitedMs = (waitedMs - waitedMs / waitsMax).plus(waitMs)
        abandonments += (abandoned ? abandonment : 0) - abandonments / waitsMax
    }
}

extension Router {
    /// The agent answered: circular turns go on after it.
    mutating func learnTurn(_ item: Handle<ItemSlot>, _ agent: Handle<AgentSlot>) {
        let queue = items[item].queue
        guard queues[queue].isCircular else { return }
        let id = agents[agent].record.id
        guard queues[queue].record.lastAnswered != id else { return }
        queues[queue].record.lastAnswered = id
        changed(queue)
        guard !queues[queue].benchIsStale else { return }
        let seat = agents[agent].seats.first { $0.queue == queue }?.seat
        queues[queue].bench.last = Int32(seat ?? -1)
    }

    /// A conversation is over, and the agent stays away from other work for its wrap-up or guard time.
    mutating func learnHandling(_ item: Handle<ItemSlot>, wrapUpMs: Int64) {
        guard case .active(_, let since) = items[item].record.state else { return }
        let queue = items[item].queue
        let agent = items[item].agent
        // Being asked takes an agent's time too. What was offered to others first may have waited between.
        let ringingMs = items[item].record.firstOffered.map { since - $0 } ?? 0
        let askedMs = min(max(0, ringingMs), queues[queue].settings.offerTimeoutMs)
        let guardMs = agents[agent].guardMs ?? queues[queue].settings.guardMs
        let former = queues[queue].record
        queues[queue].record.learn(
            handlingMs: (now - since.ms).plus(askedMs).plus(max(wrapUpMs, guardMs)))
        queues[queue].record.learnPace(Instant(ms: now), items[item].record.channel)
        if queues[queue].record != former { changed(queue) }
    }

    /// A wrap-up ends at another time than was supposed when the conversation ended.
    mutating func correctHandling(_ item: Handle<ItemSlot>, endsAt: Int64) {
        guard case .wrapUp(_, let until) = items[item].record.state else { return }
        let queue = items[item].queue
        let free = agents[items[item].agent].record.guardUntil?.ms ?? .min
        let former = queues[queue].record.handlingMs
        queues[queue].record.correct(
            handlingMs: max(endsAt, free).plus(max(until.ms, free).negated))
        if queues[queue].record.handlingMs != former { changed(queue) }
    }

    /// A customer's wait in a queue is over. Errands are no customers who wait on the line, nor is who asked for a
    /// return call.
    mutating func learnWait(_ item: Handle<ItemSlot>, until end: Int64, abandoned: Bool = false) {
        guard !items[item].record.isWaitLearned, !items[item].record.isReturnCall,
            items[item].record.channel != .errand
        else { return }
        items[item].record.isWaitLearned = true
        let waitMs = max(0, end.plus(items[item].record.queued.ms.negated))
        guard waitMs > 0 || abandoned else { return }
        let queue = items[item].queue
        queues[queue].record.learn(waitMs: waitMs, abandoned: abandoned)
        changed(queue)
    }
}
