// How much there is of everything, for who watches the center from outside.

/// A router's figures at one moment.
public struct Census: Sendable {
    public struct Queue: Sendable {
        public var id: QueueID
        public var waiting: Int
    }

    public var queues: [Queue] = []
    /// By the raw value of `Presence`; an available agent in wrap-up counts there.
    public var presences = [Int](repeating: 0, count: Presence.allCases.count)
    /// Standing ones.
    public var offers = 0
    /// Active work and work in wrap-up.
    public var inHand = 0
}

extension Router {
    /// Takes a step for each queue and agent, none for work.
    public func census() -> Census {
        var census = Census()
        for place in queues.all.indices where queues.all[place].isAlive {
            census.queues.append(.init(id: queues.all[place].id, waiting: queues.all[place].waiting))
        }
        for place in agents.all.indices where agents.all[place].isAlive {
            let record = agents.all[place].record
            let isInWrapUp = record.presence == .available && record.wrapUpUntil != nil
            census.presences[Int((isInWrapUp ? .wrapUp : record.presence).rawValue)] += 1
            if !agents.all[place].offer.isNone { census.offers += 1 }
            census.inHand += Int(agents.all[place].inHandCount)
        }
        return census
    }
}
