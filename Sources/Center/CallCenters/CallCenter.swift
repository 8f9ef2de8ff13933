// A call center: a queue that calls reach through a phone number, with its agents, supervisors and numbers.

public import Routing

/// What a call center can do. The raw value is what files, rows and wires hold.
public enum CallCenterType: String, Codable, Sendable, Hashable, CaseIterable {
    case basic = "Basic"
    case standard = "Standard"
    case premium = "Premium"
}

public struct CallCenter: Sendable, Hashable {
    public let id: CallCenterID
    /// Unique on the server.
    public let serviceUserID: String
    public let name: String
    /// Empty for none.
    public let group: String
    public let type: CallCenterType
    /// In E.164.
    public let phoneNumber: String?
    /// Empty for none.
    public let extensionNumber: String
    /// Among the queues of an agent, where they go by priority: 0 goes first.
    public let priority: Int64
    /// Calls that may wait; nil for as many as come.
    public let queueLength: Int64?
    /// Calls with which it overflows, queue length apart.
    public let overflowSize: Int64?
    /// Whether agents may leave it for a while.
    public let logOffAllowed: Bool
    /// Whether agents may put themselves into it.
    public let joinable: Bool
    /// Calls in a row that came back, after which an agent is made unavailable; nil for never.
    public let bouncedAfter: Int64?
    public let calendar: CalendarID?
    public let queue: QueueID
    /// In the queue's order.
    public let agents: [Member]
    /// Ascending by agent.
    public let supervisors: [Supervisor]
    public let dnis: [DNIS]
    public let treatments: [QueueTreatment]
    public let settings: QueueSettings

    public struct Member: Sendable, Hashable {
        public let agent: AgentID
        /// 1 best to 20; 0 for none of its own.
        public let level: Int64
        public let weight: Int64
        /// Joined: takes calls of this call center.
        public let isJoined: Bool
    }

    public struct Supervisor: Sendable, Hashable {
        public let agent: AgentID
        /// Whom the supervisor looks after here. Ascending.
        public let agents: [AgentID]
    }

    /// A number that leads here.
    public struct DNIS: Sendable, Hashable {
        public let name: String
        /// In E.164.
        public let phoneNumber: String
        /// Priority class of its calls: 0 highest to 3 low.
        public let priority: Int64
        /// Whether agents may show it when they call out.
        public let allowOutgoing: Bool

        public init(name: String, phoneNumber: String, priority: Int64, allowOutgoing: Bool) {
            self.name = name
            self.phoneNumber = phoneNumber
            self.priority = priority
            self.allowOutgoing = allowOutgoing
        }
    }
}
