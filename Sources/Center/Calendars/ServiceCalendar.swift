// When a calendar's queues are open: hours by weekday and holidays, in the calendar's own time zone.

import Foundation
public import Routing

/// A calendar as it counts: holidays come before hours.
public struct ServiceCalendar: Sendable, Hashable {
    public let id: CalendarID
    public let name: String
    let timeZone: TimeZone
    /// nil: always open, holidays apart.
    public let hours: OpeningHours?
    /// As days since 1970-01-01.
    let holidays: Set<Int64>

    private static let dayMs: Int64 = 86_400_000
    private static let minuteMs: Int64 = 60_000

    init(id: CalendarID, name: String, timeZone: TimeZone, hours: OpeningHours?, holidays: [HolidayEntry]) {
        self.id = id
        self.name = name
        self.timeZone = timeZone
        self.hours = hours
        self.holidays = Set(holidays.map { Self.days(year: $0.year, month: $0.month, day: $0.day) })
    }

    public func service(at instant: Instant) -> Service {
        let (day, ms) = split(instant.ms + offsetMs(at: instant))
        if holidays.contains(day) { return .holiday }
        guard let hours else { return .open }
        let isOpen = hours[weekday(day)].contains {
            (Int64($0.start) * Self.minuteMs..<Int64($0.end) * Self.minuteMs).contains(ms)
        }
        return isOpen ? .open : .night
    }

    /// When the service may turn next: the day's next opening, closing or end, or a change of the clocks.
    func nextLook(after instant: Instant) -> Instant {
        let offset = offsetMs(at: instant)
        let local = instant.ms + offset
        let (day, ms) = split(local)
        let marks = (hours?[weekday(day)] ?? []).flatMap { [$0.start, $0.end] }
        let next = marks.map { Int64($0) * Self.minuteMs }.filter { $0 > ms }.min() ?? Self.dayMs
        let boundary = Instant(ms: day * Self.dayMs + next - offset)
        // The offset holds up to the clocks' next change only.
        guard let change = timeZone.nextDaylightSavingTimeTransition(after: date(instant)) else {
            return boundary
        }
        let changeMs = Int64((change.timeIntervalSince1970 * 1_000).rounded(.up))
        return changeMs > instant.ms ? min(boundary, Instant(ms: changeMs)) : boundary
    }

    private func date(_ instant: Instant) -> Date {
        Date(timeIntervalSince1970: Double(instant.ms) / 1_000)
    }

    private func offsetMs(at instant: Instant) -> Int64 {
        Int64(timeZone.secondsFromGMT(for: date(instant))) * 1_000
    }

    /// Local milliseconds as a day and the milliseconds within it.
    private func split(_ ms: Int64) -> (day: Int64, ms: Int64) {
        let within = ms % Self.dayMs
        return within < 0
            ? (ms / Self.dayMs - 1, within + Self.dayMs) : (ms / Self.dayMs, within)
    }

    /// 1970-01-01 was a Thursday.
    private func weekday(_ day: Int64) -> Weekday {
        Weekday.allCases[Int(((day + 3) % 7 + 7) % 7)]
    }

    /// Days from 1970-01-01 to a date of the Gregorian calendar: years that begin in March, so that the
    /// leap day is a year's last.
    static func days(year: Int, month: Int, day: Int) -> Int64 {
        let year = Int64(month <= 2 ? year - 1 : year)
        let ofYear = (153 * (Int64(month) + (month > 2 ? -3 : 9)) + 2) / 5 + Int64(day) - 1
        return 365 * year + year / 4 - year / 100 + year / 400 + ofYear - 719_468
    }
}
