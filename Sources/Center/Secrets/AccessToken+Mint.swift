// Access tokens: JWTs that are minted once, shown once, and kept as a SHA-256.

import Crypto
import Foundation
import JWTKit

struct TokenPayload: JWTPayload {
    var iss = "switchboard"
    /// The workspace's name.
    var ws: String
    /// Names this token; random, so that a guess at one says nothing of another.
    var jti: String
    var iat: Int
    var exp: Int?

    func verify(using algorithm: some JWTAlgorithm) async throws {}
}

struct MintedToken: Sendable {
    var jwt: String
    var digest: String
}

extension MasterKey {
    /// An HS256 JWT signed with a key of its own. `expiry` is in unix seconds, 0 never.
    func mintToken(workspace: String, keyField: String, issuedAt: Int64, expiry: Int64) async throws
        -> MintedToken
    {
        let jti = randomWord(22)
        let keys = JWTKeyCollection()
        let secret = derived("token/\(workspace)/\(jti)/\(keyField)")
        await keys.add(hmac: HMACKey(key: secret), digestAlgorithm: .sha256)
        let jwt = try await keys.sign(
            TokenPayload(
                ws: workspace, jti: jti, iat: Int(issuedAt / 1_000), exp: expiry == 0 ? nil : Int(expiry)))
        return MintedToken(jwt: jwt, digest: sha256Hex(jwt.utf8))
    }
}
