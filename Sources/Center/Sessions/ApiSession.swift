// Sessions of programs that steer the center with an agent's password: named by their token alone.

import Foundation
public import Routing
import Store

/// A program that signed in as an agent.
public struct ApiSession: Sendable, Hashable {
    public let workspace: WorkspaceID
    public let agent: AgentID

    public init(workspace: WorkspaceID, agent: AgentID) {
        self.workspace = workspace
        self.agent = agent
    }
}

public enum ApiSessionLimits {
    /// How long a session lasts while nothing is asked with it.
    public static let idleMs: Int64 = 30 * 60_000
    /// How often its use is noted in its row.
    public static let touchEveryMs: Int64 = 60_000
    static let tokenLength = 43
    /// Sessions an agent may have at once; the oldest ends when there is one more.
    static let atOnceMax = 20
    /// Sessions known without their rows; more are read again when they are used.
    static let knownMax = 20_000
    /// Expired sessions ended in one verb.
    static let sweepMax = 500
}

extension Floor {
    /// Signs a program in as the user: a user id, or `login_name@workspace`. No presence changes.
    ///
    /// Failures count and lock as at the desk.
    /// - Throws: `Refusal.unauthenticated`; `Refusal.tooMany` while locked.
    public func apiSignIn(
        user: String, password: String, from address: Address? = nil, via: Via
    ) async throws -> (token: String, session: ApiSession) {
        let wrong = Refusal.unauthenticated("The user name or the password is not right.")
        guard user.utf8.count <= PasswordRules.bytesMax else { throw wrong }
        guard let (directory, agent) = who(user) else {
            // As long as for a user who is there. A name of no workspace counts in none of their addresses.
            guard let directory = workspace(of: user) ?? roster.directories.first else { throw wrong }
            let known = workspace(of: user) != nil
            let attempt = SignInAttempt(
                login: user, from: known ? address : nil, in: directory.workspace, master)
            try await begin(attempt)
            _ = try await verify(password, nil, attempt)
            try await failed(attempt)
            throw wrong
        }
        let attempt = SignInAttempt(login: agent.loginName, from: address, in: directory.workspace, master)
        try await begin(attempt)
        let stored = agent.password
        guard try await verify(password, stored, attempt) else {
            try await failed(attempt)
            throw wrong
        }
        let token = randomWord(ApiSessionLimits.tokenLength)
        let session = ApiSession(workspace: directory.workspace, agent: agent.id)
        do {
            try await store(session, digest: sha256Hex(token.utf8), attempt, stored, wrong, via)
        } catch let refusal as Refusal {
            throw refusal
        } catch {
            // The password was right: a store that fails must not lock anybody out.
            try? await forgive(attempt)
            throw error
        }
        meters.signInsDone.count()
        return (token, session)
    }

    private func store(
        _ session: ApiSession, digest: String, _ attempt: SignInAttempt, _ stored: String?, _ wrong: Refusal,
        _ via: Via
    ) async throws {
        let endings = apiSessions.endings
        let principal = Principal(workspace: session.workspace, actor: .agent(session.agent), via: via)
        let plan = Plan("sign in", reads: attempt.rows, keys: attempt.keys, checksFirst: true)
        let ended = try await perform(plan, by: principal) { work -> [String] in
            // The password may have changed, or the agent gone, while it was checked.
            guard let agent = work.directory.agent(session.agent), agent.active, agent.password == stored
            else { throw wrong }
            try work.refuseLockedAddress(attempt)
            try work.forgive(attempt)
            let ended = try work.query(
                """
                SELECT digest FROM api_session WHERE workspace = \(work.workspace) AND agent = \(agent.id)
                ORDER BY created_at DESC, digest LIMIT 1000 OFFSET \(ApiSessionLimits.atOnceMax - 1)
                """
            ).map { $0.text("digest") }
            for digest in ended { try work.endApiSession(digest) }
            try work.execute(
                """
                INSERT INTO api_session (workspace, digest, agent, created_at, seen_at)
                VALUES (\(work.workspace), \(digest), \(agent.id), \(work.now), \(work.now))
                """)
            return ended
        }
        if ended.isEmpty {
            apiSessions.learn(digest, session, seenAt: clock(), endings: endings)
        } else {
            apiSessions.end(ended)
        }
    }

