// An errand on the page: its facts, its conversation, what was done with it, and what can be done now.
import Center
import Hummingbird
import Routing
import Web

/// What the template `errand` shows. No name occurs at two levels.
struct ErrandPage {
    struct Template {
        let elementName: String
        let namespace: String
        /// JSON, as it was written.
        let params: String
        let isUnsent: Bool
        let templateAt: Stamp

        init(_ template: WhatsAppTemplate, _ seat: Seat) {
            elementName = template.elementName
            namespace = template.namespace
            params = template.params
            isUnsent = template.state == .unsent
            templateAt = seat.times.stamp(template.at)
        }
    }

    struct Step {
        let done: Stamp
        let words: String
    }

    let errandID: Int64
    let version: Int64
    /// The last action that this page shows: a form says it, so that a refusal can tell what came after.
    let seen: Int64
    let subject: String
    let customerName: String
    let customerAddress: String?
    let area: Int64
    let areaName: String
    let channel: String
    let arrived: Stamp
    let answered: Stamp?
    let closed: Stamp?
    /// `In your hands`, `Waiting` …
    let state: String
    /// `mine`, `waiting`, `others` or `over`, for the colour.
    let stateTone: String
    /// Who else has it on the page, as a sentence; empty when nobody.
    let company: String
    let hasCompany: Bool
    /// What happened since the page of a refused form was made.
    let changes: [Step]
    let hasChanges: Bool
    let letters: [Letter]
    /// The WhatsApp template that this errand is.
    let template: Template?
    let answerForm: AnswerForm?
    /// A text that was not sent and cannot be now.
    let unsent: String?
    let mayTake: Bool
    let mayReopen: Bool
    let holderName: String?
    let move: Move?
    let about: About
    let noteList: NoteList
    let noteDraft: String
    let steps: [Step]
    let stepCount: Int
}

/// What was typed into a form that was refused.
struct ErrandDraft {
    var body = ""
    var html = ""
    var note = ""
    /// The last action that its page showed.
    var seen: Int64?

    init() {}

    init(_ fields: Fields) {
        body = fields["body"] ?? ""
        html = fields["html_body"] ?? ""
        note = fields["note"] ?? ""
        seen = fields["seen"].flatMap { Int64($0) }
    }
}

extension AgentDesk {
    func errandID(_ context: Context) throws -> ErrandID {
        guard let id = context.segment("errand").flatMap({ Int64($0) }) else {
            throw Refusal.notFound("There is no such errand here.")
        }
        return ErrandID(id)
    }

    func errandPage(_ seat: Seat, _ request: Request, _ context: Context) async throws -> Response {
        let said = try Fields(queryOf: request)["said"].flatMap(Said.init(rawValue:))
        return try await errandPage(try errandID(context), seat, request, notice: said?.sentence)
    }

    /// - Parameter draft: what was typed in a form that was refused.
    func errandPage(
        _ id: ErrandID, _ seat: Seat, _ request: Request? = nil, status: HTTPResponse.Status = .ok,
        notice: String? = nil, draft: ErrandDraft = ErrandDraft()
    ) async throws -> Response {
        let view = try await floor.errand(id, for: seat.agent.id, in: seat.workspace)
        let around = try await floor.surroundings(
            of: view.errand, for: seat.agent.id, in: seat.workspace)
        let others = onlookers.others(id, besides: seat.agent.id, in: seat.workspace)
        let desk = try await floor.desk(seat.agent.id, in: seat.workspace)
        var page = deskPage(view.errand.shownSubject, seat, desk, openErrand: id)
        page.notice = notice
        let template = try await floor.template(of: id, for: seat.agent.id, in: seat.workspace)
        page.errand = ErrandPage(
            view, around, template, seat, draft: draft, company: seat.directory.company(others))
        return show(page, request, status: status)
    }
}

extension ErrandPage {
    init(
        _ view: ErrandView, _ around: ErrandSurroundings, _ template: WhatsAppTemplate?, _ seat: Seat,
        draft: ErrandDraft, company: String
    ) {
        let errand = view.errand
        let told = view.history.told
        func step(_ action: ErrandView.Action) -> Step {
            Step(done: seat.times.stamp(action.at), words: action.words(seat.directory))
        }
        let isWorker = seat.agent.adminLevel != .observer
        let isMine = view.itemState == .active(seat.agent.id)
        errandID = errand.id.raw
        version = errand.version
        seen = view.history.last?.id ?? 0
        subject = errand.shownSubject
        customerName = errand.customer
        customerAddress = errand.fromName.isEmpty ? nil : errand.fromAddress
        area = errand.area.raw
        areaName = seat.directory.areaName(errand.area) ?? ""
        channel = errand.channel.service.name
        arrived = seat.times.stamp(errand.arrivedAt)
        answered = errand.answeredAt.map(seat.times.stamp)
        closed = errand.closedAt.map(seat.times.stamp)
        (state, stateTone) = Self.state(view, seat)
        self.company = company
        hasCompany = !company.isEmpty
        changes = draft.seen.map { last in told.filter { $0.id > last }.map(step) } ?? []
        hasChanges = !changes.isEmpty
        letters = Letter.all(of: view, seat)
        self.template = template.map { Template($0, seat) }
        answerForm = isMine ? AnswerForm(draft, around.uploads, base: seat.base) : nil
        let typed = draft.html.isEmpty ? draft.body : ShownText(body: "", html: draft.html).text
        unsent = isMine || typed.allSatisfy(\.isWhitespace) ? nil : typed
        mayTake = isWorker && view.isUp
        mayReopen = isWorker && errand.state == .closed
        holderName = view.holder(besides: seat.agent.id).map { seat.name(of: $0) }
        let mayMove = isWorker && (isMine || view.isUp || seat.agent.adminLevel == .administrator)
        move = mayMove && errand.state == .open ? Move(view, around, seat) : nil
        about = About(view, around, seat)
        noteList = NoteList(around.notes, seat)
        noteDraft = draft.note
        steps = told.map(step)
        stepCount = told.count
    }

    private static func state(_ view: ErrandView, _ seat: Seat) -> (String, tone: String) {
        switch view.itemState {
        case .waiting: ("Waiting", "waiting")
        case .offered(seat.agent.id): ("Offered to you", "mine")
        case .offered(let other): ("Offered to \(seat.name(of: other))", "waiting")
        case .active(seat.agent.id): ("In your hands", "mine")
        case .active(let other): ("In the hands of \(seat.name(of: other))", "others")
        case .wrapUp(seat.agent.id): ("Closed, in your wrap-up", "over")
        case .wrapUp(let other): ("Closed, in the wrap-up of \(seat.name(of: other))", "over")
        case nil: ("Closed", "over")
        }
    }
}

extension ErrandView {
    /// Whether nobody has it in hand.
    var isUp: Bool {
        switch itemState {
        case .waiting, .offered: true
        case .active, .wrapUp, nil: false
        }
    }

    /// Who has it in hand, unless it is this one.
    func holder(besides own: AgentID) -> AgentID? {
        if case .active(let holder) = itemState, holder != own { holder } else { nil }
    }
}

extension Seat {
    func name(of agent: AgentID) -> String { directory.agent(agent)?.displayName ?? "another agent" }
}
