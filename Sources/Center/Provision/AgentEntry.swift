// Agents and agent groups in a provisioning file.

/// What an agent's pages are written in.
public enum AgentLanguage: String, Codable, Sendable, Hashable, CaseIterable {
    case da, en, fi, nb, sv
}

/// An agent, known by `loginName`. nil: the file does not say, so what is there stays.
public struct AgentEntry: Codable, Sendable, Hashable {
    public var position: Position
    public var loginName: Located<String>
    public var userName: String?
    /// Cleared: none.
    public var emailAddress: Given<Located<String>>
    /// Counts only when the agent is new.
    public var password: String?
    public var adminLevel: AdminLevel?
    /// The whole list; empty for none.
    public var skills: [SkillReference]?
    public var capacity: CapacityEntry?
    public var rules: AgentRulesEntry
    /// With `extensionID` unique in the workspace. Cleared: none.
    public var deviceID: Given<Located<Int64>>
    public var extensionID: Given<Located<Int64>>
    public var language: AgentLanguage?
    public var timeZone: String?
    public var telephony: AgentTelephonyEntry
    public var user: UserEntry
}

/// A skill of an agent: `name`, or `{name, level}`.
public struct SkillReference: Codable, Sendable, Hashable {
    public var name: Located<String>
    /// 1 best to 20.
    public var level: Int64?
}

/// How many items of each channel an agent may have at once. nil: as it was.
public struct CapacityEntry: Codable, Sendable, Hashable {
    public var errand: Int64?
    public var chat: Int64?
    public var call: Int64?
}

/// An agent group, known by name.
public struct AgentGroupEntry: Codable, Sendable, Hashable {
    public var position: Position
    public var name: Located<String>
    /// Login names: the whole list.
    public var agents: [Located<String>]?
    /// The whole list.
    public var areas: [Located<String>]?
}

extension AgentEntry {
    static let keys =
        ["login_name", "user_name", "email_address", "password", "admin_level", "skills", "capacity"]
        + AgentRulesEntry.keys + ["device_id", "extension_id", "language", "time_zone"]
        + AgentTelephonyEntry.keys + UserEntry.keys

    /// The wire has whole numbers; up to the largest that every JSON reader keeps exact.
    private static let numbers: ClosedRange<Int64> = 0...9_007_199_254_740_991

    init(_ node: DocumentNode) throws {
        let entry = try EntryReader(node, "an agent", keys: Self.keys)
        position = entry.position
        loginName = try entry.required("login_name") { try $0.locatedText(.loginName) }
        userName = try entry.optional("user_name") { try $0.text(.name) }
        emailAddress = try entry.given("email_address") { Located(try $0.emailAddress(), at: $0.position) }
        password = try entry.optional("password") { try $0.password() }
        adminLevel = try entry.optional("admin_level") { try $0.choice("admin_level") }
        skills = try entry.optional("skills") {
            try $0.list(of: "skills", max: ProvisionPlan.skillsPerEntryMax, SkillReference.init)
        }
        try refuseRepeats((skills ?? []).map(\.name), folded: true)
        capacity = try entry.optional("capacity", CapacityEntry.init)
        rules = try AgentRulesEntry(entry)
        deviceID = try entry.given("device_id") { Located(try $0.whole(in: Self.numbers), at: $0.position) }
        extensionID = try entry.given("extension_id") {
            Located(try $0.whole(in: Self.numbers), at: $0.position)
        }
        language = try entry.optional("language") { try $0.choice("language") }
        timeZone = try entry.optional("time_zone") { try $0.timeZone() }
        telephony = try AgentTelephonyEntry(entry)
        user = try UserEntry(entry)
    }
}

extension SkillReference {
    init(_ node: DocumentNode) throws {
        guard case .mapping = node.content else {
            name = try node.locatedText(.name)
            return
        }
        let entry = try EntryReader(node, "a skill", keys: ["name", "level"])
        name = try entry.required("name") { try $0.locatedText(.name) }
        level = try entry.optional("level") { try $0.whole(in: 1...20) }
    }
}

extension CapacityEntry {
    init(_ node: DocumentNode) throws {
        let entry = try EntryReader(node, "a capacity", keys: ["errand", "chat", "call"])
        errand = try entry.optional("errand") { try $0.whole(in: 0...100) }
        chat = try entry.optional("chat") { try $0.whole(in: 0...100) }
        call = try entry.optional("call") { try $0.whole(in: 0...100) }
    }
}

extension AgentGroupEntry {
    static let keys = ["name", "agents", "areas"]

    init(_ node: DocumentNode) throws {
        let entry = try EntryReader(node, "an agent group", keys: Self.keys)
        position = entry.position
        name = try entry.required("name") { try $0.locatedText(.name) }
        agents = try entry.names("agents", of: "agents", max: ProvisionPlan.agentsMax, rule: .loginName)
        areas = try entry.names("areas", of: "areas", max: ProvisionPlan.areasMax)
    }
}
