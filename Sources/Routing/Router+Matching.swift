// Matching: the first waiting item that anybody could take goes to the best of those, until none is left.
//
// Between inputs no waiting item has an agent who could be offered it. So only what an input made
// dirty can match: work that entered an empty line, held work, and agents who can take more.

import HeapModule

/// Something dirty and the first item it could bring to an agent. It can only get worse while
/// matching goes on, so one that no longer holds is put back with its next item.
private struct Proposal: Comparable {
    enum Source {
        case workClass(Handle<WorkClass>)
        case held(Handle<ItemSlot>)
        case agent(Handle<AgentSlot>)
    }

    var order: Order
    var source: Source

    static func < (a: Proposal, b: Proposal) -> Bool { a.order < b.order }
    static func == (a: Proposal, b: Proposal) -> Bool { a.order == b.order }
}

extension Router {
    mutating func match() {
        if dirtyHeld.isEmpty, dirtyClasses.isEmpty {
            if dirtyAgents.isEmpty { return }
            if dirtyAgents.count == 1 { return matchOnly(dirtyAgents[0]) }
        } else if dirtyHeld.isEmpty, dirtyAgents.isEmpty, dirtyClasses.count == 1 {
            return matchOnly(dirtyClasses[0])
        }
        for place in 0..<dirtyAgents.count where agents[dirtyAgents[place]].open != 0 {
            list(dirtyAgents[place])
        }
        var proposals = Heap<Proposal>()
        for place in 0..<dirtyClasses.count {
            let workClass = dirtyClasses[place]
            classes[workClass].isDirty = false
            if let head = classes[workClass].line.head {
                proposals.insert(Proposal(order: head.order, source: .workClass(workClass)))
            }
        }
        dirtyClasses.clear()
        for place in 0..<dirtyHeld.count where items[dirtyHeld[place]].isHeld {
            let item = dirtyHeld[place]
            proposals.insert(Proposal(order: order(of: item), source: .held(item)))
        }
        dirtyHeld.clear()
        for place in 0..<dirtyAgents.count {
            let agent = dirtyAgents[place]
            agents[agent].isDirty = false
            guard agents[agent].mayTakeMore, let first = firstItem(for: agent) else { continue }
            proposals.insert(Proposal(order: first.order, source: .agent(agent)))
        }
        dirtyAgents.clear()

        while let proposal = proposals.popMin() {
            switch proposal.source {
            case .held(let item):
                if items[item].isHeld { _ = offerToBest(item) }
            case .workClass(let workClass):
                guard let head = classes[workClass].line.head else { continue }
                if head.order != proposal.order {
                    proposals.insert(Proposal(order: head.order, source: proposal.source))
                } else if offerToBest(head.item), let next = classes[workClass].line.head {
                    proposals.insert(Proposal(order: next.order, source: proposal.source))
                }
            case .agent(let agent):
                guard agents[agent].mayTakeMore, let first = firstItem(for: agent) else { continue }
                if first.order == proposal.order {
                    let found = offerToBest(first.item)
                    precondition(
                        found, "nobody for \(items[first.item].record), found by \(agents[agent].record)")
                }
                guard agents[agent].mayTakeMore, let next = firstItem(for: agent) else { continue }
                proposals.insert(Proposal(order: next.order, source: proposal.source))
            }
        }
    }

    /// The commonest case: one agent can take more, so nobody else can take what it finds.
    private mutating func matchOnly(_ agent: Handle<AgentSlot>) {
        dirtyAgents.clear()
        agents[agent].isDirty = false
        guard agents[agent].mayTakeMore else { return }
        let wasForeseen = foreseen.agent == agent
        guard let first = firstItem(for: agent) else { return list(agent) }
        if !wasForeseen { prefetchLists(items[first.item].waitsIn) }
        let isPreferred = items[first.item].record.preferred != nil
        let steps = steps(first.item)
        unplace(first.item)
        let made = offer(first.item, agent)
        tell(
            Choice(agent: agent, reason: isPreferred ? .preferred : .onlyCandidate), first.item, made, steps)
    }

