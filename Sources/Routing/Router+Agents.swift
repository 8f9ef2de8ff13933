// Agents: presence, wrap-up, the idle rank, and the lists of those who are ready.

import HeapModule

extension Router {
    mutating func setPresence(_ id: AgentID, _ presence: Presence, _ reason: ReasonID?) {
        guard let agent = agentByID[id.raw] else { return refuse(.unknownAgent(id)) }
        let reason = presence == .unavailable ? reason : nil
        if agents[agent].active.call > 0 {
            setPending(agent, presence, reason)
        } else {
            change(agent, to: presence, reason, .asked)
        }
        reviewOffer(agent)
        refresh(agent)
    }

    /// Keeps what was asked for during a call until the agent is free.
    private mutating func setPending(
        _ agent: Handle<AgentSlot>, _ presence: Presence, _ reason: ReasonID?
    ) {
        let record = agents[agent].record
        let isAsBefore = record.presence == presence && record.reason == reason
        let pending = isAsBefore ? nil : PendingPresence(presence: presence, reason: reason)
        guard record.pending != pending else { return }
        agents[agent].record.pending = pending
        changed(agent)
        outputs.append(.presencePending(record.id, presence, reason: reason))
    }

    /// What was asked for during a call takes effect once neither a call nor a wrap-up is left.
    mutating func becomesFree(_ agent: Handle<AgentSlot>) {
        guard let pending = agents[agent].record.pending, agents[agent].active.call == 0,
            agents[agent].record.wrapUpUntil == nil
        else { return }
        change(agent, to: pending.presence, pending.reason, .asked)
    }

    /// Changes what the record says; the caller reviews the offer and refreshes.
    mutating func change(
        _ agent: Handle<AgentSlot>, to presence: Presence, _ reason: ReasonID?, _ cause: PresenceCause
    ) {
        // Who is put out during a call still wants to leave when it is over.
        if let pending = agents[agent].record.pending, cause == .asked || !pending.isLeaving {
            agents[agent].record.pending = nil
            changed(agent)
        }
        let former = agents[agent].record.presence
        guard former != presence || agents[agent].record.reason != reason else { return }
        agents[agent].record.presence = presence
        agents[agent].record.reason = reason
        agents[agent].record.presenceSince = Instant(ms: now)
        let until = presence == .wrapUp ? Instant(ms: now.plus(agents[agent].settings.wrapUpMs)) : nil
        agents[agent].record.presenceUntil = until
        arm(agent, .presence, at: until?.ms ?? .max)
        changed(agent)
        outputs.append(.presenceChanged(agents[agent].record.id, presence, reason: reason, cause))
        if former == .signedOut {
            agents[agent].record.handled = 0
            agents[agent].record.talkMs = 0
            profiles[agents[agent].profile].signedIn += 1
            goLast(agent)
        } else if presence == .signedOut {
            profiles[agents[agent].profile].signedIn -= 1
            forgetPreference(for: agent)
        }
    }

    /// The wrap-up that was asked for is over.
    mutating func presenceRanOut(_ agent: Handle<AgentSlot>) {
        change(agent, to: .available, nil, .wrapUpEnded)
        refresh(agent)
    }

    mutating func endWrapUp(_ id: AgentID) {
        guard let agent = agentByID[id.raw] else { return refuse(.unknownAgent(id)) }
        for item in inHandAscending(agent) where items[item].record.state.isWrapUp {
            correctHandling(item, endsAt: now)
            leave(item)
        }
        if agents[agent].record.presence == .wrapUp { presenceRanOut(agent) }
    }

    mutating func extendWrapUp(_ id: AgentID, _ until: Instant) {
        guard let agent = agentByID[id.raw] else { return refuse(.unknownAgent(id)) }
        guard agents[agent].isInWrapUp else { return refuse(.notInWrapUp(id)) }
        guard until.ms > now else { return endWrapUp(id) }
        for item in inHandAscending(agent) where items[item].record.state.isWrapUp {
            correctHandling(item, endsAt: until.ms)
            items[item].record.state = .wrapUp(id, until: until)
            arm(item, at: until.ms)
            changed(item)
            outputs.append(.wrapUpExtended(items[item].record.id, id, until: until))
        }
        findWrapUpEnd(agent)
        if agents[agent].record.presence == .wrapUp {
            agents[agent].record.presenceUntil = until
            arm(agent, .presence, at: until.ms)
            changed(agent)
        }
    }

