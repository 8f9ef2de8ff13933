// Groups, departments and threshold profiles of a plan, and what agents are to telephony systems.

import Routing
import Store

/// A group that a plan can name; a call center's group needs no row.
struct KnownGroup {
    var id: Int64?
    var departments: Set<String> = []
}

extension ProvisionRun {
    func applyUserGroups() throws {
        if let enriches = plan.apio?.enrichesCallCenters {
            try work.execute(
                "UPDATE workspace SET apio_enrich_cc_info = \(enriches) WHERE id = \(workspace)")
        }
        try readUserGroups()
        for entry in plan.userGroups {
            let name = entry.id.value
            let id = try userGroups[name]?.id ?? madeGroup(name)
            userGroups[name, default: KnownGroup()].id = id
            if let departments = entry.departments { try set(departments, of: name, id) }
        }
        for entry in plan.callCenters {
            if let name = entry.group.value, userGroups[name] == nil { userGroups[name] = KnownGroup() }
        }
        var profiles = Set(work.directory.users.thresholdProfiles)
        for name in plan.thresholdProfiles where profiles.insert(name.value).inserted {
            try work.execute(
                """
                INSERT INTO threshold_profile (workspace, id, name)
                VALUES (\(workspace), \(work.next(.thresholdProfile)), \(name.value))
                """)
        }
    }

    private func readUserGroups() throws {
        for center in work.directory.callCenters where !center.group.isEmpty {
            userGroups[center.group] = KnownGroup()
        }
        for row in try work.query("SELECT id, name FROM user_group WHERE workspace = \(workspace)") {
            let name = row.text("name")
            let group = work.directory.users.groups.first { $0.name == name }
            userGroups[name] = KnownGroup(
                id: row.int("id"), departments: Set((group?.departments ?? []).map(\.name)))
        }
    }

    private func madeGroup(_ name: String) throws -> Int64 {
        let id = work.next(.userGroup)
        try work.execute(
            "INSERT INTO user_group (workspace, id, name) VALUES (\(workspace), \(id), \(name))")
        return id
    }

    /// Whose department is in the list no more has none.
    private func set(_ departments: [DepartmentEntry], of group: String, _ id: Int64) throws {
        userGroups[group]?.departments = Set(departments.map(\.name.value))
        try work.execute("DELETE FROM department WHERE workspace = \(workspace) AND user_group = \(id)")
        for entry in departments {
            try work.execute(
                """
                INSERT INTO department (workspace, user_group, name, parent)
                VALUES (\(workspace), \(id), \(entry.name.value), \(entry.parent?.value ?? ""))
                """)
        }
        try work.execute(
            """
            UPDATE agent SET department = '' WHERE workspace = \(workspace) AND user_group = \(group)
                AND department NOT IN (SELECT name FROM department WHERE workspace = \(workspace)
                    AND user_group = \(id))
            """)
    }

    /// Once all agents of the plan have their rows.
    func applyUsers() throws {
        try applyUserIDs()
        for entry in plan.agents {
            guard let id = agents[entry.loginName.value] else { continue }
            let before = work.directory.agent(id)?.profile
            let group = entry.user.group.map(\.value).over(before?.group ?? "") ?? ""
            if let name = entry.user.group.value, userGroups[name.value] == nil {
                throw plan.unknown("group", name, among: userGroups.keys.sorted())
            }
            let departments = userGroups[group]?.departments ?? []
            if let department = entry.user.department.value, !departments.contains(department.value) {
                throw plan.unknown("department", department, among: departments.sorted())
            }
            let kept = before?.department ?? ""
            if case .absent = entry.user.department, let moved = entry.user.group.value, !kept.isEmpty,
                moved.value != before?.group, !departments.contains(kept)
            {
                throw plan.problem(
                    at: moved.position,
                    "the group \(quoted(group)) has no department \(quoted(kept)), which the agent is in; "
                        + "give 'department' too")
            }
            var department = entry.user.department.map(\.value)
            if case .cleared = entry.user.group, case .absent = department { department = .cleared }
            try work.set(
                "agent", id.raw,
                [text("user_group", entry.user.group.map(\.value)), text("department", department)])
        }
    }

    /// User ids are unique on the server, and none may sign in as somebody else's `login_name@workspace`.
    private func applyUserIDs() throws {
        var owners: [String: (workspace: WorkspaceID, agent: AgentID)] = [:]
        for row in try work.query("SELECT workspace, id, user_id FROM agent WHERE user_id IS NOT NULL") {
            owners[row.text("user_id")] = (WorkspaceID(row.int("workspace")), AgentID(row.int("id")))
        }
        var given: [(id: AgentID, userID: Located<String>)] = []
        for entry in plan.agents {
            guard let id = agents[entry.loginName.value] else { continue }
            let own = "\(entry.loginName.value)@\(plan.workspace.value)"
            if let other = owners[own], other.workspace != workspace || other.agent != id {
                throw plan.problem(
                    at: entry.loginName.position,
                    "\(quoted(own)), by which the agent would sign in, is another agent's user id")
            }
            let before = work.directory.agent(id)?.telephony.userID
            switch entry.user.userID {
            case .absent: continue
            case .cleared where before == nil: continue
            case .value(let userID) where userID.value == before: continue
            case .cleared, .value: break
            }
            // Two agents may change places, so all let go before the first takes.
            try work.set("agent", id.raw, ["user_id = NULL"])
            if let before { owners[before] = nil }
            if let userID = entry.user.userID.value { given.append((id, userID)) }
        }
        for (id, userID) in given {
            guard owners[userID.value] == nil, try !isSignInName(userID.value, but: id) else {
                throw plan.problem(
                    at: userID.position,
                    "the user id \(quoted(userID.value)) is taken on this server; choose another one")
            }
            owners[userID.value] = (workspace, id)
            try work.set("agent", id.raw, ["user_id = \(userID.value)"])
        }
    }

    /// Whether somebody else signs in by this as `login_name@workspace`.
    private func isSignInName(_ userID: String, but agent: AgentID) throws -> Bool {
        guard let at = userID.lastIndex(of: "@") else { return false }
        let login = String(userID[..<at])
        let name = String(userID[userID.index(after: at)...])
        if name == plan.workspace.value { return agents[login].map { $0 != agent } ?? false }
        let found = try work.query(
            """
            SELECT a.id FROM agent AS a JOIN workspace AS w ON w.id = a.workspace
            WHERE w.name = \(name) AND a.login_name = \(login)
            """)
        return !found.isEmpty
    }
}
