// What an agent sees of errands: the offer, what is in hand, an area's list, an errand whole.

import Foundation
public import Routing
import Store

public enum ViewLimits {
    /// Entries on one page of a list.
    public static let pageMax = 50
    /// Errands in hand that the desk shows.
    public static let inHandMax = 200
    /// Messages, answers and actions of an errand that its page shows.
    public static let partsMax = 500
}

/// A standing offer as its agent sees it.
public struct OfferView: Sendable {
    public let item: WorkItemID
    public let epoch: Int64
    public let madeAt: Instant
    public let deadline: Instant
    /// The rule that chose this agent: `longest_idle`, `fewest_in_hand`, `only_candidate`.
    public let reason: String
    public let reasonValue: Int64?
    /// What is offered: an errand,
    public let errand: Errand?
    /// or a call or chat of another system, and the queue that it is in.
    public let external: ExternalItem?
    public let queue: QueueID
}

/// A call or chat of another system in an agent's hands.
public struct HeldItem: Sendable {
    public let external: ExternalItem
    public let queue: QueueID
    /// Since when the conversation lasts; nil in wrap-up.
    public let activeSince: Instant?
    /// When the wrap-up ends at the latest.
    public let wrapUpUntil: Instant?
}

/// The agent's own page.
public struct DeskView: Sendable {
    public let presence: Presence
    public let presenceSince: Instant
    public let reason: ReasonID?
    public let wrapUpUntil: Instant?
    /// Why the presence is what it is, when the router changed it: `unanswered`.
    public let cause: PresenceCause?
    public let offer: OfferView?
    public let inHand: [Errand]
    /// Calls and chats of other systems in hand or in wrap-up, the oldest first.
    public let items: [HeldItem]
    /// Waiting errands for each area the agent serves, in the order of areas, counted up to `ListLimits.countMax`.
    public let waiting: [(area: AreaID, count: Int64)]
    /// The journal's position that this view shows.
    public let seq: Int64
}

/// A file's row, without its content.
public struct Attachment: Sendable {
    public let id: AttachmentID
    public let ownerNoun: String
    public let owner: Int64
    public let name: String
    public let contentType: String
    public let contentID: String?
    public let size: Int64
}

/// An errand whole.
public struct ErrandView: Sendable {
    public struct Message: Sendable {
        public let id: MessageID
        public let n: Int64
        public let fromName: String
        public let fromAddress: String
        public let subject: String
        public let body: String
        public let htmlBody: String
        public let at: Instant
    }
    public struct Answer: Sendable {
        public let id: AnswerID
        public let response: ResponseID
        public let agent: AgentID?
        public let userType: String
        public let subject: String
        public let body: String
        public let htmlBody: String
        public let at: Instant
    }
    public struct Action: Sendable {
        public let id: Int64
        public let at: Instant
        public let kind: HistoryKind
        public let actorKind: String
        public let actor: Int64?
        public let data: String
    }
    public let errand: Errand
    /// As the router sees it: nil when done.
    public let itemState: ItemState?
    public let extradata: String?
    public let messages: [Message]
    public let answers: [Answer]
    public let attachments: [Attachment]
    public let history: [Action]
    /// What the customer was asked with an answer, and said; nil when nothing was asked.
    public let satisfaction: Satisfaction?

    public enum ItemState: Sendable, Hashable {
        case waiting
        case offered(AgentID)
        case active(AgentID)
        case wrapUp(AgentID)
    }
}

