// How long will this one wait? What the queue has learned, held against what is ahead.

extension Router {
    /// How long a waiting item will still wait: what is ahead of it and itself, at the pace of all agents who are
    /// available or busy. Where only some of them have the skills it needs, its own kind at the pace of those, if that
    /// takes longer. nil while nobody is there who could take it.
    func estimatedWait(_ item: Handle<ItemSlot>) -> EstimatedWait? {
        let queue = items[item].queue
        let workClass = items[item].waitsIn
        let channel = items[item].record.channel
        guard let mixed = estimatedWait(queue, channel, queues[queue].profiles, ahead: ahead(of: item)) else {
            return nil
        }
        guard classes[workClass].profiles.count < queues[queue].profiles.count else { return mixed }
        let alike = ahead(of: order(of: item), in: workClass)
        guard let own = estimatedWait(queue, channel, classes[workClass].profiles, ahead: alike) else {
            return nil
        }
        return own.meanMs > mixed.meanMs ? own : mixed
    }

    func estimatedWait(
        _ queue: Handle<QueueSlot>, _ channel: Channel, _ crew: [Handle<Profile>], ahead: Int
    ) -> EstimatedWait? {
        var places = 0
        for profile in crew { places += Int(profiles[profile].supply.places[channel]) }
        guard places > 0 else { return nil }
        return EstimatedWait(
            ahead: ahead, agents: places, handlingMs: queues[queue].record.handlingMs,
            patienceMs: queues[queue].record.patienceMs)
    }

    /// Items that come before it in its queue.
    func ahead(of item: Handle<ItemSlot>) -> Int {
        let own = order(of: item)
        var ahead = 0
        for workClass in queues[items[item].queue].classes { ahead += self.ahead(of: own, in: workClass) }
        return ahead
    }

    private func ahead(of own: Order, in workClass: Handle<WorkClass>) -> Int {
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
