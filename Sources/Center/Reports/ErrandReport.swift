// Everything about one errand, for another system; reading it takes the errand off the list of changed ones.

public import Routing
import Store

public struct ErrandReport: Sendable {
    public struct Action: Sendable {
        public let id: Int64
        public let kind: HistoryKind
        public let at: Instant
        /// `agent`, `token`, `system` or `operator`.
        public let actorKind: String
        public let actor: Int64?
        public let names: HistoryNames
    }

    public let errand: Errand
    public let thread: ErrandID
    public let groupedWith: ErrandID?
    public let hasChild: Bool
    /// The sending system's account, which is the address it was sent to.
    public let account: String?
    public let actions: [Action]
    /// The errand's first message.
    public let body: String
    public let htmlBody: String
    public let attachmentCount: Int64
    public let answer: (subject: String, body: String)?
    public let tags: [ErrandTag]
    /// What the customer was asked with an answer, and said; nil when nothing was asked.
    public let satisfaction: Satisfaction?
    /// Whether it was on the list of changed errands.
    public let isChanged: Bool
    /// nil while the minute job has not judged it since it changed.
    public let sla: ErrandSLA?
}

extension ErrandReport {
    /// Lines of an errand's history in its report, the newest.
    public static let actionsMax = 2_000
}

extension Floor {
    /// Reads an errand and takes it off the list of changed ones, once that is stored.
    /// - Parameter clears: false only looks.
    /// - Throws: `Refusal.notFound`.
    public func errandReport(
        _ id: ErrandID, clears: Bool = true, by principal: Principal
    ) async throws -> ErrandReport {
        let workspace = principal.workspace
        guard let directory = roster.workspace(workspace) else {
            throw Refusal.notFound("There is no such errand.")
        }
        let (report, dirty) = try await view { reader in
            try ErrandReport.read(id, directory, reader)
        }
        guard let report else { throw Refusal.notFound("There is no errand \(id) here.") }
        if clears, let dirty {
            try await perform(Plan("clear changed errand", checksFirst: true), by: principal) { work in
                // What changed since it was read stays on the list.
                try work.execute(
                    "DELETE FROM dirty WHERE workspace = \(workspace) AND errand = \(id) AND seq <= \(dirty)")
            }
        }
        return report
    }
}

extension ErrandReport {
    /// - Returns: the report, and the event that put it on the list of changed errands.
    fileprivate static func read(
        _ id: ErrandID, _ directory: Directory, _ reader: any Reading
    ) throws -> (ErrandReport?, dirty: Int64?) {
        let workspace = directory.workspace
        let rows = try reader.fetch([
            Errand.row(workspace, id),
            """
            SELECT * FROM (SELECT id, kind, at, actor_kind, actor, data FROM history
                WHERE workspace = \(workspace) AND errand = \(id) ORDER BY id DESC LIMIT \(actionsMax)) AS newest
            ORDER BY id
            """,
            """
            SELECT body, html_body FROM message WHERE workspace = \(workspace) AND errand = \(id)
            ORDER BY id LIMIT 1
            """,
            """
            SELECT COUNT(*) AS n FROM attachment WHERE workspace = \(workspace) AND errand = \(id)
                AND owner_noun = 'message'
            """,
            """
            SELECT subject, body FROM response WHERE workspace = \(workspace) AND errand = \(id)
            ORDER BY id DESC LIMIT 1
            """,
            "SELECT tag FROM errand_tag WHERE workspace = \(workspace) AND errand = \(id) ORDER BY tag",
            "SELECT seq FROM dirty WHERE workspace = \(workspace) AND errand = \(id)",
            "SELECT * FROM errand_sla WHERE workspace = \(workspace) AND errand = \(id)",
            Satisfaction.row(workspace, id),
        ])
        guard let row = rows[0].first else { return (nil, nil) }
        let child = try reader.query(
            """
            SELECT id FROM errand WHERE workspace = \(workspace) AND contact = \(row.int("contact"))
                AND parent = \(id) LIMIT 1
            """)
        let dirty = rows[6].first?.int("seq")
        let judged = rows[7].first.flatMap { $0.int("version") == row.int("version") ? $0 : nil }
        let tags = Set(rows[5].map { $0.int("tag") })
        let report = ErrandReport(
            errand: Errand(row), thread: ErrandID(row.int("thread")),
            groupedWith: row.intOrNil("grouped_with").map(ErrandID.init), hasChild: !child.isEmpty,
            account: row.textOrNil("account"),
            actions: rows[1].compactMap(Action.init), body: rows[2].first?.text("body") ?? "",
            htmlBody: rows[2].first?.text("html_body") ?? "", attachmentCount: rows[3].first?.int("n") ?? 0,
            answer: rows[4].first.map { ($0.text("subject"), $0.text("body")) },
            tags: directory.tags.filter { tags.contains($0.id) },
            satisfaction: rows[8].first.flatMap(Satisfaction.init), isChanged: dirty != nil,
            sla: judged.map(ErrandSLA.init))
        return (report, dirty)
    }
}

extension ErrandReport.Action {
    fileprivate init?(_ row: Row) {
        guard let kind = HistoryKind(rawValue: row.text("kind")) else { return nil }
        self.init(
            id: row.int("id"), kind: kind, at: Instant(ms: row.int("at")),
            actorKind: row.text("actor_kind"), actor: row.intOrNil("actor"),
            names: HistoryNames(data: row.text("data")))
    }
}

extension ErrandSLA {
    fileprivate init(_ row: Row) {
        expiry = row.int("expiry")
        isDoneDue = row.bool("done_due")
        isWithin = row.bool("within_sla")
        handlingS = row.int("handling_s")
        responseS = row.int("response_s")
    }
}
