// A work item's state as rows hold it, packed: every change of an item is told with a copy of this.

/// A work item from arrival to its end, in 96 bytes. Items that ended have no record.
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
    /// 0 goes first.
    public var priority: Int64
    /// Milliseconds of wait the item is credited with.
    public var creditMs: Int64 = 0
    /// When its wait began: on entering this queue, or an earlier one where interflow keeps the wait.
    public var entered: Instant
    /// When it entered this queue.
    public var queued: Instant
    /// 0 unless it was offered, so that equal records are equal in every field.
    private var firstOfferedMs: Int64 = 0
    /// What few items have; nil for most, so that a copy of the record has one reference to count.
    private var rarities: Rarities?
    private var stage = Stage.waiting
    public var channel: Channel
    private var marks = Marks()
    private var offers: Int32 = 0

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

    public struct Pause: Sendable, Hashable {
        public var agent: AgentID
        public var until: Instant
        public init(agent: AgentID, until: Instant) {
            self.agent = agent
            self.until = until
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

/// A state without its group, who are kept with what is rare: copying it is copying bytes.
private enum Stage: Sendable, Hashable {
    case waiting
    case offered(AgentID, made: Instant, deadline: Instant)
    case offeredToGroup(made: Instant, deadline: Instant)
    case ringing(until: Instant)
    case active(AgentID, since: Instant)
    case wrapUp(AgentID, until: Instant)
}

/// What is so of a record or is not.
private struct Marks: OptionSet, Sendable, Hashable {
    var rawValue: UInt8
    static let wasOffered = Marks(rawValue: 1)
    static let isReturnCall = Marks(rawValue: 2)
    static let hasOverflowed = Marks(rawValue: 4)
    static let isWaitLearned = Marks(rawValue: 8)
}

// Read in place: a call would copy the record first.
extension WorkItemRecord {
    public var state: State {
        @inline(__always) get {
            switch stage {
            case .waiting: .waiting
            case .offered(let agent, let made, let deadline): .offered(agent, made: made, deadline: deadline)
            case .offeredToGroup(let made, let deadline):
                .offeredToGroup(group, made: made, deadline: deadline)
            case .ringing(let until): .ringing(until: until)
            case .active(let agent, let since): .active(agent, since: since)
            case .wrapUp(let agent, let until): .wrapUp(agent, until: until)
            }
        }
        @inline(__always) set {
            if case .offeredToGroup = stage { group = [] }
            switch newValue {
            case .waiting: stage = .waiting
            case .offered(let agent, let made, let deadline):
                stage = .offered(agent, made: made, deadline: deadline)
            case .offeredToGroup(let ids, let made, let deadline):
                group = ids
                stage = .offeredToGroup(made: made, deadline: deadline)
            case .ringing(let until): stage = .ringing(until: until)
            case .active(let agent, let since): stage = .active(agent, since: since)
            case .wrapUp(let agent, let until): stage = .wrapUp(agent, until: until)
            }
        }
    }

    /// Who are being asked at once.
    private var group: [AgentID] {
        get { rarities?.group ?? [] }
        set { rarities = Rarities.kept(requiredSkills, desiredSkills, preferred, pauses, newValue) }
    }

    /// The first offer since the item entered this queue. A waiting item that has it is *bounced*:
    /// it goes to the head of its queue, ordered by this instant.
    public var firstOffered: Instant? {
        @inline(__always) get { marks[.wasOffered] ? Instant(ms: firstOfferedMs) : nil }
        set {
            marks[.wasOffered] = newValue != nil
            firstOfferedMs = newValue?.ms ?? 0
        }
    }

    /// Raised with each offer; an accept names it, so that a late one is refused.
    public var epoch: Int64 {
        @inline(__always) get { Int64(offers) }
        set { offers = Int32(clamping: newValue) }
    }

    /// The customer has hung up and is called when it is an agent's turn: the place is kept, and the
    /// wait makes it overflow no more.
    public var isReturnCall: Bool {
        @inline(__always) get { marks[.isReturnCall] }
        set { marks[.isReturnCall] = newValue }
    }

    /// It has overflowed into this queue or out of none: `Overflow.waitMs` counts no more.
    public var hasOverflowed: Bool {
        @inline(__always) get { marks[.hasOverflowed] }
        set { marks[.hasOverflowed] = newValue }
    }

    /// Its wait in this queue is over, and the queue has learned from it.
    public var isWaitLearned: Bool {
        @inline(__always) get { marks[.isWaitLearned] }
        set { marks[.isWaitLearned] = newValue }
    }

    /// The item's own, beside its queue's. Ascending.
    public var requiredSkills: [SkillID] {
        @inline(__always) get { rarities?.requiredSkills ?? [] }
        set { rarities = Rarities.kept(newValue, desiredSkills, preferred, pauses, group) }
    }

    /// The item's own, beside its queue's. Ascending.
    public var desiredSkills: [SkillID] {
        @inline(__always) get { rarities?.desiredSkills ?? [] }
        set { rarities = Rarities.kept(requiredSkills, newValue, preferred, pauses, group) }
    }

    /// Until then only this agent is offered it.
    public var preferred: Preference? {
        @inline(__always) get { rarities?.preferred }
        set {
            if newValue == preferred { return }
            rarities = Rarities.kept(requiredSkills, desiredSkills, newValue, pauses, group)
        }
    }

    /// Agents the item is kept from, each until an instant. Ascending by agent.
    public var pauses: [Pause] {
        @inline(__always) get { rarities?.pauses ?? [] }
        set {
            if rarities == nil, newValue.isEmpty { return }
            rarities = Rarities.kept(requiredSkills, desiredSkills, preferred, newValue, group)
        }
    }

    /// Sets what an arriving item may have at once; skills ascending.
    @inline(__always)
    mutating func setRarities(
        requiredSkills: [SkillID], desiredSkills: [SkillID], preferred: Preference?,
        shared: inout SharedRarities
    ) {
        if requiredSkills.isEmpty, desiredSkills.isEmpty, preferred == nil { return }
        if preferred == nil {
            rarities = shared.ofSkills(requiredSkills, desiredSkills)
        } else {
            rarities = Rarities.kept(requiredSkills, desiredSkills, preferred, [], [])
        }
    }

    /// No skills, no pauses, no agent it prefers.
    var isPlain: Bool {
        @inline(__always) get { rarities == nil }
    }

    /// It is kept from some agents.
    var hasPauses: Bool {
        @inline(__always) get { rarities.map { !$0.pauses.isEmpty } ?? false }
    }

    /// Its own skills in one number.
    @inline(__always)
    func skillFold(desiring: Bool) -> SkillFold {
        rarities.map { $0.fold(desiring: desiring) } ?? SkillFold()
    }

    /// It desires more than it requires.
    var isDesiring: Bool {
        @inline(__always) get { rarities.map { $0.isDesiring } ?? false }
    }

    /// Whether its own skills are exactly these; ascending.
    @inline(__always)
    func asks(for skills: [SkillID], desiring: Bool) -> Bool {
        rarities.map { $0.asks(for: skills, desiring: desiring) } ?? skills.isEmpty
    }

    /// Whether this agent is being asked, alone or in a group.
    public func isOffered(to agent: AgentID) -> Bool {
        switch state {
        case .offered(agent, _, _): true
        case .offeredToGroup(let ids, _, _): ids.contains(agent)
        default: false
        }
    }
}
