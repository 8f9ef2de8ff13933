// Agents leave and come back. Their errands, answers and records stay theirs.

public import Routing
import Store

extension Floor {
    /// Deletes an agent, who can be revived: the login name stays taken. A second time changes nothing.
    ///
    /// Offers are withdrawn, work in hand goes back to the head of its queue, wrap-up is over, sessions
    /// and access keys end. Source: reference cention.md §11, §14.
    /// - Throws: `Refusal.conflict` for the workspace's last administrator.
    public func deleteAgent(_ id: AgentID, by principal: Principal) async throws {
        try await perform(Plan("delete agent", alone: true), by: principal) { work in
            try work.requireAdministrator()
            guard let agent = work.directory.agent(id) else {
                throw Refusal.notFound("There is no such agent.")
            }
            try work.retire(agent)
            try work.reconfigure()
        }
        apiSessions.endAll(of: id, in: principal.workspace)
        desks.told(Desks.Key(workspace: principal.workspace, agent: id), open: false)
    }

    /// Brings a deleted agent back: signed out, in the same groups, without the sessions and keys of then.
    /// - Throws: `Refusal.conflict` when somebody else has the e-mail address or the phone now.
    public func reviveAgent(_ id: AgentID, by principal: Principal) async throws {
        try await perform(Plan("revive agent", alone: true), by: principal) { work in
            try work.requireAdministrator()
            guard let agent = work.directory.agent(id) else {
                throw Refusal.notFound("There is no such agent.")
            }
            try work.revive(agent)
            try work.reconfigure()
        }
    }
}

extension Work {
    /// Deletes the agent, to be followed by `reconfigure`; a second time changes nothing.
    /// - Throws: `Refusal.conflict` for the workspace's last administrator.
    func retire(_ agent: Agent) throws {
        guard agent.active else { return }
        try requireAnotherAdministrator(than: agent)
        let id = agent.id
        try execute("UPDATE agent SET active = 0 WHERE workspace = \(workspace) AND id = \(id)")
        try execute("DELETE FROM session WHERE workspace = \(workspace) AND agent = \(id)")
        try endApiSessions(of: id)
        try endInvitation(of: id)
        try execute(
            """
            UPDATE access_key SET revoked_at = \(now)
            WHERE workspace = \(workspace) AND agent = \(id) AND revoked_at IS NULL
            """)
        try tell(.agentDeleted, .agent, id.raw, ["agent": .number(id.raw)])
        // Signing out is a login record's end; the rest is done when the router lets the agent go.
        route(.presence(id, .signedOut, reason: nil))
    }

    /// Brings a deleted agent back, to be followed by `reconfigure`.
    func revive(_ agent: Agent) throws {
        guard !agent.active else { return }
        let id = agent.id
        try requireFree(id)
        try execute("UPDATE agent SET active = 1 WHERE workspace = \(workspace) AND id = \(id)")
        try tell(.agentRevived, .agent, id.raw, ["agent": .number(id.raw)])
    }

    /// Refuses to let the workspace's last administrator go.
    func requireAnotherAdministrator(than agent: Agent) throws {
        let administrators = directory.agents.filter { $0.active && $0.adminLevel == .administrator }
        guard administrators.map(\.id) != [agent.id] else {
            throw Refusal.conflict(
                "This is the workspace's last administrator; make somebody else one first.")
        }
    }

    /// Refuses when an active agent has what only one may have.
    fileprivate func requireFree(_ id: AgentID) throws {
        func taken(_ what: String, _ same: SQL) throws {
            let others = try query(
                """
                SELECT o.id FROM agent AS a JOIN agent AS o ON o.workspace = a.workspace AND o.id <> a.id
                WHERE a.workspace = \(workspace) AND a.id = \(id) AND o.active = 1 AND \(sql: same) LIMIT 1
                """)
            guard others.isEmpty else {
                throw Refusal.conflict("Another agent has this agent's \(what) now; change it there first.")
            }
        }
        try taken("e-mail address", "o.email_folded = a.email_folded")
        try taken("phone", "o.device_id = a.device_id AND o.extension_id = a.extension_id")
    }
}
