// A workspace's pages at Facebook, and whether a message really is of one of them.

import Crypto
import Foundation
import Store

public enum FacebookPageNoun {}
public typealias FacebookPageID = Numbered<FacebookPageNoun>

public struct FacebookPage: Sendable, Hashable {
    public let id: FacebookPageID
    /// Facebook's own id of the page.
    public let pageID: String
    /// The area that its ratings belong to.
    public let area: AreaID
    let secretSealed: [UInt8]
    /// Lower-case hex SHA-256 of the word that Facebook repeats when it is connected.
    let verifyDigest: String

    static func context(_ workspace: WorkspaceID, _ id: FacebookPageID) -> String {
        "facebook/\(workspace)/\(id)"
    }

    init(_ row: Row) {
        id = FacebookPageID(row.int("id"))
        pageID = row.text("page_id")
        area = AreaID(row.int("area"))
        secretSealed = row.blob("secret_sealed")
        verifyDigest = row.text("verify_digest")
    }
}

extension Floor {
    /// Whether `word` is the verify token of one of the workspace's pages.
    public func isFacebookVerifyToken(_ word: String, in directory: Directory) -> Bool {
        let given = Array(sha256Hex(word.utf8).utf8)
        var isKnown = false
        for page in directory.facebookPages
        where constantTimeEqual(Array(page.verifyDigest.utf8), given) { isKnown = true }
        return isKnown
    }

    /// The pages whose app signed the body: pages of one app have one secret.
    /// - Parameter signature: hex of the HMAC-SHA256 over the body as it came. Source: Meta, Webhooks, validating payloads.
    public func facebookPages(
        signed body: [UInt8], _ signature: String, in directory: Directory
    ) throws -> [FacebookPage] {
        let given = Array(signature.lowercased().utf8)
        var isRight: [String: Bool] = [:]
        return try directory.facebookPages.filter { page in
            let secret = try master.open(
                page.secretSealed, context: FacebookPage.context(directory.workspace, page.id))
            if let known = isRight[secret] { return known }
            let key = SymmetricKey(data: Data(secret.utf8))
            let code = HMAC<SHA256>.authenticationCode(for: body, using: key)
            isRight[secret] = constantTimeEqual(Array(hex(Array(code)).utf8), given)
            return isRight[secret] == true
        }
    }
}
