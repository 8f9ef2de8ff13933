// What a workspace's administrators decide: queues and agents as the router needs them.

/// A queue: what holds waiting work, and the rule that hands it out.
public struct QueueSettings: Sendable, Hashable {
    /// Priority class that arriving work gets; 0 goes first.
    public var priority: Int64 = 5
    /// Skills an agent must have for any work of this queue; never relaxed. Ascending.
    public var requiredSkills: [SkillID] = []
    /// Skills wanted for any work of this queue until `desiredTimeoutMs` has passed. Ascending.
    public var desiredSkills: [SkillID] = []
    /// How long desired skills are insisted on, from the moment of entering.
    public var desiredTimeoutMs: Int64 = 90_000
    /// How long an offer stands before it counts as unanswered.
    public var offerTimeoutMs: Int64 = 20_000
    /// How long an item is kept from an agent whose offer of it failed. Who declines or returns it is
    /// kept from it for a second at least.
    public var reofferPauseMs: Int64 = 32_000
    /// Wrap-up after an item is finished; 0 for none.
    public var wrapUpMs: Int64 = 0

    public init() {}
}

/// An agent as the router knows one.
public struct AgentSettings: Sendable, Hashable {
    /// Queues the agent takes work from. Ascending.
    public var queues: [QueueID] = []
    /// Skills and their level, 1 best to 20. Ascending by skill.
    public var skills: [AgentSkill] = []
    /// How many items of each channel the agent may have at once; 0 for none.
    public var capacity = Capacity()
    /// Unanswered offers in a row after which the agent is made unavailable.
    public var unansweredLimit: Int64 = 2

    public init() {}
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
