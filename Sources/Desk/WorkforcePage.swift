// Agents, areas and skills as administrators see them, and deleting them.
import Center
import Hummingbird
import Routing
import Web

struct WorkforcePage {
    struct AgentLine {
        let workerID: Int64
        let workerName: String
        let workerLogin: String
        let workerLevel: String
        let isGone: Bool
        let isSelf: Bool
    }

    struct AreaLine {
        let domainID: Int64
        let domainName: String
        let heirs: [Heir]
        let hasHeirs: Bool
    }

    struct Heir {
        let heirID: Int64
        let heirName: String
    }

    struct SkillLine {
        let skillID: Int64
        let skillName: String
    }

    static let skillFormID = "new-skill"

    let workforceProblem: String?
    let agentLines: [AgentLine]
    let domainLines: [AreaLine]
    let skillLines: [SkillLine]
    let hasSkillLines: Bool
    let newAgentForms: [EntryForm]
    let newSkillForms: [EntryForm]

    init(_ seat: Seat, problem: String?, refused: RefusedForm?) {
        let directory = seat.directory
        workforceProblem = problem
        agentLines = directory.agents.map { agent in
            AgentLine(
                workerID: agent.id.raw, workerName: agent.displayName, workerLogin: agent.loginName,
                workerLevel: agent.adminLevel.word, isGone: !agent.active,
                isSelf: agent.id == seat.agent.id)
        }
        domainLines = directory.areas.map { area in
            let heirs = directory.areas.filter { $0.id != area.id }.map {
                Heir(heirID: $0.id.raw, heirName: $0.name)
            }
            return AreaLine(
                domainID: area.id.raw, domainName: area.name, heirs: heirs, hasHeirs: !heirs.isEmpty)
        }
        skillLines = directory.skills.map { SkillLine(skillID: $0.id.raw, skillName: $0.name) }
        hasSkillLines = !skillLines.isEmpty
        newAgentForms = [AgentIdentityForm.new(seat, refused)]
        let maker = EntryForm.Maker(Self.skillFormID, refused)
        newSkillForms = [
            maker.form(
                "Add a skill", "\(seat.base)/admin/skills", button: "Add", needs: ["name"],
                [("", [maker.line("name", "Name", "", hint: "German")])])
        ]
    }
}

extension AgentDesk {
    func workforcePage(_ seat: Seat, _ request: Request, _ context: Context) async throws -> Response {
        let said = try Fields(queryOf: request)["said"].flatMap(Said.init(rawValue:))
        return try await workforcePage(seat, request, said: said)
    }

    func deleteAgent(
        _ seat: Seat, _ fields: Fields, _ request: Request, _ context: Context
    ) async throws -> Response {
        try await changed(.agentDeleted, seat, request) {
            try await floor.deleteAgent(AgentID(number(context, "agent")), by: seat.principal)
        }
    }

    func reviveAgent(
        _ seat: Seat, _ fields: Fields, _ request: Request, _ context: Context
    ) async throws -> Response {
        try await changed(.agentRevived, seat, request) {
            try await floor.reviveAgent(AgentID(number(context, "agent")), by: seat.principal)
        }
    }

    /// `to` names the area that takes over what is open; empty or absent: there must be nothing.
    func deleteArea(
        _ seat: Seat, _ fields: Fields, _ request: Request, _ context: Context
    ) async throws -> Response {
        try await changed(.areaDeleted, seat, request) {
            let heir = (fields["to"] ?? "").isEmpty ? nil : Int64(fields["to"] ?? "") ?? 0
            try await floor.deleteArea(
                AreaID(number(context, "area")), movingTo: heir.map(AreaID.init), by: seat.principal)
        }
    }

    func deleteSkill(
        _ seat: Seat, _ fields: Fields, _ request: Request, _ context: Context
    ) async throws -> Response {
        try await changed(.skillDeleted, seat, request) {
            try await floor.deleteSkill(SkillID(number(context, "skill")), by: seat.principal)
        }
    }

    func addSkill(
        _ seat: Seat, _ fields: Fields, _ request: Request, _ context: Context
    ) async throws -> Response {
        let refused = try await administer(seat, WorkforcePage.skillFormID, fields) { entry in
            let name = entry.text("name")
            let folded = fold(entry.value("name"))
            if let known = seat.directory.skills.first(where: { fold($0.name) == folded }) {
                throw name.problem("there is the skill \(known.name) already")
            }
            return entry.file("skills", name, of: seat.directory)
        }
        if let refused { return try await workforcePage(seat, request, refused: refused) }
        return .seeOther("\(seat.base)/admin/workforce?said=\(Said.queueChanged.rawValue)")
    }

    private func number(_ context: Context, _ name: String) throws -> Int64 {
        guard let id = context.segment(name).flatMap({ Int64($0) }) else {
            throw Refusal.notFound("There is nothing at this address.")
        }
        return id
    }

    private func changed(
        _ said: Said, _ seat: Seat, _ request: Request, _ change: () async throws -> Void
    ) async throws -> Response {
        guard try administers(seat).erases else { throw Self.notAnAdministrator }
        do {
            try await change()
        } catch let refusal as Refusal {
            return try await workforcePage(seat, request, status: refusal.status, problem: refusal.message)
        }
        return .seeOther("\(seat.base)/admin/workforce?said=\(said.rawValue)")
    }

    func workforcePage(_ seat: Seat, _ request: Request, refused: RefusedForm) async throws -> Response {
        try await workforcePage(seat, request, status: RefusedForm.status, refused: refused)
    }

    private func workforcePage(
        _ seat: Seat, _ request: Request, status: HTTPResponse.Status = .ok, said: Said? = nil,
        problem: String? = nil, refused: RefusedForm? = nil
    ) async throws -> Response {
        guard try administers(seat).erases else { throw Self.notAnAdministrator }
        let view = try await floor.desk(seat.agent.id, in: seat.workspace)
        var page = deskPage("Agents, areas and skills", seat, view, openErrand: nil)
        page.notice = said?.sentence
        page.workforce = WorkforcePage(seat, problem: problem, refused: refused)
        return show(page, request, status: status)
    }
}
