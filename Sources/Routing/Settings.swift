// What a workspace's administrators decide: queues and agents as the router needs them.

/// A queue: what holds waiting work, and the rule that hands it out.
public struct QueueSettings: Sendable, Hashable {
    // Read with every assignment: these are together in memory.
    /// Priority class that arriving work gets; 0 goes first.
    public var priority: Int64 = 5
    /// Where agents serve several queues: work of a queue with a lower rank goes first. With equal ranks the
    /// oldest goes first over all of them.
    public var rank: Int64 = 0
    /// How long an offer stands before it counts as unanswered.
    public var offerTimeoutMs: Int64 = 20_000
    /// Wrap-up after an item is finished; 0 for none.
    public var wrapUpMs: Int64 = 0
    /// Least time between an agent's release from work of this queue and the next offer of any; 0 for none.
    /// An agent's own guard time counts instead.
    public var guardMs: Int64 = 0
    /// How long desired skills are insisted on, from the moment of entering.
    public var desiredTimeoutMs: Int64 = 90_000
    /// Skills wanted for any work of this queue until `desiredTimeoutMs` has passed. Ascending.
    public var desiredSkills: [SkillID] = []
    public var policy = Policy.longestIdle
    public var routingType = RoutingType.priorityBased
    /// Whether agents in wrap-up are offered this queue's work.
    public var offersInWrapUp = false
    public var service = Service.open

    // Read now and then.
    /// Skills an agent must have for any work of this queue; never relaxed. Ascending.
    public var requiredSkills: [SkillID] = []
    /// How long an item is kept from an agent whose offer of it failed. Who declines or returns it is
    /// kept from it for a second at least.
    public var reofferPauseMs: Int64 = 32_000
    /// The order of agents, their level and weight here. Who serves the queue and is not named comes after,
    /// by id, with level and weight 0.
    public var members: [QueueMember] = []
    public var overflow = Overflow()
    /// What happens to work that arrives during holiday service; nil: what happens in night service.
    public var holiday: Treatment?
    /// The same in night service; nil: it is taken as always.
    public var night: Treatment?
    /// What happens to all work that arrives, by hand of a supervisor.
    public var forcedForwarding: Treatment?
    /// What happens to work where no agent is signed in, also to what waits already.
    public var stranded: Treatment?

    public init() {}

    /// Work may be turned away or sent on.
    var sendsOn: Bool {
        service != .open || forcedForwarding != nil || stranded != nil || overflow.action != nil
    }

    /// The queues its work may be sent on to, in the order of precedence.
    public var targets: [QueueID] {
        [holiday, night, forcedForwarding, stranded, overflow.action].compactMap {
            if case .queue(let target, _) = $0 { target } else { nil }
        }
    }
}

/// How a queue chooses among agents who could take an item. The raw value is what rows hold.
public enum Policy: Int64, Sendable, Hashable, CaseIterable {
    /// Fewest in hand, then the one whose last work ended first. BroadWorks' *uniform*.
    case longestIdle = 1
    /// The first in the queue's list.
    case regular = 2
    /// The next in the queue's list after the one who answered last.
    case circular = 3
    /// All of them at once: the first to accept has it.
    case simultaneous = 4
    /// By chance, in proportion to the weights of those who could take it; weight 0 only when nobody else can.
    /// Chance is a hash of item and offer, so that a run can be replayed.
    case weighted = 5
    /// Fewest items connected since signing in, then longest idle.
    case fewestHandled = 6
    /// Least time in conversations since signing in, then longest idle.
    case leastTalkTime = 7
}

public enum RoutingType: Int64, Sendable, Hashable, CaseIterable {
    /// Levels do not count.
    case priorityBased = 1
    /// The best level first (1 before 20), the policy among those of one level. An agent's level is the one in
    /// `members`, else the worst of its levels in the skills the work needs, else 1.
    case skillBased = 2
}

/// An agent as one queue sees it.
public struct QueueMember: Sendable, Hashable {
    public var agent: AgentID
    /// 1 best to 20; 0 for none of its own.
    public var level: Int64
    /// 0 to 100: the share of work under the weighted policy.
    public var weight: Int64

    public init(agent: AgentID, level: Int64 = 0, weight: Int64 = 0) {
        self.agent = agent
        self.level = level
        self.weight = weight
    }
}

/// When work leaves a queue that cannot serve it, and where it goes. Nobody who could be offered an item at
/// once makes it overflow.
public struct Overflow: Sendable, Hashable {
    /// Items that may wait; one more overflows.
    public var size: Int64?
    /// How long an item may wait here.
    public var waitMs: Int64?
    /// The longest estimated wait with which an item may enter.
    public var estimatedWaitMs: Int64?
    /// What happens then; nil: nothing does.
    public var action: Treatment?

