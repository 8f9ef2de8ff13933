// Callbacks due to customers' systems: a row in the commit that caused it, sent later, told again until heard.

import Foundation
public import Routing
public import Store

/// Figures of telling others.
public enum DeliveryLimits {
    /// Deliveries given up after this time.
    public static let giveUpMs: Int64 = 24 * 3_600_000
    /// Pauses after the first failure, the second and so on; the last one again and again.
    public static let pausesMs: [Int64] = [
        1_000, 5_000, 15_000, 60_000, 5 * 60_000, 15 * 60_000, 3_600_000,
    ]
    /// A receiver's `Retry-After` lengthens a pause up to this.
    public static let pauseMaxMs: Int64 = 3_600_000
    /// Rows looked at for one page of the log.
    public static let scanMax = 2_000
    /// Deliveries that one verb withdraws; a callback with more is deleted by several.
    static let withdrawnAtOnceMax = 1_000
    /// Archives that an answer can embed.
    static let archivesMax = 100
    /// Characters of a problem that are kept.
    static let problemMax = 300

    /// - Parameter retryAfterMs: what the receiver asked for.
    static func pauseMs(afterAttempts attempts: Int64, retryAfterMs: Int64?) -> Int64 {
        let own = pausesMs[Int(min(max(attempts, 1), Int64(pausesMs.count))) - 1]
        return max(own, min(retryAfterMs ?? 0, pauseMaxMs))
    }
}

/// A delivery that is due now.
public struct DueDelivery: Sendable, Hashable {
    public let workspace: WorkspaceID
    public let id: DeliveryID
    public let callback: CallbackID
    public let errand: ErrandID
    public let answer: AnswerID
    /// Tries before this one, since it was last sent by hand.
    public let attempts: Int64
}

/// A delivery's row. Legal transitions: due → sent | failed | withdrawn (its errand was erased, or its callback
/// deleted); failed → due (sent again by hand) | withdrawn (its errand was erased).
public enum DeliveryState: Int64, Sendable, Hashable, CaseIterable, Bindable {
    case due = 1
    case sent, failed, withdrawn

    public var value: Value { .integer(rawValue) }
}

/// What a callback tells of an answered errand.
public struct AnsweredErrand: Sendable {
    public struct Recipient: Sendable {
        public let id: Int64
        public let address: String
        public let name: String
    }
    public struct Original: Sendable {
        public let n: Int64
        public let fromName: String
        public let fromAddress: String
        public let at: Instant
        public let to: String
        public let subject: String
        public let body: String
        public let htmlBody: String
    }
    /// A question with a link for each of its levels.
    public struct Asked: Sendable {
        public let question: String
        /// Paths below the public URL.
        public let levels: [(label: String, path: String)]
    }
    public let delivery: DeliveryID
    public let workspaceName: String
    /// IANA name.
    public let timeZone: String
    public let errand: ErrandID
    public let channel: ErrandChannel
    public let answer: AnswerID
    public let response: ResponseID
    public let subject: String
    public let body: String
    public let htmlBody: String
    public let to: [Recipient]
    /// Of the response.
    public let attachments: [AttachmentID]
    /// Of the library, that the answer's HTML shows as `cid:12`.
    public let archives: [ArchiveID]
    /// What the customer is asked with it; nil: nothing.
    public let asks: Asked?
    /// The message that was answered.
    public let original: Original?
    public let secret: String?
}

/// Where a delivery goes, and what it may reach.
public struct DeliveryTarget: Sendable {
    public let endpoint: String
    /// CIDR networks that are allowed although private.
    public let allowedNetworks: [String]
}

extension Work {
    /// One delivery for each callback that listens to the area.
    func queueDeliveries(_ errand: ErrandID, _ answer: AnswerID, _ area: AreaID) throws {
        for callback in directory.callbacks where callback.areas.isEmpty || callback.areas.contains(area) {
            try execute(
                """
                INSERT INTO delivery (workspace, id, callback, errand, answer, state, attempts, created_at, next_at)
                VALUES (\(workspace), \(next(.delivery)), \(callback.id), \(errand), \(answer),
                    \(DeliveryState.due), \(0), \(now), \(now))
                """)
        }
    }
}

