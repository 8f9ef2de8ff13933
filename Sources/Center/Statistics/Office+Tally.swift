// One workspace's books, kept beside its router.

import Routing
import Store

extension Office {
    /// Books what the router made of an input.
    func note(_ input: Input, _ outputs: [Output], at now: Instant) {
        tally.note(input, outputs, at: now)
        tally.foretell(outputs, router, at: now)
    }

    /// Books open spans when their minute is over.
    func bookIfDue(_ now: Instant) {
        guard let due = tally.nextBooking, due <= now else { return }
        tally.bookOpenSpans(to: now)
    }

    /// When the router or the books have something to do.
    var nextDeadline: Instant? {
        guard let booking = tally.nextBooking else { return routerDeadline }
        return routerDeadline.map { min($0, booking) } ?? booking
    }
}
