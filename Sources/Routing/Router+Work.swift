// Work items from arrival to their end: what people and channels do to them.

extension Router {
    mutating func arrive(
        _ id: WorkItemID, _ queueID: QueueID, _ channel: Channel, _ priority: Int64?, _ creditMs: Int64,
        _ requiredSkills: [SkillID], _ desiredSkills: [SkillID], _ preferred: WorkItemRecord.Preference?
    ) {
        // Looked up before anything else, so that the queue is on its way.
        let known = queueByID[queueID.raw]
        if let known { queues.prefetch(known, lines: 3) }
        var record = WorkItemRecord(
            id: id, queue: queueID, channel: channel, priority: priority ?? 0, entered: Instant(ms: now))
        record.creditMs = creditMs
        // A list of one is ascending as it is: nothing is made of it.
        if requiredSkills.count < 2, desiredSkills.count < 2 {
            record.setRarities(
                requiredSkills: requiredSkills, desiredSkills: desiredSkills, preferred: preferred,
                shared: &sharedRarities)
        } else {
            record.setRarities(
                requiredSkills: requiredSkills.ascending(), desiredSkills: desiredSkills.ascending(),
                preferred: preferred, shared: &sharedRarities)
        }
        // Of work with skills of its own, which is found by them.
        let folded =
            record.isPlain
            ? nil : WorkClass.Key.fold(queueID, channel, record.skillFold(desiring: record.isDesiring))
        if let folded { classByFolded.prefetch(folded) }
        guard itemByID[id.raw] == nil else { return refuse(.duplicateItem(id)) }
        guard let queue = known else { return refuse(.unknownQueue(queueID)) }
        if let folded, let workClass = classByFolded[folded] { classes.prefetch(workClass, lines: 2) }
        let item = book(consume record, queue)
        // Only now, because the queue's slot was on its way.
        queues[queue].present += 1
        if priority == nil { items[item].record.priority = queues[queue].settings.priority }
        changed(item)
        admit(item)
    }

    mutating func arriveInHand(
        _ id: WorkItemID, _ agentID: AgentID, _ queueID: QueueID, _ channel: Channel, _ priority: Int64?
    ) {
        guard itemByID[id.raw] == nil else { return refuse(.duplicateItem(id)) }
        guard let queue = queueByID[queueID.raw] else { return refuse(.unknownQueue(queueID)) }
        guard let agent = agentByID[agentID.raw] else { return refuse(.unknownAgent(agentID)) }
        let record = WorkItemRecord(
            id: id, queue: queueID, channel: channel, priority: priority ?? queues[queue].settings.priority,
            entered: Instant(ms: now))
        connect(enter(record, queue), agent, epoch: nil)
    }

    /// Gives a record its slot.
    mutating func enter(_ record: consuming WorkItemRecord, _ queue: Handle<QueueSlot>) -> Handle<ItemSlot> {
        let item = book(consume record, queue)
        queues[queue].present += 1
        return item
    }

    /// Gives a record its slot; the queue is not told yet.
    private mutating func book(
        _ record: consuming WorkItemRecord, _ queue: Handle<QueueSlot>
    ) -> Handle<ItemSlot> {
        let id = record.id
        let item = items.insert(ItemSlot(record: consume record, queue: queue))
        itemByID.insert(id.raw, item)
        // Ids ascend mostly, and two of them share a line: where the next one will be noted.
        itemByID.prefetch(id.raw &+ 2)
        return item
    }

    mutating func take(_ id: WorkItemID, _ agentID: AgentID) {
        guard let item = itemByID[id.raw] else { return refuse(.unknownItem(id)) }
        guard let agent = agentByID[agentID.raw] else { return refuse(.unknownAgent(agentID)) }
        switch items[item].record.state {
        case .active(let holder, _), .wrapUp(let holder, _): refuse(.inHand(id, by: holder))
        case .waiting, .offered, .offeredToGroup, .ringing: give(item, to: agent)
        }
    }

    mutating func assign(_ id: WorkItemID, _ agentID: AgentID) {
        guard let item = itemByID[id.raw] else { return refuse(.unknownItem(id)) }
        guard let agent = agentByID[agentID.raw] else { return refuse(.unknownAgent(agentID)) }
        switch items[item].record.state {
        case .active(agentID, _): return
        case .active, .wrapUp:
            let holder = items[item].agent
            if holder != agent { outputs.append(.returned(id, from: agents[holder].record.id)) }
            release(item, idle: holder != agent)
            connect(item, agent, epoch: nil)
        case .waiting, .offered, .offeredToGroup, .ringing: give(item, to: agent)
        }
    }

