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
    /// End of wrap-up, while in it.
    public var wrapUpUntil: Instant?
    public var desk: DeskState = .none

    public init(id: AgentID, at: Instant) {
        self.id = id
        self.presenceSince = at
        self.idleSince = at
    }
}

/// A work item from arrival to its end. Items that ended have no record.
///
/// Legal transitions: waiting → offered → waiting (failed) | active; waiting → active (taken);
/// active → waiting (returned, transferred) | active (assigned to another) | wrapUp | gone;
/// wrapUp → waiting (transferred) | active (assigned) | gone; any → gone (withdrawn).
public struct WorkItemRecord: Sendable, Hashable {
    public enum State: Sendable, Hashable {
        case waiting
        /// One agent is being asked until `deadline`.
        case offered(AgentID, made: Instant, deadline: Instant)
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
    /// When it entered this queue.
    public var entered: Instant
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
    }
}

/// Everything a router is made from.
public struct Snapshot: Sendable, Hashable {
    public var queues: [(QueueID, QueueSettings)] { zip(queueIDs, queueSettings).map { ($0, $1) } }
    public var queueIDs: [QueueID] = []
    public var queueSettings: [QueueSettings] = []
    public var agents: [AgentRecord] = []
    /// In step with `agents`.
    public var agentSettings: [AgentSettings] = []
    public var items: [WorkItemRecord] = []
    /// The highest `idleOrder` ever drawn.
    public var idleOrder: Int64 = 0

    public init() {}
}
