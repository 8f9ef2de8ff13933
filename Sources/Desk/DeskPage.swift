// One page of a signed-in agent: the bar and the column beside what the page itself shows.
import Center
import Hummingbird
import Web

/// What the template `desk` shows; exactly one of the optional parts below `notice` is set.
///
/// The template language climbs from inner to outer values, so no name occurs at two levels.
struct DeskPage {
    let title: String
    let base: String
    let assets: String
    let csrf: String
    let panel: Panel
    /// Nil for agents who administer nothing.
    let administers: Administers?
    /// Origins whose pages may frame this one and sign in, parted by spaces; nil for none.
    let embed: String?
    /// The errand on the page, for the module.
    var openErrand: Int64?
    var notice: String?
    /// Shown once, above the page.
    var minted: Minted?
    /// The tabs of Administration → API.
    var apiTabs: [APITab] = []
    var home: Home?
    var errand: ErrandPage?
    var list: ListView?
    var areas: AreasPage?
    var account: AccountPage?
    var deliveries: DeliveriesPage?
    var tokens: TokensPage?
    var callbacks: CallbacksPage?
    var callback: CallbackPage?
    var teniosKeys: TeniosKeysPage?
    var groups: GroupsPage?
    var group: GroupPage?
    var erasure: ErasurePage?
    var workforce: WorkforcePage?
    var queues: QueuesPage?
    var callCenters: CallCentersPage?
    var queue: QueuePage?
    var agentDays: AgentsPage?
    var oneAgent: AgentPage?
    var calendars: CalendarsPage?
    var calendar: CalendarPage?
    var why: WhyPage?
    var item: ItemPage?
    var api: APIPage?
    /// A search; beside `libraryAdmin` what administrators see of it.
    var library: LibraryPage?
    var libraryAdmin: LibraryAdminPage?
    var libraryQuestion: LibraryQuestionPage?
    var libraryEntry: LibraryEntryPage?
}

/// What the desk says while nothing is open.
struct Home {
    let headline: String
    let advice: String
}

extension AgentDesk {
    func home(_ seat: Seat, _ request: Request, _ context: Context) async throws -> Response {
        let said = try Fields(queryOf: request)["said"].flatMap(Said.init(rawValue:))
        let view = try await floor.desk(seat.agent.id, in: seat.workspace)
        var page = deskPage("Desk", seat, view, openErrand: nil)
        page.notice = said?.sentence
        page.home = Home(view)
        return show(page, request)
    }

    /// The parts that follow events, without the page around them.
    func panel(_ seat: Seat, _ request: Request, _ context: Context) async throws -> Response {
        let open = try Fields(queryOf: request)["errand"].flatMap { Int64($0) }
        let view = try await floor.desk(seat.agent.id, in: seat.workspace)
        var page = deskPage("", seat, view, openErrand: open.map(ErrandID.init))
        page.home = Home(view)
        return .html(.ok, templates.render("panel", page))
    }

    func deskPage(_ title: String, _ seat: Seat, _ view: DeskView, openErrand: ErrandID?) -> DeskPage {
        DeskPage(
            title: title, base: seat.base, assets: files.version, csrf: seat.session.csrf,
            panel: Panel(view, seat, openErrand: openErrand), administers: Administers(seat.agent),
            embed: seat.directory.embedded,
            openErrand: openErrand?.raw)
    }

    /// The whole page, or only its main part when our module asks.
    func show(_ page: DeskPage, _ request: Request?, status: HTTPResponse.Status = .ok) -> Response {
        let template = request?.isFetched == true ? "main" : "desk"
        return .html(status, templates.render(template, page))
    }
}

extension Home {
    init(_ view: DeskView) {
        if let offer = view.offer {
            let what = offer.external?.channel.title.lowercased() ?? "errand"
            headline = what == "errand" ? "An errand is offered to you" : "A \(what) is offered to you"
            advice = "Accept it on the left, or decline it and it goes to somebody else."
        } else if let talk = view.items.first(where: { $0.activeSince != nil }) {
            headline = "A \(talk.external.channel.title.lowercased()) is in your hands"
            advice = "End it on the left when the conversation is over."
        } else if !view.inHand.isEmpty {
            headline = "Choose an errand"
            advice = "Your errands are on the left. New offers appear there by themselves."
        } else if view.wrapUpUntil != nil {
            headline = "Wrap-up"
            advice = "Finish what is left to do. Offers come again when wrap-up ends, or when you end it."
        } else if view.presence == .available {
            headline = "You are ready"
            advice = "The next errand for you appears on the left by itself. There is nothing to reload."
        } else {
            headline = "You are not ready"
            advice =
                "Press Ready above to be offered errands, or choose an area on the left to take one yourself."
        }
    }
}
