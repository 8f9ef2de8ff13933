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
    /// Whether the agent who has it is writing an answer.
    public let hasDraft: Bool
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
    /// What was written of an errand that is not on the list, unless it or the settings changed since; or the ticket to
    /// keep it with.
    package func keptReport(
        _ id: ErrandID, _ directory: Directory
    ) -> (document: [UInt8]?, ticket: CacheTicket) {
        let (document, ticket) = caches.reports.find(id.raw, directory)
        return (document, ticket)
    }

    /// Keeps the document of a report that was not on the list: one that was says so.
    /// - Parameters:
    ///   - isChanged: whether the report said so.
    ///   - directory: the settings whose names stand in it.
    ///   - ticket: taken before the report was read.
    package func keep(
        _ document: [UInt8], of errand: ErrandID, isChanged: Bool, _ directory: Directory,
        _ ticket: CacheTicket
    ) {
        guard !isChanged else { return }
        caches.reports.put(document, errand.raw, bytes: document.count, directory, ticket)
    }

    /// Reads an errand and takes it off the list of changed ones, once that is stored.
    /// - Parameter clears: false only looks.
    /// - Throws: `Refusal.notFound`.
    public func errandReport(
        _ id: ErrandID, clears: Bool = true, by principal: Principal
    ) async throws -> ErrandReport {
        try await errandReport(id, clears: clears, by: principal) { $0 }
    }

    /// - Parameter make: what is wanted of the report; called where it was read, which may be the writer's thread. One
    ///   piece of bytes comes from there at less than half the price of a report's dozens of texts, each in another
    ///   core's cache.
    package func errandReport<Made: Sendable>(
        _ id: ErrandID, clears: Bool = true, by principal: Principal,
        _ make: @escaping @Sendable (ErrandReport) -> Made
    ) async throws -> Made {
        let workspace = principal.workspace
        guard let directory = roster.workspace(workspace) else {
            throw Refusal.notFound("There is no such errand.")
        }
        let made =
            clears && isOnList(id, workspace)
            ? try await readWhereWritten(id, by: principal, make)
            : try await readBeside(id, directory, clears: clears, by: principal, make)
        guard let made else { throw Refusal.notFound("There is no errand \(id) here.") }
        return made
    }

    /// Probably. Who reads reports has read the list before, which spares most looks; where each look is a round trip,
    /// there is none.
    private func isOnList(_ id: ErrandID, _ workspace: WorkspaceID) -> Bool {
        guard store.engine.dialect == .sqlite else { return false }
        if caches.listed.holds(id, in: workspace) { return true }
        return (try? store.engine.glance { try ErrandReport.isOnList(id, workspace, $0) }) == true
    }

    /// In the writer, whose cache holds what a snapshot's lost with the last commit: one way there and back for both
    /// the report and the list. Others wait no longer for it than for the verbs that stored the errands' texts, which are
    /// most of it: of a history it takes `actionsMax` lines.
    private func readWhereWritten<Made: Sendable>(
        _ id: ErrandID, by principal: Principal, _ make: @escaping @Sendable (ErrandReport) -> Made
    ) async throws -> Made? {
        let kept = Kept<Made>()
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            let asked = ChangedReads.Asked(id: id, take: { kept.value = $0.map(make) }) { outcome in
                switch outcome {
                case .success: continuation.resume()
                case .failure(let error): continuation.resume(throwing: error)
                }
            }
            let workspace = principal.workspace
            guard let group = changedReads.ask(asked, in: workspace) else { return }
            let job = Job(
                plan: Plan("read changed errands", checksFirst: true), principal: principal,
                run: { [changedReads] in try ErrandReport.read(changedReads.close(group, workspace), $0) },
                answer: { [changedReads] outcome in
                    for one in changedReads.close(group, workspace) { one.answer(outcome) }
                })
            if !writer.mailbox.put(job) { job.answer(.failure(Self.tooMuch)) }
        }
        return kept.value
    }

    private func readBeside<Made: Sendable>(
        _ id: ErrandID, _ directory: Directory, clears: Bool, by principal: Principal,
        _ make: @escaping @Sendable (ErrandReport) -> Made
    ) async throws -> Made? {
        let (made, dirty) = try await view {
            let (report, dirty) = try ErrandReport.read(id, directory, $0)
            return (report.map(make), dirty)
        }
        if clears, let dirty {
            try await perform(Plan("clear changed errand", checksFirst: true), by: principal) { work in
                // What changed since it was read stays on the list.
                try work.execute(
                    """
                    DELETE FROM dirty WHERE workspace = \(work.workspace) AND errand = \(id) AND seq <= \(dirty)
                    """)
            }
        }
        return made
    }
}

extension ErrandReport {
    fileprivate static func isOnList(
        _ id: ErrandID, _ workspace: WorkspaceID, _ reader: any Reading
    ) throws -> Bool {
        try !reader.query("SELECT seq FROM dirty WHERE workspace = \(workspace) AND errand = \(id)").isEmpty
    }

