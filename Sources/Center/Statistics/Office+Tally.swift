// One workspace's books, kept beside its router.

import Routing
import Store

/// A wait is foretold only where no more wait already: finding the place takes a step for each.
private let estimateWaitingMax = 1_000

extension Office {
    /// Books what the router made of an input.
    func note(_ input: Input, _ outputs: [Output], at now: Instant) {
        tally.note(input, outputs, at: now)
        for case .blocked(let item, _) in outputs {
            guard let entry = tally.entries[item], entry.queued == now, entry.estimateMs == nil,
                router.waitingCount(entry.queue) <= estimateWaitingMax,
                let estimateMs = router.estimatedWaitMs(of: item)
            else { continue }
            tally.foretell(item, estimateMs)
        }
    }

    /// Books open spans when their minute is over.
    func bookIfDue(_ now: Instant) {
        guard let due = tally.nextBooking, due <= now else { return }
        tally.bookOpenSpans(to: now)
    }

    /// When the router or the books have something to do.
    var nextDeadline: Instant? {
        guard let booking = tally.nextBooking else { return router.nextDeadline }
        return router.nextDeadline.map { min($0, booking) } ?? booking
    }
}
