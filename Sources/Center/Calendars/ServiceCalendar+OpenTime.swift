// Time that counts: what of a span lies in a calendar's opening hours.

import Foundation
public import Routing

extension ServiceCalendar {
    /// Turns that one span may have; a span of four years has about as many.
    private static let turnsMax = 10_000

    /// Milliseconds from one instant to another while the calendar is open.
    public func openMs(from: Instant, to: Instant) -> Int64 {
        var at = from
        var sum: Int64 = 0
        for _ in 0..<Self.turnsMax {
            guard at < to else { break }
            let next = min(to, nextLook(after: at))
            if service(at: at) == .open { sum += next - at }
            at = next
        }
        return sum
    }

    /// When so much open time will have passed; nil when that is too far away.
    public func instant(after ms: Int64, of open: Instant) -> Instant? {
        var at = open
        var left = ms
        for _ in 0..<Self.turnsMax {
            let next = nextLook(after: at)
            if service(at: at) == .open {
                if next - at >= left { return at + left }
                left -= next - at
            }
            at = next
        }
        return nil
    }
}
