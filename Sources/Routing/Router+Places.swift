// Where waiting work stands: the class it belongs to now, in its line or held aside.

/// Classes a queue keeps when they run empty; making one costs a look at each profile.
let emptyClassesMax = 16

/// Lists of skills that classes share.
private let skillListsMax = 1_024

extension Router {
    /// Puts an item in state `waiting` where it belongs now.
    mutating func place(_ item: Handle<ItemSlot>) {
        forgetPauses(item)
        let queue = items[item].queue
        let overflowsAt = overflowAt(item)
        if overflowsAt <= now { return overflow(item) }
        let (workClass, relaxesAt) = classFor(item, queue)
        if classes[workClass].line.isEmpty {
            // Somebody will be looked for.
            classes.prefetchList(workClass, field: WorkClass.membersField)
            prefetchSupplies(queue)
            if queues[queue].hasBench {
                queues.prefetch(queue, field: QueueSlot.benchField)
                classes.prefetch(workClass, field: WorkClass.eligibleField)
            }
        } else {
            classes.prefetchList(workClass, field: WorkClass.laneField, lines: 3)
        }
        let entry = Line.Entry(order: order(of: item), item: item, ticket: items[item].ticket)
        items[item].waitsIn = workClass
        queues[queue].waiting += 1
        var alarm = min(relaxesAt, overflowsAt)
        if classes[workClass].blockage == nil
            || queues[queue].sendsOn && queues[queue].settings.stranded != nil
        {
            reconsider(workClass)
        }
        if classes[workClass].isEmpty { markBecameStale(workClass) }
        // Found from the line, so that the head need not come near for what goes behind others.
        var isFirst = true
        let preferred = items[item].record.preferred
        if preferred == nil, !items[item].record.hasPauses {
            items[item].isHeld = false
            if let head = classes[workClass].line.head {
                isFirst = entry < head
            } else {
                // Behind work that nobody can take there is nobody to look for.
                markDirty(workClass)
            }
            classes[workClass].line.insert(entry)
        } else {
            items[item].isHeld = true
            let at = classes[workClass].held.firstIndex { entry < $0 } ?? classes[workClass].held.count
            classes[workClass].held.insert(entry, at: at)
            dirtyHeld.append(item)
            for pause in items[item].record.pauses { alarm = min(alarm, pause.until.ms) }
            if let preferred { alarm = min(alarm, preferred.until.ms) }
        }
        if isFirst { findHead(workClass) }
        arm(item, at: alarm)
    }

    /// Begins to bring near how many of a queue's agents are in which condition. It changes nothing, but a call that only
    /// reads would copy the router first.
    @inline(__always)
    mutating func prefetchSupplies(_ queue: Handle<QueueSlot>) {
        queues.prefetchList(queue, field: QueueSlot.profilesField)
        prefetchTeam(queues[queue].firstProfile)
    }

    /// The same for a team that begins with this profile.
    @inline(__always)
    mutating func prefetchTeam(_ first: Handle<Profile>) {
        // Two are in a line.
        for place in stride(from: Int(first.raw), to: Int(first.raw) + 8, by: 2) { supplies.prefetch(place) }
    }

    /// Takes a waiting item out of its line; the caller gives it its next state.
    mutating func unplace(_ item: Handle<ItemSlot>) {
        let workClass = items[item].waitsIn
        precondition(!workClass.isNone, "not in a line: \(items[item].record)")
        disarm(item)
        items[item].waitsIn = .none
        items[item].ticket &+= 1
        queues[items[item].queue].waiting -= 1
        if items[item].isHeld {
            classes[workClass].held.removeAll { $0.item == item }
            items[item].isHeld = false
        } else {
            classes[workClass].line.lost(item, items)
        }
        findHead(workClass)
        if classes[workClass].isEmpty {
            // It may be filled again by the same input; only then does it still wait for the same reason.
            reconsider(workClass)
            markBecameStale(workClass)
            emptiedClasses.append(workClass)
        }
    }

    /// Makes right what matching knows of a class; what was foreseen need not be so any more.
    @inline(__always)
    mutating func findHead(_ workClass: Handle<WorkClass>) {
        heads[Int(workClass.raw)] = classes[workClass].findHead()
        foreseen.agent = .none
    }

    @inline(__always)
    func order(of item: Handle<ItemSlot>) -> Order {
        items[item].record.order(rank: queues[items[item].queue].settings.rank)
    }

    mutating func markDirty(_ workClass: Handle<WorkClass>) {
        guard !classes[workClass].isDirty else { return }
        classes[workClass].isDirty = true
        dirtyClasses.append(workClass)
    }

    private mutating func forgetPauses(_ item: Handle<ItemSlot>) {
        guard !items[item].record.isPlain else { return }
        if let preferred = items[item].record.preferred, !isWaitedFor(preferred, item) {
            items[item].record.preferred = nil
            changed(item)
        }
        guard items[item].record.hasPauses,
            items[item].record.pauses.contains(where: { $0.until.ms <= now })
        else { return }
        items[item].record.pauses.removeAll { $0.until.ms <= now }
        changed(item)
    }

