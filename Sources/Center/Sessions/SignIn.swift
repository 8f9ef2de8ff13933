// Signing in with a password.

import Foundation
public import Routing

/// What a sign-in gives; the token is shown once.
public struct SignedIn: Sendable {
    public let token: String
    public let agent: AgentID
}

extension Floor {
    /// Signs an agent in with a password, and in the presence `signed in` if signed out.
    ///
    /// One answer for every wrong combination, in the same time; too many of them lock the login name, whether it
    /// is anybody's or not, and the address.
    /// - Parameter address: who asks, where that is known.
    /// - Throws: `Refusal.unauthenticated`; `Refusal.tooMany` while locked.
    public func signIn(
        workspace: String, login: String, password: String, from address: Address? = nil, via: Via
    ) async throws -> SignedIn {
        let wrong = Refusal.unauthenticated("The name or the password is not right.")
        guard let directory = roster.workspace(named: workspace) else { throw wrong }
        let attempt = SignInAttempt(login: login, from: address, in: directory.workspace, master)
        let agent = directory.agent(login: login)
        try await begin(attempt)
        guard try await verify(password, agent?.password, attempt), let agent, agent.active else {
            try await failed(attempt)
            throw wrong
        }
        let token = randomWord(SessionLimits.tokenLength)
        let digest = sha256Hex(token.utf8)
        let principal = Principal(workspace: directory.workspace, actor: .agent(agent.id), via: via)
        let stored = agent.password
        let plan = Plan("sign in", reads: attempt.rows, keys: attempt.keys, checksFirst: true)
        do {
            try await perform(plan, by: principal) { work in
                // The password may have changed, or the agent gone, while it was checked.
                guard let now = work.directory.agent(agent.id), now.active, now.password == stored else {
                    throw wrong
                }
                // Many guesses sent at once end here: the first of them locked the address.
                try work.refuseLockedAddress(attempt)
                try work.forgive(attempt)
                try work.openSession(
                    agent.id, digest: digest, via: via, overAt: work.now + SessionLimits.lifetimeMs)
            }
        } catch let refusal as Refusal {
            throw refusal
        } catch {
            // The password was right: a store that fails must not lock anybody out.
            try? await forgive(attempt)
            throw error
        }
        meters.signInsDone.count()
        return SignedIn(token: token, agent: agent.id)
    }

    /// Checks a password under way in `attempt`; an attempt that could not be checked does not count.
    func verify(_ password: String, _ stored: String?, _ attempt: SignInAttempt) async throws -> Bool {
        guard password.utf8.count <= PasswordRules.bytesMax else {
            // As long as any other, but never right.
            _ = try? await passwords.verify("", nil)
            return false
        }
        do {
            return try await passwords.verify(password, stored)
        } catch {
            try await forgive(attempt)
            throw error
        }
    }
}
