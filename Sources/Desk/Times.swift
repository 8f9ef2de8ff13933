// Points in time as a person reads them: in the agent's zone, with a hint how long ago.
import Foundation
import Routing

/// A point in time ready for a page.
struct Stamp {
    /// For machines: UTC, ISO 8601.
    let iso: String
    let ms: Int64
    /// `14:03`, `yesterday 14:03`, `3 Nov 14:03` or `3 Nov 2025 14:03`.
    let clock: String
    /// `just now`, `5 min ago`.
    let ago: String
    /// `5 min`, for what goes on.
    let span: String
}

/// Makes stamps for one agent and one request.
struct Times: Sendable {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    let now: Instant
    private let calendar: Calendar

    /// - Parameter zones: names of zones; the first that is known counts, else UTC.
    init(zones: [String], now: Instant) {
        self.now = now
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone =
            zones.lazy.filter { !$0.isEmpty }.compactMap { TimeZone(identifier: $0) }.first ?? .gmt
        self.calendar = calendar
    }

    func stamp(_ at: Instant) -> Stamp {
        let span = Self.span(now - at)
        let justNow = now - at < 60_000
        return Stamp(
            iso: date(at).formatted(.iso8601), ms: at.ms, clock: clock(at),
            ago: justNow ? "just now" : "\(span) ago",
            span: span)
    }

    /// When the day of `2026-03-31` begins and ends in the agent's zone; nil when there is no such day.
    func day(_ text: String) -> (begins: Instant, ends: Instant)? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard text.utf8.count == 10, parts.count == 3, let year = parts[0], let month = parts[1],
            let day = parts[2], year >= 1970
        else { return nil }
        let named = DateComponents(year: year, month: month, day: day)
        guard let begins = calendar.date(from: named),
            calendar.dateComponents([.year, .month, .day], from: begins) == named,
            let ends = calendar.date(byAdding: .day, value: 1, to: begins)
        else { return nil }
        return (instant(begins), instant(ends))
    }

    /// When today begins and ends in the agent's zone.
    var today: (begins: Instant, ends: Instant) {
        let begins = calendar.startOfDay(for: date(now))
        let ends = calendar.date(byAdding: .day, value: 1, to: begins) ?? date(now)
        return (instant(begins), instant(ends))
    }

    /// In the agent's zone.
    func hourAndMinute(_ at: Instant) -> (hour: Int, minute: Int) {
        let then = calendar.dateComponents([.hour, .minute], from: date(at))
        return (then.hour ?? 0, then.minute ?? 0)
    }

    private func instant(_ date: Date) -> Instant { Instant(ms: Int64(date.timeIntervalSince1970 * 1_000)) }

    private func date(_ at: Instant) -> Date { Date(timeIntervalSince1970: Double(at.ms) / 1_000) }

    private func clock(_ at: Instant) -> String {
        let fields: Set<Calendar.Component> = [.year, .month, .day, .hour, .minute]
        let then = calendar.dateComponents(fields, from: date(at))
        let today = calendar.dateComponents(fields, from: date(now))
        let minute = then.minute ?? 0
        let time = "\(then.hour ?? 0):\(minute < 10 ? "0" : "")\(minute)"
        let midnight = calendar.startOfDay(for: date(now))
        let yesterday = calendar.date(byAdding: .day, value: -1, to: midnight) ?? midnight
        if date(at) >= midnight, then.day == today.day { return time }
        if date(at) >= yesterday, date(at) < midnight { return "yesterday \(time)" }
        let day = "\(then.day ?? 0) \(Self.months[(then.month ?? 1) - 1])"
        return then.year == today.year ? "\(day) \(time)" : "\(day) \(then.year ?? 0) \(time)"
    }

    /// A span in its largest unit: `40 s`, `5 min`, `3 h`, `2 d`.
    static func span(_ ms: Int64) -> String {
        let seconds = max(0, ms / 1_000)
        return switch seconds {
        case ..<60: "\(seconds) s"
        case ..<3_600: "\(seconds / 60) min"
        case ..<86_400: "\(seconds / 3_600) h"
        default: "\(seconds / 86_400) d"
        }
    }
}
