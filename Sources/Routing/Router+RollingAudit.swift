// The invariants looked at a little at a time, in a router at work. Where the whole audit compares everything with
// everything, this one takes the indices' word for whom to look at, never for whether it is right.

/// Violations one call reports; a router that is broken throughout need not be listed whole.
private let violationsMax = 100
/// Held items of a class, and items in one agent's hands, that are looked at.
private let chainMax = 256

extension Router {
    /// Takes at most about `budget` steps of a round, and never more than one round.
    ///
    /// A call that makes a whole round also counts each queue's items. Nothing is found in a router that has been
    /// restored and had no input yet: what its rows say is only acted on then.
    public func auditSome(from cursor: inout AuditCursor, budget: Int) -> [Violation] {
        cursor.spent = 0
        guard now > .min else { return [] }
        var found: [Violation] = []
        var counts = cursor.isAtStart ? Counts(queues: queues.all.count) : nil
        var steps = 0
        defer { cursor.spent = steps }
        while steps < budget, found.count < violationsMax {
            let place = cursor.place
            cursor.place += 1
            switch cursor.part {
            case .items where place < items.all.count:
                steps += 1
                guard items.all[place].isAlive else { continue }
                let item = Handle<ItemSlot>(raw: Int32(place))
                counts?.add(items[item])
                steps += auditOne(item, &cursor, &found)
            case .agents where place < agents.all.count:
                steps += 1
                guard agents.all[place].isAlive else { continue }
                counts?.armed += AgentAlarm.allCases.count { agents.all[place].alarms[$0].isSet }
                steps += auditOne(Handle<AgentSlot>(raw: Int32(place)), &found)
            case .queues where place < queues.all.count:
                steps += 1
                guard queues.all[place].isAlive else { continue }
                let queue = Handle<QueueSlot>(raw: Int32(place))
                steps += auditOne(queue, counts?.ofQueues[place], &found)
            default:
                guard cursor.goOn() else { continue }
                if let counts, counts.armed != armed {
                    found.append(Violation(invariant: .booksWrong, what: "armed \(armed)"))
                }
                return found
            }
        }
        return found
    }

    /// What a round that is made in one go can count.
    private struct Counts {
        var ofQueues: [(present: Int, waiting: Int)]
        var armed = 0

        init(queues: Int) { ofQueues = Array(repeating: (0, 0), count: queues) }

        mutating func add(_ item: ItemSlot) {
            if item.isArmed { armed += 1 }
            let queue = Int(item.queue.raw)
            guard ofQueues.indices.contains(queue) else { return }
            ofQueues[queue].present += 1
            if item.record.state == .waiting { ofQueues[queue].waiting += 1 }
        }
    }

    // MARK: Each returns the steps it took beyond the first

    private func auditOne(
        _ handle: Handle<ItemSlot>, _ cursor: inout AuditCursor, _ found: inout [Violation]
    ) -> Int {
        let item = items[handle].record
        func note(_ invariant: Invariant, _ what: String) {
            found.append(Violation(invariant: invariant, what: "\(what): \(item)"))
        }
        func needsDeadline(_ at: Int64) {
            noteDeadline(at) { note($0, $1) }
        }
        if itemByID[item.id.raw] != handle { note(.booksWrong, "not found by id") }
        var steps = AuditSteps.item
        switch item.state {
        case .waiting:
            cursor.sawWaiting(item)
            for pause in item.pauses { needsDeadline(pause.until.ms) }
            if let preferred = item.preferred { needsDeadline(preferred.until.ms) }
            let overflowsAt = overflowAt(handle)
            if overflowsAt < .max { needsDeadline(overflowsAt) }
            if !item.isReturnCall, !item.hasOverflowed, queues[items[handle].queue].settings.stranded != nil,
                !isAnybodySignedIn(items[handle].queue)
            {
                note(.strandedLeft, "nobody is signed in")
            }
            let isPlain =
                item.desiredSkills.isEmpty && queues[items[handle].queue].settings.desiredSkills.isEmpty
            if !isPlain, case let (skills, until) = neededSkills(item), until < .max, !skills.isEmpty {
                needsDeadline(until)
            }
            if items[handle].waitsIn.isNone { note(.booksWrong, "waits nowhere") }
            // Another agent each round: what no index knows of is found in time.
            guard agents.all.count > 0 else { break }
            let other = (Int(handle.raw) + Int(truncatingIfNeeded: cursor.rounds)) % agents.all.count
            if agents.all[other].isAlive, couldBeOffered(item, agents.all[other]) {
                note(.workBesideReadyAgent, "\(agents.all[other].record)")
            }
        case .offered(let id, _, let deadline):
            needsDeadline(deadline.ms)
            steps += auditOffer(of: handle, to: id, &found)
        case .offeredToGroup(let ids, _, let deadline):
            needsDeadline(deadline.ms)
            for id in ids { steps += AuditSteps.agent + auditOffer(of: handle, to: id, &found) }
        case .ringing(let until): needsDeadline(until.ms)
        case .active(let id, _):
            steps += holds(id, handle, &found)
        case .wrapUp(let id, let until):
            needsDeadline(until.ms)
            steps += holds(id, handle, &found)
        }
        return steps
    }

