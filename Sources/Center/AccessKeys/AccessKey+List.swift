// An agent's access keys, for those who administer them; without their secrets.

public import Routing
import Store

/// A key as it was minted once, in force or not.
public struct KnownAccessKey: Sendable, Hashable {
    public let id: String
    /// As provisioned, or one that was made up.
    public let name: String
    public let createdAt: Instant
    /// Unix seconds; 0 never.
    public let expiry: Int64
    public let revokedAt: Instant?

    public func isInForce(at now: Instant) -> Bool {
        revokedAt == nil && (expiry == 0 || expiry > now.ms / 1_000)
    }
}

extension AccessKey {
    /// Keys that a list has: more than an agent can have in force, so that only ended ones are left out.
    public static let listedMax = 2 * perAgentMax
}

extension Floor {
    /// The agent's keys, those in force first, of each the newest first.
    public func accessKeys(of agent: AgentID, in workspace: WorkspaceID) async throws -> [KnownAccessKey] {
        let at = now.ms / 1_000
        let rows = try await view { reader in
            try reader.query(
                """
                SELECT key_id, name, created_at, expires_at, revoked_at FROM access_key
                WHERE workspace = \(workspace) AND agent = \(agent)
                ORDER BY CASE WHEN revoked_at IS NULL AND (expires_at = 0 OR expires_at > \(at)) THEN 0 ELSE 1 END,
                    id DESC
                LIMIT \(AccessKey.listedMax)
                """)
        }
        return rows.map { row in
            KnownAccessKey(
                id: row.text("key_id"), name: row.text("name"),
                createdAt: Instant(ms: row.int("created_at")), expiry: row.int("expires_at"),
                revokedAt: row.intOrNil("revoked_at").map(Instant.init(ms:)))
        }
    }
}
