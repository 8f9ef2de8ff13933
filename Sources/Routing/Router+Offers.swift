// Offers: exclusive, timed, each with an epoch, so that a late accept is refused.

/// Who says no is not asked again at once even where a queue has no re-offer pause: a lone agent would
/// be offered the same item for ever, and never what waits behind it.
let declinePauseMinMs: Int64 = 1_000

extension Router {
    /// Offers an unplaced item to an agent who has no standing offer.
    mutating func offer(_ item: Handle<ItemSlot>, _ agent: Handle<AgentSlot>) -> (
        epoch: Int64, deadline: Instant
    ) {
        let (made, deadline) = openOffer(item)
        items[item].record.state = .offered(agents[agent].record.id, made: made, deadline: deadline)
        items[item].agent = agent
        ask(agent, item)
        arm(item, at: deadline.ms)
        return (items[item].record.epoch, deadline)
    }

    /// Offers an unplaced item to several agents at once, none of whom has a standing offer.
    mutating func offer(_ item: Handle<ItemSlot>, group: [Handle<AgentSlot>]) -> (
        epoch: Int64, deadline: Instant
    ) {
        let (made, deadline) = openOffer(item)
        let ids = group.map { agents[$0].record.id }.sorted()
        items[item].record.state = .offeredToGroup(ids, made: made, deadline: deadline)
        for agent in group { ask(agent, item) }
        arm(item, at: deadline.ms)
        return (items[item].record.epoch, deadline)
    }

    private mutating func openOffer(_ item: Handle<ItemSlot>) -> (made: Instant, deadline: Instant) {
        let made = Instant(ms: now)
        items[item].record.epoch += 1
        if items[item].record.firstOffered == nil { items[item].record.firstOffered = made }
        changed(item)
        return (made, Instant(ms: now.plus(queues[items[item].queue].settings.offerTimeoutMs)))
    }

    private mutating func ask(_ agent: Handle<AgentSlot>, _ item: Handle<ItemSlot>) {
        precondition(
            agents[agent].offer.isNone,
            "a second offer to \(agents[agent].record.id): \(items[item].record)")
        agents[agent].offer = item
        refresh(agent)
    }

    /// Everybody who is asked for the item, ascending.
    func asked(_ item: Handle<ItemSlot>) -> [Handle<AgentSlot>] {
        switch items[item].record.state {
        case .offered: [items[item].agent]
        case .offeredToGroup(let ids, _, _): ids.map { agentByID[$0.raw]! }
        default: []
        }
    }

    /// Ends the standing offer to one agent; of a group, the others are still asked. The caller refreshes the
    /// agent, and gives the item its next state when nobody is asked any more: then this is true.
    mutating func endOffer(_ item: Handle<ItemSlot>, to agent: Handle<AgentSlot>, _ end: OfferEnd) -> Bool {
        let id = agents[agent].record.id
        agents[agent].offer = .none
        changed(item)
        outputs.append(.offerEnded(items[item].record.id, id, epoch: items[item].record.epoch, end))
        if case .offeredToGroup(var ids, let made, let deadline) = items[item].record.state, ids.count > 1 {
            ids.removeAll { $0 == id }
            items[item].record.state = .offeredToGroup(ids, made: made, deadline: deadline)
            return false
        }
        disarm(item)
        items[item].agent = .none
        items[item].record.state = .waiting
        return true
    }

    /// Ends the standing offers to everybody except one; the caller gives the item its next state.
    mutating func endOffers(
        _ item: Handle<ItemSlot>, _ end: OfferEnd, besides winner: Handle<AgentSlot> = .none
    ) {
        // One alone is the commonest case: no list is made of it.
        if items[item].agent == winner, !winner.isNone { return }
        for agent in asked(item) where agent != winner {
            _ = endOffer(item, to: agent, end)
            refresh(agent)
        }
    }

    mutating func accept(_ id: WorkItemID, _ agentID: AgentID, _ epoch: Int64) {
        guard let (item, agent) = standingOffer(id, agentID, epoch) else { return }
        acceptOffer(item, agent)
    }

    mutating func acceptOffer(_ item: Handle<ItemSlot>, _ agent: Handle<AgentSlot>) {
        if case .offeredToGroup = items[item].record.state { endOffers(item, .taken, besides: agent) }
        _ = endOffer(item, to: agent, .accepted)
        reacted(agent)
        agents[agent].record.bounced = 0
        connect(item, agent, epoch: items[item].record.epoch)
    }

    mutating func decline(_ id: WorkItemID, _ agentID: AgentID, _ epoch: Int64) {
        guard let (item, agent) = standingOffer(id, agentID, epoch) else { return }
        let isOver = endOffer(item, to: agent, .declined)
        reacted(agent)
        goLast(agent)
        pause(item, agentID, minMs: declinePauseMinMs)
        if items[item].record.channel == .call { countBounced(agent) }
        if isOver { place(item) }
        refresh(agent)
    }

    mutating func fail(_ id: WorkItemID, _ agentID: AgentID, _ epoch: Int64, _ failure: Failure) {
        guard let (item, agent) = standingOffer(id, agentID, epoch) else { return }
        guard let end = OfferEnd(rawValue: failure.rawValue) else {
            preconditionFailure("no end of an offer for \(failure)")
        }
        if failed(item, agent, end) { place(item) }
    }

