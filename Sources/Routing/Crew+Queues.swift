// What queues do to an item that waits beside their work: agents have some of it in hand, and some will overtake it.

/// Millionths of a team's places that others keep at most.
private let keptMax: Int64 = 950_000

extension Crew {
    /// Looks at all the queues of those who could take the item: what their agents have in hand now, and which places
    /// go to work that comes later and overtakes it.
    mutating func lookAtQueues(before order: Order, on channel: Channel, _ router: borrowing Router) {
        var numbers = Numbering<QueueSlot>()
        var shares: [Share] = []
        var sum = (items: Int64(0), ms: Int64(0))
        for link in own.links {
            let profile = profiles[links[link].team]
            let interrupts = router.profiles[profile].key.interrupts
            for id in router.profiles[profile].key.queues {
                guard let queue = router.queueByID[id.raw] else { continue }
                let (number, isNew) = numbers.meet(queue)
                if isNew { shares.append(share(of: queue, before: order, router)) }
                guard let inHand = shares[number].inHand,
                    inHand == channel || !interrupts[channel, during: inHand]
                else { continue }
                if !shares[number].isCounted {
                    shares[number].isCounted = true
                    sum.items += shares[number].items
                    sum.ms = sum.ms.plus(shares[number].items.times(shares[number].handlingMs))
                }
                if shares[number].overtakes {
                    links[link].kept = min(links[link].kept + shares[number].kept, keptMax)
                }
            }
        }
        if sum.items > 0 { inHandMs = max(1, sum.ms / sum.items) }
    }

    /// What a queue's work is to those who could take the item.
    private struct Share {
        /// How it came of late; nil before it ever did.
        var inHand: Channel?
        var handlingMs: Int64 = 0
        /// Of theirs, handled in a thousand million milliseconds.
        var items: Int64 = 0
        /// Millionths of their places that it keeps: what those who could not take the item have no room for.
        var kept: Int64 = 0
        /// What comes later goes first.
        var overtakes = false
        var isCounted = false
    }

    private func share(
        of queue: Handle<QueueSlot>, before order: Order, _ router: borrowing Router
    ) -> Share {
        let record = router.queues[queue].record
        guard let channel = record.handledChannel else { return Share() }
        var own: Int64 = 0
        var others: Int64 = 0
        for profile in router.queues[queue].profiles {
            let places = Int64(router.profiles[profile].places[channel])
            if let team = teams[profile], team < self.own.links.count {
                own += places
            } else {
                others += places
            }
        }
        guard own > 0 else { return Share() }
        let pace = record.pace(at: router.now)
        let rest = pace * Double(record.handlingMs) - Double(others)
        return Share(
            inHand: channel, handlingMs: record.handlingMs,
            items: Int64((pace * Double(own) / Double(own + others) * 1e9).rounded()),
            kept: Int64((min(max(0, rest / Double(own)), 1) * Double(Self.millionths)).rounded()),
            overtakes: router.queues[queue].settings.goesBefore(order))
    }
}

extension QueueSettings {
    /// Whether what usually comes here goes before a place in the order.
    fileprivate func goesBefore(_ order: Order) -> Bool {
        order.bounced == .max && (rank, priority) < (order.rank, order.priority)
    }
}
