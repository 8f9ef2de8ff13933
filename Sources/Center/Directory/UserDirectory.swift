// How telephony systems know a workspace: groups with departments, users by id, the call centers of each user.

public import Routing
import Store

/// People of one group and its call centers; `departments` are its own.
public struct UserGroup: Sendable, Hashable {
    public let name: String
    /// Ascending by name.
    public let departments: [Department]

    public struct Department: Sendable, Hashable {
        public let name: String
        /// Another one of the same group.
        public let parent: String?
    }

    /// Each department's name after those above it, as in `Europe \ Sales`.
    let paths: [String: String]

    init(name: String, departments: [Department]) {
        self.name = name
        self.departments = departments
        let parents = Dictionary(uniqueKeysWithValues: departments.map { ($0.name, $0.parent) })
        paths = parents.keys.reduce(into: [:]) { paths, name in
            var path = [name]
            var above = parents[name] ?? nil
            // No department stands above itself; rows are not trusted with an endless loop.
            while let next = above, path.count <= departments.count {
                path.append(next)
                above = parents[next] ?? nil
            }
            paths[name] = path.reversed().joined(separator: " \\ ")
        }
    }
}

/// Made with its directory.
public struct UserDirectory: Sendable {
    /// What rows say of it.
    struct Rows: Sendable {
        var groups: [UserGroup] = []
        var thresholdProfiles: [String] = []
        var enrichesCallCenters = false
    }

    /// A call center that an agent is assigned to, by places in the lists.
    struct Assignment: Sendable {
        let center: Int
        let member: Int
    }

    /// Without those that only call centers name.
    public let groups: [UserGroup]
    /// Ascending, the default one included.
    public let thresholdProfiles: [String]
    /// Whether lists of call centers have their names where nothing is asked.
    public let enrichesCallCenters: Bool
    private let workspace: String
    private let groupByName: [String: Int]
    private let namedByCenters: Set<String>
    private let agentByUserID: [String: Int]
    private let centerByUserID: [String: Int]
    private let assigned: [AgentID: [Assignment]]

    init(_ rows: Rows, workspace: String, agents: [Agent], callCenters: [CallCenter]) {
        self.workspace = workspace
        groups = rows.groups
        groupByName = Dictionary(uniqueKeysWithValues: zip(rows.groups.map(\.name), rows.groups.indices))
        thresholdProfiles = Array(Set(rows.thresholdProfiles + [AgentProfile.defaultThresholdProfile]))
            .sorted()
        enrichesCallCenters = rows.enrichesCallCenters
        namedByCenters = Set(callCenters.map(\.group))
        var byUserID: [String: Int] = [:]
        for (index, agent) in agents.enumerated() {
            if let id = agent.telephony.userID { byUserID[id] = index }
        }
        agentByUserID = byUserID
        centerByUserID = Dictionary(
            uniqueKeysWithValues: zip(callCenters.map(\.serviceUserID), callCenters.indices))
        var assigned: [AgentID: [Assignment]] = [:]
        for (index, center) in callCenters.enumerated() {
            for (place, member) in center.agents.enumerated() {
                assigned[member.agent, default: []].append(Assignment(center: index, member: place))
            }
        }
        self.assigned = assigned
    }

    func agent(userID: String) -> Int? { agentByUserID[userID] }
    func callCenter(_ serviceUserID: String) -> Int? { centerByUserID[serviceUserID] }
    func assignments(of agent: AgentID) -> [Assignment] { assigned[agent] ?? [] }

    func departmentPath(_ name: String, inGroup group: String) -> String? {
        groupByName[group].flatMap { groups[$0].paths[name] }
    }

    /// Who and what names no group is in the one that is called like the workspace.
    func group(_ name: String) -> String { name.isEmpty ? workspace : name }

    /// Whether there is such a group: listed, or named by a call center or by nobody.
    public func hasGroup(_ name: String) -> Bool {
        name == workspace || groupByName[name] != nil || namedByCenters.contains(name)
    }
}

extension UserDirectory.Rows {
    init(_ workspace: WorkspaceID, _ own: Row, _ reader: any Reading) throws {
        let rows = try reader.fetch([
            "SELECT id, name FROM user_group WHERE workspace = \(workspace) ORDER BY id",
            """
            SELECT user_group, name, parent FROM department WHERE workspace = \(workspace)
            ORDER BY user_group, name
            """,
            "SELECT name FROM threshold_profile WHERE workspace = \(workspace) ORDER BY id",
        ])
        let departments = Dictionary(grouping: rows[1]) { $0.int("user_group") }
        groups = rows[0].map { row in
            UserGroup(
                name: row.text("name"),
                departments: (departments[row.int("id")] ?? []).map {
                    let parent = $0.text("parent")
                    return .init(name: $0.text("name"), parent: parent.isEmpty ? nil : parent)
                })
        }
        thresholdProfiles = rows[2].map { $0.text("name") }
        enrichesCallCenters = own.bool("apio_enrich_cc_info")
    }
}

extension Directory {
    /// The user's id: the agent's own, else the login name at the workspace.
    public func userID(_ agent: Agent) -> String { agent.telephony.userID ?? "\(agent.loginName)@\(name)" }

    /// The active agent of `login_name@workspace`, or of this user id.
    public func agent(userID: String) -> Agent? {
        let suffix = "@\(name)"
        if userID.hasSuffix(suffix), let agent = agent(login: String(userID.dropLast(suffix.count))),
            agent.active
        {
            return agent
        }
        return users.agent(userID: userID).map { agents[$0] }.flatMap { $0.active ? $0 : nil }
    }

    /// The agent's department after those above it; nil for none.
    public func departmentPath(of agent: Agent) -> String? {
        guard !agent.profile.department.isEmpty else { return nil }
        return users.departmentPath(agent.profile.department, inGroup: agent.profile.group)
    }

    public func group(of agent: Agent) -> String { users.group(agent.profile.group) }
    public func group(of center: CallCenter) -> String { users.group(center.group) }

    public func callCenters(inGroup group: String) -> [CallCenter] {
        callCenters.filter { self.group(of: $0) == group }
    }

    /// The call centers that the agent is assigned to, joined or not.
    public func callCenters(assignedTo agent: AgentID) -> [(center: CallCenter, member: CallCenter.Member)] {
        users.assignments(of: agent).map {
            (callCenters[$0.center], callCenters[$0.center].agents[$0.member])
        }
    }

    /// The call centers that the agent may be assigned to by the agent's own wish, assigned ones included.
    public func callCenters(openTo agent: Agent) -> [CallCenter] {
        callCenters(inGroup: group(of: agent)).filter(\.joinable)
    }

    /// The numbers that the agent may show when calling out.
    public func outgoingNumbers(of agent: Agent) -> [(center: CallCenter, dnis: CallCenter.DNIS)] {
        callCenters(inGroup: group(of: agent)).filter { $0.type == .premium }
            .flatMap { center in center.dnis.filter(\.allowOutgoing).map { (center, $0) } }
    }

    /// The number that the agent shows, as long as it may.
    public func outgoingNumber(of agent: Agent) -> (center: CallCenter, dnis: CallCenter.DNIS)? {
        guard let chosen = agent.profile.outgoing else { return nil }
        return outgoingNumbers(of: agent).first {
            $0.center.id == chosen.center && $0.dnis.name == chosen.name
        }
    }
}

extension CallCenter {
    /// Whether its calls go by its agents' level.
    public var usesLevels: Bool { type == .premium && settings.routingType == .skillBased }
}
