// The journal as other systems follow it: page after page, without a gap.

public import Routing
import Store

public enum JournalLimits {
    /// Events of one page.
    public static let pageMax = 1_000
}

/// A line of the journal as its row holds it.
public struct JournalLine: Sendable, Hashable {
    public let seq: Int64
    public let at: Instant
    public let kind: String
    /// `agent`, `token`, `system` or `operator`.
    public let actorKind: String
    public let actor: Int64?
    public let via: String
    public let noun: String
    public let nounID: Int64
    /// A flat JSON object of ids, figures and enumerations.
    public let data: String

    init(_ row: Row) {
        seq = row.int("seq")
        at = Instant(ms: row.int("at"))
        kind = row.text("kind")
        actorKind = row.text("actor_kind")
        actor = row.intOrNil("actor")
        via = row.text("via")
        noun = row.text("noun")
        nounID = row.int("noun_id")
        data = row.text("data")
    }
}

public struct JournalPage: Sendable, Hashable {
    public let lines: [JournalLine]
    /// What came up to here is no longer there.
    public let floor: Int64
    /// The newest event of all.
    public let last: Int64
}

extension Floor {
    /// Events after `seq`, oldest first; none for a cursor below the floor, which has missed something.
    public func journal(after seq: Int64, limit: Int, in workspace: WorkspaceID) async throws -> JournalPage {
        let limit = min(max(limit, 1), JournalLimits.pageMax)
        return try await view { reader in
            let rows = try reader.fetch([
                "SELECT journal_floor FROM workspace WHERE id = \(workspace)",
                "SELECT COALESCE(MAX(seq), 0) AS seq FROM journal WHERE workspace = \(workspace)",
                """
                SELECT * FROM journal WHERE workspace = \(workspace) AND seq > \(seq)
                ORDER BY seq LIMIT \(limit)
                """,
            ])
            let floor = rows[0].first?.int("journal_floor") ?? 0
            return JournalPage(
                lines: seq < floor ? [] : rows[2].map(JournalLine.init), floor: floor,
                // A journal that is trimmed to its end has come as far as its floor.
                last: max(rows[1][0].int("seq"), floor))
        }
    }
}
