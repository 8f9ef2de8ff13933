// Why does this item wait, and why does this agent get nothing? Found on demand, from the records, as values.

/// Items, agents or skills that an explanation names of a kind; the counts count all.
public let explainedMax = 20

/// Where an item stands and what it waits for. Parts that do not apply are nil or empty.
public struct ItemExplanation: Sendable, Hashable {
    /// What is ahead of a waiting item, by the first rule that puts it there.
    public struct Ahead: Sendable, Hashable {
        /// Came back after a failed offer.
        public var bounced: Int64 = 0
        public var higherPriority: Int64 = 0
        /// Of the same priority class, with a longer wait or more time credit.
        public var older: Int64 = 0
        public var all: Int64 { bounced + higherPriority + older }
    }

    /// Agents who serve the queue, counted as far as each condition goes.
    public struct Steps: Sendable, Hashable {
        public var serving: Int64 = 0
        public var signedIn: Int64 = 0
        /// Of those: have the skills that are insisted on.
        public var skilled: Int64 = 0
        /// Of those: available, wrap-up included.
        public var available: Int64 = 0
        /// Of those: in no wrap-up, guard time or signal.
        public var rested: Int64 = 0
        /// Of those: have room, and no standing offer.
        public var free: Int64 = 0
    }

    public var record: WorkItemRecord
    /// Set while it waits or rings.
    public var blockage: Blockage?
    /// From 1; set while it waits.
    public var position: Int64?
    public var ahead = Ahead()
    public var steps = Steps()
    /// Insisted on now, the queue's and its own.
    public var neededSkills: [SkillID] = []
    /// Of those: insisted on until `desiredUntil` only.
    public var desiredSkills: [SkillID] = []
    public var desiredUntil: Instant?
    /// When the first agent whom only wrap-up or guard time keeps could take it.
    public var restedAt: Instant?
    /// When it leaves the queue because it has waited too long.
    public var overflowsAt: Instant?
    public var estimatedWaitMs: Int64?
}

/// What an agent is offered, holds and could take. `causes` is empty when nothing keeps work from the agent.
public struct AgentExplanation: Sendable, Hashable {
    /// Why an agent is offered nothing, the first to put right first.
    public enum Cause: Sendable, Hashable {
        case signedOut
        /// Signed in, but has not said to be available.
        case notAvailable
        case unavailable(ReasonID?)
        /// Asked for during a call, and no offers until then.
        case pending(Presence, ReasonID?)
        case signal(Signal)
        case wrapUp(until: Instant)
        case guarded(until: Instant)
        case offered(WorkItemID)
        case servesNoQueue
        /// Has as many of a channel as it may.
        case full(Channel, inHand: Int64, capacity: Int64)
        /// Work of `channel` may not interrupt what is in hand.
        case shutOut(Channel, by: Channel)
        /// Waiting work of the agent's queues needs a skill that the agent lacks.
        case lacksSkill(SkillID, waiting: Int64)
        /// Waiting work is kept from the agent: the re-offer pause.
        case kept(WorkItemID, until: Instant)
        /// Waiting work is kept for others whom it prefers.
        case preferred(waiting: Int64)
        /// Nothing waits in any of the agent's queues.
        case nothingWaits
    }

    public var record: AgentRecord
    public var status: RoutingStatus
    public var queues: [QueueID]
    public var offered: WorkItemID?
    /// Ascending.
    public var inHand: [WorkItemID]
    /// Items that wait in the agent's queues.
    public var waiting: Int64
    public var causes: [Cause]
}

extension Router {
    /// Takes a step for each item of its queue and each agent who serves it.
    public func explain(_ id: WorkItemID) -> ItemExplanation? {
        guard let item = itemByID[id.raw] else { return nil }
        let record = items[item].record
        var explanation = ItemExplanation(record: record)
        explanation.blockage = blockage(of: id)
        guard !items[item].waitsIn.isNone else { return explanation }
        let queue = items[item].queue
        let settings = queues[queue].settings
        let insisted = classes[items[item].waitsIn].key.skills
        explanation.neededSkills = insisted
        let required = settings.requiredSkills.union(record.requiredSkills)
        explanation.desiredSkills = insisted.filter { !required.contains($0) }
        if !explanation.desiredSkills.isEmpty {
            let until = record.entered.ms.plus(settings.desiredTimeoutMs)
            explanation.desiredUntil = until == .max ? nil : Instant(ms: until)
        }
        let overflowsAt = overflowAt(item)
        explanation.overflowsAt = overflowsAt == .max ? nil : Instant(ms: overflowsAt)
        explanation.ahead = ahead(of: record, in: queue)
        explanation.position = explanation.ahead.all + 1
        explanation.estimatedWaitMs = estimatedWaitMs(of: id)
        countSteps(queue, insisted, record.channel, &explanation)
        return explanation
    }

    private func ahead(of own: WorkItemRecord, in queue: Handle<QueueSlot>) -> ItemExplanation.Ahead {
        let order = own.order(rank: queues[queue].settings.rank)
        var ahead = ItemExplanation.Ahead()
        for entry in waiting(in: queue) where entry.order < order {
            if entry.order.bounced < order.bounced {
                ahead.bounced += 1
            } else if entry.order.priority < order.priority {
                ahead.higherPriority += 1
            } else {
                ahead.older += 1
            }
        }
        return ahead
    }

