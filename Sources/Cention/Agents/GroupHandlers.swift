// Agent groups. Source: seed 000; cention.md §11, §14.
import Center
import Hummingbird
import Routing
import Web

extension AgentAPIRoutes {
    @Sendable func makeGroup(_ request: SignedRequest, _ context: Context) async throws -> Response {
        let fields = try GroupFields(request.body)
        let id = try await floor.makeGroup(fields, by: request.principal)
        return Self.echo(id, fields)
    }

    @Sendable func changeGroup(_ request: SignedRequest, _ context: Context) async throws -> Response {
        let id = GroupID(try Self.id(context, "agent group"))
        let fields = try GroupFields(request.body)
        try await floor.changeGroup(id, fields, by: request.principal)
        return Self.echo(id, fields)
    }

    @Sendable func deleteGroup(_ request: SignedRequest, _ context: Context) async throws -> Response {
        let id = GroupID(try Self.id(context, "agent group"))
        try await floor.deleteGroup(id, by: request.principal)
        return Self.ok {
            $0.member("id", id.raw)
            $0.member("deleted", true)
        }
    }

    @Sendable func addAgents(_ request: SignedRequest, _ context: Context) async throws -> Response {
        let id = GroupID(try Self.id(context, "agent group"))
        let (group, added) = try await floor.addAgents(
            try Self.agents(request.body), to: id, by: request.principal)
        return Self.answer(group, added)
    }

    @Sendable func removeAgents(_ request: SignedRequest, _ context: Context) async throws -> Response {
        let id = GroupID(try Self.id(context, "agent group"))
        let (group, removed) = try await floor.removeAgents(
            try Self.agents(request.body), from: id, by: request.principal)
        return Self.answer(group, removed)
    }

    private static func agents(_ body: SignedBody) throws -> [AgentID] {
        guard let agents = try body.ids("agents") else {
            throw Refusal.invalid("agents is required.", pointer: "/agents")
        }
        return agents.map(AgentID.init)
    }

    /// The agents as they were applied: "If server alters the parameter, then response will alter too."
    private static func answer(_ group: AgentGroup, _ agents: [AgentID]) -> Response {
        ok { document in
            document.member("id", group.id.raw)
            document.array("agents") { list in agents.forEach { list.element($0.raw) } }
            document.member("name", group.name)
        }
    }

    private static func echo(_ id: GroupID, _ fields: GroupFields) -> Response {
        ok { document in
            document.member("id", id.raw)
            if let agents = fields.agents {
                document.array("agents") { list in agents.forEach { list.element($0.raw) } }
            }
            if let areas = fields.areas {
                document.array("areas") { list in areas.forEach { list.element($0.raw) } }
            }
            if let name = fields.name { document.member("name", name) }
            if let description = fields.description { document.member("description", description) }
        }
    }
}

extension GroupFields {
    init(_ body: SignedBody) throws {
        self.init()
        name = try body.text("name")
        description = try body.text("description")
        agents = try body.ids("agents")?.map(AgentID.init)
        areas = try body.ids("areas")?.map(AreaID.init)
    }
}
