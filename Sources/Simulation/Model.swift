// What is simulated: queues, the work that arrives in them, and agents.

public import Routing

/// Most agents of a model; the router is measured with 15,000.
public let agentsMax = 100_000

/// A contact center in virtual time: its settings are the router's own.
public struct Model: Sendable {
    public var queues: [QueueModel] = []
    public var arrivals: [ArrivalModel] = []
    public var agents: [AgentModel] = []
    /// Before measuring begins: the floor starts empty, which is no ordinary moment.
    public var warmUpMs: Double = 7_200_000
    /// How long arriving work is measured, after the warm-up.
    public var lengthMs: Double = 36_000_000
    /// The T of the service level.
    public var withinMs: Double = 20_000
    /// Who leaves sooner is a short abandon.
    public var shortAbandonMs: Double = 5_000

    public init() {}
}

/// A queue; its `QueueID` is its place in the model, from 0.
public struct QueueModel: Sendable {
    public var name: String
    /// Its overflow may go on to another queue of the model, or end in the busy tone. Its members are the model's
    /// agents.
    public var settings = QueueSettings()
    /// Waiting customers above which an arriving one is turned away; those being offered do not count.
    /// nil for no limit.
    public var waitingMax: Int?

    public init(_ name: String) { self.name = name }

    /// For `AgentSettings.queues`.
    public static func id(_ place: Int) -> QueueID { QueueID(Int64(place)) }
}

/// Customers alike: they arrive at random, one by one (Poisson), in one queue.
public struct ArrivalModel: Sendable {
    /// Place in `Model.queues`.
    public var queue: Int
    public var perHour: Double
    public var channel = Channel.call
    /// nil takes the queue's.
    public var priority: Int64?
    public var creditMs: Int64 = 0
    public var requiredSkills: [SkillID] = []
    public var desiredSkills: [SkillID] = []
    /// Of the conversation; the queue's wrap-up comes on top.
    public var handling: Distribution
    /// When a waiting customer gives up, from arrival; nil for never.
    public var patience: Distribution?

    public init(queue: Int = 0, perHour: Double, handling: Distribution, patience: Distribution? = nil) {
        self.queue = queue
        self.perHour = perHour
        self.handling = handling
        self.patience = patience
    }

    var perMs: Double { perHour / 3_600_000 }
}

/// Agents alike.
public struct AgentModel: Sendable {
    public var name: String
    public var count: Int
    public var settings = AgentSettings()
    /// Where they stand out in a queue's list.
    public var memberships: [Membership] = []
    /// From offer to accept.
    public var accepting = Distribution.fixed(ms: 0)
    /// The share of offers left to run out, 0 to 1.
    public var unansweredShare = 0.0
    /// How long an agent stays unavailable whom the router has put out for not answering.
    public var backAfterMs: Double = 60_000

    public init(_ name: String, count: Int, queues: [Int]) {
        self.name = name
        self.count = count
        settings.queues = queues.map(QueueModel.id)
    }

    /// What each of the agents is in a queue.
    public struct Membership: Sendable, Hashable {
        /// Place in `Model.queues`.
        public var queue: Int
        /// 0 to 100, under the weighted policy.
        public var weight: Int64
        /// 1 best to 20, where routing goes by skill; 0 for none of its own.
        public var level: Int64

        public init(queue: Int, weight: Int64 = 0, level: Int64 = 0) {
            self.queue = queue
            self.weight = weight
            self.level = level
        }
    }
}
