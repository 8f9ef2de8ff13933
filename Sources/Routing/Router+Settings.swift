// Settings: queues and agents are made, changed and removed at any time; work and offers follow.

extension Router {
    mutating func setQueue(_ id: QueueID, _ settings: QueueSettings) {
        var settings = settings
        settings.requiredSkills = settings.requiredSkills.ascending()
        settings.desiredSkills = settings.desiredSkills.ascending()
        guard let queue = queueByID[id.raw] else {
            _ = enter(id, settings)
            return
        }
        let former = queues[queue].settings
        queues[queue].settings = settings
        guard
            former.requiredSkills != settings.requiredSkills || former.desiredSkills != settings.desiredSkills
                || former.desiredTimeoutMs != settings.desiredTimeoutMs
        else { return }
        queues[queue].plain = ByChannel(.none)
        for workClass in queues[queue].classes {
            let entries = classes[workClass].line.entries(items) + classes[workClass].held
            for entry in entries {
                unplace(entry.item)
                place(entry.item)
            }
        }
        let asked = agents.handles.filter {
            !agents[$0].offer.isNone && items[agents[$0].offer].queue == queue
        }
        for agent in asked.sorted(by: { agents[$0].record.id < agents[$1].record.id }) {
            reviewOffer(agent)
            refresh(agent)
        }
    }

    mutating func enter(_ id: QueueID, _ settings: QueueSettings) -> Handle<QueueSlot> {
        let queue = queues.insert { _ in QueueSlot(id: id, settings: settings) }
        queueByID.insert(id.raw, queue)
        for profile in profiles.handles where profiles[profile].key.queues.contains(id) {
            queues[queue].profiles.append(profile)
        }
        return queue
    }

    mutating func removeQueue(_ id: QueueID) {
        guard let queue = queueByID[id.raw] else { return refuse(.unknownQueue(id)) }
        guard queues[queue].present == 0 else { return refuse(.queueHoldsWork(id)) }
        for workClass in queues[queue].classes { drop(workClass) }
        queueByID.remove(id.raw)
        queues.remove(queue)
    }

    mutating func setAgent(_ id: AgentID, _ settings: AgentSettings) {
        var settings = settings
        settings.queues = settings.queues.ascending()
        settings.skills.sort { $0.skill < $1.skill }
        guard let agent = agentByID[id.raw] else {
            let agent = enter(AgentRecord(id: id, at: Instant(ms: now)), settings)
            changed(agent)
            return
        }
        agents[agent].settings = settings
        if profiles[agents[agent].profile].key != settings.profileKey {
            leaveProfile(agent)
            joinProfile(agent)
        }
        reviewOffer(agent)
        refresh(agent)
    }

    /// Gives a record its slot and its profile; the caller refreshes once its work is known.
    mutating func enter(_ record: AgentRecord, _ settings: AgentSettings) -> Handle<AgentSlot> {
        let agent = agents.insert { AgentSlot(record: record, settings: settings, former: $0) }
        agentByID.insert(record.id.raw, agent)
        joinProfile(agent)
        return agent
    }

    mutating func removeAgent(_ id: AgentID) {
        guard let agent = agentByID[id.raw] else { return refuse(.unknownAgent(id)) }
        let offered = agents[agent].offer
        if !offered.isNone {
            endOffer(offered, .agentGone)
            place(offered)
        }
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
        leaveProfile(agent)
        disarm(agent)
        agentByID.remove(id.raw)
        agents[agent].isChanged = false
        agents.remove(agent)
    }

    private mutating func joinProfile(_ agent: Handle<AgentSlot>) {
        let key = agents[agent].settings.profileKey
        let profile = profileByKey[key] ?? makeProfile(key)
        agents[agent].profile = profile
        agents[agent].seat = profiles[profile].agents.count
        profiles[profile].agents.append(agent)
        if agents[agent].record.presence != .signedOut { profiles[profile].signedIn += 1 }
    }

    /// Takes the agent out of its profile and off its ready lists.
    private mutating func leaveProfile(_ agent: Handle<AgentSlot>) {
        let profile = agents[agent].profile
        agents[agent].open = 0
        agents[agent].restamp()
        settle(agent)
        let seat = agents[agent].seat
        profiles[profile].agents.swapAt(seat, profiles[profile].agents.count - 1)
        profiles[profile].agents.removeLast()
        if seat < profiles[profile].agents.count { agents[profiles[profile].agents[seat]].seat = seat }
        if agents[agent].record.presence != .signedOut { profiles[profile].signedIn -= 1 }
        if profiles[profile].agents.isEmpty { drop(profile) }
    }

    private mutating func makeProfile(_ key: Profile.Key) -> Handle<Profile> {
        let profile = profiles.insert { _ in Profile(key: key) }
        profileByKey[key] = profile
        while ready.count <= readyIndex(profile, .call) { ready.append(Ready()) }
        for id in key.queues {
            guard let queue = queueByID[id.raw] else { continue }
            queues[queue].profiles.append(profile)
            for workClass in queues[queue].classes where profiles[profile].has(classes[workClass].key.skills)
            {
                join(profile, workClass)
            }
        }
        return profile
    }

    private mutating func drop(_ profile: Handle<Profile>) {
        let key = profiles[profile].key
        for workClass in profiles[profile].classes {
            classes[workClass].profiles.removeAll { $0 == profile }
            findBounds(workClass)
        }
        for id in key.queues {
            if let queue = queueByID[id.raw] { queues[queue].profiles.removeAll { $0 == profile } }
        }
        for channel in Channel.allCases { ready[readyIndex(profile, channel)] = Ready() }
        profileByKey[key] = nil
        profiles.remove(profile)
    }
}

extension AgentSettings {
    var profileKey: Profile.Key {
        Profile.Key(queues: queues, skills: skills.map(\.skill).ascending())
    }
}
