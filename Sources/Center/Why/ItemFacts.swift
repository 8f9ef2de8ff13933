// What rows tell of a work item's way through its queue, and of what an agent was offered.

public import Routing
import Store

/// A decision as its row holds it.
public struct StoredDecision: Sendable {
    public let epoch: Int64
    public let at: Instant
    public let queue: QueueID
    public let serving: Int64
    public let available: Int64
    public let skilled: Int64
    public let withRoom: Int64
    public let candidates: Int64
    public let winner: AgentID
    public let reason: String
    public let figure: Int64?
    public let runnerUp: AgentID?

    init(_ row: Row) {
        epoch = row.int("epoch")
        at = Instant(ms: row.int("at"))
        queue = QueueID(row.int("queue"))
        serving = row.int("serving")
        available = row.int("available")
        skilled = row.int("skilled")
        withRoom = row.int("with_room")
        candidates = row.int("candidates")
        winner = AgentID(row.int("winner"))
        reason = row.text("reason")
        figure = row.intOrNil("reason_value")
        runnerUp = row.intOrNil("runner_up").map(AgentID.init)
    }
}

/// An offer to one agent.
public struct StoredOffer: Sendable {
    public let agent: AgentID
    public let epoch: Int64
    public let madeAt: Instant
    public let deadline: Instant
    public let endedAt: Instant?
    public let ending: OfferEnd?

    init(_ row: Row) {
        agent = AgentID(row.int("agent"))
        epoch = row.int("epoch")
        madeAt = Instant(ms: row.int("made_at"))
        deadline = Instant(ms: row.int("deadline_at"))
        endedAt = row.intOrNil("ended_at").map(Instant.init(ms:))
        ending = row.intOrNil("ending").flatMap(OfferEnd.init(rawValue:))
    }
}

struct ItemFacts: Sendable {
    /// Offers and changes that an explanation looks back on.
    static let pastMax: Int64 = 10

    let item: WorkItemID
    /// `Errand 12`, `Call 7`.
    let name: String
    /// Nil for work of another system.
    let errand: Errand?
    let queue: QueueID?
    /// Has it in hand, or is offered it alone.
    let agent: AgentID?
    /// When it entered its queue.
    let queuedAt: Instant?
    /// When it entered its queue and found nobody, and why.
    let blockedAt: Instant?
    let blockedBy: Blockage?
    /// Of the latest offer.
    let decision: StoredDecision?
    /// Latest first.
    let offers: [StoredOffer]
    /// What its class of work waited for since it entered, latest first.
    let changes: [(at: Instant, why: Blockage, skills: [SkillID])]

    static func read(_ id: ErrandID, in workspace: WorkspaceID, _ reader: any Reading) throws -> ItemFacts? {
        guard let row = try reader.query(Errand.row(workspace, id)).first else { return nil }
        let errand = Errand(row)
        return try read(errand.workItem, "Errand \(id)", errand, in: workspace, reader)
    }

    /// Any work item, by its own number.
    static func read(_ id: WorkItemID, in workspace: WorkspaceID, _ reader: any Reading) throws -> ItemFacts?
    {
        if let row = try reader.query(ExternalItem.row(workspace, id)).first {
            let word = ExternalItem(row).channel.word(1).capitalizedFirst
            return try read(id, "\(word) \(id.raw)", nil, in: workspace, reader)
        }
        let rows = try reader.query(
            "SELECT noun_id FROM work_item WHERE workspace = \(workspace) AND id = \(id)")
        guard let row = rows.first else { return nil }
        return try read(ErrandID(row.int("noun_id")), in: workspace, reader)
    }

    private static func read(
        _ id: WorkItemID, _ name: String, _ errand: Errand?, in workspace: WorkspaceID, _ reader: any Reading
    ) throws -> ItemFacts {
        let rows = try reader.fetch([
            "SELECT * FROM work_item WHERE workspace = \(workspace) AND id = \(id)",
            """
            SELECT * FROM decision WHERE workspace = \(workspace) AND work_item = \(id)
            ORDER BY epoch DESC LIMIT 1
            """,
            """
            SELECT * FROM offer WHERE workspace = \(workspace) AND work_item = \(id)
            ORDER BY epoch DESC, agent LIMIT \(pastMax)
            """,
        ])
        let item = rows[0].first
        let queuedAt = item.flatMap { $0.intOrNil("queued_at") }.map(Instant.init(ms:))
        var changes: [Row] = []
        if let item, let queuedAt {
            changes = try reader.query(
                """
                SELECT at, reason, skills FROM blockage WHERE workspace = \(workspace)
                    AND queue = \(item.int("queue")) AND channel = \(item.int("channel")) AND at >= \(queuedAt)
                ORDER BY at DESC, batch DESC, ordinal DESC LIMIT \(pastMax)
                """)
        }
        return ItemFacts(
            item: id, name: name, errand: errand, queue: item.map { QueueID($0.int("queue")) },
            agent: item.flatMap { $0.intOrNil("agent") }.map(AgentID.init),
            queuedAt: queuedAt,
            blockedAt: item.flatMap { $0.intOrNil("blocked_at") }.map(Instant.init(ms:)),
            blockedBy: item.flatMap { $0.intOrNil("blocked_reason") }.flatMap(Blockage.init(rawValue:)),
            decision: rows[1].first.map(StoredDecision.init), offers: rows[2].map(StoredOffer.init),
            changes: changes.compactMap { row in
                guard let why = Blockage(rawValue: row.int("reason")) else { return nil }
                return (
                    Instant(ms: row.int("at")), why, numbers(of: row.text("skills")).map(SkillID.init)
                )
            })
    }
}

/// What the work items are called that an agent's explanation names.
struct AgentFacts: Sendable {
    /// `errand 12`, `call 7`.
    let names: [WorkItemID: String]

    static func read(_ found: AgentExplanation, in workspace: WorkspaceID, _ reader: any Reading) throws
        -> AgentFacts
    {
        var named = found.inHand.prefix(explainedMax) + [found.offered].compactMap { $0 }
        for case .kept(let item, _) in found.causes { named.append(item) }
        let rows = try reader.query(
            """
            SELECT id, noun, noun_id, channel FROM work_item
            WHERE workspace = \(workspace) AND id IN \(list: Array(named))
            """)
        let names = rows.map { row in
            let channel = Channel(rawValue: row.int("channel")) ?? .errand
            let isOurs = row.text("noun") == Matter.errandNoun
            return (
                WorkItemID(row.int("id")),
                isOurs ? "errand \(row.int("noun_id"))" : "\(channel.word(1)) \(row.int("id"))"
            )
        }
        return AgentFacts(names: Dictionary(uniqueKeysWithValues: names))
    }
}