    mutating func setSignal(_ id: AgentID, _ signal: Signal, _ on: Bool) {
        guard let agent = agentByID[id.raw] else { return refuse(.unknownAgent(id)) }
        guard agents[agent].record.signals.contains(Signals(signal)) != on else { return }
        if on {
            agents[agent].record.signals.insert(Signals(signal))
        } else {
            agents[agent].record.signals.remove(Signals(signal))
        }
        changed(agent)
        let isAtWork = [.available, .signedIn, .wrapUp].contains(agents[agent].record.presence)
        if on, isAtWork, case .yes(let reason) = agents[agent].settings.forcing[signal] {
            change(agent, to: .unavailable, reason, signal.cause)
        }
        reviewOffer(agent)
        refresh(agent)
    }

    /// Starts the agent's guard time after its release from work of a queue. An offer that stands already is not
    /// taken back for it: the gap would come too late.
    mutating func beginGuard(_ agent: Handle<AgentSlot>, _ queue: Handle<QueueSlot>) {
        let guardMs = agents[agent].guardMs ?? queues[queue].settings.guardMs
        guard guardMs > 0, agents[agent].offer.isNone else { return }
        let until = now.plus(guardMs)
        guard until > agents[agent].record.guardUntil?.ms ?? .min else { return }
        agents[agent].record.guardUntil = Instant(ms: until)
        arm(agent, .rest, at: until)
        changed(agent)
    }

    mutating func guardRanOut(_ agent: Handle<AgentSlot>) {
        agents[agent].record.guardUntil = nil
        changed(agent)
        refresh(agent)
    }

    /// Moves the agent behind everyone else who is idle.
    mutating func goLast(_ agent: Handle<AgentSlot>) {
        idleOrder += 1
        agents[agent].restamp()
        agents[agent].record.idleSince = Instant(ms: now)
        agents[agent].record.idleOrder = idleOrder
        changed(agent)
    }

    /// The latest end of the wrap-ups in hand.
    mutating func findWrapUpEnd(_ agent: Handle<AgentSlot>) {
        var latest: Instant?
        for item in inHand(agent) {
            if case .wrapUp(_, let until) = items[item].record.state {
                latest = max(latest ?? until, until)
            }
        }
        guard agents[agent].record.wrapUpUntil != latest else { return }
        agents[agent].record.wrapUpUntil = latest
        changed(agent)
    }

    func inHand(_ agent: Handle<AgentSlot>) -> [Handle<ItemSlot>] {
        var all: [Handle<ItemSlot>] = []
        var item = agents[agent].firstInHand
        while !item.isNone {
            all.append(item)
            item = items[item].nextInHand
        }
        return all
    }

    func inHandAscending(_ agent: Handle<AgentSlot>) -> [Handle<ItemSlot>] {
        inHand(agent).sorted { items[$0].record.id < items[$1].record.id }
    }

    /// Ends the agent's standing offer when it could not be made any more.
    mutating func reviewOffer(_ agent: Handle<AgentSlot>) {
        let item = agents[agent].offer
        guard !item.isNone, !mayKeepOffer(agent, item) else { return }
        if endOffer(item, to: agent, .agentGone) { place(item) }
    }

    private mutating func mayKeepOffer(_ agent: Handle<AgentSlot>, _ item: Handle<ItemSlot>) -> Bool {
        let profile = agents[agent].profile
        return agents[agent].takesOffers(of: queues[items[item].queue].settings)
            && agents[agent].hasRoom(for: items[item].record.channel)
            && profiles[profile].key.queues.contains(items[item].record.queue)
            && profiles[profile].has(queues[items[item].queue].settings.requiredSkills)
            && profiles[profile].has(items[item].record.requiredSkills)
    }

    // MARK: The lists of those who are ready

    /// Finds what the agent may be offered after anything about it changed. What it may be offered
    /// anew, matching looks at first; it is listed only if nothing was found for it.
    mutating func refresh(_ agent: Handle<AgentSlot>) {
        let (gained, kind) = agents[agent].reopen()
        settle(agent)
        markUnshown(agent)
        recount(agent, as: kind)
        // Of channels that its profile has no work of there is nothing to look for.
        let at = Int(agents[agent].profile.raw)
        let unlisted = agents[agent].open & ~agents[agent].listed & supplies[at].listed
        if gained & supplies[at].channels | unlisted != 0 { markDirty(agent) }
    }

