// The rule of who gets what, said a second time and plainly, held against each offer the router makes.

import Routing

/// The world after one input, in which each offer of that input can be judged.
struct OfferOracle {
    private struct Offer {
        var item: WorkItemRecord
        var agent: AgentID
        var reason: Reason
    }

    private let now: Int64
    private var agents: [(record: AgentRecord, settings: AgentSettings)]
    private var queues: [QueueID: QueueSettings]
    private var items: [WorkItemRecord]
    private var offers: [Offer] = []
    /// Agents with a standing offer.
    private var offered: Set<AgentID> = []
    /// Items that were bounced work when they were offered.
    private var bounced: Set<WorkItemID>

    /// `bounced` are the items that were so before the input.
    init(_ router: Router, _ outputs: [Output], bounced: Set<WorkItemID>, now: Int64) {
        let snapshot = router.snapshot()
        self.now = now
        self.bounced = bounced
        for output in outputs {
            switch output {
            case .moved(let item, _): self.bounced.remove(item)
            case .returned(let item, _): self.bounced.insert(item)
            default: break
            }
        }
        agents = Array(zip(snapshot.agents, snapshot.agentSettings))
        queues = Dictionary(uniqueKeysWithValues: snapshot.queues)
        items = snapshot.items
        for item in items {
            if case .offered(let agent, _, _) = item.state { offered.insert(agent) }
        }
        for case .offered(let id, let agent, _, _, let reason) in outputs {
            offers.append(Offer(item: router.item(id)!, agent: agent, reason: reason))
        }
    }

    /// What is wrong with the offers, in words. Empty when each went to the right agent, in the
    /// right order, for the right reason.
    func complaints() -> [String] {
        var complaints: [String] = []
        for (index, offer) in offers.enumerated() {
            // As the router saw it: this winner and the later ones were still free.
            let stillFree = Set(offers[index...].map(\.agent))
            let free = agents.filter { !offered.contains($0.record.id) || stillFree.contains($0.record.id) }
            let ranked = free.filter { mayTake(offer.item, $0) }
                .sorted { rank($0.record).lexicographicallyPrecedes(rank($1.record)) }.map(\.record)
            guard let best = ranked.first, best.id == offer.agent else {
                complaints.append("\(offer) should go to \(ranked)")
                continue
            }
            let reason = reason(best, ranked.count > 1 ? ranked[1] : nil)
            if reason != offer.reason { complaints.append("\(offer) should be because \(reason)") }

            let order = orderBefore(offer.item)
            for item in items where item.state == .waiting {
                if self.order(item).lexicographicallyPrecedes(order),
                    free.contains(where: { mayTake(item, $0) })
                {
                    complaints.append("\(offer) before \(item)")
                }
            }
            for later in offers[(index + 1)...] where orderBefore(later.item).lexicographicallyPrecedes(order)
            {
                complaints.append("\(offer) before \(later)")
            }
        }
        return complaints
    }

    private func reason(_ best: AgentRecord, _ second: AgentRecord?) -> Reason {
        guard let second else { return .onlyCandidate }
        let most = inHand(second.id)
        return inHand(best.id) < most
            ? .fewestInHand(inHand(best.id)) : .longestIdle(ms: now - best.idleSince.ms)
    }

    private func rank(_ agent: AgentRecord) -> [Int64] {
        [inHand(agent.id), agent.idleSince.ms, agent.idleOrder, agent.id.raw]
    }

    private func order(_ item: WorkItemRecord) -> [Int64] {
        [item.firstOffered?.ms ?? .max, item.priority, item.entered.ms - item.creditMs, item.id.raw]
    }

    /// The order before it was offered: its first offer since it entered made it bounced.
    private func orderBefore(_ item: WorkItemRecord) -> [Int64] {
        if bounced.contains(item.id) { return order(item) }
        var item = item
        item.firstOffered = nil
        return order(item)
    }

    private func inHand(_ agent: AgentID, _ channel: Channel? = nil) -> Int64 {
        Int64(
            items.count {
                switch $0.state {
                case .active(agent, _): channel == nil || $0.channel == channel
                case .wrapUp(agent, _): channel == nil
                default: false
                }
            })
    }

    private func mayTake(_ item: WorkItemRecord, _ agent: (record: AgentRecord, settings: AgentSettings))
        -> Bool
    {
        let queue = queues[item.queue]!
        var needed = queue.requiredSkills + item.requiredSkills
        let relaxes = item.entered.ms.addingReportingOverflow(queue.desiredTimeoutMs)
        if relaxes.overflow || now < relaxes.partialValue {
            needed += queue.desiredSkills + item.desiredSkills
        }
        return agent.record.presence == .available && agent.record.wrapUpUntil == nil
            && agent.settings.queues.contains(item.queue)
            && needed.allSatisfy { skill in agent.settings.skills.contains { $0.skill == skill } }
            && !item.pauses.contains { $0.agent == agent.record.id && $0.until.ms > now }
            && inHand(agent.record.id, item.channel) < agent.settings.capacity[item.channel]
            && (item.channel == .call || inHand(agent.record.id, .call) == 0)
    }
}
