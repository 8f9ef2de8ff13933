// What a queue learns from its work, and what it makes of it: how long will this one wait?

/// Each new handling time counts one part in this many.
private let handlingMemory: Int64 = 8

extension Router {
    /// The agent answered: circular turns go on after it.
    mutating func learnTurn(_ item: Handle<ItemSlot>, _ agent: Handle<AgentSlot>) {
        let queue = items[item].queue
        guard queues[queue].settings.policy == .circular else { return }
        let id = agents[agent].record.id
        guard queues[queue].record.lastAnswered != id else { return }
        queues[queue].record.lastAnswered = id
        changed(queue)
        guard !queues[queue].benchIsStale else { return }
        let seat = agents[agent].seats.first { $0.queue == queue }?.seat
        queues[queue].bench?.last = seat ?? -1
    }

    /// A conversation is over, and its wrap-up will last this long.
    mutating func learnHandling(_ item: Handle<ItemSlot>, wrapUpMs: Int64) {
        guard case .active(_, let since) = items[item].record.state else { return }
        let queue = items[item].queue
        let taken = (now - since.ms).plus(wrapUpMs)
        let former = queues[queue].record.handlingMs
        let mean = former == 0 ? taken : former + (taken - former) / handlingMemory
        guard mean != former else { return }
        queues[queue].record.handlingMs = mean
        changed(queue)
    }

    /// The estimated wait of a waiting item: what is ahead of it and itself, at the pace of all agents who are
    /// available or busy. `.max` while nobody is.
    func estimatedWaitMs(_ item: Handle<ItemSlot>) -> Int64 {
        estimatedWaitMs(items[item].queue, ahead: Int64(ahead(of: item)))
    }

    func estimatedWaitMs(_ queue: Handle<QueueSlot>, ahead: Int64) -> Int64 {
        var working: Int64 = 0
        for profile in queues[queue].profiles { working += profiles[profile].supply.available }
        guard working > 0 else { return .max }
        let (work, isTooMuch) = (ahead + 1).multipliedReportingOverflow(by: queues[queue].record.handlingMs)
        return isTooMuch ? .max : work / working
    }

    /// Items that come before it in its queue.
    func ahead(of item: Handle<ItemSlot>) -> Int {
        let own = order(of: item)
        var ahead = 0
        for workClass in queues[items[item].queue].classes {
            ahead += classes[workClass].line.count(before: own, items)
            for entry in classes[workClass].held where entry.order < own { ahead += 1 }
        }
        return ahead
    }

    /// How long a waiting item will still wait, in milliseconds; nil when it does not wait or nothing can be said:
    /// nobody is available or at work, or nothing was ever handled.
    public func estimatedWaitMs(of id: WorkItemID) -> Int64? {
        guard let item = itemByID[id.raw], !items[item].waitsIn.isNone,
            queues[items[item].queue].record.handlingMs > 0
        else { return nil }
        let estimate = estimatedWaitMs(item)
        return estimate == .max ? nil : estimate
    }

    public func queueRecord(_ id: QueueID) -> QueueRecord? { queueByID[id.raw].map { queues[$0].record } }
}
