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
    /// When an item was last handled to the end of its conversation.
    public var handledAt: Instant?
    /// By which channel it had come.
    public var handledChannel: Channel?
    /// Microseconds from one such end to the next, of late: each new one counts one part in `pacesMax`. 0 before the
    /// second.
    public var handledEveryUs: Int64 = 0

    public init(id: QueueID) { self.id = id }
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
