// Calendars in a provisioning file: opening hours by weekday, and holidays.

/// A calendar, known by name.
public struct CalendarEntry: Codable, Sendable, Hashable {
    public var position: Position
    public var name: Located<String>
    /// Cleared: the workspace's.
    public var timeZone: Given<String>
    /// Cleared: always open.
    public var hours: Given<OpeningHours>
    /// The whole list.
    public var holidays: [HolidayEntry]?
}

public enum Weekday: String, Codable, Sendable, Hashable, CaseIterable {
    case mon, tue, wed, thu, fri, sat, sun
}

/// When a week is open: a day that is not named is closed.
public struct OpeningHours: Codable, Sendable, Hashable {
    /// Seven lists, Monday first; each ascending, without overlaps.
    public var days: [[OpenMinutes]]

    public subscript(day: Weekday) -> [OpenMinutes] { days[Weekday.allCases.firstIndex(of: day)!] }
}

/// From `start` up to `end`, in minutes after midnight; 1,440 is the day's end.
public struct OpenMinutes: Codable, Sendable, Hashable {
    public var start: Int
    public var end: Int
}

/// A day on which everything is closed.
public struct HolidayEntry: Codable, Sendable, Hashable {
    public var year: Int
    public var month: Int
    public var day: Int
    public var name: String?

    /// As written, such as 2026-12-25.
    public var date: String { "\(year)-\(twoDigits(month))-\(twoDigits(day))" }
}

extension CalendarEntry {
    static let keys = ["name", "time_zone", "hours", "holidays"]

    init(_ node: DocumentNode) throws {
        let entry = try EntryReader(node, "a calendar", keys: Self.keys)
        position = entry.position
        name = try entry.required("name") { try $0.locatedText(.name) }
        timeZone = try entry.given("time_zone") { try $0.timeZone() }
        hours = try entry.given("hours", OpeningHours.init)
        let holidays = try entry.optional("holidays") { node in
            try node.list(of: "holidays", max: ProvisionPlan.holidaysPerCalendarMax) {
                Located(try HolidayEntry($0), at: $0.position)
            }
        }
        try refuseRepeats((holidays ?? []).map { Located($0.value.date, at: $0.position) })
        self.holidays = holidays?.map(\.value)
    }
}

extension OpeningHours {
    init(_ node: DocumentNode) throws {
        let entry = try EntryReader(node, "hours", keys: Weekday.allCases.map(\.rawValue))
        days = []
        for day in Weekday.allCases {
            let ranges = try entry.optional(day.rawValue) { node in
                try node.list(of: "hours such as \"08:00-17:00\"", max: ProvisionPlan.rangesPerDayMax) {
                    Located(try OpenMinutes($0), at: $0.position)
                }
            }
            let sorted = (ranges ?? []).sorted { $0.value.start < $1.value.start }
            for (earlier, later) in zip(sorted, sorted.dropFirst())
            where later.value.start < earlier.value.end {
                throw ProvisionProblem(
                    at: max(earlier.position, later.position), "these hours overlap with others of the day")
            }
            days.append(sorted.map(\.value))
        }
    }
}

extension OpenMinutes {
    init(_ node: DocumentNode) throws {
        let halves = try node.text(.word).split(separator: "-", omittingEmptySubsequences: false)
        guard halves.count == 2, let start = Self.minutes(halves[0]), let end = Self.minutes(halves[1]),
            start < 1_440
        else { throw node.expected("hours such as \"08:00-17:00\", from 00:00 to 24:00") }
        guard start < end else {
            throw node.problem(
                "hours must end after they begin; past midnight, go on with the next day from 00:00")
        }
        self.init(start: start, end: end)
    }

    private static func minutes(_ text: Substring) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let hour = digits(parts[0], 2), let minute = digits(parts[1], 2), minute < 60,
            hour * 60 + minute <= 1_440
        else { return nil }
        return hour * 60 + minute
    }
}

extension HolidayEntry {
    init(_ node: DocumentNode) throws {
        guard case .mapping = node.content else {
            try self.init(date: node, name: nil)
            return
        }
        let entry = try EntryReader(node, "a holiday", keys: ["date", "name"])
        let name = try entry.optional("name") { try $0.text(.name) }
        self = try entry.required("date") { try HolidayEntry(date: $0, name: name) }
    }

    private init(date node: DocumentNode, name: String?) throws {
        let expected = "a date such as 2026-12-25"
        guard case .text(let text, _) = node.content else { throw node.expected(expected) }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, let year = digits(parts[0], 4), let month = digits(parts[1], 2),
            let day = digits(parts[2], 2), (1_970...9_999).contains(year), (1...12).contains(month)
        else { throw node.expected(expected) }
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let lengths = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard (1...lengths[month - 1]).contains(day) else { throw node.expected("a day that there is") }
        self.init(year: year, month: month, day: day, name: name)
    }
}

/// Exactly `count` decimal digits.
private func digits(_ text: Substring, _ count: Int) -> Int? {
    guard text.utf8.count == count, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return Int(text)
}

private func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
