// Who is in a call center: agents who assign themselves, and whom its supervisors look after.

public import Routing
import Store

/// A change to the list of a supervisor's agents.
public enum SupervisedChange: Sendable, Hashable {
    /// The whole list.
    case replace, add, remove
}

extension Floor {
    /// Assigns the agent to these call centers and to no others.
    ///
    /// New ones must be open to the agent. Where agents may log off, the agent has not joined yet.
    /// - Throws: `Refusal.invalid` for a call center that is neither open to the agent nor the agent's already.
    public func assign(
        _ agent: AgentID, to serviceUserIDs: [String], by principal: Principal
    ) async throws {
        try await perform(Plan("assign agent", alone: true), by: principal) { work in
            let known = try work.managed(agent)
            let directory = work.directory
            let before = directory.callCenters(assignedTo: agent).map(\.center)
            var left = Set(before.map(\.id))
            var added: [CallCenter] = []
            var seen: Set<String> = []
            let open = Set(directory.callCenters(openTo: known).map(\.id))
            for id in serviceUserIDs {
                guard seen.insert(id).inserted else {
                    throw Refusal.invalid("The call center \(id) is named twice.")
                }
                guard let center = directory.callCenter(serviceUserID: id),
                    left.contains(center.id) || open.contains(center.id)
                else {
                    throw Refusal.invalid("The call center \(id) is none that the user can be assigned to.")
                }
                if left.remove(center.id) == nil { added.append(center) }
            }
            guard !left.isEmpty || !added.isEmpty else { return }
            for center in added { try work.add(agent, to: center) }
            for center in before where left.contains(center.id) { try work.remove(agent, from: center) }
            for center in added + before.filter({ left.contains($0.id) }) {
                try work.tell(
                    .callCenterChanged, .callCenter, center.id.raw, ["agent": .number(agent.raw)])
            }
            try work.reconfigure()
        }
    }

    /// Changes whom a supervisor looks after in a call center.
    /// - Parameter userIDs: repeated ones count once.
    /// - Throws: `Refusal.notFound` unless the supervisor is one there; `.invalid` for who is no agent of it, or
    ///   is to be removed and not there.
    public func changeSupervised(
        _ userIDs: [String], _ change: SupervisedChange, of supervisor: AgentID, in id: CallCenterID,
        by principal: Principal
    ) async throws {
        try await perform(Plan("change supervised agents", alone: true), by: principal) { work in
            _ = try work.managed(supervisor)
            guard let center = work.directory.callCenter(id),
                let now = center.supervisors.first(where: { $0.agent == supervisor })
            else { throw Refusal.notFound("The user is no supervisor of this call center.") }
            let named = try work.directory.agents(named: userIDs, of: center)
            let before = Set(now.agents)
            let after: Set<AgentID>
            switch change {
            case .replace: after = named
            case .add: after = before.union(named)
            case .remove:
                if let stranger = named.subtracting(before).min() {
                    let userID = work.directory.agent(stranger).map(work.directory.userID) ?? ""
                    throw Refusal.invalid("\(userID) is not supervised by this user here.")
                }
                after = before.subtracting(named)
            }
            guard after != before else { return }
            try work.store(before, after, of: supervisor, in: id)
            try work.tell(
                .callCenterChanged, .callCenter, id.raw, ["agent": .number(supervisor.raw)])
            try work.reconfigure()
        }
    }
}

extension Directory {
    /// Agents of the call center by their user ids.
    fileprivate func agents(named userIDs: [String], of center: CallCenter) throws -> Set<AgentID> {
        let members = Set(center.agents.map(\.agent))
        return Set(
            try userIDs.map { userID in
                guard let agent = agent(userID: userID), members.contains(agent.id) else {
                    throw Refusal.invalid("\(userID) is no agent of this call center.")
                }
                return agent.id
            })
    }
}

extension Work {
    fileprivate func add(_ agent: AgentID, to center: CallCenter) throws {
        guard center.agents.count < QueueLimits.membersMax else {
            throw Refusal.invalid("\(center.serviceUserID) has \(QueueLimits.membersMax) agents; it is full.")
        }
        let last = try query(
            """
            SELECT COALESCE(MAX(place), 0) AS place FROM queue_member
            WHERE workspace = \(workspace) AND queue = \(center.queue)
            """)
        let level: Int64 = center.usesLevels ? 1 : 0
        try execute(
            """
            INSERT INTO queue_member (workspace, queue, agent, place, level, weight, available)
            VALUES (\(workspace), \(center.queue), \(agent), \(last[0].int("place") + 1), \(level), \(0),
                \(!center.logOffAllowed))
            """)
    }

    fileprivate func remove(_ agent: AgentID, from center: CallCenter) throws {
        try execute(
            """
            DELETE FROM queue_member WHERE workspace = \(workspace) AND queue = \(center.queue)
                AND agent = \(agent)
            """)
        try execute(
            """
            DELETE FROM supervised_agent WHERE workspace = \(workspace) AND call_center = \(center.id)
                AND agent = \(agent)
            """)
    }

    fileprivate func store(
        _ before: Set<AgentID>, _ after: Set<AgentID>, of supervisor: AgentID, in center: CallCenterID
    ) throws {
        for agent in before.subtracting(after).sorted() {
            try execute(
                """
                DELETE FROM supervised_agent WHERE workspace = \(workspace) AND call_center = \(center)
                    AND supervisor = \(supervisor) AND agent = \(agent)
                """)
        }
        for agent in after.subtracting(before).sorted() {
            try execute(
                """
                INSERT INTO supervised_agent (workspace, call_center, supervisor, agent)
                VALUES (\(workspace), \(center), \(supervisor), \(agent))
                """)
        }
    }
}
