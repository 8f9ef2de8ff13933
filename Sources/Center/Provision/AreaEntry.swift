// Areas in a provisioning file.

/// An area and its queue, known by name. nil: the file does not say, so what is there stays.
public struct AreaEntry: Codable, Sendable, Hashable {
    public var position: Position
    public var name: Located<String>
    /// Cleared: none.
    public var externalID: Given<String>
    /// Priority class of what arrives; 0 goes first.
    public var priority: Int64?
    /// Cleared: always open.
    public var calendar: Given<Located<String>>
    public var queue: QueueEntry
    /// Cleared: no such promise.
    public var slaResponseS: Given<Int64>
    public var slaDoneS: Given<Int64>
    /// In thousandths of the promised response time.
    public var slaWarningPermille: Int64?
    /// Cleared: customers are asked nothing.
    public var satisfaction: Given<SatisfactionQuestion>
    /// Paths as written; the content is in the plan's `files`. The whole list.
    public var archives: [Located<String>]?
}

extension AreaEntry {
    static let keys =
        ["name", "external_id", "priority", "calendar"] + QueueEntry.keys
        + ["sla_response_s", "sla_done_s", "sla_warning_share", "satisfaction", "archives"]

    init(_ node: DocumentNode) throws {
        let entry = try EntryReader(node, "an area", keys: Self.keys)
        position = entry.position
        name = try entry.required("name") { try $0.locatedText(.name) }
        externalID = try entry.given("external_id") { try $0.text(.externalID) }
        priority = try entry.optional("priority") { try $0.whole(in: 0...QueueLimits.priorityMax) }
        calendar = try entry.given("calendar") { try $0.locatedText(.name) }
        queue = try QueueEntry(entry, .area)
        slaResponseS = try Self.promise("sla_response_s", entry)
        slaDoneS = try Self.promise("sla_done_s", entry)
        slaWarningPermille = try entry.optional("sla_warning_share") { try $0.permille() }
        satisfaction = try entry.given("satisfaction") { try SatisfactionQuestion($0) }
        archives = try Self.archives(entry)
    }

    private static func promise(_ key: String, _ entry: EntryReader) throws -> Given<Int64> {
        try entry.given(key) { try $0.seconds(1...366 * QueueLimits.daySeconds) }
    }

    /// An archive is known in its area by the last part of its path.
    private static func archives(_ entry: EntryReader) throws -> [Located<String>]? {
        let paths = try entry.names(
            "archives", of: "archives", max: ProvisionPlan.archivesPerAreaMax, rule: .path)
        for path in paths ?? [] where ["", ".", ".."].contains(archiveName(path.value)) {
            throw ProvisionProblem(at: path.position, "expected a file, not \(quoted(path.value))")
        }
        try refuseRepeats((paths ?? []).map { Located(archiveName($0.value), at: $0.position) })
        return paths
    }

    /// What the archive at `path` is called.
    public static func archiveName(_ path: String) -> String {
        String(path.split(separator: "/", omittingEmptySubsequences: false).last ?? "")
    }
}
