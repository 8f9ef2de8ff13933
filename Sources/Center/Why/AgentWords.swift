// Why an agent gets nothing, in words.

import Routing

struct AgentWords {
    private let agent: Agent
    private let found: AgentExplanation
    private let facts: AgentFacts
    private let spoken: Spoken
    private let name: String

    init(_ agent: Agent, _ found: AgentExplanation, _ facts: AgentFacts, _ spoken: Spoken) {
        self.agent = agent
        self.found = found
        self.facts = facts
        self.spoken = spoken
        name = spoken.name(agent.id)
    }

    var explanation: Explanation {
        var told = Explanation(
            subject: name, atMs: spoken.now.ms, sentences: [stateWords], causes: found.causes.map(\.word))
        for cause in found.causes { told.sentences.append(words(cause)) }
        let takesCalls = agent.telephony.cloudACDEnabled
        if found.causes.isEmpty {
            told.sentences.append("Nothing keeps \(takesCalls ? "work" : "errands and chats") from \(name).")
        }
        if !takesCalls {
            told.sentences.append("Calls are not offered to \(name): cloud_acd_enabled is false.")
        }
        if !found.inHand.isEmpty {
            let items = found.inHand.prefix(explainedMax).map(errand)
            let more = found.inHand.count > explainedMax ? ["more"] : []
            told.sentences.append("In hand or in wrap-up: \(Spoken.list(items + more)).")
        }
        if !found.queues.isEmpty {
            let areas = Spoken.list(found.queues.map(spoken.queue))
            told.sentences.append(
                "\(name) serves \(areas); \(Spoken.count(found.waiting, "item waits", "items wait")) there in all."
            )
        }
        return told
    }

    private func errand(_ item: WorkItemID) -> String {
        facts.names[item] ?? "a work item that has left"
    }

    private var stateWords: String {
        let presence =
            switch found.record.presence {
            case .signedOut: "signed out"
            case .signedIn: "signed in"
            case .available: "available"
            case .unavailable: "unavailable"
            case .wrapUp: "in wrap-up"
            }
        let status =
            switch found.status {
            case .free: "free"
            case .offered: "being offered work"
            case .busy: "busy"
            case .guarded: "in guard time"
            }
        guard found.record.presence != .signedOut else { return "\(name) is signed out." }
        let since = spoken.since(found.record.presenceSince)
        return "\(name) is \(presence) since \(since), and \(status)."
    }

    private func words(_ cause: AgentExplanation.Cause) -> String {
        switch cause {
        case .signedOut: return "Only agents who are signed in and available are offered work."
        case .notAvailable: return "Offers go to available agents only: being signed in is not enough."
        case .unavailable(let reason):
            let why = reason.map { ": \(spoken.reason($0))" } ?? ""
            return "Offers go to available agents only; this one is unavailable\(why)."
        case .pending(let presence, let reason):
            let why = reason.map { " (\(spoken.reason($0)))" } ?? ""
            return "Asked to be \(Self.word(presence))\(why) during a call: no offers until that is so."
        case .signal(let signal):
            switch signal {
            case .doNotDisturb: return "The telephone is set to do not disturb."
            case .personalCall: return "There is a personal call."
            case .notReachable: return "The telephone is not reachable."
            }
        case .wrapUp(let until): return "Wrap-up lasts until \(spoken.until(until))."
        case .guarded(let until): return "Guard time lasts until \(spoken.until(until))."
        case .offered(let item):
            return "There is an offer already, \(errand(item)): one at a time."
        case .servesNoQueue:
            return agent.adminLevel == .observer
                ? "An observer is offered no work."
                : "\(name) serves no area: put the agent into an agent group that has one."
        case .full(let channel, let inHand, let capacity):
            guard capacity > 0 else { return "\(name) may have no \(channel.word(2)) at all." }
            return "\(name) has \(inHand) \(channel.word(inHand)) in hand and may have \(capacity)."
        case .shutOut(let channel, let other):
            return "While \(name) has \(other.word(2)) in hand, \(channel.word(2)) do not interrupt."
        case .lacksSkill(let skill, let waiting):
            return "\(name) lacks the skill \(spoken.skill(skill)), which "
                + "\(Spoken.count(waiting, "waiting item needs", "waiting items need"))."
        case .kept(let item, let until):
            return
                "\(errand(item).capitalizedFirst) is kept from \(name) until \(spoken.until(until)), because "
                + "an offer of it failed or was given back (re-offer pause)."
        case .preferred(let waiting):
            return "\(Spoken.count(waiting, "waiting item is", "waiting items are")) kept for another agent, "
                + "who is preferred."
        case .nothingWaits: return "Nothing waits in any area that \(name) serves."
        }
    }

    private static func word(_ presence: Presence) -> String {
        switch presence {
        case .signedOut: "signed out"
        case .signedIn: "signed in"
        case .available: "available"
        case .unavailable: "unavailable"
        case .wrapUp: "in wrap-up"
        }
    }
}

extension AgentExplanation.Cause {
    /// For programs.
    fileprivate var word: String {
        switch self {
        case .signedOut: "signed_out"
        case .notAvailable: "not_available"
        case .unavailable: "unavailable"
        case .pending: "presence_pending"
        case .signal(let signal):
            switch signal {
            case .doNotDisturb: "do_not_disturb"
            case .personalCall: "personal_call"
            case .notReachable: "not_reachable"
            }
        case .wrapUp: "wrap_up"
        case .guarded: "guard"
        case .offered: "offered"
        case .servesNoQueue: "serves_no_queue"
        case .full: "full"
        case .shutOut: "shut_out"
        case .lacksSkill: "skill_missing"
        case .kept: "reoffer_pause"
        case .preferred: "preferred_others"
        case .nothingWaits: "nothing_waits"
        }
    }
}

extension String {
    var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
