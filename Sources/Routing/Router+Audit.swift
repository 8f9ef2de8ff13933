// The router's invariants, checked from the records alone: slow, plain, and independent of the indices.

/// What must never be so.
public enum Invariant: String, Sendable, Hashable, CaseIterable {
    case twoOffersAtOnce
    case offerBeyondCapacity
    case offerToUnready
    case offerToUnskilled
    case workBesideReadyAgent
    case overdue
    case deadlineMissing
    case booksWrong
}

/// One invariant found broken. `what` names ids and states only.
public struct Violation: Sendable, Hashable {
    public let invariant: Invariant
    public let what: String
}

extension Router {
    /// Looks for broken invariants. Takes a step for each pair of a waiting item and an agent.
    public func audit() -> [Violation] {
        var found: [Violation] = []
        for item in items.handles { auditItem(item, &found) }
        for agent in agents.handles { auditAgent(agent, &found) }
        for queue in queues.handles { auditQueue(queue, &found) }
        let alarms =
            items.handles.count { items[$0].isArmed } + agents.handles.count { agents[$0].isArmed }
        if armed != alarms {
            found.append(Violation(invariant: .booksWrong, what: "armed \(armed)"))
        }
        return found
    }

    private func auditItem(_ handle: Handle<ItemSlot>, _ found: inout [Violation]) {
        let item = items[handle].record
        func note(_ invariant: Invariant, _ what: String) {
            found.append(Violation(invariant: invariant, what: "\(what): \(item)"))
        }
        func needsDeadline(_ at: Int64) {
            if at <= now { note(.overdue, "at \(now)") }
            if nextDeadline.map({ $0.ms > at }) ?? true {
                note(.deadlineMissing, "next is \(String(describing: nextDeadline))")
            }
        }
        if itemByID[item.id.raw] != handle { note(.booksWrong, "not found by id") }
        switch item.state {
        case .waiting:
            for pause in item.pauses { needsDeadline(pause.until.ms) }
            if case let (skills, until) = neededSkills(item), until < .max, !skills.isEmpty {
                needsDeadline(until)
            }
            for agent in agents.handles where mayBeOffered(item, agents[agent]) {
                note(.workBesideReadyAgent, "\(agents[agent].record)")
            }
            if items[handle].waitsIn.isNone { note(.booksWrong, "waits nowhere") }
        case .offered(let id, _, let deadline):
            needsDeadline(deadline.ms)
            guard let agent = agentByID[id.raw], agents[agent].offer == handle else {
                return note(.booksWrong, "not the agent's offer")
            }
            if !agents[agent].takesOffers { note(.offerToUnready, "\(agents[agent].record)") }
            if !hasRoom(agents[agent], for: item.channel) {
                note(.offerBeyondCapacity, "\(agents[agent].record)")
            }
            let required = queues[items[handle].queue].settings.requiredSkills + item.requiredSkills
            if !serves(agents[agent].settings, item.queue, required) {
                note(.offerToUnskilled, "\(agents[agent].settings)")
            }
        case .active(let id, _):
            if !inHand(of: id).contains(item.id) { note(.booksWrong, "not in hand") }
        case .wrapUp(let id, let until):
            needsDeadline(until.ms)
            if !inHand(of: id).contains(item.id) { note(.booksWrong, "not in hand") }
        }
    }

    private func auditAgent(_ handle: Handle<AgentSlot>, _ found: inout [Violation]) {
        let agent = agents[handle].record
        func note(_ invariant: Invariant, _ what: String) {
            found.append(Violation(invariant: invariant, what: "\(what): \(agent)"))
        }
        var offers = 0
        var holds = 0
        var wrapUpUntil: Instant?
        for item in items.handles {
            switch items[item].record.state {
            case .offered(agent.id, _, _): offers += 1
            case .active(agent.id, _): holds += 1
            case .wrapUp(agent.id, let until):
                holds += 1
                wrapUpUntil = max(wrapUpUntil ?? until, until)
            default: break
            }
        }
        if offers > 1 { note(.twoOffersAtOnce, "\(offers) offers") }
        if (offers == 1) == agents[handle].offer.isNone { note(.booksWrong, "\(offers) offers") }
        if holds != inHand(handle).count || holds != Int(agents[handle].inHandCount) {
            note(.booksWrong, "\(holds) in hand")
        }
        if wrapUpUntil != agent.wrapUpUntil {
            note(.booksWrong, "wrap-up \(String(describing: wrapUpUntil))")
        }
        if case .closed(let until) = agent.desk {
            if until.ms <= now { note(.overdue, "at \(now)") }
            if nextDeadline.map({ $0.ms > until.ms }) ?? true {
                note(.deadlineMissing, "next is \(String(describing: nextDeadline))")
            }
        }
        if agent.reason != nil, agent.presence != .unavailable { note(.booksWrong, "a reason") }
        if agent.idleOrder > idleOrder { note(.booksWrong, "idle order above \(idleOrder)") }
    }

    private func auditQueue(_ handle: Handle<QueueSlot>, _ found: inout [Violation]) {
        let queue = queues[handle]
        let present = items.handles.filter { items[$0].record.queue == queue.id }
        let waiting = present.filter { items[$0].record.state == .waiting }
        let lined = queue.classes.reduce(0) {
            $0 + classes[$1].line.entries(items).count + classes[$1].held.count
        }
        if present.count != queue.present || waiting.count != queue.waiting || lined != queue.waiting {
            let counts = "\(present.count), \(waiting.count) waiting, \(lined) in line"
            found.append(
                Violation(invariant: .booksWrong, what: "queue \(queue.id) counts \(counts): \(queue)"))
        }
    }

    // MARK: The rules, said once more and plainly

    private func mayBeOffered(_ item: WorkItemRecord, _ agent: AgentSlot) -> Bool {
        agent.record.presence == .available && agent.record.wrapUpUntil == nil
            && !items.handles.contains { items[$0].record.isOffered(to: agent.record.id) }
            && hasRoom(agent, for: item.channel)
            && serves(agent.settings, item.queue, neededSkills(item).skills)
            && !item.pauses.contains { $0.agent == agent.record.id && $0.until.ms > now }
    }

    private func hasRoom(_ agent: AgentSlot, for channel: Channel) -> Bool {
        var ofChannel: Int64 = 0
        var calls: Int64 = 0
        for item in items.handles {
            guard case .active(agent.record.id, _) = items[item].record.state else { continue }
            if items[item].record.channel == channel { ofChannel += 1 }
            if items[item].record.channel == .call { calls += 1 }
        }
        return ofChannel < agent.settings.capacity[channel] && (channel == .call || calls == 0)
    }

    func serves(_ agent: AgentSettings, _ queue: QueueID, _ skills: [SkillID]) -> Bool {
        agent.queues.contains(queue)
            && skills.allSatisfy { skill in agent.skills.contains { $0.skill == skill } }
    }

    /// The skills insisted on now, and until when (`.max` for ever).
    func neededSkills(_ item: WorkItemRecord) -> (skills: [SkillID], until: Int64) {
        guard let settings = queueSettings(item.queue) else { return ([], .max) }
        let required = settings.requiredSkills + item.requiredSkills
        let desired = (settings.desiredSkills + item.desiredSkills).filter { !required.contains($0) }
        let until = item.entered.ms.plus(settings.desiredTimeoutMs)
        return desired.isEmpty || until <= now ? (required, .max) : (required + desired, until)
    }
}

extension WorkItemRecord {
    func isOffered(to agent: AgentID) -> Bool {
        if case .offered(agent, _, _) = state { return true }
        return false
    }
}
