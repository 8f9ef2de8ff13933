// Why a work item is where it is, in words.

import Routing

struct ItemWords {
    private let facts: ItemFacts
    private let item: ItemExplanation?
    private let spoken: Spoken
    private let it: String
    /// As one says that it has ended.
    private let over: String

    /// - Parameter item: nil when the router does not know it: it has left.
    init(_ facts: ItemFacts, _ item: ItemExplanation?, _ spoken: Spoken) {
        self.facts = facts
        self.item = item
        self.spoken = spoken
        it = facts.name
        over = facts.errand == nil ? "over" : "closed"
    }

    var explanation: Explanation {
        var told = Explanation(subject: it, atMs: spoken.now.ms, sentences: [], causes: [])
        guard let item else {
            told.sentences = ["\(it) is \(over); nobody is offered it."]
            told.causes = [over]
            told.sentences += decisionWords + pastOffers(besides: nil)
            return told
        }
        let area = spoken.queue(item.record.queue)
        switch item.record.state {
        case .waiting:
            told.causes = ["waiting"] + (item.blockage.map { [$0.word] } ?? [])
            if item.ahead.higherPriority > 0 { told.causes.append("lower_priority") }
            if item.ahead.bounced > 0 { told.causes.append("behind_bounced") }
            if item.ahead.older > 0 { told.causes.append("behind_older") }
            told.position = item.position
            told.estimatedWaitMs = item.estimatedWaitMs
            told.sentences = waitingWords(item, area) + pastOffers(besides: nil)
        case .ringing(let until):
            told.causes = ["ringing", Blockage.queueClosed.word]
            told.sentences = [
                "\(area) is full or closed and did not take it: the customer hears ringing until "
                    + "\(spoken.until(until)), and nobody is offered it."
            ]
        case .offered(let agent, let made, let deadline):
            told.causes = ["offered"]
            told.sentences = [
                "\(it) is offered to \(spoken.name(agent)) since \(spoken.since(made)), until "
                    + "\(spoken.until(deadline))."
            ]
            told.sentences += decisionWords + pastOffers(besides: item.record.epoch)
        case .offeredToGroup(let group, let made, let deadline):
            told.causes = ["offered"]
            told.sentences = [
                "\(it) is offered to \(spoken.names(group)) at once since \(spoken.since(made)), until "
                    + "\(spoken.until(deadline)); the first to accept has it."
            ]
            told.sentences += decisionWords + pastOffers(besides: item.record.epoch)
        case .active(let agent, let since):
            told.causes = ["in_hand"]
            told.sentences = ["\(it) is in the hands of \(spoken.name(agent)) since \(spoken.since(since))."]
            told.sentences += handWords(agent)
        case .wrapUp(let agent, let until):
            told.causes = ["wrap_up"]
            told.sentences = [
                "\(it) is \(over) and in the wrap-up of \(spoken.name(agent)) until \(spoken.until(until))."
            ]
            told.sentences += handWords(agent)
        }
        return told
    }

    // MARK: Waiting

    private func waitingWords(_ item: ItemExplanation, _ area: String) -> [String] {
        var words = [
            "\(it) waits in \(area) since \(spoken.since(item.record.queued)), in priority class "
                + "\(item.record.priority)."
        ]
        if let blockage = item.blockage { words.append(blockageWords(blockage, item, area)) }
        if item.blockage != .skillMissing, !item.desiredSkills.isEmpty { words += desiredWords(item) }
        words.append(aheadWords(item, area))
        if let estimate = item.estimatedWaitMs {
            words.append("Estimated wait from now: \(Spoken.span(estimate)).")
        }
        if let at = item.overflowsAt {
            words.append("If nobody has taken it by \(spoken.until(at)), it overflows.")
        }
        if item.record.firstOffered != nil {
            words.append("It came back once already, so it goes before all that was never offered.")
        }
        return words + pastWords(item)
    }

    private func blockageWords(_ blockage: Blockage, _ item: ItemExplanation, _ area: String) -> String {
        let steps = item.steps
        switch blockage {
        case .nobodySignedIn:
            guard steps.serving > 0 else {
                return "No agent serves \(area): put agents into an agent group that has this area."
            }
            let serve = Spoken.count(steps.serving, "agent serves", "agents serve")
            return "Nobody is signed in: \(serve) \(area), and none of them is there."
        case .skillMissing:
            let signedIn = Spoken.count(steps.signedIn, "agent is", "agents are")
            let who = "\(signedIn) signed in, but none has all of"
            return ([("It needs \(spoken.skills(item.neededSkills)). \(who) these.")] + desiredWords(item))
                .joined(separator: " ")
        case .nobodyAvailable:
            let could = Spoken.count(
                steps.skilled, "agent who could take it is", "agents who could take it are")
            return "Nobody is available: \(could) signed in, but not available."
        case .allBusy:
            let available = Spoken.count(steps.available, "agent", "agents")
            return "All are busy: \(available) could take it, but not now: no room, or an offer that stands."
        case .inGuard:
            let first = item.restedAt.map { " The first is free at \(spoken.until($0))." } ?? ""
            return "Who has room is in wrap-up or guard time, or has a signal on.\(first)"
        case .reofferPause:
            let pauses = item.record.pauses.filter { $0.until > spoken.now }
            let kept = pauses.prefix(3).map {
                "from \(spoken.name($0.agent)) until \(spoken.until($0.until))"
            }
            guard !kept.isEmpty else { return "It is kept from those who are free." }
            return
                "It is kept \(Spoken.list(Array(kept))), because an offer of it to them failed or they gave "
                + "it back (re-offer pause); nobody else is free."
        case .waitsForPreferred:
            guard let preferred = item.record.preferred else { return "It waits for the agent it prefers." }
            return "It waits for \(spoken.name(preferred.agent)), whom it prefers, until "
                + "\(spoken.until(preferred.until))."
        case .queueClosed: return "\(area) is full or closed."
        }
    }

