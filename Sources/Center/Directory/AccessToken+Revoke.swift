// Access tokens and keys are taken back: they fail on the very next request.

import Routing
import Store

extension Floor {
    /// Ends an access token for good; a second time changes nothing. Its name stays taken, for errands name it.
    public func revokeAccessToken(_ id: TokenID, by principal: Principal) async throws {
        try await perform(Plan("revoke access token", alone: true), by: principal) { work in
            try work.requireAdministrator()
            guard let token = work.directory.tokens.first(where: { $0.id == id }) else {
                throw Refusal.notFound("There is no such access token.")
            }
            guard !token.revoked else { return }
            try work.execute(
                """
                UPDATE access_token SET revoked_at = \(work.now)
                WHERE workspace = \(work.workspace) AND id = \(id)
                """)
            try work.tell(.accessTokenRevoked, .token, id.raw)
            try work.reconfigure()
        }
    }

    /// Deletes an access key of TENIOS's API; its name and the key itself may be used again.
    package func revokeTeniosKey(_ id: TeniosKeyID, by principal: Principal) async throws {
        try await perform(Plan("revoke TENIOS key", alone: true), by: principal) { work in
            try work.requireAdministrator()
            guard work.directory.teniosKeys.contains(where: { $0.id == id }) else {
                throw Refusal.notFound("There is no such access key.")
            }
            try work.execute("DELETE FROM tenios_key WHERE workspace = \(work.workspace) AND id = \(id)")
            try work.tell(.teniosKeyRevoked, .teniosKey, id.raw)
            try work.reconfigure()
        }
    }
}
