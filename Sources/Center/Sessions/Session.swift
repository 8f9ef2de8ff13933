// An agent's session at the desk: sign in, sign out, expiry.

import Crypto
import Foundation
public import Routing
import Store

/// A signed-in agent, as a cookie names one.
public struct Session: Sendable, Hashable {
    public let workspace: WorkspaceID
    public let agent: AgentID
    /// Sent with every form.
    public let csrf: String
    public let expiresAt: Instant
}

/// What a sign-in gives; the token is shown once.
public struct SignedIn: Sendable {
    public let token: String
    public let agent: AgentID
}

public enum SessionLimits {
    /// How long a session lasts at most.
    public static let lifetimeMs: Int64 = 12 * 3_600_000
    static let tokenLength = 43
    /// Sessions an agent may have at once; the oldest ends when there is one more.
    static let atOnceMax = 20
    /// Expired sessions ended in one verb.
    static let sweepMax = 500
}

extension Floor {
    /// Signs an agent in with a password, and in the presence `signed in` if signed out.
    ///
    /// One answer for every wrong combination, in the same time.
    public func signIn(workspace: String, login: String, password: String, via: Via) async throws -> SignedIn
    {
        let wrong = Refusal.unauthenticated("The name or the password is not right.")
        let directory = roster.workspace(named: workspace)
        let agent = directory?.agent(login: login)
        guard password.utf8.count <= 1_024 else { throw wrong }
        let right = try await passwords.verify(password, agent?.password)
        guard right, let directory, let agent, agent.active else { throw wrong }
        let token = randomWord(SessionLimits.tokenLength)
        let csrf = randomWord(SessionLimits.tokenLength)
        let digest = sha256Hex(token.utf8)
        let principal = Principal(workspace: directory.workspace, actor: .agent(agent.id), via: via)
        let stored = agent.password
        try await perform(Plan("sign in", checksFirst: true), by: principal) { work in
            // The password may have changed, or the agent gone, while it was checked.
            guard let now = work.directory.agent(agent.id), now.active, now.password == stored else {
                throw wrong
            }
            try work.execute(
                """
                INSERT INTO session (workspace, digest, agent, csrf, via, created_at, seen_at, expires_at)
                VALUES (\(work.workspace), \(digest), \(agent.id), \(csrf), \(via.rawValue), \(work.now),
                    \(work.now), \(work.now + SessionLimits.lifetimeMs))
                """)
            try work.execute(
                """
                DELETE FROM session WHERE workspace = \(work.workspace) AND agent = \(agent.id) AND digest NOT IN (
                    SELECT digest FROM session WHERE workspace = \(work.workspace) AND agent = \(agent.id)
                    ORDER BY created_at DESC, digest LIMIT \(SessionLimits.atOnceMax))
                """)
            if (work.agentRecord(agent.id)?.presence ?? .signedOut) == .signedOut {
                work.route(.presence(agent.id, .signedIn, reason: nil))
            }
        }
        return SignedIn(token: token, agent: agent.id)
    }

    /// The session that a cookie names; nil when there is none, or it has expired, or its agent is gone.
    public func session(workspace: String, token: String) async throws -> Session? {
        guard let directory = roster.workspace(named: workspace) else { return nil }
        let digest = sha256Hex(token.utf8)
        let at = now
        let id = directory.workspace
        let row = try await view { reader in
            try reader.query("SELECT * FROM session WHERE workspace = \(id) AND digest = \(digest)").first
        }
        guard let row, row.int("expires_at") > at.ms else { return nil }
        let agent = AgentID(row.int("agent"))
        guard directory.agent(agent)?.active == true else { return nil }
        return Session(
            workspace: id, agent: agent, csrf: row.text("csrf"), expiresAt: Instant(ms: row.int("expires_at"))
        )
    }

    /// Ends the session; with the agent's last one the agent is signed out, and errands in hand go back.
    public func signOut(_ session: Session, token: String, via: Via) async throws {
        let digest = sha256Hex(token.utf8)
        let principal = Principal(workspace: session.workspace, actor: .agent(session.agent), via: via)
        let plan = Plan(
            "sign out",
            reads: [
                """
                SELECT digest FROM session WHERE workspace = \(session.workspace) AND agent = \(session.agent)
                    AND digest <> \(digest) AND expires_at > \(now)
                """
            ],
            keys: [.session(String(session.agent.raw))])
        try await perform(plan, by: principal) { work in
            let others = try work.rows(0)
            try work.execute("DELETE FROM session WHERE workspace = \(work.workspace) AND digest = \(digest)")
            if others.isEmpty { work.signOut(session.agent) }
        }
    }

    /// Ends sessions whose time is over; their agents are signed out with their last one.
    public func expireSessions() async throws {
        let at = now
        for directory in roster.directories {
            let workspace = directory.workspace
            let expired = try await view { reader in
                try reader.query(
                    """
                    SELECT digest, agent FROM session WHERE workspace = \(workspace) AND expires_at <= \(at)
                    ORDER BY expires_at, digest LIMIT \(SessionLimits.sweepMax)
                    """)
            }
            guard !expired.isEmpty else { continue }
            let agents = Set(expired.map { AgentID($0.int("agent")) }).sorted()
            try await perform(Plan("expire sessions"), by: .system(workspace)) { work in
                for row in expired {
                    try work.execute(
                        "DELETE FROM session WHERE workspace = \(workspace) AND digest = \(row.text("digest"))"
                    )
                }
                for agent in agents {
                    let left = try work.query(
                        """
                        SELECT digest FROM session WHERE workspace = \(workspace) AND agent = \(agent) LIMIT 1
                        """)
                    if left.isEmpty { work.signOut(agent) }
                }
            }
        }
    }
}

extension Work {
    /// Signs the agent out and puts what is in hand back at the head of its queue.
    func signOut(_ agent: AgentID) {
        guard let record = agentRecord(agent), record.presence != .signedOut else { return }
        route(.presence(agent, .signedOut, reason: nil))
        if record.wrapUpUntil != nil { route(.endWrapUp(agent)) }
        for item in inHand(of: agent) {
            if case .active? = self.item(item)?.state { route(.returnToQueue(item)) }
        }
    }
}
