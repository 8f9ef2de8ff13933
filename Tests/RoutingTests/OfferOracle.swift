// The rule of who gets what, said a second time and plainly, held against each offer the router makes.

import Routing

/// The world after one input, in which each offer of that input can be judged.
struct OfferOracle {
    private struct Offer {
        var item: WorkItemRecord
        /// Several when a group is asked.
        var agents: [AgentID]
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
    /// Items that came into their queue while offers were made already.
    private var latecomers: Set<WorkItemID> = []
    private var lastAnswered: [QueueID: AgentID] = [:]

    /// `bounced` are the items that were so before the input.
    init(_ router: Router, _ outputs: [Output], bounced: Set<WorkItemID>, now: Int64) {
        let snapshot = router.snapshot()
        self.now = now
        self.bounced = bounced
        for output in outputs {
            switch output {
            case .moved(let item, _):
                self.bounced.remove(item)
                latecomers.insert(item)
            case .returned(let item, _): self.bounced.insert(item)
            // Its id may have become another's.
            case .left(let item): self.bounced.remove(item)
            default: break
            }
        }
        agents = Array(zip(snapshot.agents, snapshot.agentSettings))
        queues = Dictionary(uniqueKeysWithValues: snapshot.queues)
        items = snapshot.items
        for item in items {
            switch item.state {
            case .offered(let agent, _, _): offered.insert(agent)
            case .offeredToGroup(let ids, _, _): offered.formUnion(ids)
            default: break
            }
        }
        for record in snapshot.queueRecords { lastAnswered[record.id] = record.lastAnswered }
        for case .offered(let id, let agent, _, _, let reason) in outputs {
            // What was sent on at once is gone, or is asked for elsewhere.
            guard let item = router.item(id) else { continue }
            if offers.last?.item.id == id {
                offers[offers.count - 1].agents.append(agent)
            } else {
                offers.append(Offer(item: item, agents: [agent], reason: reason))
            }
        }
    }

    /// What is wrong with the offers, in words. Empty when each went to the right agent, in the
    /// right order, for the right reason.
    func complaints() -> [String] {
        var complaints: [String] = []
        for (index, offer) in offers.enumerated() {
            // As the router saw it: this winner and the later ones were still free.
            let stillFree = Set(offers[index...].flatMap(\.agents))
            let free = agents.filter { !offered.contains($0.record.id) || stillFree.contains($0.record.id) }
            if let complaint = complaint(offer, free.filter { mayTake(offer.item, $0) }) {
                complaints.append(complaint)
            }

            let order = orderBefore(offer.item)
            for item in items where item.state == .waiting && !latecomers.contains(item.id) {
                if self.order(item).lexicographicallyPrecedes(order),
                    free.contains(where: { mayTake(item, $0) })
                {
                    complaints.append("\(offer) before \(item)")
                }
            }
            for later in offers[(index + 1)...]
            where !latecomers.contains(later.item.id)
                && orderBefore(later.item).lexicographicallyPrecedes(order)
            {
                complaints.append("\(offer) before \(later)")
            }
        }
        return complaints
    }

