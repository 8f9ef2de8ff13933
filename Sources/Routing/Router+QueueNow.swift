// What a queue is like at this moment, for those who watch it.

/// A queue as it is now.
public struct QueueNow: Sendable, Hashable {
    /// Items waiting; those being offered are not counted.
    public var waiting: Int64
    /// When the one that waits longest entered.
    public var waitingSince: Instant?
    /// How long one that entered now would wait, in milliseconds; nil when nothing can be said.
    public var estimatedWaitMs: Int64?
    /// Nine in ten would wait no longer.
    public var ninetyWaitMs: Int64?
    /// Agents who serve it and are available, at work or not.
    public var agents: Int64

    public init(
        waiting: Int64, waitingSince: Instant?, estimatedWaitMs: Int64?, ninetyWaitMs: Int64? = nil,
        agents: Int64
    ) {
        self.waiting = waiting
        self.waitingSince = waitingSince
        self.estimatedWaitMs = estimatedWaitMs
        self.ninetyWaitMs = ninetyWaitMs
        self.agents = agents
    }
}

extension Router {
    /// Takes a step for each waiting item of the queue; nil for a queue that is not there.
    public func now(of id: QueueID) -> QueueNow? {
        guard let queue = queueByID[id.raw] else { return nil }
        var agents: Int64 = 0
        var isAnybodyFree = false
        for profile in queues[queue].profiles {
            agents += supplies[Int(profile.raw)].available
            for channel in Channel.allCases where supplies[Int(profile.raw)].free(channel) > 0 {
                isAnybodyFree = true
            }
        }
        let since = waiting(in: queue).map { items[$0.item].record.queued }.min()
        var estimate: EstimatedWait?
        if isAnybodyFree, since == nil {
            estimate = EstimatedWait(meanMs: 0, medianMs: 0, ninetyMs: 0)
        } else if queues[queue].record.handlingMs > 0 {
            estimate = estimatedWait(in: queue, usualChannel(queue))
        }
        return QueueNow(
            waiting: Int64(queues[queue].waiting), waitingSince: since, estimatedWaitMs: estimate?.meanMs,
            ninetyWaitMs: estimate?.ninetyMs, agents: agents)
    }

    /// The channel that the queue's next item most likely comes by: one it has had already.
    private func usualChannel(_ queue: Handle<QueueSlot>) -> Channel {
        let known = queues[queue].classes.map { classes[$0].key.channel }
        return [.call, .chat].first { known.contains($0) } ?? .errand
    }
}
