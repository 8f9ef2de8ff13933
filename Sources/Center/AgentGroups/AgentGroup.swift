// Agent groups: they give their agents areas, so a change here changes at once who is offered what.

public import Routing
import Store

/// What a group is told to be; nil: not said. The lists are whole lists.
public struct GroupFields: Sendable, Hashable {
    public var name: String?
    public var description: String?
    public var agents: [AgentID]?
    public var areas: [AreaID]?

    public init() {}
}

extension AgentGroup {
    public static let nameLengthMax = 200
    public static let descriptionLengthMax = 2_000
}

extension Floor {
    /// - Throws: `Refusal.invalid` without a name and for agents and areas that are not there;
    ///   `Refusal.conflict` for a name that is taken.
    public func makeGroup(_ fields: GroupFields, by principal: Principal) async throws -> GroupID {
        try await perform(Plan("make agent group", alone: true), by: principal) { work in
            try work.requireAdministrator()
            guard let name = fields.name else {
                throw Refusal.invalid("name is required.", pointer: "/name")
            }
            try work.check(fields, of: nil)
            let id = GroupID(work.next(.group))
            try work.execute(
                """
                INSERT INTO agent_group (workspace, id, name, description)
                VALUES (\(work.workspace), \(id), \(name), \(fields.description ?? ""))
                """)
            try work.store(fields, of: id)
            try work.tell(.groupMade, .group, id.raw)
            try work.reconfigure()
            return id
        }
    }

    /// Changes what `fields` names, all of it or nothing.
    /// - Throws: as `makeGroup`; `Refusal.notFound`.
    public func changeGroup(_ id: GroupID, _ fields: GroupFields, by principal: Principal) async throws {
        try await perform(Plan("change agent group", alone: true), by: principal) { work in
            try work.requireAdministrator()
            _ = try work.group(id)
            try work.check(fields, of: id)
            try work.store(fields, of: id)
            try work.tell(.groupChanged, .group, id.raw)
            try work.reconfigure()
        }
    }

    /// Puts agents into the group.
    /// - Returns: the group, and those who were not in it before, as they were named.
    public func addAgents(
        _ agents: [AgentID], to id: GroupID, by principal: Principal
    ) async throws -> (group: AgentGroup, added: [AgentID]) {
        try await perform(Plan("add agents", alone: true), by: principal) { work in
            try work.requireAdministrator()
            let group = try work.group(id)
            try work.requireKnown(agents)
            let added = once(agents).filter { !group.agents.contains($0) }
            try work.put(agents: added, into: id)
            try work.tell(.groupChanged, .group, id.raw)
            try work.reconfigure()
            return (group, added)
        }
    }

    /// Takes agents out of the group.
    /// - Returns: the group, and those who were in it, as they were named.
    public func removeAgents(
        _ agents: [AgentID], from id: GroupID, by principal: Principal
    ) async throws -> (group: AgentGroup, removed: [AgentID]) {
        try await perform(Plan("remove agents", alone: true), by: principal) { work in
            try work.requireAdministrator()
            let group = try work.group(id)
            try work.requireKnown(agents)
            let removed = once(agents).filter(group.agents.contains)
            for agent in removed {
                try work.execute(
                    """
                    DELETE FROM agent_group_agent
                    WHERE workspace = \(work.workspace) AND agent_group = \(id) AND agent = \(agent)
                    """)
            }
            try work.tell(.groupChanged, .group, id.raw)
            try work.reconfigure()
            return (group, removed)
        }
    }

    /// Deletes the group; its agents and areas stay, without what it gave them.
    public func deleteGroup(_ id: GroupID, by principal: Principal) async throws {
        try await perform(Plan("delete agent group", alone: true), by: principal) { work in
            try work.requireAdministrator()
            _ = try work.group(id)
            for table in ["agent_group_agent", "agent_group_area"] {
                try work.execute(
                    """
                    DELETE FROM \(sql: SQL(name: table))
                    WHERE workspace = \(work.workspace) AND agent_group = \(id)
                    """)
            }
            try work.execute("DELETE FROM agent_group WHERE workspace = \(work.workspace) AND id = \(id)")
            try work.tell(.groupDeleted, .group, id.raw)
            try work.reconfigure()
        }
    }
}

extension Work {
    fileprivate func group(_ id: GroupID) throws -> AgentGroup {
        guard let group = directory.groups.first(where: { $0.id == id }) else {
            throw Refusal.notFound("There is no such agent group.")
        }
        return group
    }

    fileprivate func check(_ fields: GroupFields, of id: GroupID?) throws {
        if let name = fields.name {
            guard name.contains(where: { !$0.isWhitespace }),
                name.unicodeScalars.count <= AgentGroup.nameLengthMax
            else {
                throw Refusal.invalid(
                    "name has 1 to \(AgentGroup.nameLengthMax) characters.", pointer: "/name")
            }
            guard !directory.groups.contains(where: { $0.name == name && $0.id != id }) else {
                throw Refusal.conflict("Another agent group has this name.")
            }
        }
        guard (fields.description ?? "").unicodeScalars.count <= AgentGroup.descriptionLengthMax else {
            throw Refusal.invalid(
                "description has at most \(AgentGroup.descriptionLengthMax) characters.",
                pointer: "/description")
        }
        try requireKnown(fields.agents ?? [])
        for area in fields.areas ?? [] where directory.area(area) == nil {
            throw Refusal.invalid("There is no area \(area).", pointer: "/areas")
        }
    }

    fileprivate func requireKnown(_ agents: [AgentID]) throws {
        for agent in agents where directory.agent(agent) == nil {
            throw Refusal.invalid("There is no agent \(agent.raw).", pointer: "/agents")
        }
    }

    fileprivate func put(agents: [AgentID], into id: GroupID) throws {
        for agent in agents {
            try execute(
                """
                INSERT INTO agent_group_agent (workspace, agent_group, agent)
                VALUES (\(workspace), \(id), \(agent))
                """)
        }
    }

    fileprivate func store(_ fields: GroupFields, of id: GroupID) throws {
        try set(
            "agent_group", id.raw,
            [fields.name.map { "name = \($0)" }, fields.description.map { "description = \($0)" }])
        if let agents = fields.agents {
            try execute(
                "DELETE FROM agent_group_agent WHERE workspace = \(workspace) AND agent_group = \(id)")
            try put(agents: once(agents), into: id)
        }
        if let areas = fields.areas {
            try execute(
                "DELETE FROM agent_group_area WHERE workspace = \(workspace) AND agent_group = \(id)")
            for area in once(areas) {
                try execute(
                    """
                    INSERT INTO agent_group_area (workspace, agent_group, area)
                    VALUES (\(workspace), \(id), \(area))
                    """)
            }
        }
    }
}

/// Each element once, in the order of its first place.
private func once<Element: Hashable>(_ list: [Element]) -> [Element] {
    var seen: Set<Element> = []
    return list.filter { seen.insert($0).inserted }
}