    public init(
        size: Int64? = nil, waitMs: Int64? = nil, estimatedWaitMs: Int64? = nil, action: Treatment? = nil
    ) {
        self.size = size
        self.waitMs = waitMs
        self.estimatedWaitMs = estimatedWaitMs
        self.action = action
    }
}

/// What is done with work that a queue does not take.
public enum Treatment: Sendable, Hashable {
    /// To another queue (*interflow*); its wait goes on there, or begins anew.
    case queue(QueueID, keepWait: Bool)
    /// To the number that the queue's settings name for this case. The item leaves.
    case number
    /// The customer hears the busy tone. The item leaves.
    case busy
    /// The customer hears ringing and is offered to nobody, for `ringingMaxMs` at most.
    case ringing
}

/// Which service a calendar has a queue in now.
public enum Service: Int64, Sendable, Hashable, CaseIterable {
    case open = 0
    case night = 1
    case holiday = 2
}

/// An agent as the router knows one.
public struct AgentSettings: Sendable, Hashable {
    /// How many items of each channel the agent may have at once; 0 for none.
    public var capacity = Capacity()
    public var interrupts = Interrupts()
    /// The agent's own guard time; nil: the queue's.
    public var guardMs: Int64?
    /// Queues the agent takes work from. Ascending.
    public var queues: [QueueID] = []
    /// Skills and their level, 1 best to 20. Ascending by skill.
    public var skills: [AgentSkill] = []
    /// Unanswered offers in a row after which the agent is made unavailable; 0 for never.
    public var unansweredLimit: Int64 = 2
    /// The same for offers that failed because the agent's line was busy.
    public var busyLimit: Int64 = 2
    /// The same for offers that failed by an error.
    public var errorLimit: Int64 = 2
    /// Calls in a row that came back from the agent, however, after which the agent is made unavailable; 0 for
    /// never.
    public var bouncedLimit: Int64 = 0
    /// The reason given then.
    public var bouncedReason: ReasonID?
    /// Signals that make the agent unavailable when they come on, each with the reason given.
    public var forcing = Forcing()
    /// How long a wrap-up lasts that the agent asks for.
    public var wrapUpMs: Int64 = 60_000

    public init() {}
}

/// Whether a signal makes an agent unavailable, and the reason given.
public enum ForcedUnavailable: Sendable, Hashable {
    case no
    case yes(ReasonID?)
}

public struct Forcing: Sendable, Hashable {
    public var doNotDisturb = ForcedUnavailable.no
    public var personalCall = ForcedUnavailable.no
    public var notReachable = ForcedUnavailable.no

    public init() {}

    public subscript(signal: Signal) -> ForcedUnavailable {
        switch signal {
        case .doNotDisturb: doNotDisturb
        case .personalCall: personalCall
        case .notReachable: notReachable
        }
    }
}

/// Which channels' work may be offered to an agent who has work of another in hand.
public struct Interrupts: Sendable, Hashable {
    /// Three bits for each channel in hand, errands lowest: the channels that may interrupt it.
    public var rawValue: Int64

    public init(rawValue: Int64) { self.rawValue = rawValue }

    /// Everything may interrupt errands and chats; only calls, as far as capacity goes, interrupt calls.
    public init() { rawValue = 0b100_111_111 }

    public subscript(_ channel: Channel, during inHand: Channel) -> Bool {
        get { channels(during: inHand) & channel.bit != 0 }
        set {
            let bit = Int64(channel.bit) << Int64(3 * inHand.index)
            if newValue { rawValue |= bit } else { rawValue &= ~bit }
        }
    }

    /// As bits.
    func channels(during inHand: Channel) -> UInt8 { UInt8(rawValue >> Int64(3 * inHand.index) & 7) }
}

public struct AgentSkill: Sendable, Hashable {
    public var skill: SkillID
    public var level: Int64
    public init(skill: SkillID, level: Int64 = 1) {
        self.skill = skill
        self.level = level
    }
}

public struct Capacity: Sendable, Hashable {
    public var errand: Int64 = 5
    public var chat: Int64 = 3
    public var call: Int64 = 1

    public init(errand: Int64 = 5, chat: Int64 = 3, call: Int64 = 1) {
        self.errand = errand
        self.chat = chat
        self.call = call
    }

    public subscript(channel: Channel) -> Int64 {
        switch channel {
        case .errand: errand
        case .chat: chat
        case .call: call
        }
    }
}
