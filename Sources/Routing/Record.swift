// The router's state as rows hold it: what `Router(restoring:)` needs to go on exactly as before.

/// What the agent says. The raw value is what rows hold.
public enum Presence: Int64, Sendable, Hashable, CaseIterable {
    case signedOut = 0
    case signedIn = 1
    case available = 2
    case unavailable = 3
    case wrapUp = 4
}

/// Whether a desk of the agent listens.
///
/// Legal transitions: none → open; open → closed; closed → open | none (missed).
public enum DeskState: Sendable, Hashable {
    /// None ever did, or the last one is missed already.
    case none
    case open
    /// Missed at `until`.
    case closed(until: Instant)
}

/// An agent's state; settings apart.
public struct AgentRecord: Sendable, Hashable {
    public var id: AgentID
    public var presence: Presence = .signedOut
    /// Set only with `unavailable`.
    public var reason: ReasonID?
    /// When the presence last changed.
    public var presenceSince: Instant
    /// Longest idle: the lower pair (`idleSince`, `idleOrder`) gets the next item.
    public var idleSince: Instant
    /// Breaks ties of `idleSince`; drawn from the router's counter, never reused.
    public var idleOrder: Int64 = 0
    /// Offers in a row that ran out unanswered.
    public var unanswered: Int64 = 0
    /// Offers in a row that failed because the line was busy.
    public var busyFailures: Int64 = 0
    /// Offers in a row that failed by an error.
    public var errorFailures: Int64 = 0
    /// Calls in a row that came back, however.
    public var bounced: Int64 = 0
    /// Asked for during a call: takes effect when the agent is free. No offers until then unless it is
    /// `available`.
    public var pending: PendingPresence?
    /// End of the wrap-up of work in hand, while in it.
    public var wrapUpUntil: Instant?
    /// End of the wrap-up that was asked for, with presence `wrapUp`.
    public var presenceUntil: Instant?
    /// End of the guard time, while in it.
    public var guardUntil: Instant?
    /// Signals that are on; no offers meanwhile.
    public var signals = Signals()
    /// Items connected since signing in.
    public var handled: Int64 = 0
    /// Time in conversations since signing in, those that have ended.
    public var talkMs: Int64 = 0
    public var desk: DeskState = .none

    public init(id: AgentID, at: Instant) {
        self.id = id
        self.presenceSince = at
        self.idleSince = at
    }
}

/// A presence that waits for the agent to be free.
public struct PendingPresence: Sendable, Hashable {
    public var presence: Presence
    public var reason: ReasonID?
    public init(presence: Presence, reason: ReasonID?) {
        self.presence = presence
        self.reason = reason
    }

    var isLeaving: Bool { presence == .signedOut || presence == .unavailable }
}

/// What an agent's telephone tells. The raw value is the bit that rows hold.
public enum Signal: Int64, Sendable, Hashable, CaseIterable {
    case doNotDisturb = 1
    case personalCall = 2
    case notReachable = 4
}

/// Signals that are on.
public struct Signals: OptionSet, Sendable, Hashable {
    public let rawValue: Int64
    public init(rawValue: Int64) { self.rawValue = rawValue }
    public init(_ signal: Signal) { rawValue = signal.rawValue }
}

/// What the engine says of an agent, presence apart.
public enum RoutingStatus: Int64, Sendable, Hashable, CaseIterable {
    case free = 1
    case offered = 2
    /// Has work in hand or in wrap-up.
    case busy = 3
    case guarded = 4
}

/// What a queue learns from its work: kept, so that estimates and turns survive a restart.
public struct QueueRecord: Sendable, Hashable {
    public var id: QueueID
    /// How long an item takes an agent, of late: from the offer to the end of wrap-up or guard time. The mean of the
    /// first `handlings`; from `handlingsMax` on each new one counts one part in so many. 0 before the first.
    public var handlingMs: Int64 = 0
    public var handlings: Int64 = 0
    /// What customers have waited, of late: with each wait that ends, one part in `waitsMax` is forgotten.
    public var waitedMs: Int64 = 0
    /// How many of them gave up, in 1,024ths, of late likewise.
    public var abandonments: Int64 = 0
    /// The agent who answered last; circular turns go on after it.
    public var lastAnswered: AgentID?

