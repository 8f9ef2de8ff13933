// What else can be set of an agent: name, address and level; skills; access keys.
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

/// An agent's skills: a level each, empty where there is none.
struct AgentSkillsForm {
    static let id = "agent-skills"
    private let agent: Agent
    private let seat: Seat

    init(_ agent: Agent, _ seat: Seat) {
        self.agent = agent
        self.seat = seat
    }

    /// Nil where there is no skill, or more than a form holds.
    func form(_ refused: RefusedForm?) -> EntryForm? {
        let skills = seat.directory.skills
        guard !skills.isEmpty, skills.count <= PickedList.ticksMax else { return nil }
        let maker = EntryForm.Maker(Self.id, refused)
        return maker.form(
            "Skills", "\(seat.base)/admin/agents/\(agent.id.raw)/skills",
            note: "A level from 1, the best, to 20; empty where the agent lacks the skill.",
            [
                (
                    "",
                    skills.map { skill in
                        maker.number(
                            "skill.\(skill.id.raw)", skill.name,
                            agent.skills.first { $0.skill == skill.id }?.level, hint: "lacks it")
                    }
                )
            ])
    }

    func entry(_ entry: inout TypedEntry) -> DocumentNode {
        var told: [DocumentNode] = []
        for skill in seat.directory.skills {
            let field = "skill.\(skill.id.raw)"
            guard !entry.value(field).isEmpty else { continue }
            told.append(
                entry.mapping(
                    ["name": entry.text(skill.name, of: field), "level": entry.word(field)], of: field))
        }
        return entry.mapping([
            "login_name": entry.text(agent.loginName, of: ""), "skills": entry.list(told, of: ""),
        ])
    }
}

/// The access keys of an agent.
struct AgentKeys {
    static let formID = "new-key"

    struct Line {
        let keyID: String
        let keyName: String
        let keyMade: Stamp
        let keyEnds: Stamp?
        /// `in force`, `revoked`, `expired`
        let keyState: String
        let isKeyInForce: Bool
    }

    let keyLines: [Line]
    let hasKeyLines: Bool
    let keyForms: [EntryForm]

    init(_ agent: Agent, _ keys: [KnownAccessKey], _ seat: Seat, _ refused: RefusedForm?) {
        keyLines = keys.map { key in
            let isInForce = key.isInForce(at: seat.times.now)
            return Line(
                keyID: key.id, keyName: key.name, keyMade: seat.times.stamp(key.createdAt),
                keyEnds: key.expiry == 0 ? nil : seat.times.stamp(Expiry.instant(key.expiry)),
                keyState: key.revokedAt != nil ? "revoked" : isInForce ? "in force" : "expired",
                isKeyInForce: isInForce)
        }
        hasKeyLines = !keyLines.isEmpty
        let maker = EntryForm.Maker(Self.formID, refused)
        keyForms = [
            maker.form(
                "Add an access key", "\(seat.base)/admin/agents/\(agent.id.raw)/keys",
                note:
                    "With it a program signs requests to the Agent API as this agent, or signs the agent in. Its secret is shown "
                    + "once.",
                button: "Add", [("", [maker.date("expiry", "Last day; empty: for ever", "")])])
        ]
    }
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

    func changeAgentSkills(
        _ seat: Seat, _ fields: Fields, _ request: Request, _ context: Context
    ) async throws -> Response {
        let agent = try administeredAgent(seat, context)
        let outcome = try await administered(seat, AgentSkillsForm.id, fields) { entry in
            let told = AgentSkillsForm(agent, seat).entry(&entry)
            return entry.file("agents", told, of: seat.directory)
        }
        return try await saved(agent, outcome, seat, request)
    }

    func mintKey(
        _ seat: Seat, _ fields: Fields, _ request: Request, _ context: Context
    ) async throws -> Response {
        let agent = try administeredAgent(seat, context)
        let outcome = try await carryOut(seat, AgentKeys.formID, fields) {
            let expiry = try Expiry.seconds(fields["expiry"] ?? "", seat)
            return try await floor.mintAccessKey(for: agent.id, expiry: expiry, by: seat.principal)
        }
        switch outcome {
        case .refused(let refused): return try await agentPage(agent, seat, request, refused: refused)
        case .done(let key):
            let minted = Minted(
                "An access key for \(agent.displayName) is made.",
                "Copy its secret now: it cannot be shown again.",
                ["Access key id": key.id, "Secret access key": key.secret])
            return try await agentPage(agent, seat, request, minted: minted)
        }
    }

    func revokeKey(
        _ seat: Seat, _ fields: Fields, _ request: Request, _ context: Context
    ) async throws -> Response {
        let agent = try administeredAgent(seat, context)
        try await floor.revokeAccessKey(fields["key"] ?? "", of: agent.id, by: seat.principal)
        return .seeOther("\(seat.base)/admin/agents/\(agent.id.raw)?said=\(Said.keyRevoked.rawValue)")
    }

    private func saved<Result>(
        _ agent: Agent, _ outcome: FormOutcome<Result>, _ seat: Seat, _ request: Request
    ) async throws -> Response {
        if case .refused(let refused) = outcome {
            return try await agentPage(agent, seat, request, refused: refused)
        }
        return .seeOther("\(seat.base)/admin/agents/\(agent.id.raw)?said=\(Said.queueChanged.rawValue)")
    }
}
