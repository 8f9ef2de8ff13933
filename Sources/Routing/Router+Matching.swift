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
        for agent in dirtyAgents where agents[agent].open != 0 { list(agent) }
        var proposals = Heap<Proposal>()
        for workClass in dirtyClasses {
            classes[workClass].isDirty = false
            if let head = classes[workClass].line.head {
                proposals.insert(Proposal(order: head.order, source: .workClass(workClass)))
            }
        }
        dirtyClasses.removeAll(keepingCapacity: true)
        for item in dirtyHeld where items[item].isHeld {
            proposals.insert(Proposal(order: items[item].record.order, source: .held(item)))
        }
        dirtyHeld.removeAll(keepingCapacity: true)
        for agent in dirtyAgents {
            agents[agent].isDirty = false
            guard agents[agent].open != 0, let first = firstItem(for: agent) else { continue }
            proposals.insert(Proposal(order: first.order, source: .agent(agent)))
        }
        dirtyAgents.removeAll(keepingCapacity: true)

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
                guard agents[agent].open != 0, let first = firstItem(for: agent) else { continue }
                if first.order == proposal.order {
                    let found = offerToBest(first.item)
                    precondition(
                        found, "nobody for \(items[first.item].record), found by \(agents[agent].record)")
                }
                guard agents[agent].open != 0, let next = firstItem(for: agent) else { continue }
                proposals.insert(Proposal(order: next.order, source: proposal.source))
            }
        }
    }

    /// The commonest case: one agent can take more, so nobody else can take what it finds.
    private mutating func matchOnly(_ agent: Handle<AgentSlot>) {
        dirtyAgents.removeAll(keepingCapacity: true)
        agents[agent].isDirty = false
        guard agents[agent].open != 0 else { return }
        guard let first = firstItem(for: agent) else { return list(agent) }
        unplace(first.item)
        let made = offer(first.item, agent)
        tellOffer(first.item, agent, made, .onlyCandidate)
    }

    /// The next commonest: work entered one empty line.
    private mutating func matchOnly(_ workClass: Handle<WorkClass>) {
        dirtyClasses.removeAll(keepingCapacity: true)
        classes[workClass].isDirty = false
        while let head = classes[workClass].line.head, offerToBest(head.item) {}
    }

    /// The first in line of all the work that the agent could be offered.
    private func firstItem(for agent: Handle<AgentSlot>) -> (item: Handle<ItemSlot>, order: Order)? {
        var first = Handle<ItemSlot>.none
        var order = Order.last
        let open = agents[agent].open
        for workClass in profiles[agents[agent].profile].classes {
            let place = Int(workClass.raw)
            guard heads[place].order < order, open & heads[place].channel != 0 else { continue }
            if !heads[place].hasHeld {
                first = heads[place].item
                order = heads[place].order
                continue
            }
            if let head = classes[workClass].line.head, head.order < order {
                first = head.item
                order = head.order
            }
            for entry in classes[workClass].held {
                guard entry.order < order else { break }
                guard !isPaused(entry.item, for: agents[agent].record.id) else { continue }
                first = entry.item
                order = entry.order
                break
            }
        }
        return first.isNone ? nil : (first, order)
    }

    private func isPaused(_ item: Handle<ItemSlot>, for agent: AgentID) -> Bool {
        items[item].record.pauses.contains { $0.agent == agent }
    }

    /// Offers a waiting item to the best of those who could take it now.
    private mutating func offerToBest(_ item: Handle<ItemSlot>) -> Bool {
        let workClass = items[item].waitsIn
        let channel = classes[workClass].key.channel
        let asides = setAside(item, channel)
        let best = best(for: workClass)
        guard !best.agent.isNone else {
            bringBack(asides, channel)
            return false
        }
        unplace(item)
        let made = offer(item, best.agent)
        let second = self.best(for: workClass).rank
        let reason: Reason =
            if second == .last {
                .onlyCandidate
            } else if best.rank.inHand < second.inHand {
                .fewestInHand(best.rank.inHand)
            } else {
                .longestIdle(ms: now - best.rank.idleSince)
            }
        tellOffer(item, best.agent, made, reason)
        bringBack(asides, channel)
        return true
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

    /// Takes the agents that an item is kept from off the ready lists.
    private mutating func setAside(_ item: Handle<ItemSlot>, _ channel: Channel) -> [Handle<AgentSlot>] {
        guard items[item].isHeld else { return [] }
        var asides: [Handle<AgentSlot>] = []
        for pause in items[item].record.pauses {
            guard let agent = agentByID[pause.agent.raw], agents[agent].open & channel.bit != 0 else {
                continue
            }
            agents[agent].open &= ~channel.bit
            settle(agents[agent].profile, channel)
            asides.append(agent)
        }
        return asides
    }

    private mutating func bringBack(_ asides: [Handle<AgentSlot>], _ channel: Channel) {
        for agent in asides {
            agents[agent].open |= channel.bit
            list(agent)
        }
    }
}