    /// Who should have had it, and for what reason, by the queue's rule.
    private func complaint(_ offer: Offer, _ able: [Candidate]) -> String? {
        guard let first = able.first else { return "\(offer) though nobody is able" }
        func judge(_ winner: AgentID, _ reason: Reason) -> String? {
            offer.agents == [winner] && offer.reason == reason
                ? nil : "\(offer) should be \(winner) because \(reason), of \(able.map(\.record))"
        }
        if offer.item.preferred != nil { return judge(first.record.id, .preferred) }
        guard able.count > 1 else { return judge(first.record.id, .onlyCandidate) }
        let queue = queues[offer.item.queue]!
        if queue.policy == .simultaneous {
            let group = able.map(\.record.id).sorted()
            return offer.agents == group && offer.reason == .group(of: Int64(group.count))
                ? nil : "\(offer) should ring at \(group)"
        }
        let seats = self.seats(offer.item.queue)
        let last = lastAnswered[offer.item.queue].flatMap { seats.firstIndex(of: $0) } ?? -1
        let standings = able.map { able -> (id: AgentID, figures: [Int64], seat: Int) in
            let seat = seats.firstIndex(of: able.record.id)!
            let level = queue.routingType == .skillBased ? self.level(offer.item, able, queue) : 0
            let figure: Int64 =
                switch queue.policy {
                case .regular: Int64(seat)
                case .circular: Int64((seat - last - 1 + seats.count) % seats.count)
                case .fewestHandled: able.record.handled
                case .leastTalkTime: able.record.talkMs
                case .longestIdle, .weighted, .simultaneous: 0
                }
            return (able.record.id, [level, figure] + rank(able.record), seat)
        }.sorted { $0.figures.lexicographicallyPrecedes($1.figures) }
        let (best, second) = (standings[0], standings[1])
        let weights = Dictionary(
            uniqueKeysWithValues: queue.members.map { ($0.agent, $0.weight) })
        if queue.policy == .weighted {
            let peers = standings.filter { $0.figures[0] == best.figures[0] }
            let total = peers.reduce(0) { $0 + (weights[$1.id] ?? 0) }
            if peers.count == 1 { return judge(best.id, .onlyCandidate) }
            if total > 0 {
                guard let winner = peers.first(where: { [$0.id] == offer.agents }),
                    let weight = weights[winner.id], weight > 0
                else { return "\(offer) should go to somebody with a weight" }
                return judge(winner.id, .weight(percent: weight * 100 / total))
            }
        }
        if best.figures[0] < second.figures[0] { return judge(best.id, .skillLevel(best.figures[0])) }
        if best.figures[1] < second.figures[1] {
            switch queue.policy {
            case .regular: return judge(best.id, .listOrder(Int64(best.seat + 1)))
            case .circular:
                let place = Int64(best.seat + 1)
                let isFirst = last < 0 && queue.routingType == .priorityBased
                return judge(best.id, isFirst ? .listOrder(place) : .nextInTurn(place))
            case .fewestHandled: return judge(best.id, .fewestHandled(best.figures[1]))
            case .leastTalkTime: return judge(best.id, .leastTalk(ms: best.figures[1]))
            default: break
            }
        }
        if best.figures[2] < second.figures[2] { return judge(best.id, .fewestInHand(best.figures[2])) }
        return judge(best.id, .longestIdle(ms: now - best.figures[3]))
    }

    private typealias Candidate = (record: AgentRecord, settings: AgentSettings)

    /// Who serves a queue, in the order of its list, then by id.
    private func seats(_ queue: QueueID) -> [AgentID] {
        let serving = agents.filter { $0.settings.queues.contains(queue) }.map(\.record.id).sorted()
        let named = queues[queue]!.members.map(\.agent)
        return named.filter { serving.contains($0) } + serving.filter { !named.contains($0) }
    }

    private func level(_ item: WorkItemRecord, _ agent: Candidate, _ queue: QueueSettings) -> Int64 {
        if let level = queue.members.first(where: { $0.agent == agent.record.id })?.level, level > 0 {
            return level
        }
        let needed = neededSkills(item, queue)
        return agent.settings.skills.filter { needed.contains($0.skill) }.map(\.level).max() ?? 1
    }

    private func rank(_ agent: AgentRecord) -> [Int64] {
        [inHand(agent.id), agent.idleSince.ms, agent.idleOrder, agent.id.raw]
    }

    private func order(_ item: WorkItemRecord) -> [Int64] {
        [
            item.firstOffered?.ms ?? .max, queues[item.queue]!.rank, item.priority,
            item.entered.ms - item.creditMs, item.id.raw,
        ]
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

    private func neededSkills(_ item: WorkItemRecord, _ queue: QueueSettings) -> [SkillID] {
        var needed = queue.requiredSkills + item.requiredSkills
        let relaxes = item.entered.ms.addingReportingOverflow(queue.desiredTimeoutMs)
        let isAwaited = item.preferred.map { now < $0.until.ms } ?? false
        if !isAwaited, relaxes.overflow || now < relaxes.partialValue {
            needed += queue.desiredSkills + item.desiredSkills
        }
        return needed
    }

    private func mayTake(_ item: WorkItemRecord, _ agent: Candidate) -> Bool {
        let queue = queues[item.queue]!
        let record = agent.record
        let inWrapUp = record.presence == .wrapUp || record.wrapUpUntil != nil
        if let preferred = item.preferred, preferred.agent != record.id, now < preferred.until.ms {
            return false
        }
        return (record.presence == .available || record.presence == .wrapUp)
            && (!inWrapUp || queue.offersInWrapUp) && record.guardUntil == nil && record.signals.isEmpty
            && (record.pending == nil || record.pending!.presence == .available)
            && agent.settings.queues.contains(item.queue)
            && neededSkills(item, queue).allSatisfy { skill in
                agent.settings.skills.contains { $0.skill == skill }
            }
            && !item.pauses.contains { $0.agent == record.id && $0.until.ms > now }
            && inHand(record.id, item.channel) < agent.settings.capacity[item.channel]
            && Channel.allCases.allSatisfy {
                inHand(record.id, $0) == 0 || agent.settings.interrupts[item.channel, during: $0]
            }
    }
}
