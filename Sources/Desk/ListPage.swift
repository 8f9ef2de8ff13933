// A list of errands on the page: its tabs, its filters, one page of rows.
import Center
import Hummingbird
import Routing
import Web

/// What the template `list` shows.
struct ListView {
    struct Tab {
        let list: String
        let label: String
        let tabAddress: String
        let isCurrent: Bool
        /// Nil where nobody counts.
        let tabCount: String?
        let tabIsEmpty: Bool
    }

    struct Line {
        let lineID: Int64
        let lineSubject: String
        let lineCustomer: String
        let lineChannel: String
        let lineArea: String
        let lineWhen: Stamp
        let holder: String
        let mayTakeLine: Bool
    }

    let listName: String
    /// The path of the list without its query.
    let listAddress: String
    let tabs: [Tab]
    let filters: FilterForm
    let whenLabel: String
    let showsHolder: Bool
    let showsArea: Bool
    let showsTake: Bool
    let newestFirst: Bool
    /// The same list the other way round.
    let turnAddress: String
    let hasLines: Bool
    let lines: [Line]
    let nothing: String
    let nextAddress: String?
    /// Set beyond the first page.
    let firstAddress: String?
    /// How far was looked, on a page that is not full although there may be more.
    let lookedUntil: Stamp?
}

extension AgentDesk {
    func areaPage(_ seat: Seat, _ request: Request, _ context: Context) async throws -> Response {
        guard let id = context.segment("area").flatMap({ Int64($0) }).map(AreaID.init) else {
            throw Refusal.notFound("There is no such area here.")
        }
        let name = seat.directory.area(id)?.name ?? ""
        return try await listPage(.area(id), name, ErrandList.allCases, seat, request)
    }

    func minePage(_ seat: Seat, _ request: Request, _ context: Context) async throws -> Response {
        try await listPage(.own, "My errands", [.mine, .closed], seat, request)
    }

    private func listPage(
        _ scope: ListScope, _ name: String, _ lists: [ErrandList], _ seat: Seat, _ request: Request
    ) async throws -> Response {
        let asked = try ListRequest(Fields(queryOf: request), scope, lists, seat)
        let errands = try await floor.errands(
            scope, asked.list, asked.filter, after: asked.after, newestFirst: asked.newestFirst,
            for: seat.agent.id, in: seat.workspace)
        var counts: AreaCounts?
        if case .area(let area) = scope {
            counts = try await floor.areaCounts([area], for: seat.agent.id, in: seat.workspace).first
        }
        let view = try await floor.desk(seat.agent.id, in: seat.workspace)
        var page = deskPage(name, seat, view, openErrand: nil)
        page.list = ListView(name, lists, asked, errands, counts, seat)
        return show(page, request)
    }
}

extension ListView {
    init(
        _ name: String, _ lists: [ErrandList], _ asked: ListRequest, _ page: ListPage,
        _ counts: AreaCounts?, _ seat: Seat
    ) {
        let list = asked.list
        var isOwn = false
        if case .own = asked.scope { isOwn = true }
        listName = name
        listAddress = asked.path
        tabs = lists.map { other in
            let count = counts.flatMap { other.count(in: $0) }
            return Tab(
                list: other.rawValue, label: isOwn ? other.ownLabel : other.label,
                tabAddress: asked.address(list: other), isCurrent: other == list,
                tabCount: count.map(counted), tabIsEmpty: count == 0)
        }
        filters = FilterForm(asked, seat)
        whenLabel = list == .closed ? "Closed" : "Arrived"
        showsHolder = list == .taken || list == .closed && !isOwn
        showsArea = isOwn
        let mayTake = list == .new && seat.agent.adminLevel != .observer
        showsTake = mayTake
        newestFirst = asked.newestFirst
        turnAddress = asked.address(newestFirst: !asked.newestFirst)
        hasLines = !page.errands.isEmpty
        lines = page.errands.map { errand in
            Line(
                lineID: errand.id.raw, lineSubject: errand.shownSubject, lineCustomer: errand.customer,
                lineChannel: errand.channel.service.name,
                lineArea: seat.directory.areaName(errand.area) ?? "",
                lineWhen: seat.times.stamp(
                    list == .closed ? errand.closedAt ?? errand.arrivedAt : errand.arrivedAt),
                holder: errand.agent.flatMap(seat.directory.agent)?.displayName ?? "Another system",
                mayTakeLine: mayTake)
        }
        nothing = Self.nothing(asked, name, page, isOwn: isOwn)
        nextAddress = page.next.map { asked.address(after: $0) }
        firstAddress = asked.after == nil ? nil : asked.address(after: nil)
        lookedUntil = page.lookedUntil.map(seat.times.stamp)
    }

    private static func nothing(
        _ asked: ListRequest, _ name: String, _ page: ListPage, isOwn: Bool
    ) -> String {
        if page.lookedUntil != nil { return "Nothing found so far." }
        if asked.after != nil { return "There is nothing further." }
        if !asked.filter.isEmpty { return "Nothing here fits the filter. Change it or clear it." }
        return switch asked.list {
        case .new: "Nothing waits in \(name). New errands appear here by themselves."
        case .mine where isOwn:
            "Nothing in your hands. Errands that you accept or take are here until you close them."
        case .mine: "You have no errand of \(name) in hand."
        case .taken: "Nobody has an errand of \(name) in hand."
        case .closed where isOwn: "You have not closed an errand yet."
        case .closed: "No errand of \(name) is closed yet."
        }
    }
}

/// A count as pages show it.
func counted(_ count: Int64) -> String {
    count >= ListLimits.countMax ? "\(ListLimits.countMax - 1)+" : String(count)
}

extension ErrandList {
    var label: String {
        switch self {
        case .new: "New"
        case .mine: "Mine"
        case .taken: "In hand"
        case .closed: "Closed"
        }
    }

    /// In a list of the agent's own.
    var ownLabel: String { self == .mine ? "In hand" : label }

    func count(in counts: AreaCounts) -> Int64? {
        switch self {
        case .new: counts.new
        case .mine: counts.mine
        case .taken: counts.taken
        case .closed: nil
        }
    }
}
