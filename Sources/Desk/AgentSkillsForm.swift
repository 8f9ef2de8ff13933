// An agent's skills with their levels, as administrators set them.
import Center
import Hummingbird
import Routing
import Web

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

extension AgentDesk {
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
}
