// An agent's session at the desk: what a cookie names, how long it lasts, how it ends.

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
    /// When it ends unless the agent does something before.
    public let idleUntil: Instant
    /// When it ends whatever the agent does.
    public let overAt: Instant
    /// The access key that made it, which ends it when it is revoked.
    public let accessKey: Int64?

    public var expiresAt: Instant { min(idleUntil, overAt) }
}

public enum SessionLimits {
    /// How long a session lasts at most.
    public static let lifetimeMs: Int64 = 12 * 3_600_000
    /// How long it lasts while its agent does nothing; what the page does by itself does not count.
    public static let idleMs: Int64 = 2 * 3_600_000
    /// How often it is noted that the agent does something.
    public static let touchEveryMs: Int64 = 60_000
    static let tokenLength = 43
    /// Sessions an agent may have at once; the oldest ends when there is one more.
    static let atOnceMax = 20
    /// Expired sessions ended in one verb.
    static let sweepMax = 500
}

extension Floor {
    /// The session that a cookie names; nil when there is none, or it has expired, or its agent is gone.
    public func session(workspace: String, token: String) async throws -> Session? {
        guard let directory = roster.workspace(named: workspace) else { return nil }
        let digest = sha256Hex(token.utf8)
        let at = now
        let id = directory.workspace
        let row = try await view { reader in
            try reader.query("SELECT * FROM session WHERE workspace = \(id) AND digest = \(digest)").first
        }
        guard let row else { return nil }
        let session = Session(
            workspace: id, agent: AgentID(row.int("agent")), csrf: row.text("csrf"),
            idleUntil: Instant(ms: row.int("seen_at")) + SessionLimits.idleMs,
            overAt: Instant(ms: row.int("expires_at")), accessKey: row.intOrNil("access_key"))
        guard session.expiresAt > at, directory.agent(session.agent)?.active == true else { return nil }
        return session
    }

    /// Notes that the agent does something, at most every `SessionLimits.touchEveryMs`.
    public func touch(_ session: Session, token: String) async throws {
        let seenAt = session.idleUntil - SessionLimits.idleMs
        guard now - seenAt >= SessionLimits.touchEveryMs else { return }
        let digest = sha256Hex(token.utf8)
        let principal = Principal(workspace: session.workspace, actor: .agent(session.agent), via: .desk)
        try await perform(Plan("touch session", checksFirst: true), by: principal) { work in
            // One that has expired meanwhile stays so.
            try work.execute(
                """
                UPDATE session SET seen_at = \(work.now) WHERE workspace = \(work.workspace)
                    AND digest = \(digest) AND seen_at > \(work.now - SessionLimits.idleMs)
                """)
        }
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
                    AND seen_at > \(now - SessionLimits.idleMs)
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
        for directory in roster.directories {
            let workspace = directory.workspace
            let (at, idleSince) = (now, now - SessionLimits.idleMs)
            let expired = try await view { reader in
                try reader.query(
                    """
                    SELECT digest, agent FROM session WHERE workspace = \(workspace)
                        AND (expires_at <= \(at) OR seen_at <= \(idleSince))
                    ORDER BY expires_at, digest LIMIT \(SessionLimits.sweepMax)
                    """)
            }
            guard !expired.isEmpty else { continue }
            let agents = Set(expired.map { AgentID($0.int("agent")) }).sorted()
            try await perform(Plan("expire sessions"), by: .system(workspace)) { work in
                for row in expired {
                    // Its agent may have come back since it was looked at.
                    try work.execute(
                        """
                        DELETE FROM session WHERE workspace = \(workspace) AND digest = \(row.text("digest"))
                            AND (expires_at <= \(work.now) OR seen_at <= \(work.now - SessionLimits.idleMs))
                        """)
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
    /// Makes a session that lasts until `overAt` at most; the oldest ends when there are too many. An agent who was
    /// signed out is signed in.
    func openSession(
        _ agent: AgentID, digest: String, via: Via, overAt: Instant, accessKey: Int64? = nil
    ) throws {
        try execute(
            """
            INSERT INTO session (workspace, digest, agent, csrf, via, created_at, seen_at, expires_at, access_key)
            VALUES (\(workspace), \(digest), \(agent), \(randomWord(SessionLimits.tokenLength)), \(via.rawValue),
                \(now), \(now), \(overAt), \(accessKey))
            """)
        try execute(
            """
            DELETE FROM session WHERE workspace = \(workspace) AND agent = \(agent) AND digest NOT IN (
                SELECT digest FROM session WHERE workspace = \(workspace) AND agent = \(agent)
                ORDER BY created_at DESC, digest LIMIT \(SessionLimits.atOnceMax))
            """)
        if (agentRecord(agent)?.presence ?? .signedOut) == .signedOut {
            route(.presence(agent, .signedIn, reason: nil))
        }
    }

    /// Ends the sessions that the access key made; with the agent's last one the agent is signed out.
    func endSessions(ofKey key: Int64, of agent: AgentID) throws {
        let made = try query(
            """
            SELECT digest FROM session WHERE workspace = \(workspace) AND agent = \(agent) AND access_key = \(key)
            """)
        guard !made.isEmpty else { return }
        try execute(
            """
            DELETE FROM session WHERE workspace = \(workspace) AND agent = \(agent) AND access_key = \(key)
            """)
        let left = try query(
            """
            SELECT digest FROM session WHERE workspace = \(workspace) AND agent = \(agent)
                AND expires_at > \(now) AND seen_at > \(now - SessionLimits.idleMs) LIMIT 1
            """)
        if left.isEmpty { signOut(agent) }
    }

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
