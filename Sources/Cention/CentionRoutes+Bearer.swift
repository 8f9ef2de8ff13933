// Who asks: the access token of a request.
import Center
import Hummingbird
import Web

extension CentionRoutes {
    /// The bearer of the request's access token, who must have one of the claims.
    ///
    /// A workspace in the path that is not the token's is refused as forbidden, whether it exists or not.
    func bearer(
        _ request: Request, _ context: Context, claims: Claim...
    ) throws -> (token: AccessToken, principal: Principal, directory: Directory) {
        guard let jwt = request.headers.bearerToken else {
            throw Refusal.unauthenticated("Send the access token in a header: Authorization: Bearer <token>.")
        }
        let bearer = try floor.bearer(jwt, workspace: named(context), claims: claims)
        context.notes.workspace = bearer.directory.workspace.description
        context.notes.principal = "token \(bearer.token.id)"
        return bearer
    }

    /// The workspace that the path names; "" for one that no workspace can have, nil when the path names none.
    private func named(_ context: Context) -> String? {
        context.hasSegment("workspace") ? context.segment("workspace") ?? "" : nil
    }
}
