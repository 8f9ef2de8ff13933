// Who bears an access token.

import Foundation
public import Routing

extension AccessToken {
    public func isInForce(at now: Instant) -> Bool {
        !revoked && (expiresAt == 0 || expiresAt > now.ms / 1_000)
    }
}

extension Floor {
    /// The token that `bearer` is, on a request to `workspace` (nil: the token's own).
    ///
    /// The digest in the roster is the whole check: only a token that was minted here has one, so its
    /// signature need not be verified again, and a revocation counts on the very next request.
    /// - Throws: `.unauthenticated` for unknown, expired and revoked ones; `.forbidden` for another
    ///   workspace's and for one without the claim.
    public func bearer(
        _ bearer: String, workspace: String?, claims: [Claim]
    ) throws -> (token: AccessToken, principal: Principal, directory: Directory) {
        guard let token = roster.token(digest: sha256Hex(bearer.utf8)), !token.revoked,
            let directory = roster.workspace(token.workspace)
        else { throw Refusal.unauthenticated("This access token is not valid.") }
        guard token.expiresAt == 0 || token.expiresAt > now.ms / 1_000 else {
            throw Refusal.unauthenticated("This access token has expired.")
        }
        guard workspace == nil || workspace == directory.name else {
            throw Refusal.forbidden("This access token belongs to another workspace.")
        }
        guard !token.claims.isDisjoint(with: claims) else {
            let names = claims.map(\.rawValue).joined(separator: " or ")
            throw Refusal.forbidden("This access token lacks the claim \(names).")
        }
        return (
            token, Principal(workspace: token.workspace, actor: .token(token.id), via: .cention), directory
        )
    }
}
