// Reads a provisioning file: text in, a plan or the first problem out.

public enum ProvisionFile {
    /// Reads `text`, which the caller has decoded from UTF-8; `name` stands in messages.
    public static func read(_ text: String, name: String) throws(ProvisionProblem) -> ProvisionPlan {
        do {
            var plan = try ProvisionPlan(try parseDocument(text))
            plan.file = name
            return plan
        } catch var problem as ProvisionProblem {
            problem.file = name
            throw problem
        } catch {
            preconditionFailure("a reader threw \(error)")
        }
    }
}

extension ProvisionPlan {
    static let keys = [
        "workspace", "organisation", "time_zone", "integrations", "callback_networks", "embed_origins",
        "queue_order", "skills", "tags", "not_ready_reasons", "calendars", "agents", "areas", "agent_groups",
        "call_centers", "access_tokens", "access_keys", "callbacks", "groups", "threshold_profiles", "apio",
        "tenios_access_keys", "tenios", "exports", "libraries", "library_categories", "library_questions",
        "facebook",
    ]

    init(_ node: DocumentNode) throws {
        let entry = try EntryReader(node, "a provisioning file", keys: Self.keys)
        file = ""
        workspace = try entry.required("workspace") { Located(try $0.workspaceName(), at: $0.position) }
        organisation = try entry.optional("organisation") { try $0.text(.name) }
        timeZone = try entry.optional("time_zone") { try $0.timeZone() }
        integrations = try Self.words("integrations", max: Integration.allCases.count, entry) {
            try $0.choice("integration")
        }
        callbackNetworks = try Self.words("callback_networks", max: Self.callbackNetworksMax, entry) {
            try $0.network()
        }
        embedOrigins = try Self.words("embed_origins", max: Self.embedOriginsMax, entry) { try $0.origin() }
        queueOrder = try entry.optional("queue_order") { try $0.choice("queue_order") }
        skills = try entry.names("skills", of: "skills", max: Self.skillsMax, folded: true) ?? []
        tags = try entry.names("tags", of: "tags", max: Self.tagsMax, folded: true) ?? []
        notReadyReasons = try Self.entries(
            "not_ready_reasons", Self.notReadyReasonsMax, entry, NotReadyReasonEntry.init, \.code)
        calendars = try Self.entries("calendars", Self.calendarsMax, entry, CalendarEntry.init, \.name)
        agents = try Self.entries("agents", Self.agentsMax, entry, AgentEntry.init, \.loginName)
        areas = try Self.entries("areas", Self.areasMax, entry, AreaEntry.init, \.name)
        agentGroups = try Self.entries(
            "agent_groups", Self.agentGroupsMax, entry, AgentGroupEntry.init, \.name)
        callCenters = try Self.entries(
            "call_centers", Self.callCentersMax, entry, CallCenterEntry.init, \.serviceUserID)
        accessTokens = try Self.entries(
            "access_tokens", Self.accessTokensMax, entry, AccessTokenEntry.init, \.name)
        accessKeys = try Self.entries("access_keys", Self.accessKeysMax, entry, AccessKeyEntry.init, \.name)
        callbacks = try Self.entries("callbacks", Self.callbacksMax, entry, CallbackEntry.init, \.name)
        userGroups = try Self.entries("groups", Self.userGroupsMax, entry, UserGroupEntry.init, \.id)
        thresholdProfiles =
            try entry.names("threshold_profiles", of: "profiles", max: Self.thresholdProfilesMax) ?? []
        apio = try entry.optional("apio", ApioEntry.init)
        teniosAccessKeys = try Self.entries(
            "tenios_access_keys", Self.teniosAccessKeysMax, entry, TeniosKeyEntry.init, \.name)
        tenios = try entry.optional("tenios", TeniosEntry.init)
        exports = try Self.entries("exports", Self.exportsMax, entry, ExportEntry.init, \.name)
        libraries = try Self.entries(
            "libraries", LibraryLimits.librariesMax, entry, LibraryEntry.init, \.name)
        libraryCategories = try Self.entries(
            "library_categories", LibraryLimits.categoriesMax, entry, LibraryCategoryEntry.init, \.name)
        libraryQuestions = try Self.entries(
            "library_questions", Self.libraryQuestionsMax, entry, LibraryQuestionEntry.init, \.subject)
        facebook = try Self.entries(
            "facebook", Self.facebookPagesMax, entry, FacebookPageEntry.init, \.pageID)
        try checkTogether()
    }

    /// A list of settings: the whole list, nothing twice.
    private static func words<Word: Hashable>(
        _ key: String, max: Int, _ entry: EntryReader,
        _ read: (DocumentNode) throws -> Word
    ) throws -> [Word]? {
        guard let node = entry.node(key) else { return nil }
        var seen: Set<Word> = []
        return try node.list(of: "values", max: max) { node in
            let word = try read(node)
            guard seen.insert(word).inserted else { throw node.problem("this value is here twice") }
            return word
        }
    }

    /// A list of entries, each known by a name of its own.
    private static func entries<Entry>(
        _ key: String, _ max: Int, _ entry: EntryReader,
        _ read: (DocumentNode) throws -> Entry, _ name: (Entry) -> Located<String>
    ) throws -> [Entry] {
        guard let node = entry.node(key) else { return [] }
        let entries = try node.list(of: key, max: max, read)
        try refuseRepeats(entries.map(name))
        return entries
    }

    /// What no entry can see alone.
    private func checkTogether() throws {
        let defaults = notReadyReasons.filter { $0.isDefault == true }
        if defaults.count > 1 {
            throw ProvisionProblem(
                at: defaults[1].position,
                "one reason is the default, and \(quoted(defaults[0].code.value)) on line "
                    + "\(defaults[0].position.line) already is")
        }
        try refuseRepeats(agents.compactMap(\.emailAddress.value), folded: true)
        try refuseRepeats(agents.compactMap(\.user.userID.value))
        var phones: [[Int64]: Int] = [:]
        for agent in agents {
            guard let device = agent.deviceID.value, let number = agent.extensionID.value else { continue }
            if let line = phones.updateValue(device.position.line, forKey: [device.value, number.value]) {
                throw ProvisionProblem(
                    at: device.position, "the device and extension on line \(line) are the same")
            }
        }
    }
}

extension NotReadyReasonEntry {
    static let keys = ["code", "text", "default"]

    init(_ node: DocumentNode) throws {
        let entry = try EntryReader(node, "a not-ready reason", keys: Self.keys)
        position = entry.position
        code = try entry.required("code") { try $0.locatedText(.code) }
        text = try entry.optional("text") { try $0.text(.text) }
        isDefault = try entry.optional("default") { try $0.flag() }
    }
}

extension DocumentNode {
    fileprivate func workspaceName() throws -> String {
        let expected = "a workspace name (a-z, 0-9 and -, up to 63, not beginning with -)"
        guard case .text(let name, _) = content, !isNull, (1...63).contains(name.utf8.count),
            name.utf8.allSatisfy({ (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D }),
            name.utf8.first != 0x2D
        else { throw self.expected(expected) }
        return name
    }
}
