// Whose settings somebody may change through a telephony system: their own, their group's, everybody's.

import Routing

extension Directory {
    /// Administrators change everybody's, group administrators their group's, everybody else their own.
    public func mayManage(_ actor: Agent, _ agent: Agent) -> Bool {
        actor.id == agent.id || mayManage(actor, group: group(of: agent))
    }

    /// Whether the call centers of the group, and its people, are the actor's to change.
    public func mayManage(_ actor: Agent, group: String) -> Bool {
        switch actor.adminLevel {
        case .administrator: true
        case .group_administrator: self.group(of: actor) == group
        case .agent, .observer: false
        }
    }
}

extension Work {
    /// The active agent, whose settings the principal may change.
    func managed(_ id: AgentID) throws -> Agent {
        guard let agent = directory.agent(id), agent.active else {
            throw Refusal.notFound("There is no such user.")
        }
        try requireRight { directory.mayManage($0, agent) }
        return agent
    }

    func requireMayManage(group: String) throws {
        try requireRight { directory.mayManage($0, group: group) }
    }

    private func requireRight(_ isGiven: (Agent) -> Bool) throws {
        switch principal.actor {
        case .operator, .system: return
        case .agent(let id):
            if let actor = directory.agent(id), actor.active, isGiven(actor) { return }
        default: break
        }
        throw Refusal.forbidden("You may not change this.")
    }
}
