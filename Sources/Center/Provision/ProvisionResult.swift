// What provisioning prints: ids of what the file names, and every secret minted now.

/// The answer of `switchboard provision`; holds secrets that cannot be read again.
public struct ProvisionResult: Codable, Sendable, Hashable {
    public struct MintedKey: Codable, Sendable, Hashable {
        public var name: String
        /// The agent's login name.
        public var agent: String
        public var accessKeyID: String
        public var secretAccessKey: String

        public init(name: String, agent: String, accessKeyID: String, secretAccessKey: String) {
            self.name = name
            self.agent = agent
            self.accessKeyID = accessKeyID
            self.secretAccessKey = secretAccessKey
        }

        enum CodingKeys: String, CodingKey {
            case name, agent
            case accessKeyID = "access_key_id"
            case secretAccessKey = "secret_access_key"
        }
    }

    public struct IDs: Codable, Sendable, Hashable {
        /// By login name.
        public var agents: [String: Int64] = [:]
        public var areas: [String: Int64] = [:]
        public var agentGroups: [String: Int64] = [:]
        /// By service user id.
        public var callCenters: [String: Int64] = [:]
        public var exports: [String: Int64] = [:]

        public init() {}

        enum CodingKeys: String, CodingKey {
            case agents, areas, exports
            case agentGroups = "agent_groups"
            case callCenters = "call_centers"
        }
    }

    public var workspace: String
    /// JWT by name of the token: only those minted now.
    public var accessTokens: [String: String] = [:]
    /// Only those minted now.
    public var accessKeys: [MintedKey] = []
    /// Key of TENIOS's API by its name: only those minted now.
    public var teniosAccessKeys: [String: String] = [:]
    public var ids = IDs()

    public init(workspace: String) { self.workspace = workspace }

    enum CodingKeys: String, CodingKey {
        case workspace, ids
        case accessTokens = "access_tokens"
        case accessKeys = "access_keys"
        case teniosAccessKeys = "tenios_access_keys"
    }
}

extension ProvisionResult {
    /// Indented JSON, the same bytes for the same result: members in this order, maps sorted by name.
    public var json: String {
        let keys = accessKeys.map { key in
            object(
                [
                    ("name", jsonText(key.name)), ("agent", jsonText(key.agent)),
                    ("access_key_id", jsonText(key.accessKeyID)),
                    ("secret_access_key", jsonText(key.secretAccessKey)),
                ], indent: "    ")
        }
        let idMaps = [
            ("agents", ids.agents), ("areas", ids.areas), ("agent_groups", ids.agentGroups),
            ("call_centers", ids.callCenters), ("exports", ids.exports),
        ]
        return object(
            [
                ("workspace", jsonText(workspace)),
                ("access_tokens", object(sorted(accessTokens.mapValues(jsonText)), indent: "  ")),
                ("access_keys", block("[", keys, "]", indent: "  ")),
                (
                    "tenios_access_keys", object(sorted(teniosAccessKeys.mapValues(jsonText)), indent: "  ")
                ),
                (
                    "ids",
                    object(
                        idMaps.map { ($0, object(sorted($1.mapValues { String($0) }), indent: "    ")) },
                        indent: "  ")
                ),
            ], indent: "") + "\n"
    }
}

private func sorted(_ map: [String: String]) -> [(String, String)] {
    map.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { ($0.key, $0.value) }
}

private func object(_ members: [(String, String)], indent: String) -> String {
    block("{", members.map { "\(jsonText($0)): \($1)" }, "}", indent: indent)
}

private func block(_ open: String, _ parts: [String], _ close: String, indent: String) -> String {
    guard !parts.isEmpty else { return open + close }
    return "\(open)\n" + parts.map { "\(indent)  \($0)" }.joined(separator: ",\n") + "\n\(indent)\(close)"
}

private func jsonText(_ text: String) -> String {
    var json = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": json += "\\\""
        case "\\": json += "\\\\"
        case "\n": json += "\\n"
        case "\t": json += "\\t"
        case _ where scalar.value < 0x20 || scalar.value == 0x7F:
            let digits = String(scalar.value, radix: 16)
            json += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        default: json.unicodeScalars.append(scalar)
        }
    }
    return json + "\""
}
