// Call centers in a provisioning file.

/// A call center and its queue, known by `serviceUserID`. nil: the file does not say, so what is there stays.
public struct CallCenterEntry: Codable, Sendable, Hashable {
    public var position: Position
    public var serviceUserID: Located<String>
    public var name: String?
    /// Cleared: none.
    public var group: Given<String>
    public var type: CallCenterType?
    /// Cleared: none.
    public var phoneNumber: Given<String>
    public var extensionNumber: Given<String>
    /// 0 goes first.
    public var priority: Int64?
    /// Cleared: as many as come.
    public var queueLength: Given<Int64>
    public var logOffAllowed: Bool?
    public var joinable: Bool?
    /// Cleared: always open.
    public var calendar: Given<Located<String>>
    /// Cleared: never.
    public var bouncedAfter: Given<Int64>
    public var queue: QueueEntry
    /// The whole list.
    public var supervisors: [SupervisorEntry]?
    /// The whole list.
    public var dnis: [DNISEntry]?
}

/// A supervisor of a call center, and whom of its agents they look after.
public struct SupervisorEntry: Codable, Sendable, Hashable {
    public var loginName: Located<String>
    /// Login names: the whole list. nil: none.
    public var agents: [Located<String>]?
}

/// A number that leads to a call center.
public struct DNISEntry: Codable, Sendable, Hashable {
    public var name: Located<String>
    public var phoneNumber: String
    /// 0 highest to 3 low.
    public var priority: Int64?
    public var allowOutgoing: Bool?
}

extension CallCenterEntry {
    static let keys =
        [
            "service_user_id", "name", "group", "type", "phone_number", "extension", "priority",
            "queue_length", "log_off_allowed", "joinable", "calendar", "bounced_after",
        ] + QueueEntry.keys + ["supervisors", "dnis"]

    init(_ node: DocumentNode) throws {
        let entry = try EntryReader(node, "a call center", keys: Self.keys)
        position = entry.position
        serviceUserID = try entry.required("service_user_id") { try $0.locatedText(.serviceUserID) }
        name = try entry.optional("name") { try $0.text(.name) }
        group = try entry.given("group") { try $0.text(.name) }
        type = try entry.optional("type") { try $0.choice("type") }
        phoneNumber = try entry.given("phone_number") { try $0.phoneNumber() }
        extensionNumber = try entry.given("extension") { try $0.text(.extensionNumber) }
        priority = try entry.optional("priority") { try $0.whole(in: 0...QueueLimits.priorityMax) }
        queueLength = try entry.given("queue_length") { try $0.whole(in: 0...QueueLimits.queueLengthMax) }
        logOffAllowed = try entry.optional("log_off_allowed") { try $0.flag() }
        joinable = try entry.optional("joinable") { try $0.flag() }
        calendar = try entry.given("calendar") { try $0.locatedText(.name) }
        bouncedAfter = try entry.given("bounced_after") { try $0.whole(in: 1...QueueLimits.bouncedMax) }
        queue = try QueueEntry(entry, .callCenter)
        supervisors = try entry.optional("supervisors") {
            try $0.list(of: "supervisors", max: QueueLimits.membersMax, SupervisorEntry.init)
        }
        try refuseRepeats((supervisors ?? []).map(\.loginName))
        dnis = try entry.optional("dnis") {
            try $0.list(of: "numbers", max: QueueLimits.dnisMax, DNISEntry.init)
        }
        try refuseRepeats((dnis ?? []).map(\.name))
    }
}

extension SupervisorEntry {
    init(_ node: DocumentNode) throws {
        let entry = try EntryReader(node, "a supervisor", keys: ["login_name", "agents"])
        loginName = try entry.required("login_name") { try $0.locatedText(.loginName) }
        agents = try entry.names("agents", of: "agents", max: QueueLimits.membersMax, rule: .loginName)
    }
}

extension DNISEntry {
    init(_ node: DocumentNode) throws {
        let entry = try EntryReader(
            node, "a number", keys: ["name", "phone_number", "priority", "allow_outgoing"])
        name = try entry.required("name") { try $0.locatedText(.dnisName) }
        phoneNumber = try entry.required("phone_number") { try $0.phoneNumber() }
        priority = try entry.optional("priority") { try $0.whole(in: 0...QueueLimits.dnisPriorityMax) }
        allowOutgoing = try entry.optional("allow_outgoing") { try $0.flag() }
    }
}
