// The invariants of a workspace, looked for in rows and router alike, in one transaction.

import Routing
import Store

@testable import Center

/// What is wrong, in words; empty when all is well.
func auditWorkspace(_ work: Work) throws -> [String] {
    let live = work.office
    var problems = live.router.audit().map { "router: \($0.invariant) \($0.what)" }
    let restored = try Office.restore(work.workspace, work.connection)
    problems += differences(live.router.snapshot(), restored.router.snapshot())
    if live.errands != restored.errands {
        problems.append("errands of items: \(live.errands), rows \(restored.errands)")
    }
    if live.externals != restored.externals {
        problems.append("items of others: \(live.externals), rows \(restored.externals)")
    }
    if live.keptRequests != restored.keptRequests {
        problems.append("kept requests \(live.keptRequests), rows \(restored.keptRequests)")
    }
    if live.seq != restored.seq { problems.append("seq \(live.seq), rows \(restored.seq)") }
    if live.highWater != restored.highWater {
        problems.append("counters \(live.highWater), rows \(restored.highWater)")
    }
    for (agent, presence) in restored.presences where live.presences[agent] ?? .signedOut != presence {
        problems.append("presence of agent \(agent.raw)")
    }
    problems += try auditStatistics(work, restored: restored)
    return problems + (try auditRows(work))
}

private func differences(_ live: Snapshot, _ rows: Snapshot) -> [String] {
    var found: [String] = []
    if live.items != rows.items { found.append("items \(live.items), rows \(rows.items)") }
    if live.agents != rows.agents { found.append("agents \(live.agents), rows \(rows.agents)") }
    if live.agentSettings != rows.agentSettings { found.append("settings of agents") }
    if live.queueIDs != rows.queueIDs || live.queueSettings != rows.queueSettings { found.append("queues") }
    // An order that was drawn and never stored belongs to nobody any more.
    if live.idleOrder < rows.idleOrder { found.append("idle order \(live.idleOrder) < \(rows.idleOrder)") }
    return found
}

/// Each is a sentence, and a statement that finds rows only where it is broken.
private func auditRows(_ work: Work) throws -> [String] {
    let workspace = work.workspace
    let rules: [(String, SQL)] = [
        (
            "an open errand has exactly one live work item, its own",
            """
            SELECT e.id FROM errand AS e WHERE e.workspace = \(workspace) AND e.state = 1 AND (
                SELECT COUNT(*) FROM work_item AS w WHERE w.workspace = e.workspace AND w.noun_id = e.id
                    AND w.noun = 'errand' AND w.state IN (1, 2, 3, 5) AND w.id = e.work_item) <> 1
            """
        ),
        (
            "a closed errand has no live work item, but one in wrap-up",
            """
            SELECT e.id FROM errand AS e JOIN work_item AS w ON w.workspace = e.workspace AND w.noun_id = e.id
                AND w.noun = 'errand' WHERE e.workspace = \(workspace) AND e.state = 2 AND w.state IN (1, 2, 3)
            """
        ),
        (
            "an errand's agent is who has it in hand",
            """
            SELECT e.id FROM errand AS e JOIN work_item AS w ON w.workspace = e.workspace AND w.id = e.work_item
            WHERE e.workspace = \(workspace) AND e.state = 1
                AND COALESCE(e.agent, 0) <> CASE WHEN w.state = 3 THEN w.agent ELSE 0 END
            """
        ),
        (
            "an errand is in the area of its item's queue",
            """
            SELECT e.id FROM errand AS e JOIN work_item AS w ON w.workspace = e.workspace AND w.id = e.work_item
            JOIN area AS a ON a.workspace = e.workspace AND a.id = e.area
            WHERE e.workspace = \(workspace) AND e.state = 1 AND (a.queue <> w.queue OR a.deleted_at IS NOT NULL)
            """
        ),
        (
            "a standing offer is of an offered item, to its agent, with its deadline",
            """
            SELECT o.id FROM offer AS o LEFT JOIN work_item AS w ON w.workspace = o.workspace
                AND w.id = o.work_item AND w.state = 2 AND w.epoch = o.epoch AND w.agent = o.agent
                AND w.until_at = o.deadline_at
            WHERE o.workspace = \(workspace) AND o.ended_at IS NULL AND w.id IS NULL
            """
        ),
        (
            "an offered item has a standing offer, wrap-up an end",
            """
            SELECT w.id FROM work_item AS w WHERE w.workspace = \(workspace) AND (
                (w.state = 2 AND NOT EXISTS (SELECT 1 FROM offer AS o WHERE o.workspace = w.workspace
                    AND o.work_item = w.id AND o.epoch = w.epoch AND o.ended_at IS NULL))
                OR (w.state IN (2, 4) AND w.until_at IS NULL))
            """
        ),
        (
            "an agent has at most one offer",
            """
            SELECT agent AS id FROM offer WHERE workspace = \(workspace) AND ended_at IS NULL
            GROUP BY agent HAVING COUNT(*) > 1
            """
        ),
        (
            "an item of another system is live until it has ended, in the hands of its agent",
            """
            SELECT x.id FROM external_item AS x LEFT JOIN work_item AS w ON w.workspace = x.workspace
                AND w.id = x.id AND w.noun = 'external_item'
            WHERE x.workspace = \(workspace) AND (w.id IS NULL OR (w.state < 9) <> (x.ended_at IS NULL)
                OR (x.ended IS NULL) <> (x.ended_at IS NULL)
                OR (w.state IN (3, 4) AND COALESCE(x.agent, 0) <> w.agent)
                OR (w.state IN (1, 2, 5) AND x.agent IS NOT NULL))
            """
        ),
        (
            "only active agents have work, offers, sessions or keys",
            """
            SELECT a.id FROM agent AS a WHERE a.workspace = \(workspace) AND a.active = 0 AND (
                EXISTS (SELECT 1 FROM work_item AS w WHERE w.workspace = a.workspace AND w.agent = a.id
                    AND w.state IN (2, 3, 4))
                OR EXISTS (SELECT 1 FROM session AS s WHERE s.workspace = a.workspace AND s.agent = a.id)
                OR EXISTS (SELECT 1 FROM access_key AS k WHERE k.workspace = a.workspace AND k.agent = a.id
                    AND k.revoked_at IS NULL))
            """
        ),
        (
            "the journal has no gap",
            """
            SELECT COUNT(*) AS id FROM journal AS j JOIN workspace AS s ON s.id = j.workspace
            WHERE j.workspace = \(workspace) GROUP BY s.journal_floor
            HAVING COUNT(*) <> MAX(j.seq) - s.journal_floor OR MIN(j.seq) <> s.journal_floor + 1
            """
        ),
        (
            "what is dirty was told",
            """
            SELECT errand AS id FROM dirty WHERE workspace = \(workspace)
                AND seq > (SELECT MAX(seq) FROM journal WHERE workspace = \(workspace))
            """
        ),
    ]
    return try rules.compactMap { sentence, statement in
        let broken = try work.query(statement).map { $0.int("id") }
        return broken.isEmpty ? nil : "rows: \(sentence): \(broken)"
    }
}
