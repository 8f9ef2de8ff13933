// The parts of every page that follow events: presence, offer, errands in hand, waiting counts.
import Center
import Routing

/// The agent's own state as pages show it.
struct Panel {
    struct Choice {
        let code: String
        let text: String
        let isChosen: Bool
    }

    struct Offer {
        let item: Int64
        let epoch: Int64
        let offeredErrand: Int64
        let madeMs: Int64
        let deadlineMs: Int64
        let secondsLeft: Int64
        let offerSubject: String
        let offerCustomer: String
        let offerArea: String
        let offerArrived: Stamp
        let because: String
    }

    struct InHand {
        let id: Int64
        let heldSubject: String
        let heldCustomer: String
        let heldArea: String
        let heldArrived: Stamp
        let isOpen: Bool
    }

    struct Waiting {
        let area: Int64
        let areaName: String
        let count: String
        let isEmpty: Bool
    }

    /// The server's clock, so that countdowns need not trust the browser's.
    let nowMs: Int64
    /// When the session ends unless somebody does something, and whatever anybody does.
    let idleUntilMs: Int64
    let overAtMs: Int64
    /// On the clock, for the page's warning.
    let overAt: String
    let organisation: String
    let agentID: Int64
    let agentName: String
    /// `Ready`, `Not ready`, `Not ready · Coffee`, `Wrap-up`, `Signed out`.
    let presence: String
    /// `ready`, `away` or `wrap`, for the colour.
    let tone: String
    let since: Stamp
    let isReady: Bool
    let isAway: Bool
    let isWrapUp: Bool
    let wrapUpUntilMs: Int64?
    let choices: [Choice]
    /// Set when the router made the agent not ready.
    let putOut: String?
    let offer: Offer?
    let hasInHand: Bool
    let inHand: [InHand]
    let hasAreas: Bool
    let waiting: [Waiting]
}

extension Panel {
    init(_ view: DeskView, _ seat: Seat, openErrand: ErrandID?) {
        let directory = seat.directory
        let wrapUp = view.wrapUpUntil != nil || view.presence == .wrapUp
        let reason = view.reason.flatMap(directory.reason)
        nowMs = seat.times.now.ms
        idleUntilMs = seat.session.idleUntil.ms
        overAtMs = seat.session.overAt.ms
        overAt = seat.times.stamp(seat.session.overAt).clock
        organisation = directory.organisation.isEmpty ? directory.name : directory.organisation
        agentID = seat.agent.id.raw
        agentName = seat.agent.displayName
        presence = Self.text(view.presence, reason: reason, wrapUp: wrapUp)
        tone = wrapUp ? "wrap" : view.presence == .available ? "ready" : "away"
        since = seat.times.stamp(view.presenceSince)
        isReady = view.presence == .available
        isAway = view.presence == .unavailable
        isWrapUp = wrapUp
        wrapUpUntilMs = view.wrapUpUntil?.ms
        choices = directory.reasons.map { known in
            let isChosen = view.presence == .unavailable ? known.id == view.reason : known.isDefault
            return Choice(code: known.code, text: known.text, isChosen: isChosen)
        }
        putOut =
            view.presence == .unavailable && view.cause == .unanswered
            ? "You were set to not ready because \(AgentSettings().unansweredLimit) offers in a row went unanswered."
            : nil
        offer = view.offer.map { Offer($0, seat) }
        hasInHand = !view.inHand.isEmpty
        inHand = view.inHand.map { errand in
            InHand(
                id: errand.id.raw, heldSubject: errand.shownSubject, heldCustomer: errand.customer,
                heldArea: directory.area(errand.area)?.name ?? "",
                heldArrived: seat.times.stamp(errand.arrivedAt),
                isOpen: errand.id == openErrand)
        }
        hasAreas = !view.waiting.isEmpty
        waiting = view.waiting.map { area, count in
            Waiting(
                area: area.raw, areaName: directory.area(area)?.name ?? "", count: counted(count),
                isEmpty: count == 0)
        }
    }

    static func text(_ presence: Presence, reason: NotReadyReason?, wrapUp: Bool) -> String {
        if wrapUp { return "Wrap-up" }
        return switch presence {
        case .available: "Ready"
        case .signedIn: "Not ready"
        case .unavailable: reason.map { "Not ready · \($0.text)" } ?? "Not ready"
        case .wrapUp: "Wrap-up"
        case .signedOut: "Signed out"
        }
    }
}

extension Panel.Offer {
    init(_ view: OfferView, _ seat: Seat) {
        item = view.item.raw
        epoch = view.epoch
        offeredErrand = view.errand.id.raw
        madeMs = view.madeAt.ms
        deadlineMs = view.deadline.ms
        secondsLeft = max(0, (view.deadline - seat.times.now + 999) / 1_000)
        offerSubject = view.errand.shownSubject
        offerCustomer = view.errand.customer
        offerArea = seat.directory.area(view.errand.area)?.name ?? ""
        offerArrived = seat.times.stamp(view.errand.arrivedAt)
        because =
            switch view.reason {
            case "longest_idle": "You have been idle longest (\(Times.span(view.reasonValue ?? 0)))."
            case "fewest_in_hand": "You have the fewest errands in hand."
            default: "Nobody else could take it now."
            }
    }
}

extension Agent {
    var displayName: String { userName.isEmpty ? loginName : userName }
}

extension Errand {
    var shownSubject: String { subject.isEmpty ? "(no subject)" : subject }
    var customer: String { fromName.isEmpty ? fromAddress : fromName }
}