    /// Puts waiting or offered work into an agent's hands, routing overruled.
    private mutating func give(_ item: Handle<ItemSlot>, to agent: Handle<AgentSlot>) {
        switch items[item].record.state {
        case .offered, .offeredToGroup:
            if agents[agent].offer == item { return acceptOffer(item, agent) }
            endOffers(item, .taken)
        case .ringing: disarm(item)
        default: unplace(item)
        }
        connect(item, agent, epoch: nil)
    }

    /// Puts an item that is nowhere into an agent's hands.
    mutating func connect(_ item: Handle<ItemSlot>, _ agent: Handle<AgentSlot>, epoch: Int64?) {
        items[item].record.preferred = nil
        learnTurn(item, agent)
        agents[agent].record.handled += 1
        changed(agent)
        hold(item, agent, .active(agents[agent].record.id, since: Instant(ms: now)))
        outputs.append(.connected(items[item].record.id, agents[agent].record.id, epoch: epoch))
        reviewOffer(agent)
        refresh(agent)
    }

    /// Books an item as active or in wrap-up with the agent.
    mutating func hold(
        _ item: Handle<ItemSlot>, _ agent: Handle<AgentSlot>, _ state: WorkItemRecord.State
    ) {
        let next = agents[agent].firstInHand
        let channel = items[item].record.channel
        items[item].comeToHand(of: agent, state, next: next)
        itemByID.note(
            Companions(profile: agents[agent].profile, agent: agent, queue: items[item].queue),
            beside: items[item].record.id.raw)
        if !next.isNone { items[next].formerInHand = item }
        agents[agent].take(item, channel, isActive: !state.isWrapUp)
        changed(item)
    }

    /// Takes an item out of the hands it is in; the caller gives it its next state.
    mutating func release(_ item: Handle<ItemSlot>, idle: Bool = true) {
        let agent = items[item].agent
        let wasWrapUp = items[item].record.state.isWrapUp
        if !wasWrapUp { endTalk(item, agent) }
        let former = items[item].formerInHand
        let next = items[item].nextInHand
        if former.isNone {
            precondition(
                agents[agent].firstInHand == item,
                "not in hand of \(agents[agent].record.id): \(items[item].record)")
            agents[agent].firstInHand = next
        } else {
            items[former].nextInHand = next
        }
        if !next.isNone { items[next].formerInHand = former }
        agents[agent].inHandCount -= 1
        agents[agent].restamp()
        disarm(item)
        items[item].agent = .none
        items[item].record.state = .waiting
        changed(item)
        if wasWrapUp {
            findWrapUpEnd(agent)
        } else {
            agents[agent].active[items[item].record.channel] -= 1
        }
        if idle { goLast(agent) }
        becomesFree(agent)
        refresh(agent)
    }

    /// The conversation is over: books its time, and the guard time begins.
    private mutating func endTalk(_ item: Handle<ItemSlot>, _ agent: Handle<AgentSlot>) {
        guard case .active(_, let since) = items[item].record.state else { return }
        learnWait(item, until: since.ms)
        agents[agent].record.talkMs += now - since.ms
        changed(agent)
        beginGuard(agent, items[item].queue)
    }

    mutating func returnToQueue(_ id: WorkItemID) {
        guard let item = itemByID[id.raw] else { return refuse(.unknownItem(id)) }
        guard case .active(let holder, _) = items[item].record.state else { return refuse(.notInHand(id)) }
        release(item)
        outputs.append(.returned(id, from: holder))
        pause(item, holder, minMs: declinePauseMinMs)
        putFirst(item)
    }

    /// To the head of its queue, as bounced work.
    mutating func putFirst(_ item: Handle<ItemSlot>) {
        if items[item].record.firstOffered == nil { items[item].record.firstOffered = Instant(ms: now) }
        changed(item)
        place(item)
    }

    mutating func transfer(_ id: WorkItemID, _ queueID: QueueID, _ keepWait: Bool) {
        guard let item = itemByID[id.raw] else { return refuse(.unknownItem(id)) }
        guard let queue = queueByID[queueID.raw] else { return refuse(.unknownQueue(queueID)) }
        detach(item)
        items[item].record.state = .waiting
        outputs.append(.moved(id, to: queueID))
        enter(item, queue)
        goAnew(item, keepWait: keepWait)
        admit(item)
    }

