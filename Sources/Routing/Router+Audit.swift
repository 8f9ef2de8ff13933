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
    case strandedLeft
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
        for profile in profiles.handles { auditPlaces(profile, &found) }
        let alarms =
            items.handles.count { items[$0].isArmed }
            + agents.handles.reduce(0) { count, agent in
                count + AgentAlarm.allCases.count { agents[agent].alarms[$0].isSet }
            }
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
            if let preferred = item.preferred { needsDeadline(preferred.until.ms) }
            if let settings = queueSettings(item.queue), !item.isReturnCall, !item.hasOverflowed {
                if let waitMs = settings.overflow.waitMs, settings.overflow.action != nil {
                    needsDeadline(item.queued.ms.plus(waitMs))
                }
                if settings.stranded != nil,
                    !agents.handles.contains(where: { isAtWork(agents[$0], item.queue) })
                {
                    note(.strandedLeft, "nobody is signed in")
                }
            }
            if case let (skills, until) = neededSkills(item), until < .max, !skills.isEmpty {
                needsDeadline(until)
            }
            for agent in agents.handles where mayBeOffered(item, agents[agent]) {
                note(.workBesideReadyAgent, "\(agents[agent].record)")
            }
            if items[handle].waitsIn.isNone { note(.booksWrong, "waits nowhere") }
            if blockage(of: items[handle].waitsIn) != classes[items[handle].waitsIn].blockage {
                note(.booksWrong, "told \(String(describing: classes[items[handle].waitsIn].blockage))")
            }
        case .offered(let id, _, let deadline):
            needsDeadline(deadline.ms)
            auditOffer(handle, to: id, &found)
        case .offeredToGroup(let ids, _, let deadline):
            needsDeadline(deadline.ms)
            if ids.isEmpty || ids != ids.ascending() { note(.booksWrong, "not a group") }
            for id in ids { auditOffer(handle, to: id, &found) }
        case .ringing(let until): needsDeadline(until.ms)
        case .active(let id, _):
            if !inHand(of: id).contains(item.id) { note(.booksWrong, "not in hand") }
        case .wrapUp(let id, let until):
            needsDeadline(until.ms)
            if !inHand(of: id).contains(item.id) { note(.booksWrong, "not in hand") }
        }
    }

    private func auditOffer(_ handle: Handle<ItemSlot>, to id: AgentID, _ found: inout [Violation]) {
        let item = items[handle].record
        func note(_ invariant: Invariant, _ what: String) {
            found.append(Violation(invariant: invariant, what: "\(what): \(item)"))
        }
        guard let agent = agentByID[id.raw], agents[agent].offer == handle else {
            return note(.booksWrong, "not the offer of \(id)")
        }
        if !isReady(agents[agent], for: item.queue) { note(.offerToUnready, "\(agents[agent].record)") }
        if !hasRoom(agents[agent], for: item.channel) {
            note(.offerBeyondCapacity, "\(agents[agent].record)")
        }
        let required = queues[items[handle].queue].settings.requiredSkills + item.requiredSkills
        if !serves(agents[agent].settings, item.queue, required) {
            note(.offerToUnskilled, "\(agents[agent].settings)")
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
            case .offeredToGroup(let ids, _, _): if ids.contains(agent.id) { offers += 1 }
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
        for until in [agent.guardUntil, agent.presenceUntil] {
            guard let until else { continue }
            if until.ms <= now { note(.overdue, "at \(now)") }
            if nextDeadline.map({ $0.ms > until.ms }) ?? true { note(.deadlineMissing, "\(until)") }
        }
        if (agent.presence == .wrapUp) != (agent.presenceUntil != nil) {
            note(.booksWrong, "wrap-up without end")
        }
        if agent.pending != nil, agents[handle].active.call == 0, agent.wrapUpUntil == nil {
            note(.overdue, "free, but its presence is pending")
        }
        if agent.reason != nil, agent.presence != .unavailable { note(.booksWrong, "a reason") }
        if agent.idleOrder > idleOrder { note(.booksWrong, "idle order above \(idleOrder)") }
        if let what = shownWrong(handle) { note(.booksWrong, what) }
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
        if let what = servingWrong(queue) { found.append(Violation(invariant: .booksWrong, what: what)) }
    }

    /// nil when the queue says as many agents serve it as its profiles have.
    func servingWrong(_ queue: QueueSlot) -> String? {
        let serving = queue.profiles.reduce(0) { $0 + profiles[$1].agents.count }
        return serving == queue.serving
            ? nil : "queue \(queue.id) says \(queue.serving) agents serve it, of its profiles \(serving) do"
    }

    private func auditPlaces(_ handle: Handle<Profile>, _ found: inout [Violation]) {
        for channel in Channel.allCases {
            let available = profiles[handle].agents.map { agents[$0] }.filter {
                $0.record.presence == .available || $0.record.presence == .wrapUp
            }
            let places = available.reduce(0) { $0 + min($1.settings.capacity[channel], placesMax) }
            guard places != Int64(profiles[handle].places[channel]) else { continue }
            let what = "\(profiles[handle].places[channel]) places for \(channel), are \(places)"
            found.append(Violation(invariant: .booksWrong, what: "\(what): \(profiles[handle].key)"))
        }
    }

    // MARK: The rules, said once more and plainly

    private func mayBeOffered(_ item: WorkItemRecord, _ agent: AgentSlot) -> Bool {
        isReady(agent, for: item.queue)
            && !items.handles.contains { items[$0].record.isOffered(to: agent.record.id) }
            && hasRoom(agent, for: item.channel)
            && serves(agent.settings, item.queue, neededSkills(item).skills)
            && (item.preferred.map { $0.agent == agent.record.id || $0.until.ms <= now } ?? true)
            && !item.pauses.contains { $0.agent == agent.record.id && $0.until.ms > now }
    }

    func isReady(_ agent: AgentSlot, for queue: QueueID) -> Bool {
        let record = agent.record
        guard record.guardUntil == nil, record.signals.isEmpty,
            record.pending == nil || record.pending?.presence == .available
        else { return false }
        if record.presence == .available, record.wrapUpUntil == nil { return true }
        return (record.presence == .available || record.presence == .wrapUp)
            && queueSettings(queue)?.offersInWrapUp == true
    }

    func isAtWork(_ agent: AgentSlot, _ queue: QueueID) -> Bool {
        agent.record.presence != .signedOut && agent.settings.queues.contains(queue)
    }

    private func hasRoom(_ agent: AgentSlot, for channel: Channel) -> Bool {
        var active = ByChannel<Int64>(0)
        for item in items.handles {
            guard case .active(agent.record.id, _) = items[item].record.state else { continue }
            active[items[item].record.channel] += 1
        }
        return active[channel] < agent.settings.capacity[channel]
            && Channel.allCases.allSatisfy {
                active[$0] == 0 || agent.settings.interrupts[channel, during: $0]
            }
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
        return desired.isEmpty || until <= now || item.preferred != nil
            ? (required, .max) : (required + desired, until)
    }
}