extension DueDelivery {
    static func rows(of callback: CallbackID, in workspace: WorkspaceID, at now: Instant, limit: Int) -> SQL {
        """
        SELECT id, errand, answer, attempts FROM delivery AS d
        WHERE workspace = \(workspace) AND callback = \(callback) AND state = 1 AND next_at <= \(now)
            AND NOT EXISTS (
                SELECT 1 FROM delivery AS e WHERE e.workspace = d.workspace AND e.errand = d.errand
                    AND e.callback = d.callback AND e.id < d.id AND e.state = 1)
        ORDER BY next_at, id LIMIT \(limit)
        """
    }
}

extension Floor {
    /// A callback's deliveries to send now, the oldest of each errand only, so that their order is kept.
    public func dueDeliveries(
        of callback: CallbackID, in workspace: WorkspaceID, limit: Int
    ) async throws -> [DueDelivery] {
        let due = DueDelivery.rows(of: callback, in: workspace, at: now, limit: limit)
        return try await view { reader in
            try reader.query(due).map { row in
                DueDelivery(
                    workspace: workspace, id: DeliveryID(row.int("id")), callback: callback,
                    errand: ErrandID(row.int("errand")), answer: AnswerID(row.int("answer")),
                    attempts: row.int("attempts"))
            }
        }
    }

    /// When the callback's next delivery that is not due yet will be; nil when none waits.
    public func nextDelivery(of callback: CallbackID, in workspace: WorkspaceID) async throws -> Instant? {
        let at = now
        return try await view { reader in
            try reader.query(
                """
                SELECT MIN(next_at) AS at FROM delivery
                WHERE workspace = \(workspace) AND callback = \(callback) AND state = 1
                    AND next_at > \(at)
                """)[0].intOrNil("at").map(Instant.init(ms:))
        }
    }

    /// Where the delivery goes and what it says; nil when its callback is gone or its errand erased.
    public func deliveryContent(_ due: DueDelivery) async throws -> (DeliveryTarget, AnsweredErrand)? {
        guard let directory = roster.workspace(due.workspace), let callback = directory.callback(due.callback)
        else { return nil }
        let secret = try callback.secretSealed.map {
            try master.open($0, context: "callback/\(due.workspace)/\(due.callback)")
        }
        let workspace = due.workspace
        let (rows, archives) = try await view { reader in
            let rows = try reader.fetch([
                Errand.row(workspace, due.errand),
                """
                SELECT * FROM answer WHERE workspace = \(workspace) AND errand = \(due.errand)
                    AND id = \(due.answer)
                """,
                """
                SELECT * FROM response WHERE workspace = \(workspace) AND errand = \(due.errand)
                    AND answer = \(due.answer)
                """,
                """
                SELECT id, owner_noun, owner, address, name FROM recipient
                WHERE workspace = \(workspace) AND errand = \(due.errand) ORDER BY id
                """,
                """
                SELECT id, owner FROM attachment WHERE workspace = \(workspace) AND errand = \(due.errand)
                    AND owner_noun = \("response") ORDER BY id
                """,
                """
                SELECT * FROM message WHERE workspace = \(workspace) AND errand = \(due.errand)
                ORDER BY id DESC LIMIT 1
                """,
                Satisfaction.row(workspace, due.errand),
            ])
            let named = Self.archives(in: rows[2].first?.text("html_body") ?? "")
            guard !named.isEmpty else { return (rows, [ArchiveID]()) }
            let known = try reader.query(
                """
                SELECT id FROM area_archive WHERE workspace = \(workspace) AND id IN \(list: named) ORDER BY id
                """)
            return (rows, known.map { ArchiveID($0.int("id")) })
        }
        guard let errand = rows[0].first.map(Errand.init), let answer = rows[1].first,
            let response = rows[2].first
        else {
            preconditionFailure("delivery \(due.id) of workspace \(workspace) has no answer \(due.answer)")
        }
        guard errand.erasedAt == nil else { return nil }
        let responseID = answer.int("response")
        let area = directory.areaName(errand.area) ?? ""
        let content = AnsweredErrand(
            delivery: due.id, workspaceName: directory.name, timeZone: directory.timeZone, errand: due.errand,
            channel: errand.channel, answer: due.answer, response: ResponseID(responseID),
            subject: response.text("subject").isEmpty ? errand.subject : response.text("subject"),
            body: response.text("body"), htmlBody: response.text("html_body"),
            to: rows[3].filter { $0.text("owner_noun") == "response" && $0.int("owner") == responseID }.map {
                .init(id: $0.int("id"), address: $0.text("address"), name: $0.text("name"))
            },
            attachments: rows[4].filter { $0.int("owner") == responseID }.map { AttachmentID($0.int("id")) },
            archives: archives, asks: asked(rows[6].first, with: due),
            original: rows[5].first.map { row in
                .init(
                    n: row.int("n"), fromName: row.text("from_name"), fromAddress: row.text("from_address"),
                    at: Instant(ms: row.int("at")), to: area, subject: row.text("subject"),
                    body: row.text("body"), htmlBody: row.text("html_body"))
            }, secret: secret)
        return (
            DeliveryTarget(endpoint: callback.endpoint, allowedNetworks: directory.callbackNetworks), content
        )
    }