    private func desiredWords(_ item: ItemExplanation) -> [String] {
        guard !item.desiredSkills.isEmpty else { return [] }
        let skills = spoken.skills(item.desiredSkills)
        guard let until = item.desiredUntil else { return ["It insists on \(skills) for ever."] }
        return ["It insists on \(skills) until \(spoken.until(until)) only."]
    }

    private func aheadWords(_ item: ItemExplanation, _ area: String) -> String {
        guard item.ahead.all > 0 else { return "It is the next in \(area): nothing is ahead of it." }
        var parts: [String] = []
        if item.ahead.bounced > 0 {
            parts.append("\(item.ahead.bounced) that came back after an offer")
        }
        if item.ahead.higherPriority > 0 {
            parts.append("\(item.ahead.higherPriority) of a higher priority class")
        }
        if item.ahead.older > 0 { parts.append("\(item.ahead.older) with a longer wait or more time credit") }
        return "It is number \(item.ahead.all + 1) in \(area). Ahead of it: \(Spoken.list(parts))."
    }

    /// What it waited for before.
    private func pastWords(_ item: ItemExplanation) -> [String] {
        var words: [String] = []
        if let at = facts.blockedAt, let why = facts.blockedBy {
            words.append("When it entered, at \(spoken.clock(at)), \(why.words).")
        }
        let own = facts.changes.filter {
            $0.skills == item.neededSkills && $0.at > facts.blockedAt ?? $0.at - 1
        }
        if !own.isEmpty {
            let told = own.reversed().map { "from \(spoken.clock($0.at)) \($0.why.words)" }
            words.append("Since then: \(told.joined(separator: "; ")).")
        }
        return words
    }

    // MARK: Offered and in hand

    /// Why this agent, of the latest offer.
    private var decisionWords: [String] {
        guard let decision = facts.decision else { return [] }
        let area = spoken.queue(decision.queue)
        let steps =
            "Of \(Spoken.count(decision.serving, "agent")) who serve \(area), \(decision.available) "
            + "\(decision.available == 1 ? "was" : "were") available, \(decision.skilled) of them had the skills, "
            + "\(decision.withRoom) of them had room, and from \(decision.candidates) it was not kept."
        var words = [
            "At \(spoken.clock(decision.at)) the router chose \(spoken.name(decision.winner)): "
                + reasonWords(decision), steps,
        ]
        if let runnerUp = decision.runnerUp, decision.reason != "group" {
            words.append("\(spoken.name(runnerUp)) would have been next.")
        }
        return words
    }

    private func reasonWords(_ decision: StoredDecision) -> String {
        let figure = decision.figure ?? 0
        return switch decision.reason {
        case "longest_idle": "idle the longest, for \(Spoken.span(figure))."
        case "fewest_in_hand": "the fewest in hand, \(figure)."
        case "only_candidate": "nobody else could take it."
        case "list_order": "the first of them in the list, number \(figure)."
        case "next_in_turn": "next in turn, number \(figure) in the list."
        case "weight": "drawn by weight, with a share of \(figure) %."
        case "fewest_handled": "the fewest handled since signing in, \(figure)."
        case "least_talk": "the least time in conversations since signing in, \(Spoken.span(figure))."
        case "skill_level": "the best level, \(figure)."
        case "preferred": "it prefers this agent."
        case "group": "all \(figure) were asked at once."
        default: decision.reason
        }
    }

    /// How it came into these hands.
    private func handWords(_ agent: AgentID) -> [String] {
        guard let offer = facts.offers.first(where: { $0.agent == agent }), offer.ending == .accepted,
            offer.epoch == facts.decision?.epoch
        else {
            return ["It was taken from a list or assigned by hand: the router did not choose."]
                + pastOffers(besides: nil)
        }
        return decisionWords + pastOffers(besides: offer.epoch)
    }

    /// Latest first.
    private func pastOffers(besides epoch: Int64?) -> [String] {
        let past = facts.offers.filter { $0.epoch != epoch && $0.endedAt != nil }
        guard !past.isEmpty else { return [] }
        let told = past.map { offer in
            "to \(spoken.name(offer.agent)) at \(spoken.clock(offer.madeAt)) (\(offer.ending?.words ?? "over"))"
        }
        return ["Offered before: \(told.joined(separator: ", "))."]
    }
}
