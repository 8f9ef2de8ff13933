// Call centers made, changed and staffed by a group's administrator.

public import Routing
import Store

/// What is to be different about a call center; nil and absent leave it as it is.
public struct CallCenterChange: Sendable, Hashable {
    public var name: String?
    public var type: CallCenterType?
    public var routingType: RoutingType?
    public var policy: Policy?
    /// In E.164. Cleared: none.
    public var phoneNumber = Given<String>.absent
    /// Cleared: none.
    public var extensionNumber = Given<String>.absent
    /// Cleared: as many as come.
    public var queueLength = Given<Int64>.absent
    public var wrapUpS: Int64?
    public var logOffAllowed: Bool?
    public var joinable: Bool?
    public var offersInWrapUp: Bool?

    public init() {}
}

/// An agent of a call center, as a list of them names one; nil leaves it as it is.
public struct StaffedAgent: Sendable, Hashable {
    public var userID: String
    /// 1 best to 20.
    public var level: Int64?
    /// 0 to 100.
    public var weight: Int64?
    public var isJoined: Bool?

    public init(userID: String, level: Int64? = nil, weight: Int64? = nil, isJoined: Bool? = nil) {
        self.userID = userID
        self.level = level
        self.weight = weight
        self.isJoined = isJoined
    }
}

extension Floor {
    /// Makes a call center; one that was deleted comes back as it was, and is changed.
    /// - Parameter serviceUserID: nil: one is made of its number and the workspace.
    /// - Throws: `Refusal.conflict` for an id that is taken on this server.
    public func makeCallCenter(
        _ serviceUserID: String?, inGroup group: String, _ change: CallCenterChange, by principal: Principal
    ) async throws -> CallCenterID {
        try await perform(Plan("make call center", alone: true), by: principal) { work in
            try work.requireMayManage(group: group)
            guard work.directory.users.hasGroup(group) else {
                throw Refusal.notFound("There is no such group.")
            }
            let id = try work.makeCallCenter(serviceUserID, group)
            try change.check(nil)
            try work.store(change, of: id.center, queue: id.queue)
            try work.tell(.callCenterChanged, .callCenter, id.center.raw)
            try work.reconfigure()
            return id.center
        }
    }

    public func changeCallCenter(
        _ id: CallCenterID, _ change: CallCenterChange, by principal: Principal
    ) async throws {
        try await perform(Plan("change call center", alone: true), by: principal) { work in
            let center = try work.managedCenter(id)
            try change.check(center)
            try work.store(change, of: id, queue: center.queue)
            try work.tell(.callCenterChanged, .callCenter, id.raw)
            try work.reconfigure()
        }
    }

    /// Sets who is an agent of the call center, in this order. New ones are of its group.
    public func staff(_ id: CallCenterID, with agents: [StaffedAgent], by principal: Principal) async throws {
        try await perform(Plan("staff call center", alone: true), by: principal) { work in
            let center = try work.managedCenter(id)
            var change = QueueChange()
            change.members = try work.directory.members(agents, of: center)
            try work.store(change, of: center.queue)
            try work.tell(.callCenterChanged, .callCenter, id.raw)
            try work.reconfigure()
        }
    }

    /// Sets the supervisors; who was one before goes on looking after the same agents.
    public func setSupervisors(
        _ userIDs: [String], of id: CallCenterID, by principal: Principal
    ) async throws {
        try await perform(Plan("set supervisors", alone: true), by: principal) { work in
            let center = try work.managedCenter(id)
            let before = Set(center.supervisors.map(\.agent))
            let after = Set(
                try userIDs.map { try work.directory.candidate($0, of: center, isThere: before.contains).id })
            for agent in before.subtracting(after).sorted() {
                for table: SQL in [
                    "call_center_supervisor WHERE agent", "supervised_agent WHERE supervisor",
                ] {
                    try work.execute(
                        """
                        DELETE FROM \(sql: table) = \(agent) AND workspace = \(work.workspace)
                            AND call_center = \(id)
                        """)
                }
            }
            for agent in after.subtracting(before).sorted() {
                try work.execute(
                    """
                    INSERT INTO call_center_supervisor (workspace, call_center, agent)
                    VALUES (\(work.workspace), \(id), \(agent))
                    """)
            }
            try work.tell(.callCenterChanged, .callCenter, id.raw)
            try work.reconfigure()
        }
    }

    /// Sets the numbers that lead to the call center, in this order.
    public func setNumbers(
        _ numbers: [CallCenter.DNIS], of id: CallCenterID, by principal: Principal
    ) async throws {
        try await perform(Plan("set numbers", alone: true), by: principal) { work in
            _ = try work.managedCenter(id)
            guard Set(numbers.map(\.name)).count == numbers.count else {
                throw Refusal.invalid("Each DNIS needs a name of its own.")
            }
            try work.execute("DELETE FROM dnis WHERE workspace = \(work.workspace) AND call_center = \(id)")
            for (place, number) in numbers.enumerated() {
                try number.check()
                try work.execute(
                    """
                    INSERT INTO dnis (workspace, call_center, place, name, phone_number, priority, allow_outgoing)
                    VALUES (\(work.workspace), \(id), \(place + 1), \(number.name), \(number.phoneNumber),
                        \(number.priority), \(number.allowOutgoing))
                    """)
            }
            try work.tell(.callCenterChanged, .callCenter, id.raw)
            try work.reconfigure()
        }
    }
}

extension CallCenter.DNIS {
    fileprivate func check() throws {
        guard isE164(phoneNumber) else {
            throw Refusal.invalid("Write a number with its country, such as +4930123456.")
        }
        guard (0...QueueLimits.dnisPriorityMax).contains(priority) else {
            throw Refusal.invalid("A DNIS has a priority from 0 to \(QueueLimits.dnisPriorityMax).")
        }
    }
}

