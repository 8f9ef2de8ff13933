// Access tokens, access keys and callbacks in a provisioning file.

extension Claim: Codable {}
extension ErrandChannel: Codable {}

/// An access token, known by name.
///
/// `channel`, `area` and `account` stand only where `claims` has create_errand, and the channel always does.
public struct AccessTokenEntry: Codable, Sendable, Hashable {
    public var position: Position
    public var name: Located<String>
    /// Never empty. Counts only when the token is new, which needs one.
    public var key: String?
    /// The whole list; a new token needs one.
    public var claims: [Claim]?
    public var channel: ErrandChannel?
    /// Cleared: none.
    public var area: Given<Located<String>>
    public var account: Given<String>
    /// Unix seconds; 0 never.
    public var expiry: Int64?
}

/// An access key of an agent, known by name.
public struct AccessKeyEntry: Codable, Sendable, Hashable {
    public var position: Position
    public var name: Located<String>
    /// A login name.
    public var agent: Located<String>
    /// Unix seconds; 0 never.
    public var expiry: Int64?
}

public enum CallbackEvent: String, Codable, Sendable, Hashable, CaseIterable {
    case answerErrand = "answer_errand"
}

/// A callback, known by name.
public struct CallbackEntry: Codable, Sendable, Hashable {
    public var position: Position
    public var name: Located<String>
    /// A new callback needs one.
    public var endpoint: String?
    /// Cleared: none.
    public var secret: Given<String>
    public var event: CallbackEvent?
    /// The whole list; empty: every area.
    public var areas: [Located<String>]?
}

/// The last second of the year 9999, so that a time in milliseconds by mistake is refused.
private let expiryMax: Int64 = 253_402_300_799

private func expiry(_ node: DocumentNode) throws -> Int64 {
    try node.whole(in: 0...expiryMax, of: "seconds since 1970 (0: never)")
}

extension AccessTokenEntry {
    static let keys = ["name", "key", "claims", "channel", "area", "account", "expiry"]

    init(_ node: DocumentNode) throws {
        let entry = try EntryReader(node, "an access token", keys: Self.keys)
        position = entry.position
        name = try entry.required("name") { try $0.locatedText(.name) }
        key = try entry.optional("key") { try $0.text(.tokenKey) }
        claims = try entry.optional("claims") { try Self.claims($0) }
        channel = try entry.optional("channel") { try $0.choice("channel") }
        area = try entry.given("area") { try $0.locatedText(.name) }
        account = try entry.given("account") { try $0.text(.account) }
        expiry = try entry.optional("expiry", Center.expiry)
        try checkTarget(entry)
    }

    private static func claims(_ node: DocumentNode) throws -> [Claim] {
        let claims = try node.list(of: "claims", max: Claim.allCases.count) {
            Located(try $0.choice("claim", Claim.self), at: $0.position)
        }
        guard !claims.isEmpty else { throw node.problem("an access token needs at least one claim") }
        try refuseRepeats(claims.map { Located($0.value.rawValue, at: $0.position) })
        return claims.map(\.value)
    }

    /// What the token may create: form errands in an area, others in an area or for an account.
    private func checkTarget(_ entry: EntryReader) throws {
        guard let claims, claims.contains(.createErrand) else {
            for key in ["channel", "area", "account"] where entry.node(key)?.isNull == false {
                throw ProvisionProblem(
                    at: entry.keyPosition(key), "'\(key)' stands only beside claims with create_errand")
            }
            return
        }
        guard let channel else {
            throw ProvisionProblem(at: position, "a token that may create_errand needs a 'channel'")
        }
        if area.value != nil { return }
        if channel == .form {
            throw ProvisionProblem(at: position, "a token for the channel form needs an 'area'")
        }
        if account.value == nil {
            throw ProvisionProblem(
                at: position, "a token for the channel \(channel.rawValue) needs an 'area' or an 'account'")
        }
    }
}

extension AccessKeyEntry {
    static let keys = ["name", "agent", "expiry"]

    init(_ node: DocumentNode) throws {
        let entry = try EntryReader(node, "an access key", keys: Self.keys)
        position = entry.position
        name = try entry.required("name") { try $0.locatedText(.name) }
        agent = try entry.required("agent") { try $0.locatedText(.loginName) }
        expiry = try entry.optional("expiry", Center.expiry)
    }
}

extension CallbackEntry {
    static let keys = ["name", "endpoint", "secret", "event", "areas"]

    init(_ node: DocumentNode) throws {
        let entry = try EntryReader(node, "a callback", keys: Self.keys)
        position = entry.position
        name = try entry.required("name") { try $0.locatedText(.name) }
        endpoint = try entry.optional("endpoint") { try $0.endpoint() }
        secret = try entry.given("secret") { try $0.text(.callbackSecret) }
        event = try entry.optional("event") { try $0.choice("event") }
        areas = try entry.names("areas", of: "areas", max: ProvisionPlan.areasMax)
    }
}