    /// What was asked with the delivery's answer.
    private func asked(_ row: Row?, with due: DueDelivery) -> AnsweredErrand.Asked? {
        guard let row = row.flatMap(Satisfaction.init), row.isAsked(with: due.answer) else { return nil }
        return AnsweredErrand.Asked(
            question: row.asked.question,
            levels: SatisfactionQuestion.levels.map { level in
                (row.asked.label(level), satisfactionPath(due.errand, level, in: due.workspace))
            })
    }

    /// The ids in `cid:12`, which is how HTML shows a picture of the library.
    static func archives(in html: String) -> [ArchiveID] {
        var found: Set<ArchiveID> = []
        for match in html.matches(of: /[cC][iI][dD]:([0-9]{1,15})(?![A-Za-z0-9_.@-])/)
        where found.count < DeliveryLimits.archivesMax {
            if let id = Int64(match.1) { found.insert(ArchiveID(id)) }
        }
        return found.sorted()
    }

    /// The receiver has it.
    public func deliverySucceeded(_ due: DueDelivery, status: Int) async throws {
        try await perform(
            Plan("delivery sent", keys: [.delivery(due.id)], checksFirst: true), by: .system(due.workspace)
        ) { work in
            try work.execute(
                """
                UPDATE delivery SET state = \(DeliveryState.sent), attempts = attempts + 1, done_at = \(work.now),
                    status = \(status), problem = NULL
                WHERE workspace = \(due.workspace) AND id = \(due.id) AND state = \(DeliveryState.due)
                """)
            try work.tell(
                .deliverySent, .delivery, due.id.raw,
                ["errand": .number(due.errand.raw), "status": .number(Int64(status))])
        }
    }

    /// The try failed: due again after a growing pause, given up after 24 hours or when `final`.
    /// - Parameter retryAfterMs: what the receiver asked for.
    public func deliveryFailed(
        _ due: DueDelivery, status: Int?, problem: String, retryAfterMs: Int64? = nil, final: Bool = false
    ) async throws {
        let plan = Plan(
            "delivery failed",
            reads: [
                """
                SELECT attempts, created_at, resent_at, state FROM delivery
                WHERE workspace = \(due.workspace) AND id = \(due.id)
                """
            ],
            keys: [.delivery(due.id)], checksFirst: true)
        try await perform(plan, by: .system(due.workspace)) { work in
            guard let row = try work.rows(0).first, row.int("state") == DeliveryState.due.rawValue else {
                return
            }
            let attempts = row.int("attempts") + 1
            let next =
                work.now
                + DeliveryLimits.pauseMs(
                    afterAttempts: attempts, retryAfterMs: retryAfterMs)
            let over =
                final
                || next.ms - (row.intOrNil("resent_at") ?? row.int("created_at")) > DeliveryLimits.giveUpMs
            let text = String(problem.prefix(DeliveryLimits.problemMax))
            try work.execute(
                """
                UPDATE delivery SET state = \(over ? DeliveryState.failed : DeliveryState.due),
                    attempts = \(attempts), next_at = \(next), status = \(status), problem = \(text),
                    done_at = \(over ? work.now : nil)
                WHERE workspace = \(due.workspace) AND id = \(due.id)
                """)
            if over {
                try work.tell(
                    .deliveryFailed, .delivery, due.id.raw,
                    ["errand": .number(due.errand.raw), "attempts": .number(attempts)])
            }
        }
    }
}
