// Who an agent is, as administrators make and change one: name, address, level.
import Center
import Hummingbird
import Routing
import Web

/// Who an agent is.
struct AgentIdentityForm {
    static let newID = "new-agent"
    static let id = "agent-identity"

    static func new(_ seat: Seat, _ refused: RefusedForm?) -> EntryForm {
        let maker = EntryForm.Maker(newID, refused)
        return maker.form(
            "Add an agent", "\(seat.base)/admin/agents",
            note: "Without a password at first: the agent’s page makes a link with which one is set.",
            button: "Add", needs: ["login_name", "user_name"],
            [
                (
                    "",
                    [maker.line("login_name", "Login name", "", hint: "ana")]
                        + fields(maker, name: "", address: "", level: .agent)
                )
            ])
    }

    static func change(_ agent: Agent, _ seat: Seat, _ refused: RefusedForm?) -> EntryForm {
        let maker = EntryForm.Maker(id, refused)
        return maker.form(
            "Who it is", "\(seat.base)/admin/agents/\(agent.id.raw)/identity", needs: ["user_name"],
            [
                (
                    "",
                    fields(
                        maker, name: agent.userName, address: agent.emailAddress, level: agent.adminLevel)
                )
            ])
    }

    private static func fields(
        _ maker: EntryForm.Maker, name: String, address: String, level: AdminLevel
    ) -> [EntryForm.Field] {
        [
            maker.line("user_name", "Name", name, hint: "Ana Berg"),
            maker.line("email_address", "E-mail address", address, hint: "none"),
            maker.choice(
                "admin_level", "Level", AdminLevel.allCases.map { ($0.rawValue, $0.word) }, level.rawValue),
        ]
    }

    static func told(_ typed: Fields) throws -> AgentFields {
        let entry = TypedEntry(typed)
        var fields = AgentFields()
        fields.userName = entry.value("user_name")
        fields.emailAddress = entry.value("email_address")
        guard let level = AdminLevel(rawValue: entry.value("admin_level")) else {
            throw Refusal.invalid("Choose one of the levels.", pointer: "/admin_level")
        }
        fields.adminLevel = level
        return fields
    }
}

extension AdminLevel {
    /// As pages say it.
    var word: String { rawValue.replacing("_", with: " ") }
}

extension AgentDesk {
    func addAgent(
        _ seat: Seat, _ fields: Fields, _ request: Request, _ context: Context
    ) async throws -> Response {
        let outcome = try await carryOut(seat, AgentIdentityForm.newID, fields) {
            var told = try AgentIdentityForm.told(fields)
            told.loginName = TypedEntry(fields).value("login_name")
            return try await floor.makeAgent(told, by: seat.principal)
        }
        switch outcome {
        case .refused(let refused): return try await workforcePage(seat, request, refused: refused)
        case .done(let id):
            return .seeOther("\(seat.base)/admin/agents/\(id.raw)?said=\(Said.agentMade.rawValue)")
        }
    }

    func changeAgentIdentity(
        _ seat: Seat, _ fields: Fields, _ request: Request, _ context: Context
    ) async throws -> Response {
        let agent = try administeredAgent(seat, context)
        let outcome = try await carryOut(seat, AgentIdentityForm.id, fields) {
            try await floor.changeAgent(
                agent.id, try AgentIdentityForm.told(fields), by: seat.principal)
        }
        return try await saved(agent, outcome, seat, request)
    }

    /// What a form of an agent's page is answered.
    func saved<Result>(
        _ agent: Agent, _ outcome: FormOutcome<Result>, _ seat: Seat, _ request: Request
    ) async throws -> Response {
        if case .refused(let refused) = outcome {
            return try await agentPage(agent, seat, request, refused: refused)
        }
        return .seeOther("\(seat.base)/admin/agents/\(agent.id.raw)?said=\(Said.queueChanged.rawValue)")
    }
}
