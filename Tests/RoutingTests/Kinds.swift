// What kinds of things are given to a router and told by it, for counting: each must be seen.

import Routing

extension Input {
    var isArrival: Bool {
        switch self {
        case .arrive, .arriveInHand: true
        default: false
        }
    }

    /// The name of the case.
    var kind: String {
        switch self {
        case .setQueue: "setQueue"
        case .removeQueue: "removeQueue"
        case .setAgent: "setAgent"
        case .removeAgent: "removeAgent"
        case .presence: "presence"
        case .endWrapUp: "endWrapUp"
        case .extendWrapUp: "extendWrapUp"
        case .signal: "signal"
        case .deskOpened: "deskOpened"
        case .deskClosed: "deskClosed"
        case .arrive: "arrive"
        case .arriveInHand: "arriveInHand"
        case .accept: "accept"
        case .decline: "decline"
        case .fail: "fail"
        case .abandon: "abandon"
        case .askReturnCall: "askReturnCall"
        case .take: "take"
        case .returnToQueue: "returnToQueue"
        case .transfer: "transfer"
        case .relocate: "relocate"
        case .assign: "assign"
        case .setPriority: "setPriority"
        case .finish: "finish"
        case .withdraw: "withdraw"
        case .resume: "resume"
        case .tick: "tick"
        }
    }

    static let everyKind = [
        "setQueue", "removeQueue", "setAgent", "removeAgent", "presence", "endWrapUp", "extendWrapUp",
        "signal",
        "deskOpened", "deskClosed", "arrive", "arriveInHand", "accept", "decline", "fail", "abandon",
        "askReturnCall", "take", "returnToQueue", "transfer", "relocate", "assign", "setPriority", "finish",
        "withdraw", "resume", "tick",
    ]
}

extension Output {
    var isRefused: Bool {
        if case .refused = self { return true }
        return false
    }

    /// What was said, once for each thing that is counted of it.
    var kinds: [String] {
        switch self {
        case .offered(_, _, _, _, let reason): ["offered: \(reason.word)"]
        case .offerEnded(_, _, _, let end): ["offer ended: \(end)"]
        case .connected(_, _, let epoch): [epoch == nil ? "connected: unasked" : "connected: accepted"]
        case .returned: ["returned"]
        case .moved: ["moved"]
        case .relocated: ["relocated"]
        case .wrapUpBegan: ["wrap-up began"]
        case .wrapUpExtended: ["wrap-up extended"]
        case .abandoned: ["abandoned"]
        case .overflowed(_, _, let cause, let treatment):
            ["overflowed: \(cause)", "overflowed: \(treatment.word)"]
        case .left: ["left"]
        case .decided: ["decided"]
        case .blocked(_, let blockage): ["blocked: \(blockage)"]
        case .blockageChanged(_, _, _, let blockage): ["blockage: \(blockage)"]
        case .presencePending(_, let presence, _): ["pending: \(presence)"]
        case .presenceChanged(_, let presence, _, let cause):
            ["presence: \(presence)", "presence because \(cause)"]
        case .refused(let refusal): ["refused: \(refusal.word)"]
        case .queueChanged: ["queue changed"]
        case .agentChanged: ["agent changed"]
        case .itemChanged: ["item changed"]
        }
    }

    /// All that `kinds` can say.
    static let everyKind: [String] = {
        let ends: [OfferEnd] = [
            .accepted, .declined, .noAnswer, .taken, .itemGone, .agentGone, .serverDown, .busy, .error,
        ]
        let causes: [PresenceCause] = [
            .asked, .unanswered, .wrapUpEnded, .deskGone, .busy, .error, .bounced, .doNotDisturb,
            .personalCall, .notReachable,
        ]
        let reasons = [
            "longestIdle", "fewestInHand", "onlyCandidate", "listOrder", "nextInTurn", "weight",
            "fewestHandled", "leastTalk", "skillLevel", "preferred", "group",
        ]
        let refusals = [
            "unknownItem", "unknownAgent", "unknownQueue", "duplicateItem", "offerIsOver", "inHand",
            "notInHand", "queueHoldsWork", "queueIsTarget", "answered", "notInWrapUp", "overflowRing",
            "overflowToUnknownQueue", "weightsTooHigh",
        ]
        // A queue that is closed has nothing waiting, and a class says for all its work why it waits.
        let blockages = Blockage.allCases.filter { $0 != .queueClosed }
        return [
            "connected: unasked", "connected: accepted", "returned", "moved", "relocated", "wrap-up began",
            "wrap-up extended", "abandoned", "left", "decided", "queue changed", "agent changed",
            "item changed",
        ] + reasons.map { "offered: \($0)" } + ends.map { "offer ended: \($0)" }
            + OverflowCause.allCases.map { "overflowed: \($0)" }
            + ["queue", "number", "busy", "ringing"].map { "overflowed: \($0)" }
            // What enters is not kept from anybody yet.
            + blockages.filter { $0 != .reofferPause }.map { "blocked: \($0)" }
            + blockages.filter { $0 != .waitsForPreferred }.map { "blockage: \($0)" }
            + Presence.allCases.flatMap { ["pending: \($0)", "presence: \($0)"] }
            + causes.map { "presence because \($0)" } + refusals.map { "refused: \($0)" }
    }()
}

extension Reason {
    fileprivate var word: String {
        switch self {
        case .longestIdle: "longestIdle"
        case .fewestInHand: "fewestInHand"
        case .onlyCandidate: "onlyCandidate"
        case .listOrder: "listOrder"
        case .nextInTurn: "nextInTurn"
        case .weight: "weight"
        case .fewestHandled: "fewestHandled"
        case .leastTalk: "leastTalk"
        case .skillLevel: "skillLevel"
        case .preferred: "preferred"
        case .group: "group"
        }
    }
}

extension Treatment {
    fileprivate var word: String {
        switch self {
        case .queue: "queue"
        case .number: "number"
        case .busy: "busy"
        case .ringing: "ringing"
        }
    }
}

extension RouterRefusal {
    fileprivate var word: String {
        switch self {
        case .unknownItem: "unknownItem"
        case .unknownAgent: "unknownAgent"
        case .unknownQueue: "unknownQueue"
        case .duplicateItem: "duplicateItem"
        case .offerIsOver: "offerIsOver"
        case .inHand: "inHand"
        case .notInHand: "notInHand"
        case .queueHoldsWork: "queueHoldsWork"
        case .queueIsTarget: "queueIsTarget"
        case .answered: "answered"
        case .notInWrapUp: "notInWrapUp"
        case .overflowRing: "overflowRing"
        case .overflowToUnknownQueue: "overflowToUnknownQueue"
        case .weightsTooHigh: "weightsTooHigh"
        }
    }
}