    /// The workspace and the active agent of `login_name@workspace`, or of a user id.
    ///
    /// What ends in a workspace's name is that workspace's: nobody takes it by a user id elsewhere.
    private func who(_ user: String) -> (Directory, Agent)? {
        if let directory = workspace(of: user), let agent = directory.agent(userID: user) {
            return (directory, agent)
        }
        for directory in roster.directories {
            if let agent = directory.agent(userID: user) { return (directory, agent) }
        }
        return nil
    }

    /// The workspace that stands after the name's last `@`.
    private func workspace(of user: String) -> Directory? {
        user.lastIndex(of: "@").flatMap { roster.workspace(named: String(user[user.index(after: $0)...])) }
    }

    /// The session that a token names; nil when there is none, it has expired, or its agent is gone.
    public func apiSession(token: String) async throws -> (session: ApiSession, agent: Agent, Directory)? {
        let digest = sha256Hex(token.utf8)
        guard let session = try await known(digest), let directory = roster.workspace(session.workspace),
            let agent = directory.agent(session.agent), agent.active
        else { return nil }
        return (session, agent, directory)
    }

    private func known(_ digest: String) async throws -> ApiSession? {
        if apiSessions.seenAt(digest) == nil {
            let endings = apiSessions.endings
            let row = try await view { reader in
                try reader.query(
                    "SELECT workspace, agent, seen_at FROM api_session WHERE digest = \(digest)"
                ).first
            }
            guard let row else { return nil }
            let session = ApiSession(
                workspace: WorkspaceID(row.int("workspace")), agent: AgentID(row.int("agent")))
            apiSessions.learn(digest, session, seenAt: row.int("seen_at"), endings: endings)
        }
        guard let (session, isDue) = apiSessions.used(digest, at: clock()) else { return nil }
        if isDue { await note(session, digest) }
        return session
    }

    /// A request is served although this cannot be stored now.
    private func note(_ session: ApiSession, _ digest: String) async {
        let plan = Plan("touch session", checksFirst: true)
        try? await perform(plan, by: .system(session.workspace)) { work in
            try work.execute(
                """
                UPDATE api_session SET seen_at = \(work.now) WHERE workspace = \(work.workspace)
                    AND digest = \(digest)
                """)
        }
    }

    /// Ends the session; a second time changes nothing.
    public func apiSignOut(_ session: ApiSession, token: String, via: Via) async throws {
        let digest = sha256Hex(token.utf8)
        let principal = Principal(workspace: session.workspace, actor: .agent(session.agent), via: via)
        try await perform(Plan("sign out", checksFirst: true), by: principal) {
            try $0.endApiSession(digest)
        }
        apiSessions.end([digest])
    }

    /// Ends sessions that nobody used for `ApiSessionLimits.idleMs`.
    public func expireApiSessions() async throws {
        for directory in roster.directories {
            let workspace = directory.workspace
            // Rows may be as much behind as their use is noted late.
            let idleSince = clock() - ApiSessionLimits.idleMs - ApiSessionLimits.touchEveryMs
            let idle = try await view { reader in
                try reader.query(
                    """
                    SELECT digest FROM api_session WHERE workspace = \(workspace) AND seen_at <= \(idleSince)
                    ORDER BY seen_at, digest LIMIT \(ApiSessionLimits.sweepMax)
                    """)
            }
            let expired = idle.map { $0.text("digest") }.filter {
                (apiSessions.seenAt($0) ?? 0) <= clock() - ApiSessionLimits.idleMs
            }
            guard !expired.isEmpty else { continue }
            let plan = Plan("expire sessions", checksFirst: true)
            try await perform(plan, by: .system(workspace)) { work in
                for digest in expired { try work.endApiSession(digest) }
            }
            apiSessions.end(expired)
        }
    }
}

extension Work {
    fileprivate func endApiSession(_ digest: String) throws {
        try execute("DELETE FROM api_session WHERE workspace = \(workspace) AND digest = \(digest)")
    }

    /// Ends all of them; the caller tells `Floor.apiSessions` after the commit.
    func endApiSessions(of agent: AgentID) throws {
        try execute("DELETE FROM api_session WHERE workspace = \(workspace) AND agent = \(agent)")
    }
}
