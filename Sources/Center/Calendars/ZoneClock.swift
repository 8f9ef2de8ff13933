// The clock on the wall of a time zone, without asking a calendar for each look.

package import Foundation
package import Routing
import Synchronization

/// A date and time of day as people of one zone read it.
package struct WallTime: Sendable, Hashable {
    package let year: Int64
    package let month: Int64
    package let day: Int64
    package let hour: Int64
    package let minute: Int64
    package let second: Int64
    /// East of Greenwich.
    package let offsetS: Int64
    /// What the zone calls itself then, such as `CEST`.
    package let abbreviation: String
}

/// Tells the time in one zone: asks the zone once for each stretch between two changes of its offset.
package final class ZoneClock: Sendable {
    private struct Stretch {
        var from: Int64
        let end: Int64
        let offsetS: Int64
        let abbreviation: String
    }

    /// Stretches kept; a zone with more of them in use is asked again.
    private static let stretchesMax = 64
    private static let clocks = Mutex<[String: ZoneClock]>([:])

    package let zone: TimeZone
    private let stretches = Mutex<[Stretch]>([])

    private init(_ zone: TimeZone) { self.zone = zone }

    /// The clock of a zone by its name; of Greenwich where nobody knows the name.
    package static func of(_ identifier: String) -> ZoneClock {
        clocks.withLock { clocks in
            if let clock = clocks[identifier] { return clock }
            let clock = ZoneClock(TimeZone(identifier: identifier) ?? .gmt)
            clocks[identifier] = clock
            return clock
        }
    }

    package func read(_ at: Instant) -> WallTime {
        let stretch = stretch(at.ms)
        let local = Self.floor(at.ms, 1_000) + stretch.offsetS
        let days = Self.floor(local, 86_400)
        let inDay = local - days * 86_400
        let (year, month, day) = Self.date(days)
        return WallTime(
            year: year, month: month, day: day, hour: inDay / 3_600, minute: inDay / 60 % 60,
            second: inDay % 60, offsetS: stretch.offsetS, abbreviation: stretch.abbreviation)
    }

    private func stretch(_ ms: Int64) -> Stretch {
        stretches.withLock { stretches in
            if let known = stretches.first(where: { $0.from <= ms && ms < $0.end }) { return known }
            let date = Date(timeIntervalSince1970: Double(ms) / 1_000)
            let next = zone.nextDaylightSavingTimeTransition(after: date)
            let end = max(
                next.map { Int64(($0.timeIntervalSince1970 * 1_000).rounded(.down)) } ?? .max, ms + 1)
            // Only from the moment that was asked for on is it known that nothing changes.
            if let same = stretches.firstIndex(where: { $0.end == end }) {
                stretches[same].from = min(stretches[same].from, ms)
                return stretches[same]
            }
            if stretches.count == Self.stretchesMax { stretches.removeAll() }
            let fresh = Stretch(
                from: ms, end: end, offsetS: Int64(zone.secondsFromGMT(for: date)),
                abbreviation: zone.abbreviation(for: date) ?? "GMT")
            stretches.append(fresh)
            return fresh
        }
    }

    private static func floor(_ number: Int64, _ by: Int64) -> Int64 {
        number >= 0 ? number / by : (number + 1) / by - 1
    }

    /// The Gregorian date of a day counted from 1970-01-01. Source: Howard Hinnant, chrono-Compatible Low-Level Date
    /// Algorithms, civil_from_days.
    private static func date(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = floor(shifted, 146_097)
        let ofEra = shifted - era * 146_097
        let yearOfEra = (ofEra - ofEra / 1_460 + ofEra / 36_524 - ofEra / 146_096) / 365
        let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * ofYear + 2) / 153
        let day = ofYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }
}
