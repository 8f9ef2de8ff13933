// What a provisioning file says of the workspace's pages at Facebook.

/// A page at Facebook, known by Facebook's id of it. nil: the file does not say, so what is there stays.
public struct FacebookPageEntry: Codable, Sendable, Hashable {
    public var position: Position
    /// Digits.
    public var pageID: Located<String>
    /// A new page needs the other three.
    public var appSecret: String?
    public var verifyToken: String?
    public var area: Located<String>?
}

extension FacebookPageEntry {
    static let keys = ["page_id", "app_secret", "verify_token", "area"]

    init(_ node: DocumentNode) throws {
        let entry = try EntryReader(node, "a page at Facebook", keys: Self.keys)
        position = entry.position
        pageID = try entry.required("page_id") { node in
            let id = try node.locatedText(.facebookID)
            guard id.value.utf8.allSatisfy(isDigit) else { throw node.expected("the page's id, in digits") }
            return id
        }
        appSecret = try entry.optional("app_secret") { try $0.text(.facebookSecret) }
        verifyToken = try entry.optional("verify_token") { try $0.text(.facebookVerify) }
        area = try entry.optional("area") { try $0.locatedText(.name) }
    }
}

extension TextRule {
    fileprivate static let facebookID = TextRule(what: "a page id", lengths: 1...40, unbroken: true)
    fileprivate static let facebookSecret = TextRule(
        what: "an app secret", lengths: 16...200, secret: true, unbroken: true)
    /// Long enough that nobody guesses one by chance.
    fileprivate static let facebookVerify = TextRule(
        what: "a verify token", lengths: 8...200, secret: true, unbroken: true)
}
