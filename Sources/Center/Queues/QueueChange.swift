// A change to a queue's settings, written to its rows: what provisioning and the desk both use.

public import Routing
import Store

/// What is to be different about a queue; nil and `absent` leave it as it is.
public struct QueueChange: Sendable, Hashable {
    public var policy: Policy?
    public var routingType: RoutingType?
    public var offerTimeoutMs: Int64?
    public var reofferPauseMs: Int64?
    public var wrapUpMs: Int64?
    public var guardMs: Int64?
    public var desiredTimeoutMs: Int64?
    public var offersInWrapUp: Bool?
    /// The T of the service level.
    public var serviceLevelS: Int64?
    public var overflowSize = Given<Int64>.absent
    public var overflowWaitMs = Given<Int64>.absent
    public var overflowEstimatedWaitMs = Given<Int64>.absent
    /// By kind; cleared: none.
    public var treatments: [TreatmentKind: Given<NewTreatment>] = [:]
    /// The whole list, in order.
    public var members: [NewMember]?

    public init() {}

    public struct NewTreatment: Sendable, Hashable {
        public var action: Treatment
        public var number: String?
        /// nil: as it was; a new one is active.
        public var isActive: Bool?

        public init(_ action: Treatment, number: String? = nil, isActive: Bool? = nil) {
            self.action = action
            self.number = number
            self.isActive = isActive
        }
    }

    public struct NewMember: Sendable, Hashable {
        public var agent: AgentID
        public var level: Int64
        public var weight: Int64
        public var isJoined: Bool

        public init(agent: AgentID, level: Int64 = 0, weight: Int64 = 0, isJoined: Bool = true) {
            self.agent = agent
            self.level = level
            self.weight = weight
            self.isJoined = isJoined
        }
    }
}

extension Work {
    /// Writes the change; the caller reconfigures.
    func store(_ change: QueueChange, of queue: QueueID) throws {
        try set(
            "queue", queue.raw,
            [
                change.policy.map { "policy = \($0.rawValue)" },
                change.routingType.map { "routing_type = \($0.rawValue)" },
                change.offerTimeoutMs.map { "offer_timeout_ms = \($0)" },
                change.reofferPauseMs.map { "reoffer_pause_ms = \($0)" },
                change.wrapUpMs.map { "wrap_up_ms = \($0)" }, change.guardMs.map { "guard_ms = \($0)" },
                change.desiredTimeoutMs.map { "desired_timeout_ms = \($0)" },
                change.offersInWrapUp.map { "offers_in_wrap_up = \($0)" },
                change.serviceLevelS.map { "service_level_s = \($0)" },
                column("overflow_size", change.overflowSize),
                column("overflow_wait_ms", change.overflowWaitMs),
                column("overflow_estimated_wait_ms", change.overflowEstimatedWaitMs),
            ])
        for kind in TreatmentKind.allCases {
            switch change.treatments[kind] ?? .absent {
            case .absent: break
            case .cleared:
                try execute(
                    """
                    DELETE FROM queue_treatment WHERE workspace = \(workspace) AND queue = \(queue)
                        AND kind = \(kind.rawValue)
                    """)
            case .value(let new): try store(new, kind, of: queue)
            }
        }
        if let members = change.members { try store(members, of: queue) }
    }

    /// Sets columns of one row of a table with `id`; nothing when there are none to set.
    func set(_ table: StaticString, _ id: Int64, _ columns: [SQL?]) throws {
        let given = columns.compactMap { $0 }
        guard let first = given.first else { return }
        let list = given.dropFirst().reduce(first) { $0 + ", " + $1 }
        let name = SQL(name: "\(table)")
        try execute("UPDATE \(sql: name) SET \(sql: list) WHERE workspace = \(workspace) AND id = \(id)")
    }

    func column(_ name: SQL, _ given: Given<some Bindable>) -> SQL? {
        switch given {
        case .absent: nil
        case .cleared: name + " = NULL"
        case .value(let value): name + " = \(value)"
        }
    }

    private func store(_ new: QueueChange.NewTreatment, _ kind: TreatmentKind, of queue: QueueID) throws {
        try execute(
            """
            INSERT INTO queue_treatment (workspace, queue, kind, action, target, keep_wait, number, active)
            VALUES (\(workspace), \(queue), \(kind.rawValue), \(new.action.word), \(new.action.target),
                \(new.action.keepsWait), \(new.number), \(new.isActive ?? true))
            ON CONFLICT (workspace, queue, kind) DO UPDATE SET action = excluded.action,
                target = excluded.target, keep_wait = excluded.keep_wait, number = excluded.number
            """)
        if let isActive = new.isActive {
            try execute(
                """
                UPDATE queue_treatment SET active = \(isActive)
                WHERE workspace = \(workspace) AND queue = \(queue) AND kind = \(kind.rawValue)
                """)
        }
    }

    /// Who is an agent of a call center no more has no supervisor there.
    private func store(_ members: [QueueChange.NewMember], of queue: QueueID) throws {
        try execute("DELETE FROM queue_member WHERE workspace = \(workspace) AND queue = \(queue)")
        for (place, member) in members.enumerated() {
            try execute(
                """
                INSERT INTO queue_member (workspace, queue, agent, place, level, weight, available)
                VALUES (\(workspace), \(queue), \(member.agent), \(place + 1), \(member.level), \(member.weight),
                    \(member.isJoined))
                """)
        }
        try execute(
            """
            DELETE FROM supervised_agent WHERE workspace = \(workspace)
                AND call_center IN (SELECT id FROM call_center WHERE workspace = \(workspace)
                    AND queue = \(queue))
                AND agent NOT IN (SELECT agent FROM queue_member WHERE workspace = \(workspace)
                    AND queue = \(queue))
            """)
    }

    /// A queue with the settings of a new one.
    func makeQueue(_ kind: String) throws -> QueueID {
        let queue = QueueID(next(.queue))
        let defaults = QueueSettings()
        try execute(
            """
            INSERT INTO queue (workspace, id, kind, priority, offer_timeout_ms, reoffer_pause_ms, wrap_up_ms,
                desired_timeout_ms)
            VALUES (\(workspace), \(queue), \(kind), \(defaults.priority), \(defaults.offerTimeoutMs),
                \(defaults.reofferPauseMs), \(defaults.wrapUpMs), \(defaults.desiredTimeoutMs))
            """)
        return queue
    }
}
