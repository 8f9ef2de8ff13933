// The parts of Administration → API, each a page, with tabs that lead from one to the other.
import Center
import Hummingbird
import Web

enum APIPart: String, CaseIterable {
    case tokens, callbacks, deliveries, tenios, neutral

    var title: String {
        switch self {
        case .tokens: "Access tokens"
        case .callbacks: "Callbacks"
        case .deliveries: "Deliveries"
        case .tenios: "TENIOS keys"
        case .neutral: "Neutral API"
        }
    }

    /// Whether only administrators get there.
    fileprivate var isSetting: Bool { self != .deliveries }

    func path(_ seat: Seat) -> String { "\(seat.base)/admin/api/\(rawValue)" }

    static func open(to administers: Administers) -> [APIPart] {
        allCases.filter { administers.erases || !$0.isSetting }
    }
}

struct APITab {
    let apiTabID: String
    let apiTabAddress: String
    let apiTabLabel: String
    let isOpenTab: Bool
}

extension AgentDesk {
    /// Leads to the first part that is open to the agent.
    func apiStart(_ seat: Seat, _ request: Request, _ context: Context) async throws -> Response {
        let parts = APIPart.open(to: try administers(seat))
        return .seeOther((parts.first ?? .deliveries).path(seat))
    }

    /// A page of a part, without what it shows.
    func apiPage(_ part: APIPart, _ seat: Seat, title: String? = nil) async throws -> DeskPage {
        let administers = try administers(seat)
        guard APIPart.open(to: administers).contains(part) else { throw Self.notAnAdministrator }
        let view = try await floor.desk(seat.agent.id, in: seat.workspace)
        var page = deskPage(title ?? part.title, seat, view, openErrand: nil)
        page.apiTabs = APIPart.open(to: administers).map {
            APITab(
                apiTabID: $0.rawValue, apiTabAddress: $0.path(seat), apiTabLabel: $0.title,
                isOpenTab: $0 == part)
        }
        return page
    }
}