    private func auditOffer(of handle: Handle<ItemSlot>, to id: AgentID, _ found: inout [Violation]) -> Int {
        let item = items[handle].record
        func note(_ invariant: Invariant, _ what: String) {
            found.append(Violation(invariant: invariant, what: "\(what): \(item)"))
        }
        guard let agent = agentByID[id.raw] else {
            note(.booksWrong, "offered to nobody")
            return 0
        }
        let slot = agents[agent]
        if slot.offer != handle {
            let isSecond = !slot.offer.isNone && items[slot.offer].record.isOffered(to: id)
            if isSecond { note(.twoOffersAtOnce, "beside \(items[slot.offer].record.id)") }
            note(.booksWrong, "not the agent's offer")
        }
        if !isReady(slot, for: item.queue) { note(.offerToUnready, "\(slot.record)") }
        if !hasRoomInHand(slot, for: item.channel) { note(.offerBeyondCapacity, "\(slot.record)") }
        let required = (queueSettings(item.queue)?.requiredSkills ?? []) + item.requiredSkills
        if !serves(slot.settings, item.queue, required) { note(.offerToUnskilled, "\(slot.settings)") }
        return Int(slot.inHandCount)
    }

    private func holds(_ id: AgentID, _ item: Handle<ItemSlot>, _ found: inout [Violation]) -> Int {
        let hands = agentByID[id.raw].map { self.hands(agents[$0]) } ?? []
        if !hands.contains(item) {
            found.append(Violation(invariant: .booksWrong, what: "not in hand: \(items[item].record)"))
        }
        return hands.count
    }

    private func auditOne(_ handle: Handle<AgentSlot>, _ found: inout [Violation]) -> Int {
        let slot = agents[handle]
        let agent = slot.record
        func note(_ invariant: Invariant, _ what: String) {
            found.append(Violation(invariant: invariant, what: "\(what): \(agent)"))
        }
        if agentByID[agent.id.raw] != handle { note(.booksWrong, "not found by id") }
        if !slot.offer.isNone, !items[slot.offer].record.isOffered(to: agent.id) {
            note(.booksWrong, "an offer that is not: \(items[slot.offer].record)")
        }
        let hands = self.hands(slot)
        var wrapUpUntil: Instant?
        var held = 0
        for item in hands {
            switch items[item].record.state {
            case .active(agent.id, _): held += 1
            case .wrapUp(agent.id, let until):
                held += 1
                wrapUpUntil = max(wrapUpUntil ?? until, until)
            default: break
            }
        }
        if held != hands.count || held != Int(slot.inHandCount) { note(.booksWrong, "\(held) in hand") }
        if wrapUpUntil != agent.wrapUpUntil {
            note(.booksWrong, "wrap-up \(String(describing: wrapUpUntil))")
        }
        if case .closed(let until) = agent.desk { noteDeadline(until.ms) { note($0, $1) } }
        if let until = agent.guardUntil { noteDeadline(until.ms) { note($0, $1) } }
        if let until = agent.presenceUntil { noteDeadline(until.ms) { note($0, $1) } }
        if agent.pending != nil, slot.active.call == 0, agent.wrapUpUntil == nil {
            note(.overdue, "free, but its presence is pending")
        }
        if agent.reason != nil, agent.presence != .unavailable { note(.booksWrong, "a reason") }
        if agent.idleOrder > idleOrder { note(.booksWrong, "idle order above \(idleOrder)") }
        if let what = shownWrong(handle) { note(.booksWrong, what) }
        return AuditSteps.agent + hands.count + slot.seats.count + auditWork(before: slot, &found)
    }

