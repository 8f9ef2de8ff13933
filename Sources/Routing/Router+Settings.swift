// Settings: queues and agents are made, changed and removed at any time; work and offers follow.

extension Router {
    mutating func setQueue(_ id: QueueID, _ settings: QueueSettings) {
        if let refusal = contradiction(id, settings) { return refuse(refusal) }
        let settings = settings.ordered
        guard let queue = queueByID[id.raw] else {
            _ = enter(id, settings)
            return
        }
        let former = queues[queue].settings
        guard former != settings else { return }
        queues[queue].settings = settings
        strandable += (settings.stranded == nil ? 0 : 1) - (former.stranded == nil ? 0 : 1)
        if former.members != settings.members || former.needsBench != settings.needsBench
            || former.offersInWrapUp != settings.offersInWrapUp
            || former.routingType != settings.routingType
        {
            benchBecameStale(queue)
        }
        if former.offersInWrapUp != settings.offersInWrapUp {
            for workClass in queues[queue].classes {
                classes[workClass].offersInWrapUp = settings.offersInWrapUp
                findHead(workClass)
            }
            reviewWrapUps(queue)
        }
        if former.stranded != settings.stranded {
            for workClass in queues[queue].classes { reconsider(workClass) }
        }
        guard
            former.requiredSkills != settings.requiredSkills || former.desiredSkills != settings.desiredSkills
                || former.desiredTimeoutMs != settings.desiredTimeoutMs || former.rank != settings.rank
                || former.overflow != settings.overflow
        else { return }
        queues[queue].plain = ByChannel(.none)
        placeAgain(waiting(in: queue))
        let asked = agents.handles.filter {
            !agents[$0].offer.isNone && items[agents[$0].offer].queue == queue
        }
        for agent in asked.sorted(by: { agents[$0].record.id < agents[$1].record.id }) {
            reviewOffer(agent)
            refresh(agent)
        }
    }

    /// The queue offers in wrap-up now, or no more: agents in wrap-up gain its work or lose its offers.
    private mutating func reviewWrapUps(_ queue: Handle<QueueSlot>) {
        var serving: [Handle<AgentSlot>] = []
        for profile in queues[queue].profiles {
            serving += profiles[profile].agents.filter { agents[$0].isInWrapUp }
        }
        for agent in serving.sorted(by: { agents[$0].record.id < agents[$1].record.id }) {
            reviewOffer(agent)
            refresh(agent)
            if agents[agent].mayTakeMore { markDirty(agent) }
        }
    }

    /// What is wrong with a queue's settings, if they were made.
    private func contradiction(_ id: QueueID, _ settings: QueueSettings) -> RouterRefusal? {
        var sum: Int64 = 0
        for member in settings.members { sum = sum.plus(member.weight) }
        if sum > 100 { return .weightsTooHigh(id, sum: sum) }
        for target in settings.targets where target != id && queueByID[target.raw] == nil {
            return .overflowToUnknownQueue(target)
        }
        return ring(from: id, settings).map { .overflowRing($0) }
    }

    /// The queues of a ring that these settings would close, from this one on.
    private func ring(from id: QueueID, _ settings: QueueSettings) -> [QueueID]? {
        var visited: Set<QueueID> = []
        func search(_ targets: [QueueID], _ path: [QueueID]) -> [QueueID]? {
            for target in targets {
                if target == id { return path }
                guard visited.insert(target).inserted, let queue = queueByID[target.raw] else { continue }
                if let found = search(queues[queue].settings.targets, path + [target]) { return found }
            }
            return nil
        }
        return search(settings.targets, [id])
    }

    mutating func enter(_ id: QueueID, _ settings: QueueSettings) -> Handle<QueueSlot> {
        let queue = queues.insert(QueueSlot(id: id, settings: settings))
        queueByID.insert(id.raw, queue)
        if settings.stranded != nil { strandable += 1 }
        for profile in profiles.handles where profiles[profile].key.queues.contains(id) {
            queues[queue].add(profile)
            queues[queue].serving += Int32(profiles[profile].agents.count)
        }
        benchBecameStale(queue)
        return queue
    }

    mutating func removeQueue(_ id: QueueID) {
        guard let queue = queueByID[id.raw] else { return refuse(.unknownQueue(id)) }
        guard queues[queue].present == 0 else { return refuse(.queueHoldsWork(id)) }
        if let other = queues.handles.filter({ $0 != queue && queues[$0].settings.targets.contains(id) })
            .map({ queues[$0].id }).min()
        {
            return refuse(.queueIsTarget(id, of: other))
        }
        for workClass in queues[queue].classes { drop(workClass) }
        clearBench(queue)
        queueByID.remove(id.raw)
        if queues[queue].settings.stranded != nil { strandable -= 1 }
        queues.remove(queue)
    }

    mutating func setAgent(_ id: AgentID, _ settings: AgentSettings) {
        let settings = settings.ordered
        guard let agent = agentByID[id.raw] else {
            let agent = enter(AgentRecord(id: id, at: Instant(ms: now)), settings)
            changed(agent)
            return
        }
        let former = agents[agent].settings
        if former.capacity != settings.capacity { uncount(agent) }
        agents[agent].settings = settings
        if former.skills != settings.skills {
            // Levels are looked up when agents are seated.
            for at in agents[agent].seats { benchBecameStale(at.queue) }
        }
        if profiles[agents[agent].profile].key != settings.profileKey {
            let waiting = waitingFor(agent)
            leaveProfile(agent)
            joinProfile(agent)
            placeAgain(waiting)
        }
        reviewOffer(agent)
        refresh(agent)
    }

