// Offers: exclusive, timed, each with an epoch, so that a late accept is refused.

/// Who says no is not asked again at once even where a queue has no re-offer pause: a lone agent would
/// be offered the same item for ever, and never what waits behind it.
let declinePauseMinMs: Int64 = 1_000

extension Router {
    /// Offers an unplaced item to an agent who has no standing offer.
    mutating func offer(_ item: Handle<ItemSlot>, _ agent: Handle<AgentSlot>) -> (
        epoch: Int64, deadline: Instant
    ) {
        precondition(
            agents[agent].offer.isNone,
            "a second offer to \(agents[agent].record.id): \(items[item].record)")
        let made = Instant(ms: now)
        let deadline = Instant(ms: now.plus(queues[items[item].queue].settings.offerTimeoutMs))
        items[item].record.epoch += 1
        items[item].record.state = .offered(agents[agent].record.id, made: made, deadline: deadline)
        if items[item].record.firstOffered == nil { items[item].record.firstOffered = made }
        items[item].agent = agent
        agents[agent].offer = item
        changed(item)
        arm(item, at: deadline.ms)
        refresh(agent)
        return (items[item].record.epoch, deadline)
    }

    /// Ends a standing offer; the caller gives the item its next state and refreshes the agent.
    mutating func endOffer(_ item: Handle<ItemSlot>, _ end: OfferEnd) {
        let agent = items[item].agent
        disarm(item)
        agents[agent].offer = .none
        items[item].agent = .none
        items[item].record.state = .waiting
        changed(item)
        outputs.append(
            .offerEnded(
                items[item].record.id, agents[agent].record.id, epoch: items[item].record.epoch, end))
    }

    mutating func accept(_ id: WorkItemID, _ agentID: AgentID, _ epoch: Int64) {
        guard let item = standingOffer(id, agentID, epoch) else { return }
        acceptOffer(item)
    }

    mutating func acceptOffer(_ item: Handle<ItemSlot>) {
        let agent = items[item].agent
        endOffer(item, .accepted)
        reacted(agent)
        connect(item, agent, epoch: items[item].record.epoch)
    }

    mutating func decline(_ id: WorkItemID, _ agentID: AgentID, _ epoch: Int64) {
        guard let item = standingOffer(id, agentID, epoch) else { return }
        let agent = items[item].agent
        endOffer(item, .declined)
        reacted(agent)
        goLast(agent)
        pause(item, agentID, minMs: declinePauseMinMs)
        place(item)
        refresh(agent)
    }

    /// The offer's time is over: the agent is blamed, and put out when it was once too often.
    mutating func offerRanOut(_ item: Handle<ItemSlot>) {
        let agent = items[item].agent
        endOffer(item, .noAnswer)
        agents[agent].record.unanswered += 1
        goLast(agent)
        if anotherIsSignedIn(besides: agent, for: item) { pause(item, agents[agent].record.id) }
        let limit = agents[agent].settings.unansweredLimit
        if limit > 0, agents[agent].record.unanswered >= limit {
            agents[agent].record.unanswered = 0
            change(agent, to: .unavailable, nil, .unanswered)
        }
        place(item)
        refresh(agent)
    }

    /// The offer's time ran out while nobody could have answered: the agent keeps its place and is not
    /// kept from the item.
    mutating func offerWasLost(_ item: Handle<ItemSlot>) {
        let agent = items[item].agent
        endOffer(item, .serverDown)
        place(item)
        refresh(agent)
    }

    /// Keeps an item without a place from an agent for the re-offer pause.
    mutating func pause(_ item: Handle<ItemSlot>, _ agent: AgentID, minMs: Int64 = 0) {
        let pauseMs = max(queues[items[item].queue].settings.reofferPauseMs, minMs)
        guard pauseMs > 0 else { return }
        let pause = WorkItemRecord.Pause(agent: agent, until: Instant(ms: now.plus(pauseMs)))
        items[item].record.pauses.removeAll { $0.agent == agent }
        let at = items[item].record.pauses.firstIndex { agent < $0.agent } ?? items[item].record.pauses.count
        items[item].record.pauses.insert(pause, at: at)
        changed(item)
    }

    /// The item when exactly this offer of it stands; refuses otherwise.
    private mutating func standingOffer(
        _ id: WorkItemID, _ agentID: AgentID, _ epoch: Int64
    ) -> Handle<ItemSlot>? {
        guard let item = itemByID[id.raw] else {
            refuse(.unknownItem(id))
            return nil
        }
        guard case .offered(agentID, _, _) = items[item].record.state, items[item].record.epoch == epoch
        else {
            refuse(.offerIsOver(id, epoch: items[item].record.epoch))
            return nil
        }
        return item
    }

    private mutating func reacted(_ agent: Handle<AgentSlot>) {
        guard agents[agent].record.unanswered != 0 else { return }
        agents[agent].record.unanswered = 0
        changed(agent)
    }

    /// Whether somebody else who could ever take the item is signed in.
    private func anotherIsSignedIn(besides agent: Handle<AgentSlot>, for item: Handle<ItemSlot>) -> Bool {
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
