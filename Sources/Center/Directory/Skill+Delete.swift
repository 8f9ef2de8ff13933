// A skill is deleted: nobody may wait for it afterwards.

public import Routing
import Store

extension Floor {
    /// Deletes a skill: agents lose it, and queues no longer desire it.
    /// - Throws: `Refusal.conflict` with the areas and call centers that require it, for their work could go to nobody.
    public func deleteSkill(_ id: SkillID, by principal: Principal) async throws {
        try await perform(Plan("delete skill", alone: true), by: principal) { work in
            try work.requireAdministrator()
            guard let skill = work.directory.skills.first(where: { $0.id == id }) else {
                throw Refusal.notFound("There is no such skill.")
            }
            let requiring = work.directory.queues.filter { $0.settings.requiredSkills.contains(id) }
            guard requiring.isEmpty else {
                let names = requiring.map { work.directory.queueName($0.id) }.joined(separator: ", ")
                throw Refusal.conflict("\(skill.name) is required by \(names); take it off there first.")
            }
            guard !work.office.router.isRequired(id) else {
                throw Refusal.conflict(
                    "Work that is waiting or in hand requires \(skill.name); let it be done first.")
            }
            let workspace = work.workspace
            try work.execute("DELETE FROM queue_skill WHERE workspace = \(workspace) AND skill = \(id)")
            try work.execute("DELETE FROM agent_skill WHERE workspace = \(workspace) AND skill = \(id)")
            try work.execute("DELETE FROM skill WHERE workspace = \(workspace) AND id = \(id)")
            try work.tell(.skillDeleted, .skill, id.raw)
            try work.reconfigure()
        }
    }
}