    /// The offer's time is over: whoever was asked is blamed, and put out when it was once too often.
    mutating func offerRanOut(_ item: Handle<ItemSlot>) {
        for agent in asked(item) { _ = failed(item, agent, .noAnswer) }
        place(item)
    }

    /// The agent did not react: blamed, last in turn, and put out when it was once too often. True when nobody is
    /// asked any more: the caller gives the item its place.
    private mutating func failed(_ item: Handle<ItemSlot>, _ agent: Handle<AgentSlot>, _ end: OfferEnd)
        -> Bool
    {
        let isOver = endOffer(item, to: agent, end)
        goLast(agent)
        if anotherIsSignedIn(besides: agent, for: item) { pause(item, agents[agent].record.id) }
        let settings = agents[agent].settings
        var putOut: PresenceCause?
        switch end {
        case .busy:
            agents[agent].record.busyFailures += 1
            if agents[agent].record.busyFailures.reached(settings.busyLimit) { putOut = .busy }
        case .error:
            agents[agent].record.errorFailures += 1
            if agents[agent].record.errorFailures.reached(settings.errorLimit) { putOut = .error }
        default:
            agents[agent].record.unanswered += 1
            if agents[agent].record.unanswered.reached(settings.unansweredLimit) { putOut = .unanswered }
        }
        if let putOut {
            forgive(agent)
            change(agent, to: .unavailable, nil, putOut)
        }
        if items[item].record.channel == .call { countBounced(agent) }
        refresh(agent)
        return isOver
    }

    /// A call came back from the agent.
    private mutating func countBounced(_ agent: Handle<AgentSlot>) {
        agents[agent].record.bounced += 1
        changed(agent)
        guard agents[agent].record.bounced.reached(agents[agent].settings.bouncedLimit) else { return }
        agents[agent].record.bounced = 0
        guard agents[agent].record.presence == .available else { return }
        change(agent, to: .unavailable, agents[agent].settings.bouncedReason, .bounced)
    }

    /// The offer's time ran out while nobody could have answered: the agents keep their place and are not
    /// kept from the item.
    mutating func offerWasLost(_ item: Handle<ItemSlot>) {
        endOffers(item, .serverDown)
        place(item)
    }

    /// Keeps an item without a place from an agent for the re-offer pause.
    mutating func pause(_ item: Handle<ItemSlot>, _ agent: AgentID, minMs: Int64 = 0) {
        if items[item].record.preferred?.agent == agent {
            items[item].record.preferred = nil
            changed(item)
        }
        let pauseMs = max(queues[items[item].queue].settings.reofferPauseMs, minMs)
        guard pauseMs > 0 else { return }
        let pause = WorkItemRecord.Pause(agent: agent, until: Instant(ms: now.plus(pauseMs)))
        items[item].record.pauses.removeAll { $0.agent == agent }
        let at = items[item].record.pauses.firstIndex { agent < $0.agent } ?? items[item].record.pauses.count
        items[item].record.pauses.insert(pause, at: at)
        changed(item)
    }

    /// The item and the agent when exactly this offer stands; refuses otherwise.
    private mutating func standingOffer(
        _ id: WorkItemID, _ agentID: AgentID, _ epoch: Int64
    ) -> (Handle<ItemSlot>, Handle<AgentSlot>)? {
        // Found by the agent, of whom there are fewer than of items.
        if let agent = agentByID[agentID.raw], !agents[agent].offer.isNone {
            let item = agents[agent].offer
            if items[item].record.id == id, items[item].record.epoch == epoch { return (item, agent) }
        }
        guard let item = itemByID[id.raw] else {
            refuse(.unknownItem(id))
            return nil
        }
        refuse(.offerIsOver(id, epoch: items[item].record.epoch))
        return nil
    }

    private mutating func reacted(_ agent: Handle<AgentSlot>) {
        let record = agents[agent].record
        guard record.unanswered != 0 || record.busyFailures != 0 || record.errorFailures != 0 else { return }
        forgive(agent)
    }

    private mutating func forgive(_ agent: Handle<AgentSlot>) {
        agents[agent].record.unanswered = 0
        agents[agent].record.busyFailures = 0
        agents[agent].record.errorFailures = 0
        changed(agent)
    }

    /// Whether somebody else who could ever take the item is signed in.
    private mutating func anotherIsSignedIn(besides agent: Handle<AgentSlot>, for item: Handle<ItemSlot>)
        -> Bool
    {
        let queue = items[item].queue
        for profile in queues[queue].profiles
        where profiles[profile].has(queues[queue].settings.requiredSkills)
            && profiles[profile].has(items[item].record.requiredSkills)
        {
            let isOwn = agents[agent].profile == profile && agents[agent].record.presence != .signedOut
            if profiles[profile].signedIn > (isOwn ? 1 : 0) { return true }
        }
        return false
    }
}

extension Int64 {
    /// Whether a count has come to its limit; 0 is no limit.
    fileprivate func reached(_ limit: Int64) -> Bool { limit > 0 && self >= limit }
}
