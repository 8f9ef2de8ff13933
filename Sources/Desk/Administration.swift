// Who administers what, and erasing a customer.
import Center
import Hummingbird
import Routing
import Web

/// What an agent's level lets them administer; the areas that they may see bound it further.
struct Administers {
    let erases: Bool

    /// Nil for agents who administer nothing.
    init?(_ agent: Agent) {
        switch agent.adminLevel {
        case .administrator: erases = true
        case .group_administrator: erases = false
        case .agent, .observer: return nil
        }
    }
}

struct ErasurePage {
    struct Figure {
        let figureName: String
        let figure: Int
    }

    var askedAddress = ""
    var erasureProblem: String?
    var isErased = false
    var figures: [Figure] = []
}

extension AgentDesk {
    func erasurePage(_ seat: Seat, _ request: Request, _ context: Context) async throws -> Response {
        try await erasurePage(seat, request, ErasurePage())
    }

    func eraseContact(
        _ seat: Seat, _ fields: Fields, _ request: Request, _ context: Context
    ) async throws -> Response {
        guard try administers(seat).erases else { throw Self.notAnAdministrator }
        var page = ErasurePage()
        page.askedAddress = fields["address"] ?? ""
        do {
            guard fields["sure"] == "yes" else {
                throw Refusal.invalid("Tick the box: what is erased cannot be brought back.")
            }
            let erased = try await floor.eraseContact(address: page.askedAddress, by: seat.principal)
            page.askedAddress = ""
            page.isErased = true
            page.figures = [
                ("customers", erased.contacts), ("addresses", erased.addresses), ("errands", erased.errands),
                ("of those were open and are closed now", erased.errandsClosed),
                ("messages, answers, notes and files", erased.parts.values.reduce(0, +)),
                ("calls and chats of other systems", erased.items),
                ("stored files deleted", erased.filesDeleted), ("callbacks ended", erased.deliveriesEnded),
            ].map { ErasurePage.Figure(figureName: $0, figure: $1) }
            return try await erasurePage(seat, request, page)
        } catch let refusal as Refusal {
            page.erasureProblem = refusal.message
            return try await erasurePage(seat, request, page, status: refusal.status)
        }
    }

    static let notAnAdministrator = Refusal.forbidden(
        "Only administrators may do that. Ask one of yours.")

    func administers(_ seat: Seat) throws -> Administers {
        guard let administers = Administers(seat.agent) else { throw Self.notAnAdministrator }
        return administers
    }

    private func erasurePage(
        _ seat: Seat, _ request: Request, _ erasure: ErasurePage, status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        guard try administers(seat).erases else { throw Self.notAnAdministrator }
        let view = try await floor.desk(seat.agent.id, in: seat.workspace)
        var page = deskPage("Erase a customer", seat, view, openErrand: nil)
        page.erasure = erasure
        return show(page, request, status: status)
    }
}