extension CallCenterChange {
    /// - Parameter center: nil of one that is being made.
    fileprivate func check(_ center: CallCenter?) throws {
        if let number = phoneNumber.value, !isE164(number) {
            throw Refusal.invalid("Write a number with its country, such as +4930123456.")
        }
        if let length = queueLength.value, !(0...QueueLimits.queueLengthMax).contains(length) {
            throw Refusal.invalid("A queue length is 0 to \(QueueLimits.queueLengthMax).")
        }
        if let wrapUpS, !(0...QueueLimits.callWrapUpMaxS).contains(wrapUpS) {
            throw Refusal.invalid("Wrap-up takes 0 to \(QueueLimits.callWrapUpMaxS) seconds.")
        }
        guard type != nil || routingType != nil else { return }
        let routing = routingType ?? center?.settings.routingType ?? .priorityBased
        guard routing == .priorityBased || (type ?? center?.type ?? .basic) == .premium else {
            throw Refusal.invalid("Only a Premium call center is skill based.")
        }
    }
}

extension Directory {
    fileprivate func members(_ agents: [StaffedAgent], of center: CallCenter) throws -> [QueueChange
        .NewMember]
    {
        guard agents.count <= QueueLimits.membersMax else {
            throw Refusal.invalid("A call center names at most \(QueueLimits.membersMax) agents.")
        }
        let before = Dictionary(uniqueKeysWithValues: center.agents.map { ($0.agent, $0) })
        var seen: Set<AgentID> = []
        return try agents.map { wanted in
            let agent = try candidate(wanted.userID, of: center) { before[$0] != nil }
            guard seen.insert(agent.id).inserted else {
                throw Refusal.invalid("\(wanted.userID) is named twice.")
            }
            let own = before[agent.id]
            let level = wanted.level ?? own?.level ?? (center.usesLevels ? 1 : 0)
            guard level == 0 || (1...QueueLimits.levelMax).contains(level) else {
                throw Refusal.invalid("A skill level is 1 to \(QueueLimits.levelMax).")
            }
            let weight = wanted.weight ?? own?.weight ?? 0
            guard (0...QueueLimits.weightMax).contains(weight) else {
                throw Refusal.invalid("A weight is 0 to \(QueueLimits.weightMax).")
            }
            let isJoined = wanted.isJoined ?? own?.isJoined ?? true
            guard isJoined || center.logOffAllowed else {
                throw Refusal.invalid("\(center.serviceUserID) does not allow its agents to log off.")
            }
            return .init(agent: agent.id, level: level, weight: weight, isJoined: isJoined)
        }
    }

    /// A user of the call center's group, or one who is there already.
    fileprivate func candidate(
        _ userID: String, of center: CallCenter, isThere: (AgentID) -> Bool
    ) throws -> Agent {
        guard let agent = agent(userID: userID), isThere(agent.id) || group(of: agent) == group(of: center)
        else { throw Refusal.invalid("\(userID) is no user of the call center's group.") }
        return agent
    }
}

extension Work {
    fileprivate func managedCenter(_ id: CallCenterID) throws -> CallCenter {
        guard let center = directory.callCenter(id) else {
            throw Refusal.notFound("There is no such call center.")
        }
        try requireMayManage(group: directory.group(of: center))
        return center
    }

    fileprivate func makeCallCenter(
        _ given: String?, _ group: String
    ) throws -> (center: CallCenterID, queue: QueueID) {
        let stored = group == directory.name ? "" : group
        if let given {
            let found = try query(
                """
                SELECT workspace, id, queue, deleted_at FROM call_center WHERE service_user_id = \(given)
                """
            ).first
            if let found {
                guard found.int("workspace") == workspace.raw, found.intOrNil("deleted_at") != nil else {
                    throw Refusal.conflict("The serviceUserId \(given) is taken; choose another one.")
                }
                let id = CallCenterID(found.int("id"))
                try set("call_center", id.raw, ["deleted_at = NULL, group_name = \(stored)"])
                return (id, QueueID(found.int("queue")))
            }
        }
        let id = CallCenterID(next(.callCenter))
        let name = given ?? "callcenter\(id)@\(directory.name)"
        let clash = try query("SELECT id FROM call_center WHERE service_user_id = \(name)")
        guard clash.isEmpty else { throw Refusal.conflict("Give the call center a serviceUserId.") }
        let queue = try makeQueue("call_center")
        try execute(
            """
            INSERT INTO call_center (workspace, id, service_user_id, name, group_name, type, extension, priority,
                log_off_allowed, joinable, queue, created_at)
            VALUES (\(workspace), \(id), \(name), \(name), \(stored), \(CallCenterType.basic.rawValue), \(""),
                \(0), \(true), \(false), \(queue), \(now))
            """)
        return (id, queue)
    }

    fileprivate func store(_ change: CallCenterChange, of id: CallCenterID, queue: QueueID) throws {
        let extensionNumber: SQL? =
            switch change.extensionNumber {
            case .absent: nil
            case .cleared: "extension = ''"
            case .value(let text): "extension = \(text)"
            }
        try set(
            "call_center", id.raw,
            [
                change.name.map { "name = \($0)" }, change.type.map { "type = \($0.rawValue)" },
                column("phone_number", change.phoneNumber), extensionNumber,
                column("queue_length", change.queueLength),
                change.logOffAllowed.map { "log_off_allowed = \($0)" },
                change.joinable.map { "joinable = \($0)" },
            ])
        var routing = QueueChange()
        routing.policy = change.policy
        routing.routingType = change.routingType
        routing.wrapUpMs = change.wrapUpS.map { $0 * 1_000 }
        routing.offersInWrapUp = change.offersInWrapUp
        try store(routing, of: queue)
    }
}
