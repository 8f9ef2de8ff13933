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
                let any = try await view { reader in
                    try reader.query(
                        """
                        SELECT errand FROM draft WHERE workspace = \(workspace) AND until_at <= \(now) LIMIT 1
                        """)
                }
                guard !any.isEmpty else { break }
                try await perform(Plan("forget drafts"), by: .system(workspace)) { work in
                    // Asked here: a browser may have spoken again.
                    let over = try work.query(
                        """
                        SELECT d.errand, CASE WHEN e.agent = d.agent AND e.state = 1 THEN 1 ELSE 0 END AS held
                        FROM draft d JOIN errand e ON e.workspace = d.workspace AND e.id = d.errand
                        WHERE d.workspace = \(workspace) AND d.until_at <= \(work.now)
                        ORDER BY d.until_at LIMIT \(DraftLimits.sweepMax)
                        """)
                    let errands = over.map { ErrandID($0.int("errand")) }
                    try work.execute(
                        """
                        DELETE FROM draft WHERE workspace = \(workspace) AND errand IN \(list: errands)
                            AND until_at <= \(work.now)
                        """)
                    // Of an errand that has left those hands nobody read it any more.
                    for row in over where row.bool("held") { try work.tellDraft(ErrandID(row.int("errand"))) }
                }
            }
        }
    }
}

extension Work {
    fileprivate func tellDraft(_ errand: ErrandID) throws {
        try dirty(errand, try tell(.errandDrafted, .errand, errand.raw, ["errand": .number(errand.raw)]))
    }
}
