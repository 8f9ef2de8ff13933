// Access keys: with one a program signs requests, or signs its agent in.

public import Routing
import Store

/// A key as it was minted; the secret is shown once.
public struct MintedAccessKey: Sendable {
    public let id: String
    public let secret: String
    /// Unix seconds; 0 never.
    public let expiry: Int64
}

/// A key that is in force, with its secret: to check a signature, never to be shown.
public struct AccessKey: Sendable {
    public let id: String
    public let secret: String
    public let agent: Agent
}

extension AccessKey {
    /// Keys of one agent that are in force.
    public static let perAgentMax = 100
    static let length = 40

    static func context(_ workspace: WorkspaceID, _ id: String) -> String { "access-key/\(workspace)/\(id)" }
}

extension Floor {
    /// The key of that id, while it is in force and its agent active; nil otherwise.
    public func accessKey(_ id: String, in workspace: WorkspaceID) async throws -> AccessKey? {
        let row = try await view { reader in
            try reader.query(
                """
                SELECT agent, secret_sealed, expires_at FROM access_key
                WHERE workspace = \(workspace) AND key_id = \(id) AND revoked_at IS NULL
                """
            ).first
        }
        guard let row, row.int("expires_at") == 0 || row.int("expires_at") > now.ms / 1_000,
            let agent = roster.workspace(workspace)?.agent(AgentID(row.int("agent"))), agent.active
        else { return nil }
        let secret = try master.open(row.blob("secret_sealed"), context: AccessKey.context(workspace, id))
        return AccessKey(id: id, secret: secret, agent: agent)
    }

    /// Gives the agent one more key.
    /// - Parameter expiry: unix seconds; 0 never.
    public func mintAccessKey(
        for agent: AgentID, expiry: Int64, by principal: Principal
    ) async throws -> MintedAccessKey {
        let minted = MintedAccessKey(
            id: randomWord(AccessKey.length), secret: randomWord(AccessKey.length), expiry: expiry)
        let sealed = try master.seal(
            minted.secret, context: AccessKey.context(principal.workspace, minted.id))
        try await perform(Plan("mint access key"), by: principal) { work in
            try work.requireAdministrator()
            guard let owner = work.directory.agent(agent) else {
                throw Refusal.notFound("There is no such agent.")
            }
            guard owner.active else {
                throw Refusal.conflict("This agent is deleted; bring the agent back first.")
            }
            guard expiry == 0 || expiry > work.now.ms / 1_000 else {
                throw Refusal.invalid("expiry is a time to come, or 0 for never.", pointer: "/expiry")
            }
            let others = try work.query(
                """
                SELECT COUNT(*) AS n FROM access_key
                WHERE workspace = \(work.workspace) AND agent = \(agent) AND revoked_at IS NULL
                    AND (expires_at = 0 OR expires_at > \(work.now.ms / 1_000))
                """)
            guard (others.first?.int("n") ?? 0) < AccessKey.perAgentMax else {
                throw Refusal.conflict(
                    "This agent has \(AccessKey.perAgentMax) access keys; revoke one of them first.")
            }
            let id = work.next(.key)
            try work.execute(
                """
                INSERT INTO access_key (workspace, id, name, agent, key_id, secret_sealed, expires_at, created_at)
                VALUES (\(work.workspace), \(id), \("key \(id)"), \(agent), \(minted.id), \(sealed), \(expiry),
                    \(work.now))
                """)
            try work.tell(.accessKeyMinted, .key, id, ["agent": .number(agent.raw)])
        }
        return minted
    }

    /// Ends a key of the agent, and the sessions that were made with it; a second time changes nothing.
    public func revokeAccessKey(_ key: String, of agent: AgentID, by principal: Principal) async throws {
        try await perform(Plan("revoke access key"), by: principal) { work in
            try work.requireAdministrator()
            guard work.directory.agent(agent) != nil else {
                throw Refusal.notFound("There is no such agent.")
            }
            let row = try work.query(
                """
                SELECT id, revoked_at FROM access_key
                WHERE workspace = \(work.workspace) AND agent = \(agent) AND key_id = \(key)
                """
            ).first
            guard let row else { throw Refusal.notFound("This agent has no such access key.") }
            guard row.intOrNil("revoked_at") == nil else { return }
            try work.execute(
                """
                UPDATE access_key SET revoked_at = \(work.now)
                WHERE workspace = \(work.workspace) AND id = \(row.int("id"))
                """)
            try work.tell(.accessKeyRevoked, .key, row.int("id"), ["agent": .number(agent.raw)])
            try work.endSessions(ofKey: row.int("id"), of: agent)
        }
    }
}
