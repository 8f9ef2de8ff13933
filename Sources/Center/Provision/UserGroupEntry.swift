// Groups of users and their departments in a provisioning file, as telephony systems part a workspace.

/// A group, known by `id`.
public struct UserGroupEntry: Codable, Sendable, Hashable {
    public var position: Position
    public var id: Located<String>
    /// The whole list.
    public var departments: [DepartmentEntry]?
}

public struct DepartmentEntry: Codable, Sendable, Hashable {
    public var name: Located<String>
    /// Another department of the same group.
    public var parent: Located<String>?
}

extension UserGroupEntry {
    static let keys = ["id", "departments"]

    init(_ node: DocumentNode) throws {
        let entry = try EntryReader(node, "a group", keys: Self.keys)
        position = entry.position
        id = try entry.required("id") { try $0.locatedText(.name) }
        departments = try entry.optional("departments") {
            try $0.list(of: "departments", max: ProvisionPlan.departmentsMax, DepartmentEntry.init)
        }
        try refuseRepeats((departments ?? []).map(\.name))
        try refuseRings()
    }

    /// A parent is in the same list, and none stands above itself.
    private func refuseRings() throws {
        let departments = departments ?? []
        let parents = Dictionary(uniqueKeysWithValues: departments.map { ($0.name.value, $0.parent) })
        for department in departments {
            guard let parent = department.parent else { continue }
            guard parents[parent.value] != nil else {
                throw ProvisionProblem.unknown("department", parent, among: departments.map(\.name.value))
            }
            var path = [department.name.value]
            var above = department.parent?.value
            while let next = above, path.count <= departments.count {
                path.append(next)
                guard next != department.name.value else {
                    throw ProvisionProblem(
                        at: parent.position,
                        "departments would stand above themselves: \(path.joined(separator: " → ")); "
                            + "leave one parent out")
                }
                above = parents[next]??.value
            }
        }
    }
}

extension DepartmentEntry {
    init(_ node: DocumentNode) throws {
        let entry = try EntryReader(node, "a department", keys: ["name", "parent"])
        name = try entry.required("name") { try $0.locatedText(.name) }
        let parent = try entry.given("parent") { try $0.locatedText(.name) }
        self.parent = parent.value
    }
}

/// What an agent is to a telephony system: `user_id`, `group`, `department`. Cleared: none.
public struct UserEntry: Codable, Sendable, Hashable {
    /// Unique on the server.
    public var userID: Given<Located<String>>
    public var group: Given<Located<String>>
    /// Of the agent's group.
    public var department: Given<Located<String>>
}

extension UserEntry {
    static let keys = ["user_id", "group", "department"]

    init(_ entry: EntryReader) throws {
        userID = try entry.given("user_id") { try $0.locatedText(.userID) }
        group = try entry.given("group") { try $0.locatedText(.name) }
        department = try entry.given("department") { try $0.locatedText(.name) }
    }
}

/// What concerns APIO's wire alone.
public struct ApioEntry: Codable, Sendable, Hashable {
    /// Whether lists of call centers have their names where nothing is asked.
    public var enrichesCallCenters: Bool?

    init(_ node: DocumentNode) throws {
        let entry = try EntryReader(node, "settings of APIO", keys: ["enrich_cc_info"])
        enrichesCallCenters = try entry.optional("enrich_cc_info") { try $0.flag() }
    }
}

extension TextRule {
    /// Source: reference apio.md §3.5.
    static let userID = TextRule(what: "a user id", lengths: 1...161, unbroken: true)
}
