// An agent's own password, and changing it.

import Foundation
import Routing
import Store

public enum PasswordRules {
    public static let lengthMin = 8
    public static let lengthMax = 1_024
    /// Longer ones are never right; a character has up to four bytes.
    static let bytesMax = 4 * lengthMax

    /// All rules in a sentence for the page.
    public static var sentence: String {
        "At least \(lengthMin) characters of any kind; not your login name, not your own name, not one character over "
            + "and over. A sentence that only you would think of is good."
    }

    /// What is wrong with the password for this agent; nil when it may be taken.
    static func problem(_ password: String, for agent: Agent) -> String? {
        guard password.count >= lengthMin else {
            return "The new password is too short: it needs at least \(lengthMin) characters."
        }
        guard password.count <= lengthMax, password.utf8.count <= bytesMax else {
            return "The new password is too long: it may have \(lengthMax) characters."
        }
        let names = [agent.loginName, agent.userName, agent.emailAddress].map(fold)
        if names.contains(fold(password)) { return "The new password must not be your name." }
        if Set(password).count == 1 { return "The new password must not be one character over and over." }
        return nil
    }
}

extension Floor {
    /// Changes the password of a session's agent; the agent's other sessions end with it.
    ///
    /// A wrong old one counts like a failed sign-in.
    /// - Parameter token: the session's, which stays.
    public func changePassword(
        _ session: Session, token: String, old: String, new: String, from address: Address? = nil, via: Via
    ) async throws {
        let gone = Refusal.unauthenticated("Your session has ended; sign in again.")
        guard let directory = roster.workspace(session.workspace), let agent = directory.agent(session.agent)
        else { throw gone }
        if let problem = PasswordRules.problem(new, for: agent) {
            throw Refusal.invalid(problem, pointer: "/new")
        }
        guard new != old else {
            throw Refusal.invalid("The new password is the old one; choose another.", pointer: "/new")
        }
        let attempt = SignInAttempt(
            login: agent.loginName, from: address, in: directory.workspace, master)
        try await begin(attempt)
        let stored = agent.password
        guard try await verify(old, stored, attempt) else {
            try await failed(attempt)
            throw Refusal.invalid("The old password is not right.", pointer: "/old")
        }
        let hash = try await passwords.hash(new)
        let digest = sha256Hex(token.utf8)
        let principal = Principal(workspace: session.workspace, actor: .agent(agent.id), via: via)
        try await perform(Plan("change password", alone: true), by: principal) { work in
            let own = try work.query(
                """
                SELECT digest FROM session WHERE workspace = \(work.workspace) AND digest = \(digest)
                    AND expires_at > \(work.now)
                """)
            guard !own.isEmpty, try work.actingAgent().password == stored else { throw gone }
            try work.execute(
                """
                UPDATE agent SET password = \(hash) WHERE workspace = \(work.workspace) AND id = \(agent.id)
                """)
            try work.execute(
                """
                DELETE FROM session WHERE workspace = \(work.workspace) AND agent = \(agent.id)
                    AND digest <> \(digest)
                """)
            try work.endApiSessions(of: agent.id)
            try work.endInvitation(of: agent.id)
            try work.forgive(attempt)
            try work.tell(.passwordChanged, .agent, agent.id.raw, ["agent": .number(agent.id.raw)])
            try work.reconfigure()
        }
        apiSessions.endAll(of: agent.id, in: session.workspace)
    }
}
