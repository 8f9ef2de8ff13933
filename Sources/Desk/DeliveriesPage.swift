// The log of callbacks: what was told to whom, what waits, what failed; and sending that again.
import Center
import Hummingbird
import Routing
import Web

struct DeliveriesPage {
    struct Line {
        let deliveryID: Int64
        let toName: String
        let ofErrand: Int64
        let ofSubject: String
        /// `waits`, `sent`, `failed`, `withdrawn`
        let deliveryState: String
        let hasFailed: Bool
        /// `1 try`, `9 tries`
        let tries: String
        /// The receiver's last answer, or what went wrong, in words.
        let lastAnswer: String
        let queuedWhen: Stamp
        let nextTry: Upcoming?
        let doneWhen: Stamp?
        /// Nil where it cannot be sent again.
        let resendAddress: String?
    }

    /// A time to come.
    struct Upcoming {
        let upcomingISO: String
        /// `now`, `in 5 min`
        let upcomingWords: String
    }

    let deliveryLines: [Line]
    let hasDeliveries: Bool
    let stateChoices: [QueuePage.Choice]
    let callbackChoices: [QueuePage.Choice]
    let askedErrand: String
    let isLogFiltered: Bool
    let logAddress: String
    let nothingLogged: String
    let wasCutShort: Bool
    let nextDeliveries: String?
    let firstDeliveries: String?

    init(_ shown: DeliveryPage, _ asked: DeliveryRequest, _ seat: Seat) {
        let filter = asked.filter
        let path = APIPart.deliveries.path(seat)
        deliveryLines = shown.lines.map { Line($0, asked, seat) }
        hasDeliveries = !shown.lines.isEmpty
        stateChoices =
            [QueuePage.Choice(choiceValue: "", choiceLabel: "any", isChosen: filter.state == nil)]
            + DeliveryState.allCases.map {
                QueuePage.Choice(choiceValue: $0.word, choiceLabel: $0.word, isChosen: $0 == filter.state)
            }
        callbackChoices =
            [QueuePage.Choice(choiceValue: "", choiceLabel: "any", isChosen: filter.callback == nil)]
            + seat.directory.callbacks.map {
                QueuePage.Choice(
                    choiceValue: "\($0.id)", choiceLabel: $0.name, isChosen: $0.id == filter.callback)
            }
        askedErrand = filter.errand.map { "\($0)" } ?? ""
        isLogFiltered = !filter.isEmpty
        logAddress = path
        nothingLogged =
            shown.wasCutShort
            ? "None among those looked at; “Next page” looks further."
            : filter.isEmpty ? "Nothing was to be told to a callback yet." : "No delivery is like that."
        wasCutShort = shown.wasCutShort && !shown.lines.isEmpty
        nextDeliveries = shown.next.map { "\(path)\(asked.query(("before", "\($0)")))" }
        firstDeliveries = asked.before == nil ? nil : "\(path)\(asked.query())"
    }
}

extension DeliveriesPage.Line {
    init(_ logged: LoggedDelivery, _ asked: DeliveryRequest, _ seat: Seat) {
        deliveryID = logged.id.raw
        toName = logged.callbackName.isEmpty ? "a callback that is gone" : logged.callbackName
        ofErrand = logged.errand.raw
        ofSubject = logged.subject.isEmpty ? "(no subject)" : logged.subject
        deliveryState = logged.state.word
        hasFailed = logged.state == .failed
        tries = logged.attempts == 1 ? "1 try" : "\(logged.attempts) tries"
        let answered = logged.status.map { "answered \($0)" }
        lastAnswer =
            logged.problem.isEmpty
            ? answered ?? (hasFailed ? "no reason was noted" : "") : logged.problem
        queuedWhen = seat.times.stamp(logged.createdAt)
        nextTry = logged.nextAt.map { at in
            let wait = at - seat.times.now
            return DeliveriesPage.Upcoming(
                upcomingISO: seat.times.stamp(at).iso,
                upcomingWords: wait <= 0 ? "now" : "in \(Times.span(max(wait, 1_000)))")
        }
        doneWhen = logged.doneAt.map(seat.times.stamp)
        let canResend = hasFailed && !logged.callbackName.isEmpty
        resendAddress =
            canResend ? "\(APIPart.deliveries.path(seat))/\(logged.id)/resend\(asked.query())" : nil
    }
}

extension DeliveryState {
    /// As pages and their addresses say it.
    fileprivate var word: String {
        switch self {
        case .due: "waiting"
        case .sent: "sent"
        case .failed: "failed"
        case .withdrawn: "withdrawn"
        }
    }
}

/// What a page of the log was asked for; what makes no sense is not asked for.
struct DeliveryRequest {
    let filter: DeliveryFilter
    let before: DeliveryID?

    init(_ query: Fields) {
        func id(_ name: String) -> Int64? {
            query[name].flatMap { Int64($0.filter { $0 != " " && $0 != "#" }) }
        }
        filter = DeliveryFilter(
            state: DeliveryState.allCases.first { $0.word == query["state"] },
            callback: id("callback").map(CallbackID.init), errand: id("errand").map(ErrandID.init))
        before = id("before").map(DeliveryID.init)
    }

    /// The filter in an address, `?` included; empty for none.
    func query(_ more: (String, String)...) -> String {
        var fields: [(String, String)] = []
        if let state = filter.state { fields.append(("state", state.word)) }
        if let callback = filter.callback { fields.append(("callback", "\(callback)")) }
        if let errand = filter.errand { fields.append(("errand", "\(errand)")) }
        let all = (fields + more).map { "\($0.0)=\($0.1)" }
        return all.isEmpty ? "" : "?" + all.joined(separator: "&")
    }
}

extension AgentDesk {
    func deliveriesPage(_ seat: Seat, _ request: Request, _ context: Context) async throws -> Response {
        let query = try Fields(queryOf: request)
        return try await deliveriesPage(
            seat, request, DeliveryRequest(query), said: query["said"].flatMap(Said.init(rawValue:)))
    }

    func resendDelivery(
        _ seat: Seat, _ fields: Fields, _ request: Request, _ context: Context
    ) async throws -> Response {
        _ = try administers(seat)
        guard let id = context.segment("delivery").flatMap({ Int64($0) }) else {
            throw Refusal.notFound("There is no such delivery here.")
        }
        let asked = DeliveryRequest(try Fields(queryOf: request))
        do {
            try await floor.resendDelivery(DeliveryID(id), by: seat.principal)
            return .seeOther(
                APIPart.deliveries.path(seat) + asked.query(("said", Said.resent.rawValue)))
        } catch Refusal.conflict(let sentence) {
            return try await deliveriesPage(seat, request, asked, status: .conflict, problem: sentence)
        }
    }

    private func deliveriesPage(
        _ seat: Seat, _ request: Request, _ asked: DeliveryRequest, status: HTTPResponse.Status = .ok,
        said: Said? = nil, problem: String? = nil
    ) async throws -> Response {
        var page = try await apiPage(.deliveries, seat)
        let shown = try await floor.deliveries(
            asked.filter, before: asked.before, for: seat.agent.id, in: seat.workspace)
        page.notice = problem ?? said?.sentence
        page.deliveries = DeliveriesPage(shown, asked, seat)
        return show(page, request, status: status)
    }
}
