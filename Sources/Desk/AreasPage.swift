// All areas that the agent may see, with what waits in them.
import Center
import Hummingbird
import Routing
import Web

struct AreasPage {
    struct Line {
        let reached: Int64
        let reachedName: String
        let waitingCount: String
        let nothingWaits: Bool
        let inHandCount: String
        let oldestWaits: Stamp?
        /// Whether the agent is offered its errands.
        let isServed: Bool
    }

    let areaLines: [Line]
    let hasAreaLines: Bool
}

extension AgentDesk {
    func areasPage(_ seat: Seat, _ request: Request, _ context: Context) async throws -> Response {
        let reached = seat.directory.areas.filter { seat.directory.reaches(seat.agent, $0.id) }
        let counts = try await floor.areaCounts(reached.map(\.id), for: seat.agent.id, in: seat.workspace)
        let view = try await floor.desk(seat.agent.id, in: seat.workspace)
        var page = deskPage("Areas", seat, view, openErrand: nil)
        page.areas = AreasPage(counts, seat)
        return show(page, request)
    }
}

extension AreasPage {
    init(_ counts: [AreaCounts], _ seat: Seat) {
        areaLines = counts.map { count in
            Line(
                reached: count.area.raw, reachedName: seat.directory.area(count.area)?.name ?? "",
                waitingCount: counted(count.new), nothingWaits: count.new == 0,
                inHandCount: counted(count.taken), oldestWaits: count.oldest.map(seat.times.stamp),
                isServed: seat.agent.areas.contains(count.area))
        }
        hasAreaLines = !areaLines.isEmpty
    }
}
