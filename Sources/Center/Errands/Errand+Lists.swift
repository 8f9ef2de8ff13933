// Lists of errands: an area's and an agent's own, filtered, a page at a time, at the same cost however many there are.

public import Routing
import Store

public enum ListLimits {
    /// Errands on one page of a list.
    public static let pageMax = ViewLimits.pageMax
    /// Errands looked at for one page when a filter has no index of its own; the page says how far it looked.
    public static let scanMax = 2_000
    /// Errands are counted up to this; a list that has more says so.
    public static let countMax: Int64 = 1_000
    /// Contact cards that one address may stand on, one for each kind of address.
    static let cardsMax = 20
}

/// Which errands a list shows.
public enum ErrandList: String, Sendable, CaseIterable {
    /// Waiting, or offered to somebody.
    case new
    /// In the hands of the agent who asks.
    case mine
    /// In anybody's hands.
    case taken
    case closed
}

/// Whose errands: an area's, or in all areas those that the agent has in hand or had last.
public enum ListScope: Sendable, Hashable {
    case area(AreaID)
    case own
}

/// What narrows a list; nil narrows nothing.
public struct ListFilter: Sendable, Hashable {
    public var agent: AgentID?
    public var channel: ErrandChannel?
    /// Whole; it finds the customer who has it, and all errands of that customer.
    public var address: String?
    public var tag: Int64?
    /// Of the time that the list is in order of.
    public var from: Instant?
    /// Not included.
    public var until: Instant?

    public init() {}

    public var isEmpty: Bool { self == ListFilter() }
}

/// A place in a list: what comes after it does not change when errands are added before it.
public struct ListCursor: Sendable, Hashable, CustomStringConvertible {
    public let at: Instant
    public let id: ErrandID

    init(at: Instant, id: ErrandID) {
        self.at = at
        self.id = id
    }

    /// Reads what `description` printed; nil for anything else.
    public init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { Int64($0) }
        guard parts.count == 2, let at = parts[0], let id = parts[1], at >= 0, id >= 0 else { return nil }
        self.init(at: Instant(ms: at), id: ErrandID(id))
    }

    public var description: String { "\(at.ms).\(id)" }
}

public struct ListPage: Sendable {
    public let errands: [Errand]
    /// Where the next page begins; nil at the end.
    public let next: ListCursor?
    /// Set when the page is not full although there may be more: how far was looked.
    public let lookedUntil: Instant?
}

/// An area's errands by list, each counted up to `ListLimits.countMax`.
public struct AreaCounts: Sendable, Hashable {
    public let area: AreaID
    public let new: Int64
    public let mine: Int64
    public let taken: Int64
    /// When the errand that waits longest arrived.
    public let oldest: Instant?
}

extension Floor {
    /// One page of a list, for an agent who may see it.
    /// - Parameter newestFirst: the other way round than `Errand.List` has it by itself.
    public func errands(
        _ scope: ListScope, _ list: ErrandList, _ filter: ListFilter, after: ListCursor?, newestFirst: Bool,
        for agent: AgentID, in workspace: WorkspaceID
    ) async throws -> ListPage {
        guard let directory = roster.workspace(workspace), let own = directory.agent(agent) else {
            throw Refusal.notFound("There is no such agent.")
        }
        if case .area(let area) = scope {
            guard directory.area(area) != nil, directory.reaches(own, area) else {
                throw Refusal.notFound("There is no such area here.")
            }
        }
        let kinds =
            filter.channel.map { [$0.addressKind] }
            ?? Set(ErrandChannel.allCases.map(\.addressKind)).sorted()
        return try await view { reader in
            var cards: [ContactID]?
            if let address = filter.address {
                cards = try reader.query(
                    """
                    SELECT contact FROM contact_address WHERE workspace = \(workspace)
                        AND kind IN \(list: kinds) AND folded IN \(list: Contact.folds(address))
                    ORDER BY contact LIMIT \(ListLimits.cardsMax)
                    """
                ).map { ContactID($0.int("contact")) }
                guard cards?.isEmpty == false else {
                    return ListPage(errands: [], next: nil, lookedUntil: nil)
                }
            }
            var tagIsRare = false
            if let tag = filter.tag {
                let counted = try reader.query(
                    """
                    SELECT COUNT(*) AS n FROM (
                        SELECT errand FROM errand_tag WHERE workspace = \(workspace) AND tag = \(tag)
                        LIMIT \(ListLimits.scanMax + 1)) AS c
                    """)
                tagIsRare = counted[0].int("n") <= Int64(ListLimits.scanMax)
            }
            let query = ListQuery(
                workspace: workspace, scope: scope, list: list, filter: filter, cards: cards, asking: agent,
                newestFirst: newestFirst, tagIsRare: tagIsRare)
            return try query.page(after: after, reader)
        }
    }

    /// What waits and what is in hand in each of the areas, for an agent who may see them; others are left out.
    public func areaCounts(
        _ areas: [AreaID], for agent: AgentID, in workspace: WorkspaceID
    ) async throws -> [AreaCounts] {
        guard let directory = roster.workspace(workspace), let own = directory.agent(agent) else {
            throw Refusal.notFound("There is no such agent.")
        }
        let reached = areas.filter { directory.area($0) != nil && directory.reaches(own, $0) }
        return try await view { reader in
            try AreaCounts.read(reached, of: agent, in: workspace, reader)
        }
    }
}

extension AreaCounts {
    /// Up to `ListLimits.countMax` of the area's open errands that the condition names, longest waiting first.
    private static func open(_ area: AreaID, _ workspace: WorkspaceID, _ which: SQL) -> SQL {
        """
        SELECT COUNT(*) AS n, MIN(arrived_at) AS oldest FROM (
            SELECT arrived_at FROM errand WHERE workspace = \(workspace) AND area = \(area)
                AND state = 1 AND \(sql: which) ORDER BY arrived_at, id LIMIT \(ListLimits.countMax)) AS c
        """
    }

    static func read(
        _ areas: [AreaID], of agent: AgentID, in workspace: WorkspaceID, _ reader: any Reading
    ) throws -> [AreaCounts] {
        let rows = try reader.fetch(
            areas.flatMap {
                [open($0, workspace, "agent IS NULL"), open($0, workspace, "agent IS NOT NULL")]
            }
                + [
                    """
                    SELECT area, COUNT(*) AS n FROM (
                        SELECT area FROM errand WHERE workspace = \(workspace) AND agent = \(agent)
                            AND state = 1 ORDER BY arrived_at, id LIMIT \(ListLimits.countMax)) AS c
                    GROUP BY area
                    """
                ])
        let mine = Dictionary(
            uniqueKeysWithValues: rows[areas.count * 2].map { (AreaID($0.int("area")), $0.int("n")) })
        return areas.indices.map { index in
            let (new, taken) = (rows[index * 2][0], rows[index * 2 + 1][0])
            return AreaCounts(
                area: areas[index], new: new.int("n"), mine: mine[areas[index]] ?? 0,
                taken: taken.int("n"), oldest: new.intOrNil("oldest").map(Instant.init(ms:)))
        }
    }

    /// How many errands wait in each of the areas.
    static func waiting(
        _ areas: [AreaID], in workspace: WorkspaceID, _ reader: any Reading
    ) throws -> [Int64] {
        try reader.fetch(areas.map { open($0, workspace, "agent IS NULL") }).map { $0[0].int("n") }
    }
}
