// What may be asked of the router between inputs.

extension Router {
    public func item(_ id: WorkItemID) -> WorkItemRecord? { itemByID[id.raw].map { items[$0].record } }

    public func agent(_ id: AgentID) -> AgentRecord? { agentByID[id.raw].map { agents[$0].record } }

    public func agentSettings(_ id: AgentID) -> AgentSettings? {
        agentByID[id.raw].map { agents[$0].settings }
    }

    public func queueSettings(_ id: QueueID) -> QueueSettings? {
        queueByID[id.raw].map { queues[$0].settings }
    }

    /// The item being offered to this agent.
    public func offer(to id: AgentID) -> WorkItemRecord? {
        guard let agent = agentByID[id.raw], !agents[agent].offer.isNone else { return nil }
        return items[agents[agent].offer].record
    }

    /// Active work and work in wrap-up. Ascending.
    public func inHand(of id: AgentID) -> [WorkItemID] {
        guard let agent = agentByID[id.raw] else { return [] }
        return inHandAscending(agent).map { items[$0].record.id }
    }

    /// Everything in the queue, whatever its state; ascending, at most `max`. Takes a step for each item.
    public func items(in id: QueueID, max: Int) -> [WorkItemRecord] {
        guard let queue = queueByID[id.raw], queues[queue].present > 0 else { return [] }
        let present = items.handles.filter { items[$0].queue == queue }.map { items[$0].record }
        return Array(present.sorted { $0.id < $1.id }.prefix(max))
    }

    /// Items in any state.
    public func presentCount(_ id: QueueID) -> Int { queueByID[id.raw].map { queues[$0].present } ?? 0 }

    /// Whether live work, of whatever queue, has this skill among those it requires itself. Takes a step
    /// for each item.
    public func isRequired(_ skill: SkillID) -> Bool {
        items.handles.contains { items[$0].record.requiredSkills.contains(skill) }
    }

    /// Items waiting in the queue; those being offered are not counted.
    public func waitingCount(_ id: QueueID) -> Int { queueByID[id.raw].map { queues[$0].waiting } ?? 0 }

    /// The place in its queue, 1 for the next; nil when it does not wait. Takes a step for each
    /// waiting item of the queue.
    public func position(of id: WorkItemID) -> Int? {
        guard let item = itemByID[id.raw], !items[item].waitsIn.isNone else { return nil }
        return ahead(of: item) + 1
    }

    /// What the engine says of an agent, presence apart.
    public func routingStatus(of id: AgentID) -> RoutingStatus? {
        guard let agent = agentByID[id.raw] else { return nil }
        if !agents[agent].offer.isNone { return .offered }
        if agents[agent].inHandCount > 0 || agents[agent].record.presence == .wrapUp { return .busy }
        return agents[agent].record.guardUntil == nil ? .free : .guarded
    }

    /// Why a waiting item is offered to nobody now; nil when it does not wait.
    public func blockage(of id: WorkItemID) -> Blockage? {
        guard let item = itemByID[id.raw] else { return nil }
        if case .ringing = items[item].record.state { return .queueClosed }
        return items[item].waitsIn.isNone ? nil : blockage(of: item)
    }
}