    /// Whether work that the agent could be offered waits at the head of a line, whatever the ready lists say.
    private func auditWork(before agent: AgentSlot, _ found: inout [Violation]) -> Int {
        guard agent.takesOffersInWrapUp, agent.offer.isNone, !agent.profile.isNone else { return 0 }
        let classes = profiles[agent.profile].classes
        var marked = workMarks[Int(agent.profile.raw)].placesToLook.makeIterator()
        var next = marked.next()
        for (place, workClass) in classes.enumerated() {
            let isMarked = next == place
            if isMarked { next = marked.next() }
            if !isMarked, !self.classes[workClass].isEmpty {
                found.append(Violation(invariant: .booksWrong, what: "work that its agents do not see"))
            }
            if self.workClass(of: agent.profile, at: place) != workClass {
                found.append(Violation(invariant: .booksWrong, what: "agents look at other work than theirs"))
            }
            let entries =
                [self.classes[workClass].line.head].compactMap { $0 }
                + self.classes[workClass].held.prefix(chainMax)
            for entry in entries where couldBeOffered(items[entry.item].record, agent) {
                let what = "\(agent.record): \(items[entry.item].record)"
                found.append(Violation(invariant: .workBesideReadyAgent, what: what))
                return classes.count
            }
        }
        return classes.count * AuditSteps.workClass
    }

    /// The queue's books, and whether somebody on a ready list or bench could be offered what stands at the head of a
    /// line.
    private func auditOne(
        _ handle: Handle<QueueSlot>, _ counted: (present: Int, waiting: Int)?, _ found: inout [Violation]
    ) -> Int {
        let queue = queues[handle]
        var lined = 0
        var steps = 0
        for workClass in queue.classes {
            lined += classes[workClass].line.count + classes[workClass].held.count
            steps += AuditSteps.workClass
            guard let head = classes[workClass].line.head else { continue }
            let item = items[head.item].record
            steps += classes[workClass].members.count
            let bestOfBench = queue.hasBench ? [firstBidder(workClass)].compactMap { $0 } : []
            let heads = classes[workClass].profiles.map { ready[readyIndex($0, item.channel)].head.agent }
            for agent in bestOfBench + heads {
                guard !agent.isNone, agents[agent].isAlive, couldBeOffered(item, agents[agent]) else {
                    continue
                }
                let what = "\(agents[agent].record): \(item)"
                found.append(Violation(invariant: .workBesideReadyAgent, what: what))
                break
            }
        }
        let isCounted = counted.map { $0.present == queue.present && $0.waiting == queue.waiting } ?? true
        if lined != queue.waiting || !isCounted {
            let counts = counted.map { ", \($0.present) present, \($0.waiting) waiting" } ?? ""
            found.append(
                Violation(
                    invariant: .booksWrong,
                    what:
                        "queue \(queue.id) says \(queue.present), \(queue.waiting): \(lined) in line\(counts)"
                ))
        }
        steps += queue.profiles.count
        if let what = servingWrong(queue) { found.append(Violation(invariant: .booksWrong, what: what)) }
        return steps
    }

    private func noteDeadline(_ at: Int64, _ note: (Invariant, String) -> Void) {
        if at <= now { note(.overdue, "at \(now)") }
        if nextDeadline.map({ $0.ms > at }) ?? true {
            note(.deadlineMissing, "next is \(String(describing: nextDeadline))")
        }
    }

    // MARK: The rules once more: from records, but only those in the agent's own hands

    private func couldBeOffered(_ item: WorkItemRecord, _ agent: AgentSlot) -> Bool {
        item.state == .waiting && agent.offer.isNone && isReady(agent, for: item.queue)
            && (item.preferred.map { $0.agent == agent.record.id || $0.until.ms <= now } ?? true)
            && serves(agent.settings, item.queue, neededSkills(item).skills)
            && hasRoomInHand(agent, for: item.channel)
            && !item.pauses.contains { $0.agent == agent.record.id && $0.until.ms > now }
    }

    private func hasRoomInHand(_ agent: AgentSlot, for channel: Channel) -> Bool {
        var active = ByChannel<Int64>(0)
        for item in hands(agent) {
            guard case .active(agent.record.id, _) = items[item].record.state else { continue }
            active[items[item].record.channel] += 1
        }
        return active[channel] < agent.settings.capacity[channel]
            && Channel.allCases.allSatisfy {
                active[$0] == 0 || agent.settings.interrupts[channel, during: $0]
            }
    }

    /// The chain through an agent's hands; cut where it is longer than any can be.
    private func hands(_ agent: AgentSlot) -> [Handle<ItemSlot>] {
        var all: [Handle<ItemSlot>] = []
        var item = agent.firstInHand
        while !item.isNone, all.count < Int(agent.inHandCount) + chainMax {
            all.append(item)
            item = items[item].nextInHand
        }
        return all
    }
}