    private func countSteps(
        _ queue: Handle<QueueSlot>, _ skills: [SkillID], _ channel: Channel,
        _ explanation: inout ItemExplanation
    ) {
        for profile in queues[queue].profiles {
            let hasSkills = profiles[profile].has(skills)
            for agent in profiles[profile].agents {
                explanation.steps.serving += 1
                guard agents[agent].record.presence != .signedOut else { continue }
                explanation.steps.signedIn += 1
                guard hasSkills else { continue }
                explanation.steps.skilled += 1
                let kind = agents[agent].kind
                guard kind.contains(.available) else { continue }
                explanation.steps.available += 1
                if kind.contains(.rested) {
                    explanation.steps.rested += 1
                    if kind.contains(.free(channel)) { explanation.steps.free += 1 }
                } else if let until = restedAt(agent, channel) {
                    explanation.restedAt = min(explanation.restedAt ?? until, until)
                }
            }
        }
    }

    /// When an agent whom only time keeps could take work of a channel.
    private func restedAt(_ agent: Handle<AgentSlot>, _ channel: Channel) -> Instant? {
        let record = agents[agent].record
        guard record.signals.isEmpty, agents[agent].offer.isNone, agents[agent].hasRoom(for: channel),
            record.pending == nil || record.pending?.presence == .available
        else { return nil }
        return [record.wrapUpUntil, record.presenceUntil, record.guardUntil].compactMap { $0 }.max()
    }

    /// Takes a step for each item that waits in the agent's queues.
    public func explain(_ id: AgentID) -> AgentExplanation? {
        guard let agent = agentByID[id.raw], let status = routingStatus(of: id) else { return nil }
        let slot = agents[agent]
        let served = profiles[slot.profile].key.queues.filter { queueByID[$0.raw] != nil }
        var explanation = AgentExplanation(
            record: slot.record, status: status, queues: served, offered: offer(to: id)?.id,
            inHand: inHand(of: id), waiting: 0, causes: [])
        addPresence(slot, &explanation)
        if let offered = explanation.offered { explanation.causes.append(.offered(offered)) }
        if served.isEmpty { explanation.causes.append(.servesNoQueue) }
        addWork(agent, served, &explanation)
        return explanation
    }

    private func addPresence(_ slot: AgentSlot, _ explanation: inout AgentExplanation) {
        let record = slot.record
        switch record.presence {
        case .signedOut: explanation.causes.append(.signedOut)
        case .signedIn: explanation.causes.append(.notAvailable)
        case .unavailable: explanation.causes.append(.unavailable(record.reason))
        case .available, .wrapUp: break
        }
        if let pending = record.pending, pending.presence != .available {
            explanation.causes.append(.pending(pending.presence, pending.reason))
        }
        for signal in Signal.allCases where record.signals.contains(Signals(signal)) {
            explanation.causes.append(.signal(signal))
        }
        let wrapUps = [record.wrapUpUntil, record.presenceUntil].compactMap { $0 }
        if let until = wrapUps.max() { explanation.causes.append(.wrapUp(until: until)) }
        if let until = record.guardUntil { explanation.causes.append(.guarded(until: until)) }
    }

    /// What waits for the agent, and what keeps each class of it away.
    private func addWork(
        _ agent: Handle<AgentSlot>, _ served: [QueueID], _ explanation: inout AgentExplanation
    ) {
        let own = agents[agent].record.id
        var channels = ByChannel(false)
        var lacking: [SkillID: Int64] = [:]
        var kept: [AgentExplanation.Cause] = []
        var preferred: Int64 = 0
        for id in served {
            guard let queue = queueByID[id.raw] else { continue }
            for workClass in queues[queue].classes where !classes[workClass].isEmpty {
                let waiting = Int64(classes[workClass].line.count + classes[workClass].held.count)
                explanation.waiting += waiting
                let missing = classes[workClass].key.skills.filter {
                    !profiles[agents[agent].profile].has([$0])
                }
                for skill in missing { lacking[skill, default: 0] += waiting }
                guard missing.isEmpty else { continue }
                channels[classes[workClass].key.channel] = true
                for entry in classes[workClass].held {
                    let record = items[entry.item].record
                    if let pause = record.pauses.first(where: { $0.agent == own }) {
                        if kept.count < explainedMax { kept.append(.kept(record.id, until: pause.until)) }
                    } else if let preference = record.preferred, preference.agent != own {
                        preferred += 1
                    }
                }
            }
        }
        for channel in Channel.allCases where channels[channel] { addRoom(agent, channel, &explanation) }
        explanation.causes += lacking.sorted { $0.key < $1.key }.prefix(explainedMax)
            .map { .lacksSkill($0.key, waiting: $0.value) }
        explanation.causes += kept
        if preferred > 0 { explanation.causes.append(.preferred(waiting: preferred)) }
        if explanation.waiting == 0, !served.isEmpty { explanation.causes.append(.nothingWaits) }
    }

    /// Why waiting work of a channel finds no room, if it finds none.
    private func addRoom(
        _ agent: Handle<AgentSlot>, _ channel: Channel, _ explanation: inout AgentExplanation
    ) {
        let slot = agents[agent]
        let inHand = Int64(slot.active[channel])
        let capacity = slot.settings.capacity[channel]
        if inHand >= capacity {
            explanation.causes.append(.full(channel, inHand: inHand, capacity: capacity))
        }
        for other in Channel.allCases
        where slot.active[other] > 0 && !slot.settings.interrupts[channel, during: other] {
            explanation.causes.append(.shutOut(channel, by: other))
        }
    }
}
