// Agents: presence, wrap-up, the idle rank, and the lists of those who are ready.

import HeapModule

extension Router {
    mutating func setPresence(_ id: AgentID, _ presence: Presence, _ reason: ReasonID?) {
        guard let agent = agentByID[id] else { return refuse(.unknownAgent(id)) }
        change(agent, to: presence, presence == .unavailable ? reason : nil, .asked)
        reviewOffer(agent)
        refresh(agent)
    }

    /// Changes what the record says; the caller reviews the offer and refreshes.
    mutating func change(
        _ agent: Handle<AgentSlot>, to presence: Presence, _ reason: ReasonID?, _ cause: PresenceCause
    ) {
        let former = agents[agent].record.presence
        guard former != presence || agents[agent].record.reason != reason else { return }
        agents[agent].record.presence = presence
        agents[agent].record.reason = reason
        agents[agent].record.presenceSince = Instant(ms: now)
        changed(agent)
        outputs.append(.presenceChanged(agents[agent].record.id, presence, reason: reason, cause))
        if former == .signedOut {
            profiles[agents[agent].profile].signedIn += 1
            goLast(agent)
        } else if presence == .signedOut {
            profiles[agents[agent].profile].signedIn -= 1
        }
    }

    mutating func endWrapUp(_ id: AgentID) {
        guard let agent = agentByID[id] else { return refuse(.unknownAgent(id)) }
        for item in inHandAscending(agent) where items[item].record.state.isWrapUp { leave(item) }
    }

    /// Moves the agent behind everyone else who is idle.
    mutating func goLast(_ agent: Handle<AgentSlot>) {
        idleOrder += 1
        agents[agent].record.idleSince = Instant(ms: now)
        agents[agent].record.idleOrder = idleOrder
        changed(agent)
    }

    /// The latest end of the wrap-ups in hand.
    mutating func findWrapUpEnd(_ agent: Handle<AgentSlot>) {
        var latest: Instant?
        for item in agents[agent].inHand {
            if case .wrapUp(_, let until) = items[item].record.state {
                latest = max(latest ?? until, until)
            }
        }
        guard agents[agent].record.wrapUpUntil != latest else { return }
        agents[agent].record.wrapUpUntil = latest
        changed(agent)
    }

    func inHandAscending(_ agent: Handle<AgentSlot>) -> [Handle<ItemSlot>] {
        agents[agent].inHand.sorted { items[$0].record.id < items[$1].record.id }
    }

    /// Ends the agent's standing offer when it could not be made any more.
    mutating func reviewOffer(_ agent: Handle<AgentSlot>) {
        let item = agents[agent].offer
        guard !item.isNone, !mayKeepOffer(agent, item) else { return }
        endOffer(item, .agentGone)
        place(item)
    }

    private func mayKeepOffer(_ agent: Handle<AgentSlot>, _ item: Handle<ItemSlot>) -> Bool {
        let profile = agents[agent].profile
        return agents[agent].takesOffers && agents[agent].hasRoom(for: items[item].record.channel)
            && profiles[profile].key.queues.contains(items[item].record.queue)
            && profiles[profile].has(queues[items[item].queue].settings.requiredSkills)
            && profiles[profile].has(items[item].record.requiredSkills)
    }

    // MARK: The lists of those who are ready

    /// Brings the ready heaps up to date after anything about the agent changed.
    mutating func refresh(_ agent: Handle<AgentSlot>) {
        let before = agents[agent].open
        var open: UInt8 = 0
        if agents[agent].offer.isNone, agents[agent].takesOffers {
            for channel in Channel.allCases where agents[agent].hasRoom(for: channel) { open |= channel.bit }
        }
        agents[agent].open = open
        let rank = Rank(
            inHand: Int64(agents[agent].inHand.count), idleSince: agents[agent].record.idleSince.ms,
            idleOrder: agents[agent].record.idleOrder, id: agents[agent].record.id.raw)
        if rank != agents[agent].rank {
            agents[agent].rank = rank
            agents[agent].stamp &+= 1
            agents[agent].listed = 0
        }
        list(agent)
        let profile = agents[agent].profile
        for channel in Channel.allCases where profiles[profile].channels & channel.bit != 0 {
            settle(profile, channel)
        }
        if open & ~before != 0 { markDirty(agent) }
    }

    mutating func markDirty(_ agent: Handle<AgentSlot>) {
        guard !agents[agent].isDirty else { return }
        agents[agent].isDirty = true
        dirtyAgents.append(agent)
    }

    /// Enters the agent in the ready heaps it belongs in; the caller settles their heads.
    mutating func list(_ agent: Handle<AgentSlot>) {
        let profile = agents[agent].profile
        let missing = agents[agent].open & ~agents[agent].listed & profiles[profile].channels
        guard missing != 0 else { return }
        let entry = Ready.Entry(rank: agents[agent].rank, agent: agent, stamp: agents[agent].stamp)
        for channel in Channel.allCases where missing & channel.bit != 0 {
            ready[readyIndex(profile, channel)].heap.insert(entry)
        }
        agents[agent].listed |= missing
    }

    /// Makes the head of a ready heap right again.
    mutating func settle(_ profile: Handle<Profile>, _ channel: Channel) {
        let at = readyIndex(profile, channel)
        while let top = ready[at].heap.min {
            if isReady(top, channel) {
                ready[at].head = top
                if ready[at].heap.count > 2 * profiles[profile].agents.count + staleEntriesMax {
                    rebuild(at, channel)
                }
                return
            }
            ready[at].heap.removeMin()
        }
        ready[at].head = .none
    }

    /// Whether the entry counts; one of a closed agent is struck off, to be listed anew on opening.
    private mutating func isReady(_ entry: Ready.Entry, _ channel: Channel) -> Bool {
        guard agents[entry.agent].stamp == entry.stamp else { return false }
        guard agents[entry.agent].open & channel.bit == 0 else { return true }
        agents[entry.agent].listed &= ~channel.bit
        return false
    }

    private mutating func rebuild(_ at: Int, _ channel: Channel) {
        var kept: [Ready.Entry] = []
        for entry in ready[at].heap.unordered where isReady(entry, channel) { kept.append(entry) }
        ready[at].heap = Heap(kept)
    }

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
