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
        /// Empty for what is no errand.
        let offeredErrand: String
        /// `Offer`, `Call`, `Chat`.
        let offerTitle: String
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

    /// A call or chat of another system.
    struct Held {
        let heldItem: Int64
        let itemChannel: String
        let itemSubject: String
        let itemFrom: String
        let itemQueue: String
        let isTalk: Bool
        let talkSinceMs: Int64?
        let itemWrapUpUntilMs: Int64?
        let isFirstTalk: Bool
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
    let hasItems: Bool
    let items: [Held]
    let hasAreas: Bool
    /// Said where there are none.
    let noAreas: String
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
        putOut = view.presence == .unavailable ? view.cause?.putOut : nil
        offer = view.offer.map { Offer($0, seat) }
        hasInHand = !view.inHand.isEmpty
        inHand = view.inHand.map { errand in
            InHand(
                id: errand.id.raw, heldSubject: errand.shownSubject, heldCustomer: errand.customer,
                heldArea: directory.area(errand.area)?.name ?? "",
                heldArrived: seat.times.stamp(errand.arrivedAt),
                isOpen: errand.id == openErrand)
        }
        hasItems = !view.items.isEmpty
        let firstTalk = view.items.first { $0.activeSince != nil }?.external.id
        items = view.items.map { Held($0, directory, isFirst: $0.external.id == firstTalk) }
        let centers = directory.callCenters(joinedBy: seat.agent.id).map(\.name)
        noAreas = Self.noAreas(seat, centers)
        hasAreas = !view.waiting.isEmpty
        waiting = view.waiting.map { area, count in
            Waiting(
                area: area.raw, areaName: directory.area(area)?.name ?? "", count: counted(count),
                isEmpty: count == 0)
        }
    }

    private static func noAreas(_ seat: Seat, _ centers: [String]) -> String {
        guard centers.isEmpty else {
            return "You serve no area; your calls come from \(centers.joined(separator: ", "))."
        }
        guard seat.agent.adminLevel == .administrator else {
            return "You serve no area yet. An administrator puts you into an agent group."
        }
        let offers = "You are in no agent group that serves an area, so no errand is offered to you."
        return seat.directory.areas.isEmpty
            ? "There is no area yet." : "\(offers) As an administrator you may open every area."
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
        offeredErrand = view.errand.map { "\($0.id)" } ?? ""
        offerTitle = view.external?.channel.title ?? "Offer"
        madeMs = view.madeAt.ms
        deadlineMs = view.deadline.ms
        secondsLeft = max(0, (view.deadline - seat.times.now + 999) / 1_000)
        offerSubject = view.errand?.shownSubject ?? view.external?.shownSubject ?? ""
        offerCustomer = view.errand?.customer ?? view.external?.shownFrom ?? ""
        offerArea = seat.directory.queueName(view.queue)
        offerArrived = seat.times.stamp(
            view.errand?.arrivedAt ?? view.external?.createdAt ?? view.madeAt)
        because = Self.because(view.reason, view.reasonValue ?? 0)
    }

    private static func because(_ reason: String, _ figure: Int64) -> String {
        switch reason {
        case "longest_idle": "You have been idle longest (\(Times.span(figure)))."
        case "fewest_in_hand": "You have the fewest items in hand."
        case "list_order": "You are the first in the list who is free."
        case "next_in_turn": "It is your turn."
        case "weight": "It was drawn for you by weight."
        case "fewest_handled": "You have handled the fewest since signing in."
        case "least_talk": "You have talked the least since signing in."
        case "skill_level": "You have the best level for it."
        case "preferred": "It asks for you."
        case "group": "It is offered to several at once; the first has it."
        default: "Nobody else could take it now."
        }
    }
}

extension Panel.Held {
    init(_ held: HeldItem, _ directory: Directory, isFirst: Bool) {
        heldItem = held.external.id.raw
        itemChannel = held.external.channel.title
        itemSubject = held.external.shownSubject
        itemFrom = held.external.shownFrom
        itemQueue = directory.queueName(held.queue)
        isTalk = held.activeSince != nil
        talkSinceMs = held.activeSince?.ms
        itemWrapUpUntilMs = held.wrapUpUntil?.ms
        isFirstTalk = isFirst
    }
}

extension PresenceCause {
    /// What an agent is told whom the router made not ready.
    fileprivate var putOut: String? {
        switch self {
        case .unanswered:
            "You were set to not ready because \(AgentSettings().unansweredLimit) offers in a row went unanswered."
        case .deskGone: "You were set to not ready because your desk was closed or out of reach."
        case .busy: "You were set to not ready because your line was busy for several offers in a row."
        case .error: "You were set to not ready because several offers in a row did not get through to you."
        case .bounced: "You were set to not ready because several calls in a row came back from you."
        case .doNotDisturb: "You were set to not ready because your telephone is set to do not disturb."
        case .personalCall: "You were set to not ready because of a personal call."
        case .notReachable: "You were set to not ready because your telephone could not be reached."
        case .asked, .wrapUp, .wrapUpEnded: nil
        }
    }
}

extension Channel {
    var title: String {
        switch self {
        case .call: "Call"
        case .chat: "Chat"
        case .errand: "Errand"
        }
    }
}

extension ExternalItem {
    var shownSubject: String { subject.isEmpty ? channel.title : subject }
    var shownFrom: String { from.isEmpty ? "unknown" : from }
}

extension Agent {
    var displayName: String { userName.isEmpty ? loginName : userName }
}

extension Errand {
    var shownSubject: String { subject.isEmpty ? "(no subject)" : subject }
    var customer: String { fromName.isEmpty ? fromAddress : fromName }
}
