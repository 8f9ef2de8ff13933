// An export: the errands of a preset, read piece by piece beside the writer.

public import Routing
import Store

public enum ExportLimits {
    /// Errand ids looked through at a time.
    static let windowIDs: Int64 = 2_000
    /// Errands read whole at a time,
    static let pieceErrandsMax = 100
    /// or as many as have this many characters of text together; one errand alone may have more.
    static let pieceLettersMax: Int64 = 1 << 20
}

/// Which errands of a preset are wanted.
public struct ExportPeriod: Sendable, Hashable {
    /// By when they were closed, not by when they arrived.
    public var usesClosure: Bool
    public var from: Instant?
    /// The first instant that is not wanted any more.
    public var end: Instant?

    public init(usesClosure: Bool = false, from: Instant? = nil, end: Instant? = nil) {
        self.usesClosure = usesClosure
        self.from = from
        self.end = end
    }
}

/// One run of an export: reads on where the last piece ended. What changes meanwhile is told as it is when its
/// piece is read; each errand is told once.
public struct Export: Sendable {
    public let id: ExportID
    private let preset: ExportPreset
    private let period: ExportPeriod
    private let floor: Floor
    private let workspace: WorkspaceID
    /// Errands that came later are not of this export.
    private let last: Int64
    private var next: Int64 = 1
    /// Found already, with the letters that each has.
    private var found: [(id: ErrandID, letters: Int64)] = []

    fileprivate init(
        _ id: ExportID, _ preset: ExportPreset, _ period: ExportPeriod, last: Int64, _ floor: Floor,
        _ workspace: WorkspaceID
    ) {
        self.id = id
        self.preset = preset
        self.period = period
        self.last = last
        self.floor = floor
        self.workspace = workspace
    }

    /// The next errands, ascending; nil when there are no more.
    public mutating func piece() async throws -> [ExportedErrand]? {
        while found.isEmpty {
            guard next <= last else { return nil }
            let window = next..<min(next + ExportLimits.windowIDs, last + 1)
            let (workspace, preset, period) = (workspace, preset, period)
            found = try await floor.view { reader in
                try Self.find(window, preset, period, workspace, reader)
            }
            next = window.upperBound
        }
        var letters: Int64 = 0
        var count = 0
        for errand in found.prefix(ExportLimits.pieceErrandsMax) {
            letters += errand.letters
            guard count == 0 || letters <= ExportLimits.pieceLettersMax else { break }
            count += 1
        }
        let ids = found.prefix(count).map(\.id)
        found.removeFirst(count)
        let workspace = workspace
        return try await floor.view { reader in try ExportedErrand.read(ids, workspace, reader) }
    }

    private static func find(
        _ window: Range<Int64>, _ preset: ExportPreset, _ period: ExportPeriod, _ workspace: WorkspaceID,
        _ reader: any Reading
    ) throws -> [(id: ErrandID, letters: Int64)] {
        var conditions: SQL = ""
        let column: SQL = period.usesClosure ? "closed_at" : "arrived_at"
        if let from = period.from { conditions = conditions + " AND " + column + " >= \(from)" }
        if let end = period.end { conditions = conditions + " AND " + column + " < \(end)" }
        // By closing date: what is open is not among them, also without dates.
        if period.usesClosure { conditions = conditions + " AND closed_at IS NOT NULL" }
        if !preset.areas.isEmpty { conditions = conditions + " AND area IN \(list: preset.areas)" }
        if !preset.channels.isEmpty {
            conditions = conditions + " AND channel IN \(list: preset.channels.map(\.rawValue))"
        }
        if !preset.tags.isEmpty {
            conditions =
                conditions
                    + """
                     AND EXISTS (SELECT 1 FROM errand_tag t WHERE t.workspace = errand.workspace AND t.errand = errand.id
                        AND t.tag IN \(list: preset.tags))
                    """
        }
        let ids = try reader.query(
            """
            SELECT id FROM errand WHERE workspace = \(workspace) AND id >= \(window.lowerBound)
                AND id < \(window.upperBound)\(sql: conditions) ORDER BY id
            """
        ).map { ErrandID($0.int("id")) }
        guard !ids.isEmpty else { return [] }
        var letters: [Int64: Int64] = [:]
        let lengths: [SQL] = [
            "SELECT errand, LENGTH(body) + LENGTH(html_body) AS n FROM message WHERE n = 1",
            "SELECT errand, LENGTH(body) + LENGTH(html_body) AS n FROM response WHERE 1 = 1",
            "SELECT errand, LENGTH(body) AS n FROM note WHERE 1 = 1",
        ]
        for rows in try reader.fetch(
            lengths.map { $0 + " AND workspace = \(workspace) AND errand IN \(list: ids)" })
        {
            for row in rows { letters[row.int("errand"), default: 0] += row.int("n") }
        }
        return ids.map { ($0, letters[$0.raw] ?? 0) }
    }
}

extension Floor {
    /// Begins an export of a preset, and gives it its number.
    /// - Throws: `Refusal.notFound` for a preset that nobody knows.
    public func export(
        _ preset: ExportPresetID, _ period: ExportPeriod, by principal: Principal
    ) async throws -> Export {
        let workspace = principal.workspace
        let plan = Plan(
            "trigger export",
            reads: [
                "SELECT * FROM export_preset WHERE workspace = \(workspace) AND id = \(preset)",
                "SELECT COALESCE(MAX(id), 0) AS last FROM errand WHERE workspace = \(workspace)",
            ], checksFirst: true)
        let (id, found, last) = try await perform(plan, by: principal) { work in
            try work.requireClaim(.export)
            guard let row = try work.rows(0).first else {
                throw Refusal.notFound(
                    "There is no export \(preset) here; provision prints the ids of exports.")
            }
            let id = ExportID(work.next(.export))
            try work.tell(.exportTriggered, .export, id.raw, ["preset": .number(preset.raw)])
            return (id, ExportPreset(row), try work.rows(1)[0].int("last"))
        }
        return Export(id, found, period, last: last, self, workspace)
    }
}