    public init(id: QueueID) { self.id = id }
}

/// A work item from arrival to its end. Items that ended have no record.
///
/// Legal transitions: waiting → offered → waiting (failed) | active; waiting → active (taken);
/// waiting → ringing → gone | active (taken);
/// active → waiting (returned, transferred) | active (assigned to another) | wrapUp | gone;
/// wrapUp → waiting (transferred) | active (assigned) | gone; any → gone (withdrawn).
public struct WorkItemRecord: Sendable, Hashable {
    public enum State: Sendable, Hashable {
        case waiting
        /// One agent is being asked until `deadline`.
        case offered(AgentID, made: Instant, deadline: Instant)
        /// Several are being asked at once until `deadline`. Ascending; never empty.
        case offeredToGroup([AgentID], made: Instant, deadline: Instant)
        /// Turned away with ringing: offered to nobody, gone at `until`.
        case ringing(until: Instant)
        case active(AgentID, since: Instant)
        /// The conversation is over, the agent still works on it, at the latest until `until`.
        case wrapUp(AgentID, until: Instant)
    }

    public var id: WorkItemID
    public var queue: QueueID
    public var channel: Channel
    /// 0 goes first.
    public var priority: Int64
    /// Milliseconds of wait the item is credited with.
    public var creditMs: Int64 = 0
    /// When its wait began: on entering this queue, or an earlier one where interflow keeps the wait.
    public var entered: Instant
    /// When it entered this queue.
    public var queued: Instant
    /// Until then only this agent is offered it.
    public var preferred: Preference?
    /// The customer has hung up and is called when it is an agent's turn: the place is kept, and the
    /// wait makes it overflow no more.
    public var isReturnCall = false
    /// It has overflowed into this queue or out of none: `Overflow.waitMs` counts no more.
    public var hasOverflowed = false
    /// Its wait in this queue is over, and the queue has learned from it.
    public var isWaitLearned = false
    /// The item's own, beside its queue's. Ascending.
    public var requiredSkills: [SkillID] = []
    /// The item's own, beside its queue's. Ascending.
    public var desiredSkills: [SkillID] = []
    public var state: State = .waiting
    /// Raised with each offer; an accept names it, so that a late one is refused.
    public var epoch: Int64 = 0
    /// The first offer since the item entered this queue. A waiting item that has it is *bounced*:
    /// it goes to the head of its queue, ordered by this instant.
    public var firstOffered: Instant?
    /// Agents the item is kept from, each until an instant. Ascending by agent.
    public var pauses: [Pause] = []

    public struct Pause: Sendable, Hashable {
        public var agent: AgentID
        public var until: Instant
        public init(agent: AgentID, until: Instant) {
            self.agent = agent
            self.until = until
        }
    }

    public init(
        id: WorkItemID, queue: QueueID, channel: Channel, priority: Int64, entered: Instant
    ) {
        self.id = id
        self.queue = queue
        self.channel = channel
        self.priority = priority
        self.entered = entered
        self.queued = entered
    }

    /// Whether this agent is being asked, alone or in a group.
    public func isOffered(to agent: AgentID) -> Bool {
        switch state {
        case .offered(agent, _, _): true
        case .offeredToGroup(let ids, _, _): ids.contains(agent)
        default: false
        }
    }

    /// An agent who gets the item first, as long as there is hope.
    public struct Preference: Sendable, Hashable {
        public var agent: AgentID
        public var until: Instant
        public init(agent: AgentID, until: Instant) {
            self.agent = agent
            self.until = until
        }
    }
}

/// Everything a router is made from.
public struct Snapshot: Sendable, Hashable {
    public var queues: [(QueueID, QueueSettings)] { zip(queueIDs, queueSettings).map { ($0, $1) } }
    public var queueIDs: [QueueID] = []
    public var queueSettings: [QueueSettings] = []
    /// Ascending; queues that have learned nothing yet may be left out.
    public var queueRecords: [QueueRecord] = []
    public var agents: [AgentRecord] = []
    /// In step with `agents`.
    public var agentSettings: [AgentSettings] = []
    public var items: [WorkItemRecord] = []
    /// The highest `idleOrder` ever drawn.
    public var idleOrder: Int64 = 0

    public init() {}
}