    /// Gives a record its slot and its profile; the caller refreshes once its work is known.
    mutating func enter(_ record: AgentRecord, _ settings: AgentSettings) -> Handle<AgentSlot> {
        let agent = agents.insert(AgentSlot(record: record, settings: settings))
        agentByID.insert(record.id.raw, agent)
        joinProfile(agent)
        return agent
    }

    mutating func removeAgent(_ id: AgentID) {
        guard let agent = agentByID[id.raw] else { return refuse(.unknownAgent(id)) }
        agents[agent].record.pending = nil
        let offered = agents[agent].offer
        if !offered.isNone, endOffer(offered, to: agent, .agentGone) { place(offered) }
        for item in inHandAscending(agent) {
            // Work in wrap-up has had its conversation: nobody needs to take it up again.
            guard case .active = items[item].record.state else {
                leave(item)
                continue
            }
            // Its place among the idle ones goes with the agent.
            release(item, idle: false)
            outputs.append(.returned(items[item].record.id, from: id))
            putFirst(item)
        }
        if agents[agent].record.presence != .signedOut {
            agents[agent].record.presence = .signedOut
            profiles[agents[agent].profile].signedIn -= 1
            // Somebody on a call was to sign out once it is over, which nobody will see.
            agents[agent].record.reason = nil
            agents[agent].record.presenceSince = Instant(ms: now)
            agents[agent].record.presenceUntil = nil
            outputs.append(.presenceChanged(id, .signedOut, reason: nil, .asked))
            outputs.append(.agentChanged(agents[agent].record))
            forgetPreference(for: agent)
        }
        leaveProfile(agent)
        for alarm in AgentAlarm.allCases { disarm(agent, alarm) }
        agentByID.remove(id.raw)
        agents[agent].isChanged = false
        agents.remove(agent)
    }

    private mutating func joinProfile(_ agent: Handle<AgentSlot>) {
        let key = agents[agent].settings.profileKey
        let profile = profileByKey[key] ?? makeProfile(key)
        agents[agent].profile = profile
        agents[agent].seat = Int32(profiles[profile].agents.count)
        profiles[profile].agents.append(agent)
        if agents[agent].record.presence != .signedOut { profiles[profile].signedIn += 1 }
        recount(agent, as: agents[agent].kind)
        for id in key.queues {
            guard let queue = queueByID[id.raw] else { continue }
            queues[queue].serving += 1
            benchBecameStale(queue)
        }
    }

    /// Takes the agent out of its profile and off its ready lists.
    private mutating func leaveProfile(_ agent: Handle<AgentSlot>) {
        let profile = agents[agent].profile
        agents[agent].open = 0
        agents[agent].openInWrapUp = 0
        agents[agent].restamp()
        settle(agent)
        uncount(agent)
        for id in profiles[profile].key.queues {
            guard let queue = queueByID[id.raw] else { continue }
            queues[queue].serving -= 1
            benchBecameStale(queue)
        }
        let seat = Int(agents[agent].seat)
        profiles[profile].agents.swapAt(seat, profiles[profile].agents.count - 1)
        profiles[profile].agents.removeLast()
        if seat < profiles[profile].agents.count { agents[profiles[profile].agents[seat]].seat = Int32(seat) }
        if agents[agent].record.presence != .signedOut { profiles[profile].signedIn -= 1 }
        if profiles[profile].agents.isEmpty { drop(profile) }
    }

    private mutating func makeProfile(_ key: Profile.Key) -> Handle<Profile> {
        let profile = profiles.insert(Profile(key: key))
        profileByKey[key] = profile
        while ready.count <= readyIndex(profile, .call) { ready.append(Ready()) }
        while supplies.count <= Int(profile.raw) { supplies.append(Supply()) }
        while workMarks.count <= Int(profile.raw) { workMarks.append(WorkMarks()) }
        while reach.count <= Int(profile.raw) { reach.append(Reach()) }
        for id in key.queues {
            guard let queue = queueByID[id.raw] else { continue }
            queues[queue].add(profile)
            for workClass in queues[queue].classes where profiles[profile].has(classes[workClass].key.skills)
            {
                join(profile, workClass)
            }
        }
        if let id = key.queues.first, let queue = queueByID[id.raw] {
            workMarks[Int(profile.raw)].firstOfTeam = queues[queue].firstProfile
        }
        return profile
    }

    private mutating func drop(_ profile: Handle<Profile>) {
        let key = profiles[profile].key
        for workClass in profiles[profile].classes {
            classes[workClass].remove(profile)
            countBounds(leaving: workClass)
        }
        for id in key.queues {
            guard let queue = queueByID[id.raw] else { continue }
            queues[queue].remove(profile)
            for workClass in queues[queue].classes { reconsider(workClass) }
        }
        for channel in Channel.allCases { ready[readyIndex(profile, channel)] = Ready() }
        supplies[Int(profile.raw)] = Supply()
        workMarks[Int(profile.raw)] = WorkMarks()
        profileByKey[key] = nil
        profiles.remove(profile)
    }
}

extension QueueSettings {
    var ordered: QueueSettings {
        var settings = self
        settings.requiredSkills = requiredSkills.ascending()
        settings.desiredSkills = desiredSkills.ascending()
        return settings
    }
}

extension AgentSettings {
    var ordered: AgentSettings {
        var settings = self
        settings.queues = queues.ascending()
        settings.skills.sort { $0.skill < $1.skill }
        return settings
    }

    var profileKey: Profile.Key {
        Profile.Key(
            queues: queues, skills: skills.map(\.skill).ascending(), interrupts: interrupts)
    }
}
