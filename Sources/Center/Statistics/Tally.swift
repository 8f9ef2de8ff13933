// Turns what the router decided into figures by interval. Pure: no clock, no rows.

import Routing

/// How often spans that are still open are booked: a report is never further behind.
let bookingEveryMs: Int64 = 60_000

/// The books of one workspace: what must be remembered of work and agents, and the figures not yet in rows.
///
/// How an entry ends is counted in the interval in which it entered, so that offered is what came of it and what
/// still waits, in every interval. Time counts where it passes.
struct Tally: Sendable {
    /// One entry of a work item into a queue.
    struct Entry: Sendable, Hashable {
        /// The raw value is what rows hold.
        ///
        /// Legal transitions: arriving → open | over | ringing; open → over | ringing; ringing → arriving (taken,
        /// or called back); any → arriving (into another queue).
        enum Standing: Int64, Sendable {
            case open = 0
            /// Its end is counted, or it was turned away.
            case over = 1
            /// The same, but the customer still hears ringing, and may yet be taken in.
            case ringing = 2
            /// Not counted yet: the queue may turn it away. Never between inputs.
            case arriving = 3
        }

        // Large ones first: 48 bytes instead of 64.
        var queue: QueueID
        /// When the wait began that is measured.
        var queued: Instant
        /// What was foretold on entering.
        var estimate: EstimatedWait?
        var channel: Channel
        var standing: Standing

        init(
            queue: QueueID, channel: Channel, queued: Instant, standing: Standing,
            estimate: EstimatedWait? = nil
        ) {
            self.queue = queue
            self.queued = queued
            self.estimate = estimate
            self.channel = channel
            self.standing = standing
        }
    }

    /// A work item in an agent's hands.
    struct Hand: Sendable, Hashable {
        var agent: AgentID
        var isWrapUp = false
        var since: Instant
    }

    /// An agent, and since when the present state is not booked.
    struct Shift: Sendable, Hashable {
        var presence = Presence.signedOut
        var reason: ReasonID?
        var inHand = 0
        var since: Instant
    }

    struct QueueKey: Hashable {
        var start: Instant
        var queue: QueueID
        var channel: Channel
    }

    struct AgentKey: Hashable {
        var start: Instant
        var agent: AgentID
    }

    struct ReasonKey: Hashable {
        var start: Instant
        var agent: AgentID
        var reason: ReasonID?
    }

    /// Live work, from arrival to its end.
    var entries = Entries()
    /// Of those, what is in hand.
    var hands: [WorkItemID: Hand] = [:]
    var shifts: [AgentID: Shift] = [:]
    /// Open spans of work in hand are booked up to here.
    var bookedUntil = Instant(ms: 0)
    /// Since when there are open spans.
    var openSince = Instant(ms: 0)
    /// Before a standstill: nothing happened later.
    var lastSign = Instant(ms: 0)
    /// T by queue, in milliseconds.
    var serviceLevelMs: [QueueID: Int64] = [:]
    /// What queues have learned of their customers' patience, in milliseconds.
    var patienceMs: [QueueID: Int64] = [:]

    // Not in rows yet.
    var queueDeltas: [QueueKey: QueueCounts] = [:]
    var agentDeltas: [AgentKey: AgentCounts] = [:]
    var reasonDeltas: [ReasonKey: Int64] = [:]
    /// Up to when an agent's figures of an interval tell its time.
    var toldUntil: [AgentKey: Instant] = [:]
    /// What arrives in a queue by the input that is being booked.
    var arriving: [WorkItemID] = []
    /// Whether `bookedUntil` has moved.
    var hasBooked = false
    /// Agents who are signed in.
    private(set) var presentCount = 0

    init() {}

    /// Books what an input came to.
    mutating func note(_ input: Input, _ outputs: [Output], at now: Instant) {
        if !hasOpenSpans { openSince = now }
        switch input {
        case .arrive(let id, let queue, let channel, _, _, _, _, _):
            entries[id] = Entry(queue: queue, channel: channel, queued: now, standing: .arriving)
            arriving.append(id)
        case .arriveInHand(let id, _, let queue, let channel, _):
            // Nobody waited, so nothing was offered.
            entries[id] = Entry(queue: queue, channel: channel, queued: now, standing: .over)
        case .setAgent(let id, _) where shifts[id] == nil:
            shifts[id] = Shift(since: now)
        case .askReturnCall(let id): takeIn(id)
        case .resume: skipStandstill(to: now)
        default: break
        }
        var sentOn: WorkItemID?
        for output in outputs { note(output, &sentOn, at: now) }
        for id in arriving { enter(id) }
        arriving.removeAll(keepingCapacity: true)
        if case .removeAgent(let id) = input {
            change(id, at: now) { $0.presence = .signedOut }
            shifts[id] = nil
        }
    }

    /// What is still arriving has been taken in.
    mutating func enter(_ id: WorkItemID) {
        guard entries[id]?.standing == .arriving else { return }
        entries[id]!.standing = .open
        count(.entered, entries[id]!)
    }

    /// Who heard ringing is served after all.
    mutating func takeIn(_ id: WorkItemID) {
        guard entries[id]?.standing == .ringing else { return }
        entries[id]!.standing = .arriving
        enter(id)
    }

    /// When open spans are to be booked next; nil while there are none.
    var nextBooking: Instant? {
        guard hasOpenSpans else { return nil }
        return Instant(ms: (max(bookedUntil, openSince).ms / bookingEveryMs + 1) * bookingEveryMs)
    }

    private var hasOpenSpans: Bool { presentCount > 0 || !hands.isEmpty }

    /// Changes an agent's state; the span of the former one ends.
    mutating func change(_ id: AgentID, at now: Instant, _ body: (inout Shift) -> Void) {
        guard var shift = shifts[id] else { return }
        let wasPresent = shift.presence != .signedOut
        book(shift, of: id, to: now)
        shift.since = now
        body(&shift)
        shifts[id] = shift
        let isPresent = shift.presence != .signedOut
        if wasPresent != isPresent { presentCount += isPresent ? 1 : -1 }
    }

    /// Makes the books of what rows tell.
    mutating func restore(_ shift: Shift, of id: AgentID) {
        shifts[id] = shift
        if shift.presence != .signedOut { presentCount += 1 }
    }
}
