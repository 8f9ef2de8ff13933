// How long will this one wait? What is ahead of it and of those who would take it.

extension Router {
    /// How long a waiting item will still wait; nil while nobody is there who could take it.
    ///
    /// Whoever could take it also serves others, who have agents of their own: `Crew` finds how the work ahead
    /// spreads, and how much of their time goes to what comes later and goes first.
    func estimatedWait(_ item: Handle<ItemSlot>) -> EstimatedWait? {
        let own = items[item].waitsIn
        let order = order(of: item)
        return estimatedWait(
            items[item].queue, items[item].record.channel, classes[own].profiles, own,
            ahead: ahead(of: order, in: own), order)
    }

    /// How long one would wait that came now, and asked for nothing but what its queue asks for.
    func estimatedWait(in queue: Handle<QueueSlot>, _ channel: Channel) -> EstimatedWait? {
        let own = queues[queue].plain[channel]
        let order = Order(
            bounced: .max, rank: queues[queue].settings.rank, priority: queues[queue].settings.priority,
            key: now, id: .max)
        return estimatedWait(
            queue, channel, own.isNone ? queues[queue].profiles : classes[own].profiles, own,
            ahead: own.isNone ? 0 : ahead(of: order, in: own), order)
    }

    private func estimatedWait(
        _ queue: Handle<QueueSlot>, _ channel: Channel, _ profiles: [Handle<Profile>],
        _ own: Handle<WorkClass>, ahead: Int, _ order: Order
    ) -> EstimatedWait? {
        guard
            var crew = Crew(
                of: profiles, channel, ahead: ahead, handlingMs: queues[queue].record.handlingMs, self)
        else { return nil }
        crew.addOthers(than: own, on: channel, before: order, self)
        crew.lookAtQueues(before: order, on: channel, self)
        crew.balance()
        let patienceMs = queues[queue].record.patienceMs
        let turn = crew.turn(isPatient: patienceMs == nil)
        return EstimatedWait(
            ahead: turn.ahead, agents: turn.places, handlingMs: turn.handlingMs, patienceMs: patienceMs)
    }

    /// Items that come before it in its queue.
    func ahead(of item: Handle<ItemSlot>) -> Int {
        let own = order(of: item)
        var ahead = 0
        for workClass in queues[items[item].queue].classes { ahead += self.ahead(of: own, in: workClass) }
        return ahead
    }

    func ahead(of own: Order, in workClass: Handle<WorkClass>) -> Int {
        var ahead = classes[workClass].line.count(before: own, items)
        for entry in classes[workClass].held where entry.order < own { ahead += 1 }
        return ahead
    }

    /// How long a waiting item will still wait; nil when it does not wait or nothing can be said: nobody is
    /// available or at work, or nothing was ever handled.
    public func estimatedWait(of id: WorkItemID) -> EstimatedWait? {
        guard let item = itemByID[id.raw], !items[item].waitsIn.isNone,
            queues[items[item].queue].record.handlingMs > 0
        else { return nil }
        return estimatedWait(item)
    }

    /// The mean, in milliseconds.
    public func estimatedWaitMs(of id: WorkItemID) -> Int64? { estimatedWait(of: id)?.meanMs }

    public func queueRecord(_ id: QueueID) -> QueueRecord? { queueByID[id.raw].map { queues[$0].record } }
}
