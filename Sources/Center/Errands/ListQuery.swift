// A list's statements: a scan along one index in the list's order, and the filters over what it finds.

import Routing
import Store

/// One list as statements.
///
/// The scan names only what its index holds, so that no planner is tempted by another one; it reads at most
/// `ListLimits.scanMax` entries. What is left of the filters is asked of those. A rare tag is its own index: all
/// errands that have it are looked at.
struct ListQuery {
    let workspace: WorkspaceID
    let scope: ListScope
    let list: ErrandList
    let filter: ListFilter
    /// The cards that the filter's address is on.
    let cards: [ContactID]?
    let asking: AgentID
    let newestFirst: Bool
    /// Whether the filter's tag is on so few errands that all of them can be looked at.
    let tagIsRare: Bool

    /// The agent whose errands only are wanted.
    private var agent: AgentID? {
        switch (scope, list) {
        case (_, .new): nil
        case (.own, _), (_, .mine): asking
        default: filter.agent
        }
    }

    private var time: SQL { list == .closed ? "closed_at" : "arrived_at" }

    /// The literals are those of the partial indexes; a bound value would not be recognised.
    private var state: SQL {
        switch list {
        case .new: "state = 1 AND agent IS NULL"
        case .mine, .taken: "state = 1 AND agent IS NOT NULL"
        case .closed: "state = 2"
        }
    }

    /// What the scan's index begins with, and what it leaves to be asked.
    private var driver: (index: SQL, rest: [SQL]) {
        var rest: [SQL] = []
        let index: SQL
        if let cards {
            // An open errand's card index does not know who has it in hand.
            index =
                list == .closed
                ? "contact IN \(list: cards) AND state = 2" : "contact IN \(list: cards) AND state = 1"
            if list != .closed { rest.append(state) }
            if let agent { rest.append("agent = \(agent)") }
            if case .area(let area) = scope { rest.append("area = \(area)") }
        } else if let agent {
            index = list == .closed ? "agent = \(agent) AND state = 2" : "agent = \(agent) AND state = 1"
            if case .area(let area) = scope { rest.append("area = \(area)") }
        } else if case .area(let area) = scope {
            index = "area = \(area) AND \(sql: state)"
        } else {
            preconditionFailure("an agent's own errands that nobody has in hand")
        }
        if let channel = filter.channel { rest.append("channel = \(channel.rawValue)") }
        if let tag = filter.tag, !tagIsRare {
            rest.append(
                """
                EXISTS (SELECT 1 FROM errand_tag AS t
                    WHERE t.workspace = \(workspace) AND t.errand = e.id AND t.tag = \(tag))
                """)
        }
        return (index, rest)
    }

    /// The entries of the index in the list's order, from the cursor on.
    func scan(after: ListCursor?, limit: Int) -> SQL {
        var sql: SQL
        if tagIsRare, let tag = filter.tag {
            sql = """
                SELECT e.id, \(sql: time) AS at FROM errand_tag AS t CROSS JOIN errand AS e
                WHERE t.workspace = \(workspace) AND t.tag = \(tag)
                    AND e.workspace = \(workspace) AND e.id = t.errand
                """
            for condition in driver.rest { sql = sql + " AND " + condition }
        } else {
            sql = "SELECT id, \(sql: time) AS at FROM errand WHERE workspace = \(workspace)"
        }
        sql = sql + " AND " + driver.index
        if let from = filter.from { sql = sql + " AND \(sql: time) >= \(from)" }
        if let until = filter.until { sql = sql + " AND \(sql: time) < \(until)" }
        if let after {
            sql =
                newestFirst
                ? sql + " AND (\(sql: time), id) < (\(after.at), \(after.id))"
                : sql + " AND (\(sql: time), id) > (\(after.at), \(after.id))"
        }
        return newestFirst
            ? sql + " ORDER BY \(sql: time) DESC, id DESC LIMIT \(limit)"
            : sql + " ORDER BY \(sql: time), id LIMIT \(limit)"
    }

    func page(after: ListCursor?, _ reader: any Reading) throws -> ListPage {
        let rest = tagIsRare ? [] : driver.rest
        let wanted = ListLimits.pageMax + 1
        let scanned = scan(after: after, limit: rest.isEmpty ? wanted : ListLimits.scanMax)
        var sql: SQL = """
            SELECT e.* FROM (\(sql: scanned)) AS s
            JOIN errand AS e ON e.workspace = \(workspace) AND e.id = s.id
            """
        for (index, condition) in rest.enumerated() {
            sql = sql + (index == 0 ? " WHERE " : " AND ") + condition
        }
        sql = sql + (newestFirst ? " ORDER BY s.at DESC, s.id DESC" : " ORDER BY s.at, s.id")
        let found = try reader.query(sql + " LIMIT \(wanted)").map(Errand.init)
        if found.count == wanted {
            let errands = Array(found.dropLast())
            return ListPage(errands: errands, next: errands.last.map(cursor), lookedUntil: nil)
        }
        guard !rest.isEmpty, let end = try endOfScan(scanned, reader) else {
            return ListPage(errands: found, next: nil, lookedUntil: nil)
        }
        return ListPage(errands: found, next: end, lookedUntil: end.at)
    }

    /// Where the scan stopped because it had read as much as it may; nil when it came to the end.
    private func endOfScan(_ scanned: SQL, _ reader: any Reading) throws -> ListCursor? {
        let order: SQL = newestFirst ? "at, id" : "at DESC, id DESC"
        let rows = try reader.fetch([
            "SELECT COUNT(*) AS n FROM (\(sql: scanned)) AS s",
            "SELECT s.at, s.id FROM (\(sql: scanned)) AS s ORDER BY \(sql: order) LIMIT 1",
        ])
        guard rows[0][0].int("n") == Int64(ListLimits.scanMax), let last = rows[1].first else { return nil }
        return ListCursor(at: Instant(ms: last.int("at")), id: ErrandID(last.int("id")))
    }

    private func cursor(_ errand: Errand) -> ListCursor {
        ListCursor(
            at: list == .closed ? errand.closedAt ?? errand.arrivedAt : errand.arrivedAt, id: errand.id)
    }
}
