// To rows and back: a restored router goes on exactly as the live one would have.

extension Router {
    /// Everything the router is made from, each kind ascending by id.
    public func snapshot() -> Snapshot {
        var snapshot = Snapshot()
        for queue in queues.handles.sorted(by: { queues[$0].id < queues[$1].id }) {
            snapshot.queueIDs.append(queues[queue].id)
            snapshot.queueSettings.append(queues[queue].settings)
            if queues[queue].record != QueueRecord(id: queues[queue].id) {
                snapshot.queueRecords.append(queues[queue].record)
            }
        }
        for agent in agents.handles.sorted(by: { agents[$0].record.id < agents[$1].record.id }) {
            snapshot.agents.append(agents[agent].record)
            snapshot.agentSettings.append(agents[agent].settings)
        }
        snapshot.items = items.handles.map { items[$0].record }.sorted { $0.id < $1.id }
        snapshot.idleOrder = idleOrder
        return snapshot
    }

    /// Makes a router from rows in any order. It has no clock yet: what ran out since the rows were
    /// written is due with the first input. Crashes on rows that contradict each other.
    public init(restoring snapshot: Snapshot) {
        idleOrder = snapshot.idleOrder
        for (id, settings) in snapshot.queues.sorted(by: { $0.0 < $1.0 }) {
            precondition(queueByID[id.raw] == nil, "two rows of one queue: \(id)")
            _ = enter(id, settings.ordered)
        }
        for record in snapshot.queueRecords {
            guard let queue = queueByID[record.id.raw] else { preconditionFailure("no queue for \(record)") }
            queues[queue].record = record
        }
        for (record, settings) in zip(snapshot.agents, snapshot.agentSettings)
            .sorted(by: { $0.0.id < $1.0.id })
        {
            precondition(agentByID[record.id.raw] == nil, "two rows of one agent: \(record)")
            precondition(record.idleOrder <= idleOrder, "idle order above \(idleOrder): \(record)")
            _ = enter(record, settings.ordered)
        }
        // And for what arrives next: room that nobody has touched yet costs nothing.
        items.reserve(snapshot.items.count + snapshot.items.count / 4)
        for record in snapshot.items.sorted(by: { $0.id < $1.id }) { restore(record) }
        for agent in agents.handles {
            let wrapUpUntil = agents[agent].record.wrapUpUntil
            findWrapUpEnd(agent)
            precondition(
                wrapUpUntil == agents[agent].record.wrapUpUntil,
                "wrap-up of \(agents[agent].record) ends at \(String(describing: wrapUpUntil))")
            if case .closed(let until) = agents[agent].record.desk { arm(agent, .desk, at: until.ms) }
            if let until = agents[agent].record.guardUntil { arm(agent, .rest, at: until.ms) }
            if let until = agents[agent].record.presenceUntil { arm(agent, .presence, at: until.ms) }
            refresh(agent)
        }
        settleBenches()
        settleMarks()
        findBlockages()
        dropStaleDeadlines()
    }

    /// Finds why work waits without telling: that was told before.
    private mutating func findBlockages() {
        for profile in profiles.handles {
            let place = Int(profile.raw)
            supplies[place].seen = supplies[place].present
            supplies[place].isRecounted = false
        }
        recounted.clear()
        for workClass in classes.handles {
            classes[workClass].isReconsidered = false
            if !classes[workClass].isEmpty { classes[workClass].blockage = blockage(of: workClass) }
        }
        reconsidered.clear()
        entering.clear()
        blocked.clear()
    }

    private mutating func restore(_ record: WorkItemRecord) {
        precondition(itemByID[record.id.raw] == nil, "two rows of one item: \(record)")
        guard let queue = queueByID[record.queue.raw] else { preconditionFailure("no queue for \(record)") }
        var record = record
        record.requiredSkills = record.requiredSkills.ascending()
        record.desiredSkills = record.desiredSkills.ascending()
        record.pauses.sort { $0.agent < $1.agent }
        let item = enter(record, queue)
        switch record.state {
        case .waiting: place(item)
        case .offered(let id, _, let deadline):
            let agent = known(id, record)
            precondition(agents[agent].offer.isNone, "two offers to \(id): \(record)")
            items[item].agent = agent
            agents[agent].offer = item
            arm(item, at: deadline.ms)
        case .offeredToGroup(let ids, _, let deadline):
            for id in ids {
                let agent = known(id, record)
                precondition(agents[agent].offer.isNone, "two offers to \(id): \(record)")
                agents[agent].offer = item
            }
            arm(item, at: deadline.ms)
        case .ringing(let until): arm(item, at: until.ms)
        case .active(let id, _): hold(item, known(id, record), record.state)
        case .wrapUp(let id, let until):
            hold(item, known(id, record), record.state)
            arm(item, at: until.ms)
        }
        items[item].isChanged = false
    }

    private func known(_ id: AgentID, _ record: WorkItemRecord) -> Handle<AgentSlot> {
        guard let agent = agentByID[id.raw] else { preconditionFailure("no agent \(id) for \(record)") }
        return agent
    }
}