    /// What there is at most one of comes in one row: each statement has its price. So has each column, and other
    /// systems' data can be long.
    static func rows(_ workspace: WorkspaceID, _ ids: [ErrandID]) -> SQL {
        """
        SELECT e.id, e.state, e.area, e.channel, e.work_item, e.contact, e.agent, e.priority, e.thread,
            e.grouped_with, e.account, e.subject, e.from_name, e.from_address, e.arrived_at, e.opened_at,
            e.answered_at, e.closed_at, e.handling_ms, e.version, e.erased_at,
            d.seq AS dirty_seq, m.body, m.html_body, r.subject AS answer_subject, r.body AS answer_body,
            (SELECT COUNT(*) FROM attachment a WHERE a.workspace = e.workspace AND a.errand = e.id
                AND a.owner_noun = 'message') AS attachments,
            CASE WHEN EXISTS (SELECT 1 FROM errand c WHERE c.workspace = e.workspace AND c.parent = e.id)
                THEN 1 ELSE 0 END AS has_child,
            CASE WHEN e.state = 1 AND EXISTS (SELECT 1 FROM draft w WHERE w.workspace = e.workspace
                AND w.errand = e.id AND w.agent = e.agent) THEN 1 ELSE 0 END AS has_draft,
            CASE WHEN EXISTS (SELECT 1 FROM errand_tag t WHERE t.workspace = e.workspace AND t.errand = e.id)
                THEN 1 ELSE 0 END AS is_tagged,
            s.version AS judged, s.expiry, s.done_due, s.within_sla, s.handling_s, s.response_s,
            f.asked, f.asked_at, f.level, f.first_answer, f.last_answer
        FROM errand e
        LEFT JOIN dirty d ON d.workspace = e.workspace AND d.errand = e.id
        LEFT JOIN message m ON m.workspace = e.workspace AND m.errand = e.id AND m.id = (
            SELECT MIN(id) FROM message WHERE workspace = e.workspace AND errand = e.id)
        LEFT JOIN response r ON r.workspace = e.workspace AND r.errand = e.id AND r.id = (
            SELECT MAX(id) FROM response WHERE workspace = e.workspace AND errand = e.id)
        LEFT JOIN errand_sla s ON s.workspace = e.workspace AND s.errand = e.id
        LEFT JOIN satisfaction f ON f.workspace = e.workspace AND f.errand = e.id
        WHERE e.workspace = \(workspace) AND e.id IN \(list: ids)
        """
    }

    /// The newest come first, which no database has to sort.
    private static func history(_ workspace: WorkspaceID, _ id: ErrandID) -> SQL {
        """
        SELECT id, kind, at, actor_kind, actor, data FROM history
        WHERE workspace = \(workspace) AND errand = \(id) ORDER BY id DESC LIMIT \(actionsMax)
        """
    }

    /// - Returns: the report, and the event that put it on the list of changed errands.
    fileprivate static func read(
        _ id: ErrandID, _ directory: Directory, _ reader: any Reading
    ) throws -> (ErrandReport?, dirty: Int64?) {
        let rows = try reader.fetch([
            rows(directory.workspace, [id]), history(directory.workspace, id),
        ])
        guard let row = rows[0].first else { return (nil, nil) }
        return (try ErrandReport(row, rows[1], directory, reader), row.intOrNil("dirty_seq"))
    }

    /// Reads errands and takes them off the list of changed ones.
    fileprivate static func read(_ all: [ChangedReads.Asked], _ work: Work) throws {
        let rows = try work.connection.query(rows(work.workspace, all.map(\.id)))
        var listed: [ErrandID] = []
        for one in all {
            guard let row = rows.first(where: { $0.int("id") == one.id.raw }) else {
                one.take(nil)
                continue
            }
            let lines = try work.connection.query(history(work.workspace, one.id))
            one.take(try ErrandReport(row, lines, work.directory, work.connection))
            if row.intOrNil("dirty_seq") != nil { listed.append(one.id) }
        }
        guard !listed.isEmpty else { return }
        try work.execute(
            "DELETE FROM dirty WHERE workspace = \(work.workspace) AND errand IN \(list: listed)")
    }

    private init(_ row: Row, _ lines: [Row], _ directory: Directory, _ reader: any Reading) throws {
        errand = Errand(row)
        thread = ErrandID(row.int("thread"))
        groupedWith = row.intOrNil("grouped_with").map(ErrandID.init)
        hasChild = row.bool("has_child")
        hasDraft = row.bool("has_draft")
        account = row.textOrNil("account")
        actions = lines.reversed().compactMap(Action.init)
        body = row.textOrNil("body") ?? ""
        htmlBody = row.textOrNil("html_body") ?? ""
        attachmentCount = row.int("attachments")
        answer = row.textOrNil("answer_subject").map { ($0, row.text("answer_body")) }
        // Most errands have none.
        tags =
            row.bool("is_tagged") ? try Self.tags(of: ErrandID(row.int("id")), directory, reader) : []
        satisfaction = row.textOrNil("asked").flatMap { _ in Satisfaction(row) }
        isChanged = row.intOrNil("dirty_seq") != nil
        sla = row.intOrNil("judged") == row.int("version") ? ErrandSLA(row) : nil
    }

    private static func tags(
        of id: ErrandID, _ directory: Directory, _ reader: any Reading
    ) throws -> [ErrandTag] {
        let own = Set(
            try reader.query(
                "SELECT tag FROM errand_tag WHERE workspace = \(directory.workspace) AND errand = \(id)"
            ).map { $0.int("tag") })
        return directory.tags.filter { own.contains($0.id) }
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