    /// Makes an item a newcomer of the queue it is booked in.
    mutating func goAnew(_ item: Handle<ItemSlot>, keepWait: Bool) {
        items[item].record.firstOffered = nil
        items[item].record.pauses = []
        items[item].record.hasOverflowed = false
        items[item].record.isWaitLearned = false
        if !keepWait { items[item].record.entered = Instant(ms: now) }
        items[item].record.queued = Instant(ms: now)
        changed(item)
    }

    mutating func relocate(_ id: WorkItemID, _ queueID: QueueID) {
        guard let item = itemByID[id.raw] else { return refuse(.unknownItem(id)) }
        guard let queue = queueByID[queueID.raw] else { return refuse(.unknownQueue(queueID)) }
        guard items[item].queue != queue else { return }
        let waits = !items[item].waitsIn.isNone
        if waits { unplace(item) }
        outputs.append(.relocated(id, to: queueID))
        enter(item, queue)
        changed(item)
        if waits { place(item) }
        for agent in asked(item) {
            reviewOffer(agent)
            refresh(agent)
        }
    }

    /// Books an item that is in no line in another queue; the queue's own priority goes over to the new one's.
    mutating func enter(_ item: Handle<ItemSlot>, _ queue: Handle<QueueSlot>) {
        let former = items[item].queue
        if items[item].record.priority == queues[former].settings.priority {
            items[item].record.priority = queues[queue].settings.priority
        }
        queues[former].present -= 1
        queues[queue].present += 1
        items[item].queue = queue
        items[item].record.queue = queues[queue].id
    }

    mutating func setPriority(_ id: WorkItemID, _ priority: Int64) {
        guard let item = itemByID[id.raw] else { return refuse(.unknownItem(id)) }
        guard items[item].record.priority != priority else { return }
        let waits = !items[item].waitsIn.isNone
        if waits { unplace(item) }
        items[item].record.priority = priority
        changed(item)
        if waits { place(item) }
    }

    mutating func finish(_ id: WorkItemID) {
        guard let (item, companions) = itemByID.hinted(id.raw) else { return refuse(.unknownItem(id)) }
        items.prefetch(item)
        let profile = companions.profile
        guard !profile.isNone else { return refuse(.notInHand(id)) }
        // Each of these is met at random: all are asked for before any is looked at.
        prefetchListing(profile)
        agents.prefetch(companions.agent, lines: 3)
        queues.prefetch(companions.queue, lines: 3)
        let looksAhead = workMarks[Int(profile.raw)].isAnyMarked
        if looksAhead {
            prefetchHeads(profile)
            prefetchTeam(workMarks[Int(profile.raw)].firstOfTeam)
        }
        guard case .active(let holder, _) = items[item].record.state else { return refuse(.notInHand(id)) }
        if !looksAhead { ready.prefetch(readyIndex(profile, items[item].record.channel), lines: 1) }
        let wrapUpMs = queues[items[item].queue].settings.wrapUpMs
        learnHandling(item, wrapUpMs: wrapUpMs)
        let agent = items[item].agent
        guard wrapUpMs > 0 else {
            if looksAhead { foresee(agent, open: agents[agent].open | items[item].record.channel.bit) }
            return leave(item)
        }
        endTalk(item, agent)
        let until = now.plus(wrapUpMs)
        items[item].record.state = .wrapUp(holder, until: Instant(ms: until))
        agents[agent].active[items[item].record.channel] -= 1
        changed(item)
        arm(item, at: until)
        outputs.append(.wrapUpBegan(id, holder, until: Instant(ms: until)))
        findWrapUpEnd(agent)
        reviewOffer(agent)
        refresh(agent)
    }

    mutating func withdraw(_ id: WorkItemID) {
        guard let item = itemByID[id.raw] else { return refuse(.unknownItem(id)) }
        leave(item)
    }

    /// The item's end, whatever its state.
    mutating func leave(_ item: Handle<ItemSlot>) {
        detach(item)
        vanish(item)
    }

    /// Ends an item that is nowhere.
    mutating func vanish(_ item: Handle<ItemSlot>) {
        let id = items[item].record.id
        outputs.append(.left(id))
        queues[items[item].queue].present -= 1
        itemByID.remove(id.raw)
        items[item].isChanged = false
        items.remove(item)
    }

    /// Takes the item from wherever it is: its line, an offer, somebody's hands.
    mutating func detach(_ item: Handle<ItemSlot>) {
        switch items[item].record.state {
        case .waiting: unplace(item)
        case .offered, .offeredToGroup: endOffers(item, .itemGone)
        case .ringing: disarm(item)
        case .active, .wrapUp: release(item)
        }
    }
}
