// An area's errands: new, taken or closed, a page at a time.
import Center
import Hummingbird
import Web

struct AreaPage {
    struct Tab {
        let list: String
        let label: String
        let isCurrent: Bool
    }

    struct Line {
        let lineID: Int64
        let lineSubject: String
        let lineCustomer: String
        let lineWhen: Stamp
        let holder: String
    }

    let listArea: Int64
    let listAreaName: String
    let tabs: [Tab]
    let whenLabel: String
    let showsHolder: Bool
    let hasLines: Bool
    let lines: [Line]
    let nothing: String
    let currentList: String
    /// The last id of a full page: where the next one begins.
    let next: Int64?
    let isFirst: Bool
}

extension AgentDesk {
    func areaPage(_ seat: Seat, _ request: Request, _ context: Context) async throws -> Response {
        let query = try Fields(queryOf: request)
        guard let id = context.segment("area").flatMap({ Int64($0) }).map(AreaID.init) else {
            throw Refusal.notFound("There is no such area here.")
        }
        guard let list = ErrandList(rawValue: query["list"] ?? ErrandList.new.rawValue) else {
            throw Refusal.invalid("The lists are new, taken and closed.")
        }
        let after = query["after"].flatMap { Int64($0) }.map(ErrandID.init)
        let errands = try await floor.errands(
            of: id, list, after: after, for: seat.agent.id, in: seat.workspace)
        let name = seat.directory.area(id)?.name ?? ""
        let view = try await floor.desk(seat.agent.id, in: seat.workspace)
        var page = deskPage(name, seat, view, openErrand: nil)
        page.list = AreaPage(id, name, list, errands, isFirst: after == nil, seat)
        return show(page, request)
    }
}

extension AreaPage {
    init(_ area: AreaID, _ name: String, _ list: ErrandList, _ errands: [Errand], isFirst: Bool, _ seat: Seat)
    {
        listArea = area.raw
        listAreaName = name
        tabs = ErrandList.allCases.map { Tab(list: $0.rawValue, label: $0.label, isCurrent: $0 == list) }
        whenLabel = list == .closed ? "Closed" : "Arrived"
        showsHolder = list != .new
        hasLines = !errands.isEmpty
        lines = errands.map { errand in
            Line(
                lineID: errand.id.raw, lineSubject: errand.shownSubject, lineCustomer: errand.customer,
                lineWhen: seat.times.stamp(
                    list == .closed ? errand.closedAt ?? errand.arrivedAt : errand.arrivedAt),
                holder: errand.agent.flatMap(seat.directory.agent)?.displayName ?? "")
        }
        nothing =
            switch list {
            case .new: "Nothing waits in \(name). New errands appear here by themselves."
            case .taken: "Nobody has an errand of \(name) in hand."
            case .closed: "No errand of \(name) is closed yet."
            }
        currentList = list.rawValue
        next = errands.count == ViewLimits.pageMax ? errands.last?.id.raw : nil
        self.isFirst = isFirst
    }
}

extension ErrandList {
    var label: String {
        switch self {
        case .new: "New"
        case .taken: "Taken"
        case .closed: "Closed"
        }
    }
}