extension Floor {
    public func desk(_ agent: AgentID, in workspace: WorkspaceID) async throws -> DeskView {
        guard let directory = roster.workspace(workspace), let own = directory.agent(agent) else {
            throw Refusal.notFound("There is no such agent.")
        }
        let areas = own.areas.compactMap(directory.area)
        return try await view { reader in
            let rows = try reader.fetch([
                "SELECT * FROM agent_state WHERE workspace = \(workspace) AND agent = \(agent)",
                """
                SELECT o.work_item, o.epoch, o.made_at, o.deadline_at, o.reason, o.reason_value,
                    w.queue AS item_queue, e.* FROM offer AS o
                JOIN work_item AS w ON w.workspace = o.workspace AND w.id = o.work_item
                JOIN errand AS e ON e.workspace = w.workspace AND e.id = w.noun_id AND w.noun = 'errand'
                WHERE o.workspace = \(workspace) AND o.agent = \(agent) AND o.ended_at IS NULL
                """,
                """
                SELECT * FROM errand WHERE workspace = \(workspace) AND agent = \(agent)
                    AND state = 1 ORDER BY arrived_at, id LIMIT \(ViewLimits.inHandMax)
                """,
                "SELECT COALESCE(MAX(seq), 0) AS seq FROM journal WHERE workspace = \(workspace)",
                """
                SELECT o.work_item, o.epoch, o.made_at, o.deadline_at, o.reason, o.reason_value,
                    w.queue AS item_queue, x.* FROM offer AS o
                JOIN work_item AS w ON w.workspace = o.workspace AND w.id = o.work_item
                JOIN external_item AS x ON x.workspace = w.workspace AND x.id = w.id
                WHERE o.workspace = \(workspace) AND o.agent = \(agent) AND o.ended_at IS NULL
                """,
                """
                SELECT w.state, w.since_at, w.until_at, w.queue AS item_queue, x.* FROM external_item AS x
                JOIN work_item AS w ON w.workspace = x.workspace AND w.id = x.id
                WHERE x.workspace = \(workspace) AND x.agent = \(agent) AND x.agent > 0 AND x.ended_at IS NULL
                ORDER BY x.id LIMIT \(ViewLimits.inHandMax)
                """,
            ])
            let counts = try AreaCounts.waiting(areas.map(\.id), in: workspace, reader)
            let state = rows[0].first
            return DeskView(
                presence: state.flatMap { Presence(rawValue: $0.int("presence")) } ?? .signedOut,
                presenceSince: Instant(ms: state?.int("presence_since") ?? 0),
                reason: state?.intOrNil("reason").map(ReasonID.init),
                wrapUpUntil: state?.intOrNil("wrap_up_until").map(Instant.init(ms:)),
                cause: state.flatMap { PresenceCause(rawValue: $0.int("presence_cause")) },
                offer: rows[1].first.map { OfferView($0, errand: Errand($0), external: nil) }
                    ?? rows[4].first.map { OfferView($0, errand: nil, external: ExternalItem($0)) },
                inHand: rows[2].map(Errand.init), items: rows[5].map(HeldItem.init),
                waiting: zip(areas, counts).map { ($0.id, $1) },
                seq: rows[3][0].int("seq"))
        }
    }

    /// An errand whole, for an agent who may see it.
    public func errand(_ id: ErrandID, for agent: AgentID, in workspace: WorkspaceID) async throws
        -> ErrandView
    {
        let missing = Refusal.notFound("There is no such errand here.")
        guard let directory = roster.workspace(workspace), let own = directory.agent(agent) else {
            throw missing
        }
        let found: ErrandView? = try await view { reader in
            let rows = try reader.fetch([
                Errand.row(workspace, id),
                """
                SELECT * FROM message WHERE workspace = \(workspace) AND errand = \(id)
                ORDER BY id LIMIT \(ViewLimits.partsMax)
                """,
                """
                SELECT a.id, a.response, a.agent, a.user_type, a.at, r.subject, r.body, r.html_body FROM answer AS a
                JOIN response AS r ON r.workspace = a.workspace AND r.errand = a.errand AND r.id = a.response
                WHERE a.workspace = \(workspace) AND a.errand = \(id) ORDER BY a.id LIMIT \(ViewLimits.partsMax)
                """,
                """
                SELECT id, owner_noun, owner, name, content_type, content_id, size FROM attachment
                WHERE workspace = \(workspace) AND errand = \(id) ORDER BY id LIMIT \(ViewLimits.partsMax)
                """,
                """
                SELECT id, at, kind, actor_kind, actor, data FROM history WHERE workspace = \(workspace)
                    AND errand = \(id) ORDER BY id LIMIT \(ViewLimits.partsMax)
                """,
                Satisfaction.row(workspace, id),
            ])
            guard let row = rows[0].first else { return nil }
            let errand = Errand(row)
            guard directory.reaches(own, errand.area) || errand.agent == agent else { return nil }
            let item = try reader.query(
                "SELECT state, agent FROM work_item WHERE workspace = \(workspace) AND id = \(errand.workItem)"
            )
            return ErrandView(
                errand: errand, itemState: item.first.flatMap(Self.itemState),
                extradata: row.textOrNil("extradata"),
                messages: rows[1].map(Self.message), answers: rows[2].map(Self.answer),
                attachments: rows[3].map(Self.attachment), history: rows[4].map(Self.action),
                satisfaction: rows[5].first.flatMap(Satisfaction.init))
        }
        guard let found else { throw missing }
        return found
    }

