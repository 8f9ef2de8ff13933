// What rows tell of an errand's way through its queue, and of what an agent was offered.

import Routing
import Store

/// A decision as its row holds it.
struct StoredDecision: Sendable {
    let epoch: Int64
    let at: Instant
    let queue: QueueID
    let serving: Int64
    let available: Int64
    let skilled: Int64
    let withRoom: Int64
    let candidates: Int64
    let winner: AgentID
    let reason: String
    let figure: Int64?
    let runnerUp: AgentID?

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
struct StoredOffer: Sendable {
    let agent: AgentID
    let epoch: Int64
    let madeAt: Instant
    let deadline: Instant
    let endedAt: Instant?
    let ending: OfferEnd?

    init(_ row: Row) {
        agent = AgentID(row.int("agent"))
        epoch = row.int("epoch")
        madeAt = Instant(ms: row.int("made_at"))
        deadline = Instant(ms: row.int("deadline_at"))
        endedAt = row.intOrNil("ended_at").map(Instant.init(ms:))
        ending = row.intOrNil("ending").flatMap(OfferEnd.init(rawValue:))
    }
}

struct ErrandFacts: Sendable {
    /// Offers and changes that an explanation looks back on.
    static let pastMax: Int64 = 10

    let errand: Errand
    let queue: QueueID?
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

    static func read(_ id: ErrandID, in workspace: WorkspaceID, _ reader: any Reading) throws -> ErrandFacts?
    {
        guard let row = try reader.query(Errand.row(workspace, id)).first else { return nil }
        let errand = Errand(row)
        let rows = try reader.fetch([
            "SELECT * FROM work_item WHERE workspace = \(workspace) AND id = \(errand.workItem)",
            """
            SELECT * FROM decision WHERE workspace = \(workspace) AND work_item = \(errand.workItem)
            ORDER BY epoch DESC LIMIT 1
            """,
            """
            SELECT * FROM offer WHERE workspace = \(workspace) AND work_item = \(errand.workItem)
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
        return ErrandFacts(
            errand: errand, queue: item.map { QueueID($0.int("queue")) }, queuedAt: queuedAt,
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

/// Which errands the work items are that an agent's explanation names.
struct AgentFacts: Sendable {
    let errands: [WorkItemID: ErrandID]

    static func read(_ found: AgentExplanation, in workspace: WorkspaceID, _ reader: any Reading) throws
        -> AgentFacts
    {
        var named = found.inHand.prefix(explainedMax) + [found.offered].compactMap { $0 }
        for case .kept(let item, _) in found.causes { named.append(item) }
        let rows = try reader.query(
            """
            SELECT id, noun_id FROM work_item WHERE workspace = \(workspace) AND id IN \(list: Array(named))
            """)
        return AgentFacts(
            errands: Dictionary(
                uniqueKeysWithValues: rows.map { (WorkItemID($0.int("id")), ErrandID($0.int("noun_id"))) }))
    }
}