    /// Whether there is hope that the preferred agent takes the item in time.
    private mutating func isWaitedFor(_ preferred: WorkItemRecord.Preference, _ item: Handle<ItemSlot>)
        -> Bool
    {
        guard now < preferred.until.ms, let agent = agentByID[preferred.agent.raw] else { return false }
        let profile = agents[agent].profile
        return agents[agent].record.presence != .signedOut
            && profiles[profile].key.queues.contains(items[item].record.queue)
            && profiles[profile].has(queues[items[item].queue].settings.requiredSkills)
            && profiles[profile].has(items[item].record.requiredSkills)
    }

    /// Nothing waits for an agent who has signed out.
    mutating func forgetPreference(for agent: Handle<AgentSlot>) {
        placeAgain(waitingFor(agent))
    }

    /// Work that is kept for an agent it prefers.
    func waitingFor(_ agent: Handle<AgentSlot>) -> [Line.Entry] {
        let id = agents[agent].record.id
        var waiting: [Line.Entry] = []
        for workClass in profiles[agents[agent].profile].classes {
            for entry in classes[workClass].held where items[entry.item].record.preferred?.agent == id {
                waiting.append(entry)
            }
        }
        return waiting
    }

    /// Everything that waits in a queue, in no particular order.
    func waiting(in queue: Handle<QueueSlot>) -> [Line.Entry] {
        var waiting: [Line.Entry] = []
        for workClass in queues[queue].classes {
            waiting += classes[workClass].line.entries(items) + classes[workClass].held
        }
        return waiting
    }

    /// Places waiting work anew, in its order.
    mutating func placeAgain(_ waiting: [Line.Entry]) {
        for entry in waiting.sorted() {
            unplace(entry.item)
            place(entry.item)
        }
    }

    /// The item's class now, and when it changes because desired skills relax (`.max` for never).
    private mutating func classFor(
        _ item: Handle<ItemSlot>, _ queue: Handle<QueueSlot>
    ) -> (Handle<WorkClass>, relaxesAt: Int64) {
        let channel = items[item].record.channel
        if items[item].record.isPlain, !queues[queue].plain[channel].isNone,
            !queues[queue].asksForSkills || queues[queue].settings.desiredSkills.isEmpty
        {
            return (queues[queue].plain[channel], .max)
        }
        let relaxesAt = items[item].record.entered.ms.plus(queues[queue].settings.desiredTimeoutMs)
        // Whoever is asked for by name need not have what is only desired.
        let isInsisting = now < relaxesAt && items[item].record.preferred == nil
        if !queues[queue].asksForSkills {
            // The item's own skills alone, looked at where they are.
            let desiring = isInsisting && items[item].record.isDesiring
            let folded = WorkClass.Key.fold(
                items[item].record.queue, channel, items[item].record.skillFold(desiring: desiring))
            if let alike = classByFolded[folded] {
                if classes[alike].key.queue == queue, classes[alike].key.channel == channel,
                    items[item].record.asks(for: classes[alike].key.skills, desiring: desiring)
                {
                    return (noted(alike), desiring ? relaxesAt : .max)
                }
            }
        }
        let required = queues[queue].settings.requiredSkills.union(items[item].record.requiredSkills)
        let desired = queues[queue].settings.desiredSkills.union(items[item].record.desiredSkills)
        if isInsisting, !required.containsAll(desired) {
            return (workClass(queue, channel, required.union(desired)), relaxesAt)
        }
        return (workClass(queue, channel, required), .max)
    }

    /// The class of work that needs these skills.
    private mutating func workClass(
        _ queue: Handle<QueueSlot>, _ channel: Channel, _ skills: [SkillID]
    ) -> Handle<WorkClass> {
        let folded = WorkClass.Key.fold(queues[queue].id, channel, SkillFold(skills))
        let alike = classByFolded[folded]
        if let alike, classes[alike].key.queue == queue, classes[alike].key.channel == channel,
            classes[alike].key.skills == skills
        {
            return noted(alike)
        }
        let key = WorkClass.Key(queue: queue, channel: channel, skills: skills)
        if let known = classByKey[key] { return noted(known) }
        let made = make(key)
        if alike == nil { classByFolded.insert(folded, made) }
        return made
    }

    /// The class, noted as the one of work without skills if it is that.
    @inline(__always)
    private mutating func noted(_ workClass: Handle<WorkClass>) -> Handle<WorkClass> {
        let queue = classes[workClass].key.queue
        if queues[queue].plain[classes[workClass].key.channel].isNone,
            queues[queue].asksForSkills || classes[workClass].key.skills.isEmpty
        {
            notePlain(workClass)
        }
        return workClass
    }