    private static func itemState(_ row: Row) -> ErrandView.ItemState? {
        let agent = row.intOrNil("agent").map(AgentID.init)
        return switch (row.int("state"), agent) {
        case (1, _): .waiting
        case (2, let agent?): .offered(agent)
        case (3, let agent?): .active(agent)
        case (4, let agent?): .wrapUp(agent)
        default: nil
        }
    }

    private static func message(_ row: Row) -> ErrandView.Message {
        .init(
            id: MessageID(row.int("id")), n: row.int("n"), fromName: row.text("from_name"),
            fromAddress: row.text("from_address"), subject: row.text("subject"), body: row.text("body"),
            htmlBody: row.text("html_body"), at: Instant(ms: row.int("at")))
    }

    private static func answer(_ row: Row) -> ErrandView.Answer {
        .init(
            id: AnswerID(row.int("id")), response: ResponseID(row.int("response")),
            agent: row.intOrNil("agent").map(AgentID.init), userType: row.text("user_type"),
            subject: row.text("subject"), body: row.text("body"), htmlBody: row.text("html_body"),
            at: Instant(ms: row.int("at")))
    }

    static func attachment(_ row: Row) -> Attachment {
        Attachment(
            id: AttachmentID(row.int("id")), ownerNoun: row.text("owner_noun"), owner: row.int("owner"),
            name: row.text("name"), contentType: row.text("content_type"),
            contentID: row.textOrNil("content_id"),
            size: row.int("size"))
    }

    private static func action(_ row: Row) -> ErrandView.Action {
        .init(
            id: row.int("id"), at: Instant(ms: row.int("at")),
            kind: HistoryKind(rawValue: row.text("kind")) ?? .opened,
            actorKind: row.text("actor_kind"), actor: row.intOrNil("actor"), data: row.text("data"))
    }
}

extension OfferView {
    fileprivate init(_ row: Row, errand: Errand?, external: ExternalItem?) {
        self.init(
            item: WorkItemID(row.int("work_item")), epoch: row.int("epoch"),
            madeAt: Instant(ms: row.int("made_at")), deadline: Instant(ms: row.int("deadline_at")),
            reason: row.text("reason"), reasonValue: row.intOrNil("reason_value"), errand: errand,
            external: external, queue: QueueID(row.int("item_queue")))
    }
}

extension HeldItem {
    fileprivate init(_ row: Row) {
        let isTalk = row.int("state") == Work.StoredItemState.active
        self.init(
            external: ExternalItem(row), queue: QueueID(row.int("item_queue")),
            activeSince: isTalk ? row.intOrNil("since_at").map(Instant.init(ms:)) : nil,
            wrapUpUntil: isTalk ? nil : row.intOrNil("until_at").map(Instant.init(ms:)))
    }
}
