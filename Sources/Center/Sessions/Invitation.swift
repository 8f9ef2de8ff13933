// Invitation links: with one an agent sets a password, the first one or a new one for a forgotten one.

import Foundation
public import Routing
import Store

public enum InvitationLimits {
    /// How long a link can be used.
    public static let lifetimeMs: Int64 = 7 * 24 * 3_600_000
    static let keyLength = 43
    /// Links forgotten in one verb after their end.
    static let sweepMax = 500
}

/// A link as it was made; the key is shown once.
public struct Invitation: Sendable {
    public let key: String
    public let expiresAt: Instant
}

extension Floor {
    static let invitationIsOver = Refusal.notFound(
        "This link has been used, is too old, or was replaced by a newer one. Ask your administrator for another."
    )

    /// Makes a link with which the agent sets a password, once. An older one of the agent ends.
    public func invite(_ id: AgentID, by principal: Principal) async throws -> Invitation {
        let key = randomWord(InvitationLimits.keyLength)
        let digest = sha256Hex(key.utf8)
        return try await perform(Plan("invite agent"), by: principal) { work in
            try work.requireAdministrator()
            guard let agent = work.directory.agent(id) else {
                throw Refusal.notFound("There is no such agent.")
            }
            guard agent.active else {
                throw Refusal.conflict("This agent is deleted; bring the agent back first.")
            }
            try work.endInvitation(of: id)
            let end = work.now + InvitationLimits.lifetimeMs
            try work.execute(
                """
                INSERT INTO invitation (workspace, agent, digest, created_at, expires_at)
                VALUES (\(work.workspace), \(id), \(digest), \(work.now), \(end))
                """)
            try work.tell(.agentInvited, .agent, id.raw)
            return Invitation(key: key, expiresAt: end)
        }
    }

    /// Whom a link is for.
    /// - Throws: `Refusal.notFound` for one that is over, whatever the reason.
    public func invited(by key: String, to workspace: WorkspaceID) async throws -> Agent {
        let digest = sha256Hex(key.utf8)
        let at = now
        let row = try await view { reader in
            try reader.query(
                """
                SELECT agent FROM invitation
                WHERE workspace = \(workspace) AND digest = \(digest) AND expires_at > \(at)
                """
            ).first
        }
        guard let row, let agent = roster.workspace(workspace)?.agent(AgentID(row.int("agent"))), agent.active
        else { throw Self.invitationIsOver }
        return agent
    }

    /// Sets the password of the agent whom the link is for; the link ends, and all sessions of the agent.
    /// - Throws: `Refusal.notFound` for a link that is over; `.invalid` for a password that will not do.
    public func setPassword(
        _ new: String, with key: String, to workspace: WorkspaceID, via: Via
    ) async throws {
        let agent = try await invited(by: key, to: workspace)
        if let problem = PasswordRules.problem(new, for: agent) {
            throw Refusal.invalid(problem, pointer: "/new")
        }
        let hash = try await passwords.hash(new)
        let digest = sha256Hex(key.utf8)
        let attempt = SignInAttempt(login: agent.loginName, from: nil, in: workspace, master)
        let principal = Principal(workspace: workspace, actor: .agent(agent.id), via: via)
        try await perform(Plan("accept invitation", alone: true), by: principal) { work in
            let own = try work.query(
                """
                SELECT agent FROM invitation
                WHERE workspace = \(workspace) AND digest = \(digest) AND expires_at > \(work.now)
                """)
            guard own.first?.int("agent") == agent.id.raw, work.directory.agent(agent.id)?.active == true
            else {
                throw Self.invitationIsOver
            }
            try work.endInvitation(of: agent.id)
            try work.execute(
                "UPDATE agent SET password = \(hash) WHERE workspace = \(workspace) AND id = \(agent.id)")
            let sessions = try work.query(
                "SELECT digest FROM session WHERE workspace = \(workspace) AND agent = \(agent.id) LIMIT 1")
            if !sessions.isEmpty {
                try work.execute(
                    "DELETE FROM session WHERE workspace = \(workspace) AND agent = \(agent.id)")
                work.signOut(agent.id)
            }
            try work.endApiSessions(of: agent.id)
            // Who forgot a password has often locked the name, too.
            try work.forgive(attempt)
            try work.tell(.passwordChanged, .agent, agent.id.raw, ["agent": .number(agent.id.raw)])
            try work.reconfigure()
        }
        apiSessions.endAll(of: agent.id, in: workspace)
    }

    /// Deletes links that are too old.
    public func forgetInvitations() async throws {
        for directory in roster.directories {
            let workspace = directory.workspace
            let at = now
            let over = try await view { reader in
                try reader.query(
                    """
                    SELECT agent FROM invitation WHERE workspace = \(workspace) AND expires_at <= \(at)
                    ORDER BY agent LIMIT \(InvitationLimits.sweepMax)
                    """)
            }
            guard !over.isEmpty else { continue }
            try await perform(Plan("forget invitations", checksFirst: true), by: .system(workspace)) { work in
                // The agent may have a new one since it was looked at.
                try work.execute(
                    """
                    DELETE FROM invitation WHERE workspace = \(workspace)
                        AND agent IN \(list: over.map { $0.int("agent") }) AND expires_at <= \(work.now)
                    """)
            }
        }
    }
}

extension Work {
    /// Ends the agent's link; nothing when there is none.
    func endInvitation(of agent: AgentID) throws {
        try execute("DELETE FROM invitation WHERE workspace = \(workspace) AND agent = \(agent)")
    }
}