    /// The next commonest: work entered one empty line.
    private mutating func matchOnly(_ workClass: Handle<WorkClass>) {
        dirtyClasses.clear()
        classes[workClass].isDirty = false
        while let head = classes[workClass].line.head, offerToBest(head.item) {}
    }

    /// Begins to bring near the lists that work of a class is offered by.
    @inline(__always)
    mutating func prefetchLists(_ workClass: Handle<WorkClass>) {
        prefetchSupplies(classes[workClass].key.queue)
        classes.prefetchList(workClass, field: WorkClass.membersField)
        classes.prefetchList(workClass, field: WorkClass.laneField, lines: 3)
    }

    /// Offers a waiting item to the best of those who could take it now.
    private mutating func offerToBest(_ item: Handle<ItemSlot>) -> Bool {
        if items[item].record.preferred != nil { return offerToPreferred(item) }
        settleShown()
        let workClass = items[item].waitsIn
        let queue = items[item].queue
        let channel = classes[workClass].key.channel
        let asides = setAside(item, channel)
        defer { bringBack(asides) }
        guard !queues[queue].hasBench else { return offerFromBench(item) }
        let best = best(for: workClass)
        guard !best.agent.isNone else { return false }
        agents.prefetch(best.agent, lines: 3)
        let steps = steps(item)
        unplace(item)
        let made = offer(item, best.agent)
        let second = self.best(for: workClass)
        let reason: Reason =
            if second.agent.isNone {
                .onlyCandidate
            } else if best.rank.inHand < second.rank.inHand {
                .fewestInHand(best.rank.inHand)
            } else {
                .longestIdle(ms: now - best.rank.idleSince)
            }
        tell(Choice(agent: best.agent, reason: reason, runnerUp: second.rank.agent), item, made, steps)
        return true
    }

    private mutating func offerFromBench(_ item: Handle<ItemSlot>) -> Bool {
        let workClass = items[item].waitsIn
        if queues[items[item].queue].settings.policy == .simultaneous {
            let group = group(workClass)
            guard let first = group.first else { return false }
            guard group.count > 1 else {
                let steps = steps(item)
                unplace(item)
                let made = offer(item, first)
                tell(Choice(agent: first, reason: .onlyCandidate), item, made, steps)
                return true
            }
            let steps = steps(item)
            unplace(item)
            let made = offer(item, group: group)
            let reason = Reason.group(of: Int64(group.count))
            for agent in group { tellOffer(item, agent, made, reason) }
            decide(Choice(agent: first, reason: reason, runnerUp: agents[group[1]].record.id), item, steps)
            return true
        }
        guard let choice = choose(workClass, item) else { return false }
        let steps = steps(item)
        unplace(item)
        let made = offer(item, choice.agent)
        tell(choice, item, made, steps)
        return true
    }

    private mutating func offerToPreferred(_ item: Handle<ItemSlot>) -> Bool {
        let workClass = items[item].waitsIn
        let channel = classes[workClass].key.channel
        guard let preferred = items[item].record.preferred, let agent = agentByID[preferred.agent.raw],
            classes[workClass].has(agents[agent].profile)
        else { return false }
        let head = heads[Int(workClass.raw)]
        guard agents[agent].open & channel.bit | agents[agent].openInWrapUp & head.inWrapUp != 0,
            !items[item].record.pauses.contains(where: { $0.agent == preferred.agent })
        else { return false }
        let steps = steps(item)
        unplace(item)
        let made = offer(item, agent)
        tell(Choice(agent: agent, reason: .preferred), item, made, steps)
        return true
    }

    private mutating func tell(
        _ choice: Choice, _ item: Handle<ItemSlot>, _ made: (epoch: Int64, deadline: Instant),
        _ steps: Choice.Steps
    ) {
        tellOffer(item, choice.agent, made, choice.reason)
        decide(choice, item, steps)
    }

