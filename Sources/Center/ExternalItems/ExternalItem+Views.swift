// Work items as other systems and desks see them: where they stand, what they tell, why they were offered.

public import Routing
import Store

public struct ItemView: Sendable {
    public let now: ItemNow
    /// Nil for an errand.
    public let external: ExternalItem?
    public let errand: ErrandID?
    /// Latest first.
    public let decisions: [StoredDecision]
    public let offers: [StoredOffer]
    /// When it entered its queue and found nobody, and why.
    public let blockedAt: Instant?
    public let blockedBy: Blockage?
}

public enum ItemViewLimits {
    /// Decisions and offers of an item that its view shows.
    public static let pastMax: Int64 = 50
    public static let pageMax = 200
}

extension Floor {
    /// A work item of any kind.
    public func workItem(_ id: WorkItemID, in workspace: WorkspaceID) async throws -> ItemView {
        // The live router knows; what is due is done before.
        let live = try await perform(Plan("look at item", checksFirst: true), by: .system(workspace)) {
            work in
            work.item(id).map { ItemNow($0, work.office.router, overflow: nil) }
        }
        let found: ItemView? = try await view { reader in
            let rows = try reader.fetch([
                "SELECT * FROM work_item WHERE workspace = \(workspace) AND id = \(id)",
                ExternalItem.row(workspace, id),
                """
                SELECT * FROM decision WHERE workspace = \(workspace) AND work_item = \(id)
                ORDER BY epoch DESC LIMIT \(ItemViewLimits.pastMax)
                """,
                """
                SELECT * FROM offer WHERE workspace = \(workspace) AND work_item = \(id)
                ORDER BY epoch DESC, agent LIMIT \(ItemViewLimits.pastMax)
                """,
            ])
            guard let row = rows[0].first else { return nil }
            let external = rows[1].first.map { ExternalItem($0) }
            let isOurs = row.text("noun") == Matter.errandNoun
            var now = live ?? ItemNow(ended: row, external)
            if live != nil, let overflow = external?.overflow { now = now.with(overflow) }
            return ItemView(
                now: now, external: external, errand: isOurs ? ErrandID(row.int("noun_id")) : nil,
                decisions: rows[2].map(StoredDecision.init), offers: rows[3].map(StoredOffer.init),
                blockedAt: row.intOrNil("blocked_at").map(Instant.init(ms:)),
                blockedBy: row.intOrNil("blocked_reason").flatMap(Blockage.init(rawValue:)))
        }
        guard let found else { throw Refusal.notFound("There is no such work item here.") }
        return found
    }

    /// Work items of other systems that have not ended, by id.
    public func openItems(after id: Int64, limit: Int, in workspace: WorkspaceID) async throws
        -> [(now: ItemNow, external: ExternalItem)]
    {
        let limit = min(max(limit, 1), ItemViewLimits.pageMax)
        let live = try await perform(Plan("look at items", checksFirst: true), by: .system(workspace)) {
            work in
            work.office.externals.keys.filter { $0.raw > id }.sorted().prefix(limit).compactMap {
                work.item($0).map { ItemNow($0, work.office.router, overflow: nil) }
            }
        }
        return try await view { reader in
            let rows = try reader.query(
                """
                SELECT * FROM external_item WHERE workspace = \(workspace) AND id IN \(list: live.map(\.id))
                """
            ).map { ExternalItem($0) }
            let byID = Dictionary(uniqueKeysWithValues: rows.map { ($0.id.raw, $0) })
            return live.compactMap { now in byID[now.id].map { (now, $0) } }
        }
    }
}

extension ItemNow {
    /// By the rows of one that is gone.
    fileprivate init(ended row: Row, _ external: ExternalItem?) {
        let entered = Instant(ms: row.int("entered_at"))
        self.init(
            id: WorkItemID(row.int("id")), external?.ending ?? .done, queue: QueueID(row.int("queue")),
            channel: Channel(rawValue: row.int("channel")) ?? .errand, priority: row.int("priority"),
            queued: row.intOrNil("queued_at").map(Instant.init(ms:)) ?? entered, entered: entered,
            overflow: external?.overflow)
    }
}
