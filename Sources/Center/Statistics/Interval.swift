// The quarter hours (UTC) that figures are kept by.

import Routing

enum Interval {
    static let lengthMs: Int64 = 900_000

    /// When the interval of an instant began.
    static func start(of at: Instant) -> Instant {
        let into = at.ms % lengthMs
        return at - (into < 0 ? into + lengthMs : into)
    }
}

/// The intervals a span may be parted into, a day's: of a longer one, what came before is booked with the
/// first of them. Only a server that was down for so long has one.
private let spanIntervalsMax: Int64 = 96

/// Parts a span where intervals meet: `body` gets each interval's start, and the part's length and end.
func eachInterval(
    from: Instant, to: Instant, _ body: (_ start: Instant, _ ms: Int64, _ end: Instant) -> Void
) {
    guard from < to else { return }
    var at = from
    let first = max(
        Interval.start(of: from), Interval.start(of: to) - (spanIntervalsMax - 1) * Interval.lengthMs)
    var start = first
    while at < to {
        let end = min(start + Interval.lengthMs, to)
        if at < end { body(start, end - at, end) }
        at = max(at, end)
        start = start + Interval.lengthMs
    }
}
