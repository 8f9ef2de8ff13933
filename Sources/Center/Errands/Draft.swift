// That an agent is writing an answer. The text stays in the agent's browser until it is sent; other systems read
// that there is one.

import Routing
import Store

public enum DraftLimits {
    /// How long a browser that says nothing more is believed.
    public static let keptMs: Int64 = 10 * 60_000
    /// Drafts forgotten in one verb.
    static let sweepMax = 200
}

extension Floor {
    /// The agent's browser has an unsent answer to an errand in the agent's hands, or has none any more.
    public func noteDraft(_ id: ErrandID, isThere: Bool, by principal: Principal) async throws {
        let workspace = principal.workspace
        let agent = principal.agent ?? AgentID(0)
        let plan = Plan(
            "note draft",
            reads: [
                Errand.row(workspace, id),
                """
                SELECT until_at FROM draft WHERE workspace = \(workspace) AND errand = \(id) AND agent = \(agent)
                """,
            ], keys: [.errand(id)], checksFirst: true)
        try await perform(plan, by: principal) { work in
            let errand = try work.inHand(0, version: nil)
            let wasThere = try work.rows(1).first.map { $0.int("until_at") > work.now.ms } ?? false
            if isThere {
                let until = work.now + DraftLimits.keptMs
                try work.execute(
                    """
                    INSERT INTO draft (workspace, errand, agent, until_at)
                    VALUES (\(workspace), \(id), \(agent), \(until))
                    ON CONFLICT (workspace, errand, agent) DO UPDATE SET until_at = excluded.until_at
                    """)
            } else {
                try work.execute(
                    "DELETE FROM draft WHERE workspace = \(workspace) AND errand = \(id) AND agent = \(agent)"
                )
            }
            if isThere != wasThere { try work.tellDraft(errand.id) }
        }
    }

    /// Forgets drafts of browsers that said nothing more.
    public func forgetDrafts() async throws {
        for directory in roster.directories {
            let workspace = directory.workspace
            for _ in 0..<TrimLimits.verbsMax {
                let now = now
                let over = try await view { reader in
                    try reader.query(
                        """
                        SELECT errand, agent FROM draft WHERE workspace = \(workspace) AND until_at <= \(now)
                        ORDER BY until_at LIMIT \(DraftLimits.sweepMax)
                        """)
                }
                guard !over.isEmpty else { break }
                try await perform(Plan("forget drafts", checksFirst: true), by: .system(workspace)) { work in
                    for row in over {
                        let (errand, agent) = (ErrandID(row.int("errand")), row.int("agent"))
                        // The browser may have spoken again.
                        let still = try work.query(
                            """
                            SELECT errand FROM draft WHERE workspace = \(workspace) AND errand = \(errand)
                                AND agent = \(agent) AND until_at <= \(work.now)
                            """)
                        guard !still.isEmpty else { continue }
                        try work.execute(
                            """
                            DELETE FROM draft
                            WHERE workspace = \(workspace) AND errand = \(errand) AND agent = \(agent)
                            """)
                        let held = try work.query(
                            """
                            SELECT id FROM errand WHERE workspace = \(workspace) AND id = \(errand)
                                AND agent = \(agent) AND state = 1
                            """)
                        // Of an errand that has left those hands nobody read it any more.
                        if !held.isEmpty { try work.tellDraft(errand) }
                    }
                }
                if over.count < DraftLimits.sweepMax { break }
            }
        }
    }
}

extension Work {
    fileprivate func tellDraft(_ errand: ErrandID) throws {
        try dirty(errand, try tell(.errandDrafted, .errand, errand.raw, ["errand": .number(errand.raw)]))
    }
}