    /// Work without skills of its own finds its class without looking, if this is it.
    private mutating func notePlain(_ workClass: Handle<WorkClass>) {
        let key = classes[workClass].key
        if key.skills == queues[key.queue].settings.requiredSkills {
            queues[key.queue].plain[key.channel] = workClass
        }
    }

    private mutating func make(_ key: WorkClass.Key) -> Handle<WorkClass> {
        var fresh = WorkClass(key: key)
        fresh.key.skills = shared(key.skills)
        fresh.offersInWrapUp = queues[key.queue].settings.offersInWrapUp
        let made = classes.insert(fresh)
        if heads.count <= Int(made.raw) { heads.append(WorkClass.Head(channel: 0)) }
        findHead(made)
        classByKey[key] = made
        queues[key.queue].classes.append(made)
        notePlain(made)
        for profile in queues[key.queue].profiles where profiles[profile].has(key.skills) {
            join(profile, made)
        }
        if !queues[key.queue].benchIsStale {
            findEligible(made)
            settleShown()
            showChannel(key.queue, key.channel)
        }
        return made
    }

    /// The same list for all classes that need these skills, which is at hand then when one is looked for.
    private mutating func shared(_ skills: [SkillID]) -> [SkillID] {
        if skillLists.count >= skillListsMax { skillLists = [] }
        return skillLists.insert(skills).memberAfterInsert
    }

    /// Remembers to mark whether a class has work. What is offered at once is never marked.
    private mutating func markBecameStale(_ workClass: Handle<WorkClass>) {
        guard !classes[workClass].isMarkStale else { return }
        classes[workClass].isMarkStale = true
        staleMarks.append(workClass)
    }

    /// Marks which classes have work, so that agents look at no others.
    @inline(__always)
    mutating func settleMarks() {
        if !staleMarks.isEmpty { makeMarks() }
    }

    private mutating func makeMarks() {
        for place in 0..<staleMarks.count {
            let workClass = staleMarks[place]
            guard classes[workClass].isAlive, classes[workClass].isMarkStale else { continue }
            classes[workClass].isMarkStale = false
            let hasWork = !classes[workClass].isEmpty
            guard hasWork != classes[workClass].isMarked else { continue }
            classes[workClass].isMarked = hasWork
            for member in classes[workClass].members {
                workMarks[Int(member.profile.raw)].note(hasWork: hasWork, at: member.place)
            }
        }
        staleMarks.clear()
    }

    /// Lets the agents of a profile take the work of a class.
    mutating func join(_ profile: Handle<Profile>, _ workClass: Handle<WorkClass>) {
        foreseen.agent = .none
        let place = profiles[profile].add(workClass)
        workMarks[Int(profile.raw)].add(hasWork: classes[workClass].isMarked)
        reach[Int(profile.raw)].note(workClass, at: place)
        classes[workClass].add(profile, place: place)
        let channel = classes[workClass].key.channel
        countBounds(profile, joining: workClass)
        if !queues[classes[workClass].key.queue].needsBench { beginListing(profile, channel) }
        guard supplies[Int(profile.raw)].channels & channel.bit == 0 else { return }
        // The first work of this channel: the profile's agents are shown from now on.
        supplies[Int(profile.raw)].channels |= channel.bit
        for agent in profiles[profile].agents { markUnshown(agent) }
    }

    @inline(__always)
    mutating func dropEmptyClasses() {
        if !emptiedClasses.isEmpty { dropEmptied() }
    }

    private mutating func dropEmptied() {
        for place in 0..<emptiedClasses.count {
            let workClass = emptiedClasses[place]
            guard classes[workClass].isAlive, classes[workClass].isEmpty else { continue }
            if queues[classes[workClass].key.queue].hasManyClasses { drop(workClass) }
        }
        emptiedClasses.clear()
    }

    mutating func drop(_ workClass: Handle<WorkClass>) {
        let key = classes[workClass].key
        precondition(classes[workClass].isEmpty, "dropped a class with work: \(key)")
        forgetBounds(workClass)
        for member in classes[workClass].members {
            guard let last = profiles[member.profile].classes.last else { continue }
            profiles[member.profile].remove(at: member.place)
            workMarks[Int(member.profile.raw)].remove(
                at: member.place, lastHasWork: classes[last].isMarked)
            reach[Int(member.profile.raw)].note(last, at: member.place)
            classes[last].move(in: member.profile, to: member.place)
        }
        queues[key.queue].classes.removeAll { $0 == workClass }
        if queues[key.queue].plain[key.channel] == workClass {
            queues[key.queue].plain[key.channel] = .none
        }
        classByKey[key] = nil
        let folded = WorkClass.Key.fold(queues[key.queue].id, key.channel, SkillFold(key.skills))
        if classByFolded[folded] == workClass { classByFolded.remove(folded) }
        classes.remove(workClass)
    }
}