    mutating func markDirty(_ agent: Handle<AgentSlot>) {
        guard !agents[agent].isDirty else { return }
        agents[agent].isDirty = true
        dirtyAgents.append(agent)
        // What was foreseen for it has come near by now, and says where its lists are.
        if foreseen.agent == agent, !foreseen.item.isNone { prefetchLists(foreseen.workClass) }
    }

    /// Begins to bring near what an agent of a profile is matched and listed by. It changes nothing, but a call that only
    /// reads would copy the router first.
    @inline(__always)
    mutating func prefetchListing(_ profile: Handle<Profile>) {
        supplies.prefetch(Int(profile.raw))
        workMarks.prefetch(Int(profile.raw))
        reach.prefetch(Int(profile.raw))
    }

    /// Enters the agent in the ready heaps it belongs in.
    mutating func list(_ agent: Handle<AgentSlot>) {
        let profile = agents[agent].profile
        let missing = agents[agent].open & ~agents[agent].listed & supplies[Int(profile.raw)].listed
        guard missing != 0 else { return }
        agents[agent].listed |= missing
        let entry = Ready.Entry(rank: agents[agent].rank, agent: agent, stamp: agents[agent].stamp)
        for channel in Channel.allCases where missing & channel.bit != 0 {
            let at = readyIndex(profile, channel)
            if ready[at].insert(entry), supplies[Int(profile.raw)].isBounded {
                tellClasses(profile, channel, entry.rank)
            }
            let listed = ready[at].count
            if listed > staleEntriesMax, listed > 2 * profiles[profile].agents.count + staleEntriesMax {
                rebuild(at, channel)
            }
        }
    }

    /// Ready heaps of a channel are asked from now on: where a bench decides they never are.
    mutating func beginListing(_ profile: Handle<Profile>, _ channel: Channel) {
        guard supplies[Int(profile.raw)].listed & channel.bit == 0 else { return }
        supplies[Int(profile.raw)].listed |= channel.bit
        for agent in profiles[profile].agents { list(agent) }
    }

    /// Takes the agent off the heads of ready heaps where it should not be.
    mutating func settle(_ agent: Handle<AgentSlot>) {
        let unsettled = agents[agent].unsettled
        guard unsettled != 0 else { return }
        agents[agent].unsettled = 0
        let profile = agents[agent].profile
        for channel in Channel.allCases where unsettled & channel.bit != 0 {
            if ready[readyIndex(profile, channel)].head.agent == agent { settle(profile, channel) }
        }
    }

    /// Makes the head of a ready heap right again.
    mutating func settle(_ profile: Handle<Profile>, _ channel: Channel) {
        let at = readyIndex(profile, channel)
        while !ready[at].head.agent.isNone, !isReady(ready[at].head, channel) { ready[at].dropHead() }
    }

    /// Whether the entry counts; one of a closed agent is struck off, to be listed anew on opening.
    private mutating func isReady(_ entry: Ready.Entry, _ channel: Channel) -> Bool {
        guard agents[entry.agent].stamp == entry.stamp else { return false }
        guard agents[entry.agent].open & channel.bit == 0 else { return true }
        agents[entry.agent].listed &= ~channel.bit
        return false
    }

    private mutating func rebuild(_ at: Int, _ channel: Channel) {
        var kept = ready[at]
        kept.keep { isReady($0, channel) }
        ready[at] = kept
    }

    @inline(__always)
    func readyIndex(_ profile: Handle<Profile>, _ channel: Channel) -> Int {
        Int(profile.raw) * Channel.allCases.count + channel.index
    }
}

extension WorkItemRecord.State {
    var isWrapUp: Bool {
        if case .wrapUp = self { return true }
        return false
    }
}

extension Signal {
    /// What changes a presence that this signal forces.
    var cause: PresenceCause {
        switch self {
        case .doNotDisturb: .doNotDisturb
        case .personalCall: .personalCall
        case .notReachable: .notReachable
        }
    }
}
