// What a queue is like at this moment, for those who watch it.

/// A queue as it is now.
public struct QueueNow: Sendable, Hashable {
    /// Items waiting; those being offered are not counted.
    public var waiting: Int64
    /// When the one that waits longest entered.
    public var waitingSince: Instant?
    /// How long one that entered now would wait, in milliseconds; nil when nothing can be said.
    public var estimatedWaitMs: Int64?
    /// Agents who serve it and are available, at work or not.
    public var agents: Int64

    public init(waiting: Int64, waitingSince: Instant?, estimatedWaitMs: Int64?, agents: Int64) {
        self.waiting = waiting
        self.waitingSince = waitingSince
        self.estimatedWaitMs = estimatedWaitMs
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
            agents += profiles[profile].supply.available
            for channel in Channel.allCases where profiles[profile].supply.free(channel) > 0 {
                isAnybodyFree = true
            }
        }
        let since = waiting(in: queue).map { items[$0.item].record.queued }.min()
        var estimate: Int64?
        if isAnybodyFree, since == nil {
            estimate = 0
        } else if queues[queue].record.handlingMs > 0 {
            let wait = estimatedWaitMs(queue, ahead: Int64(queues[queue].waiting))
            estimate = wait == .max ? nil : wait
        }
        return QueueNow(
            waiting: Int64(queues[queue].waiting), waitingSince: since, estimatedWaitMs: estimate,
            agents: agents)
    }
}
