// Signing an agent in with an access key, from a page that embeds the desk.
// Source: reference cention.md §11, §14.

import Foundation
import Routing
import Store

public enum KeySignInLimits {
    /// Longest id or secret that is looked at; ours have 40 characters.
    static let wordMaxBytes = 256
}

extension Floor {
    /// Signs the key's agent in, for a page of `origin`.
    ///
    /// Failures count and lock as with passwords, by the key's id and by the address. The session ends with the key:
    /// when it expires, and when it is revoked.
    /// - Parameter origin: of the page that embeds the desk, as browsers write it.
    /// - Parameter current: the session that the browser has; nil where it has none.
    /// - Returns: nil when `current` is of the key's agent already: nothing changes then.
    /// - Throws: `Refusal.forbidden` for an origin that the workspace does not list, `Refusal.unauthenticated`,
    ///   `Refusal.tooMany` while locked.
    public func signIn(
        workspace: String, accessKey id: String, secret: String, origin: String, current: Session? = nil,
        from address: Address? = nil
    ) async throws -> SignedIn? {
        let wrong = Refusal.unauthenticated("The access key or its secret is not right.")
        guard let directory = roster.workspace(named: workspace) else { throw wrong }
        guard directory.embedOrigins.contains(origin) else {
            throw Refusal.forbidden("Pages of this origin may not sign agents in here.")
        }
        guard id.utf8.count <= KeySignInLimits.wordMaxBytes else { throw wrong }
        // No login name holds U+0000: a key's failures are counted apart from everybody's.
        let attempt = SignInAttempt(
            login: "\u{0}key/\(id)", from: address, in: directory.workspace, master)
        try await begin(attempt)
        let key: KeyInQuestion?
        do {
            key = try await keyInQuestion(id, in: directory.workspace)
        } catch {
            try? await forgive(attempt)
            throw error
        }
        // A key that is not there takes as long to compare.
        let expected = key?.secret ?? ""
        let isRight = constantTimeEqual(
            Array(sha256Hex(secret.utf8).utf8), Array(sha256Hex(expected.utf8).utf8))
        guard isRight, let key else {
            try await failed(attempt)
            throw wrong
        }
        // Who knows the secret guesses nothing, and may know what became of the key.
        if let why = key.whyNot(directory, now) {
            try await forgive(attempt)
            throw Refusal.unauthenticated(why)
        }
        if let current, current.workspace == directory.workspace, current.agent == key.agent {
            try await forgive(attempt)
            return nil
        }
        let token = randomWord(SessionLimits.tokenLength)
        let principal = Principal(workspace: directory.workspace, actor: .agent(key.agent), via: .desk)
        let plan = Plan("sign in by key", reads: attempt.rows, keys: attempt.keys, checksFirst: true)
        do {
            try await perform(plan, by: principal) { work in
                // The key may have ended, or the agent gone, while it was checked.
                let row = try work.query(
                    """
                    SELECT id FROM access_key WHERE workspace = \(work.workspace) AND id = \(key.row)
                        AND revoked_at IS NULL
                    """)
                guard !row.isEmpty, work.directory.agent(key.agent)?.active == true else {
                    throw Refusal.unauthenticated(KeyInQuestion.revokedSentence)
                }
                try work.refuseLockedAddress(attempt)
                try work.forgive(attempt)
                var overAt = work.now + SessionLimits.lifetimeMs
                if key.expiryS > 0 { overAt = min(overAt, Instant(ms: key.expiryS * 1_000)) }
                try work.openSession(
                    key.agent, digest: sha256Hex(token.utf8), via: .desk, overAt: overAt, accessKey: key.row)
            }
        } catch let refusal as Refusal {
            throw refusal
        } catch {
            // The secret was right: a store that fails must not lock anybody out.
            try? await forgive(attempt)
            throw error
        }
        meters.signInsDone.count()
        return SignedIn(token: token, agent: key.agent)
    }

    /// The key of that id, whether it is in force or not; nil when there is none.
    private func keyInQuestion(_ id: String, in workspace: WorkspaceID) async throws -> KeyInQuestion? {
        let row = try await view { reader in
            try reader.query(
                """
                SELECT id, agent, secret_sealed, expires_at, revoked_at FROM access_key
                WHERE workspace = \(workspace) AND key_id = \(id)
                """
            ).first
        }
        guard let row else { return nil }
        return KeyInQuestion(
            row: row.int("id"), agent: AgentID(row.int("agent")), expiryS: row.int("expires_at"),
            isRevoked: row.intOrNil("revoked_at") != nil,
            secret: try master.open(row.blob("secret_sealed"), context: AccessKey.context(workspace, id)))
    }
}

/// A key that somebody wants to sign in with.
private struct KeyInQuestion: Sendable {
    static let revokedSentence = "This access key was revoked; make another one for the agent."

    let row: Int64
    let agent: AgentID
    /// Unix seconds; 0 never.
    let expiryS: Int64
    let isRevoked: Bool
    let secret: String

    /// Why it signs nobody in; nil when it does.
    func whyNot(_ directory: Directory, _ now: Instant) -> String? {
        guard directory.agent(agent)?.active == true else {
            return "The agent of this access key is deleted; bring the agent back and make another key."
        }
        if isRevoked { return Self.revokedSentence }
        guard expiryS == 0 || expiryS > now.ms / 1_000 else {
            return "This access key has expired; make another one for the agent."
        }
        return nil
    }
}
