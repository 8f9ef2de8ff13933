// Who works in a call center, who looks after them, and which numbers lead there: whole lists.

import Routing
import Store

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
