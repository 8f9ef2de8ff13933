// What a provisioning file says of TENIOS's API: its settings and its access keys.

/// Settings of the wire. nil: the file does not say, so what is there stays.
public struct TeniosEntry: Codable, Sendable, Hashable {
    /// Whether an agent's state may be asked for by GET, which puts the key into addresses.
    public var getRetrieve: Bool?
}

/// An access key of TENIOS's API, known by name.
public struct TeniosKeyEntry: Codable, Sendable, Hashable {
    public var position: Position
    public var name: Located<String>
    /// Set each time it is given; a new entry without one gets a minted key.
    public var key: Located<String>?
}

extension TeniosEntry {
    static let keys = ["get_retrieve"]

    init(_ node: DocumentNode) throws {
        let entry = try EntryReader(node, "the settings of tenios", keys: Self.keys)
        getRetrieve = try entry.optional("get_retrieve") { try $0.flag() }
    }
}

extension TeniosKeyEntry {
    static let keys = ["name", "key"]

    init(_ node: DocumentNode) throws {
        let entry = try EntryReader(node, "an access key of tenios", keys: Self.keys)
        position = entry.position
        name = try entry.required("name") { try $0.locatedText(.name) }
        key = try entry.optional("key") { try $0.locatedText(.teniosKey) }
    }
}

extension TextRule {
    /// Long enough that nobody guesses one by chance.
    static let teniosKey = TextRule(what: "an access key", lengths: 8...200, secret: true, unbroken: true)
}