    private mutating func tellOffer(
        _ item: Handle<ItemSlot>, _ agent: Handle<AgentSlot>, _ made: (epoch: Int64, deadline: Instant),
        _ reason: Reason
    ) {
        outputs.append(
            .offered(
                items[item].record.id, agents[agent].record.id, epoch: made.epoch, deadline: made.deadline,
                because: reason))
    }

    private mutating func decide(_ choice: Choice, _ item: Handle<ItemSlot>, _ steps: Choice.Steps) {
        let queue = items[item].queue
        outputs.append(
            .decided(
                Decision(
                    item: items[item].record.id, epoch: items[item].record.epoch, queue: queues[queue].id,
                    serving: steps.serving, available: steps.available, skilled: steps.skilled,
                    free: steps.free, candidates: steps.candidates, winner: agents[choice.agent].record.id,
                    waiting: Int64(queues[queue].waiting), reason: choice.reason,
                    runnerUp: choice.runnerUp)))
    }

    /// Counts who is left after each step, before the item is offered.
    private mutating func steps(_ item: Handle<ItemSlot>) -> Choice.Steps {
        let workClass = items[item].waitsIn
        let channel = classes[workClass].key.channel
        var steps = Choice.Steps()
        steps.serving = Int64(queues[items[item].queue].serving)
        // By number: going through a list would count a reference to it.
        let queue = items[item].queue
        for place in 0..<queues[queue].profiles.count {
            steps.available += supplies[Int(queues[queue].profiles[place].raw)].rested
        }
        for place in 0..<classes[workClass].members.count {
            let profile = Int(classes[workClass].members[place].profile.raw)
            steps.skilled += supplies[profile].rested
            steps.free += supplies[profile].free(channel)
        }
        steps.candidates =
            items[item].record.preferred == nil ? max(steps.free - countAside(item, channel), 1) : 1
        // Agents in wrap-up are counted as resting; where they are offered work, the winner may be one.
        steps.free = max(steps.free, steps.candidates)
        steps.skilled = max(steps.skilled, steps.free)
        steps.available = max(steps.available, steps.skilled)
        return steps
    }

    /// Free agents with the skills whom an item is kept from.
    private mutating func countAside(_ item: Handle<ItemSlot>, _ channel: Channel) -> Int64 {
        guard items[item].record.hasPauses else { return 0 }
        var asides: Int64 = 0
        for pause in items[item].record.pauses {
            guard let agent = agentByID[pause.agent.raw],
                agents[agent].counted.contains(.free(channel)),
                classes[items[item].waitsIn].has(agents[agent].profile)
            else { continue }
            asides += 1
        }
        return asides
    }

    /// Takes the agents that an item is kept from off the ready lists and benches.
    private mutating func setAside(_ item: Handle<ItemSlot>, _ channel: Channel) -> [Aside] {
        guard items[item].isHeld else { return [] }
        var asides: [Aside] = []
        for pause in items[item].record.pauses {
            guard let agent = agentByID[pause.agent.raw] else { continue }
            let aside = Aside(
                agent: agent, open: agents[agent].open & channel.bit,
                inWrapUp: agents[agent].openInWrapUp & channel.bit)
            guard aside.open | aside.inWrapUp != 0 else { continue }
            agents[agent].open &= ~channel.bit
            agents[agent].openInWrapUp &= ~channel.bit
            settle(agents[agent].profile, channel)
            if agents[agent].isSeated { showOnBenches(agent) }
            asides.append(aside)
        }
        return asides
    }

    private mutating func bringBack(_ asides: [Aside]) {
        for aside in asides {
            agents[aside.agent].open |= aside.open
            agents[aside.agent].openInWrapUp |= aside.inWrapUp
            if agents[aside.agent].isSeated { showOnBenches(aside.agent) }
            list(aside.agent)
        }
    }
}

/// An agent taken off the lists for one item, and what it was open for.
private struct Aside {
    var agent: Handle<AgentSlot>
    var open: UInt8
    var inWrapUp: UInt8
}
