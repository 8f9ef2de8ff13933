// The minute job: reads the journal from where it stopped, and judges each errand that changed or whose time came.

import Routing
import Store

extension ErrandSLA {
    /// Journal lines read at a time.
    static let linesMax = 1_000
    /// Errands judged in one verb.
    static let batchMax = 100
    /// Batches of one workspace in one run; the next run goes on.
    static let batchesMax = 200
    static let reader = "sla"
}

extension Floor {
    /// Judges what changed since the last run, and what time has changed.
    public func judgeErrands() async throws {
        for directory in roster.directories {
            let workspace = directory.workspace
            for _ in 0..<ErrandSLA.batchesMax {
                guard try await judgeChanged(workspace) else { break }
            }
            for _ in 0..<ErrandSLA.batchesMax {
                let due = try await dueErrands(workspace)
                guard !due.isEmpty else { break }
                try await judge(due, in: workspace, upTo: nil)
            }
        }
    }

    /// - Returns: whether there may be more.
    private func judgeChanged(_ workspace: WorkspaceID) async throws -> Bool {
        let (errands, last, isFull) = try await view { reader in
            let seq = try reader.query(
                "SELECT seq FROM journal_reader WHERE workspace = \(workspace) AND name = \(ErrandSLA.reader)"
            ).first?.int("seq")
            let lines = try reader.query(
                """
                SELECT seq, noun, noun_id FROM journal WHERE workspace = \(workspace) AND seq > \(seq ?? 0)
                ORDER BY seq LIMIT \(ErrandSLA.linesMax)
                """)
            var errands = Set(
                lines.filter { $0.text("noun") == Noun.errand.rawValue }.map { $0.int("noun_id") })
            let items = Set(
                lines.filter { $0.text("noun") == Noun.workItem.rawValue }.map { $0.int("noun_id") })
            let rows =
                try items.isEmpty
                ? []
                : reader.query(
                    """
                    SELECT noun_id FROM work_item
                    WHERE workspace = \(workspace) AND noun = 'errand' AND id IN \(list: items.sorted())
                    """)
            errands.formUnion(rows.map { $0.int("noun_id") })
            return (
                errands.sorted().map(ErrandID.init), lines.last?.int("seq"), lines.count == ErrandSLA.linesMax
            )
        }
        guard let last else { return false }
        var rest = errands[...]
        while rest.count > ErrandSLA.batchMax {
            try await judge(Array(rest.prefix(ErrandSLA.batchMax)), in: workspace, upTo: nil)
            rest = rest.dropFirst(ErrandSLA.batchMax)
        }
        // The place in the journal moves with the last of them: what a crash cut short is judged again.
        try await judge(Array(rest), in: workspace, upTo: last)
        return isFull
    }

    private func dueErrands(_ workspace: WorkspaceID) async throws -> [ErrandID] {
        let now = now
        return try await view { reader in
            try reader.query(
                """
                SELECT errand FROM errand_sla WHERE workspace = \(workspace) AND next_at IS NOT NULL
                    AND next_at <= \(now) ORDER BY next_at LIMIT \(ErrandSLA.batchMax)
                """
            ).map { ErrandID($0.int("errand")) }
        }
    }

    private func judge(_ errands: [ErrandID], in workspace: WorkspaceID, upTo seq: Int64?) async throws {
        let now = now
        guard let directory = roster.workspace(workspace) else { return }
        let judged = try await view { reader in
            try errands.isEmpty
                ? [] : ErrandSLA.judge(errands, in: directory, reader, at: now)
        }
        try await perform(Plan("judge errands", checksFirst: true), by: .system(workspace)) { work in
            for (errand, version, sla, next) in judged {
                try work.execute(
                    """
                    INSERT INTO errand_sla (workspace, errand, version, expiry, done_due, within_sla, handling_s,
                        response_s, next_at)
                    VALUES (\(workspace), \(errand), \(version), \(sla.expiry), \(sla.isDoneDue), \(sla.isWithin),
                        \(sla.handlingS), \(sla.responseS), \(next))
                    ON CONFLICT (workspace, errand) DO UPDATE SET version = excluded.version, expiry = excluded.expiry,
                        done_due = excluded.done_due, within_sla = excluded.within_sla,
                        handling_s = excluded.handling_s, response_s = excluded.response_s,
                        next_at = excluded.next_at
                    """)
            }
            guard let seq else { return }
            try work.execute(
                """
                INSERT INTO journal_reader (workspace, name, seq)
                VALUES (\(workspace), \(ErrandSLA.reader), \(seq))
                ON CONFLICT (workspace, name) DO UPDATE SET seq = excluded.seq
                """)
        }
        // No event tells of it.
        for (errand, _, _, _) in judged { caches.reports.forget(errand.raw, in: workspace) }
    }
}

extension ErrandSLA {
    fileprivate static func judge(
        _ errands: [ErrandID], in directory: Directory, _ reader: any Reading, at now: Instant
    ) throws -> [(ErrandID, version: Int64, ErrandSLA, Instant?)] {
        let workspace = directory.workspace
        let rows = try reader.fetch([
            """
            SELECT id, version, area, agent, state, arrived_at, answered_at, closed_at FROM errand
            WHERE workspace = \(workspace) AND id IN \(list: errands)
            """,
            """
            SELECT errand, kind, at FROM history WHERE workspace = \(workspace) AND errand IN \(list: errands)
            ORDER BY errand, id
            """,
        ])
        let history = Dictionary(grouping: rows[1]) { $0.int("errand") }
        return rows[0].map { row in
            let lines = (history[row.int("id")] ?? []).compactMap { line in
                HistoryKind(rawValue: line.text("kind")).map { ($0, Instant(ms: line.int("at"))) }
            }
            let area = directory.area(AreaID(row.int("area")))
            let facts = Facts(
                arrivedAt: Instant(ms: row.int("arrived_at")),
                answeredAt: row.intOrNil("answered_at").map(Instant.init(ms:)),
                closedAt: row.intOrNil("closed_at").map(Instant.init(ms:)),
                spans: spans(lines, inHand: row.intOrNil("agent") != nil && row.int("state") == 1),
                responseMs: area?.slaResponseS.map { $0 * 1_000 }, doneMs: area?.slaDoneS.map { $0 * 1_000 },
                warningPermille: area?.slaWarningPermille ?? ErrandSLA.warningPermille)
            let calendar = area?.calendar.flatMap { id in directory.calendars.first { $0.id == id } }
            let (sla, next) = judge(facts, calendar, at: now)
            return (ErrandID(row.int("id")), row.int("version"), sla, next)
        }
    }
}
