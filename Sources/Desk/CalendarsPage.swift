// Opening hours and holidays as administrators see and change them.
import Center
import Hummingbird
import Routing
import Web

struct CalendarsPage {
    struct Line {
        let calendarID: Int64
        let calendarName: String
        let calendarUsers: String
    }

    let calendarLines: [Line]
    let hasCalendars: Bool
    let calendarForms: [EntryForm]

    init(_ seat: Seat, refused: RefusedForm? = nil) {
        let directory = seat.directory
        calendarLines = directory.calendars.map { calendar in
            Line(
                calendarID: calendar.id.raw, calendarName: calendar.name,
                calendarUsers: directory.users(of: calendar.id).joined(separator: ", "))
        }
        hasCalendars = !calendarLines.isEmpty
        let maker = EntryForm.Maker("new-calendar", refused)
        calendarForms = [
            maker.form(
                "Add a calendar", "\(seat.base)/admin/calendars", note: "It is always open at first.",
                button: "Add", [("", [maker.line("name", "Name", "", hint: "Office hours")])])
        ]
    }
}

/// One calendar.
struct CalendarPage {
    let calendarTitle: String
    let oneCalendarID: Int64
    /// Why it cannot be deleted.
    let calendarProblem: String?
    let oneCalendarForms: [EntryForm]

    init(_ calendar: CalendarSettings, _ seat: Seat, refused: RefusedForm?, problem: String?) {
        calendarTitle = calendar.name
        oneCalendarID = calendar.id.raw
        calendarProblem = problem
        let maker = EntryForm.Maker("calendar", refused)
        let days = Weekday.allCases.map { day in
            maker.line(
                day.rawValue, day.word, calendar.hours?[day].map(\.words).joined(separator: ", ") ?? "",
                hint: "closed")
        }
        let holidays = calendar.holidays.map { $0.date + ($0.name.map { " \($0)" } ?? "") }
        oneCalendarForms = [
            maker.form(
                "Opening hours and holidays", "\(seat.base)/admin/calendars/\(calendar.id)",
                note:
                    "Hours as 08:00-12:00, 13:00-17:00, up to 24:00; an empty day is closed. Calls that are in the queue "
                    + "already are served.",
                [
                    ("", [maker.tick("always", "Always open, holidays apart", calendar.hours == nil)]),
                    ("", days),
                    (
                        "",
                        [
                            maker.line(
                                "time_zone", "Time zone", calendar.timeZone ?? "",
                                hint: seat.directory.timeZone)
                        ]
                    ),
                    (
                        "",
                        [
                            maker.long(
                                "holidays", "Holidays, a line each", holidays.joined(separator: "\n"),
                                hint: "2026-12-25 Christmas Day")
                        ]
                    ),
                ])
        ]
    }
}

extension Weekday {
    fileprivate var word: String {
        switch self {
        case .mon: "Monday"
        case .tue: "Tuesday"
        case .wed: "Wednesday"
        case .thu: "Thursday"
        case .fri: "Friday"
        case .sat: "Saturday"
        case .sun: "Sunday"
        }
    }
}

extension CalendarSettings {
    /// As typed; its name stays.
    fileprivate func entry(_ entry: inout TypedEntry) -> DocumentNode {
        var days: [(String, DocumentNode)] = []
        for day in Weekday.allCases {
            let ranges = entry.value(day.rawValue).replacing("–", with: "-").replacing(" -", with: "-")
                .replacing("- ", with: "-").split { $0 == "," || $0 == ";" || $0.isWhitespace }
            let nodes = ranges.map { entry.text(String($0), of: day.rawValue) }
            days.append((day.rawValue, entry.list(nodes, of: day.rawValue)))
        }
        let isAlways = entry.typed["always"] != nil
        let hours = isAlways ? entry.text("", of: "always") : entry.mapping(days)
        let lines = (entry.typed["holidays"] ?? "").split(whereSeparator: \.isNewline).map {
            $0.split(maxSplits: 1, whereSeparator: \.isWhitespace)
        }
        let holidays = lines.compactMap { parts -> DocumentNode? in
            guard let date = parts.first else { return nil }
            var members = [("date", entry.text(String(date), of: "holidays"))]
            let name = parts.dropFirst().joined().trimmedOfBlanks
            if !name.isEmpty { members.append(("name", entry.text(name, of: "holidays"))) }
            return entry.mapping(members, of: "holidays")
        }
        return entry.mapping([
            "name": entry.text(name, of: ""), "time_zone": entry.text("time_zone"), "hours": hours,
            "holidays": entry.list(holidays, of: "holidays"),
        ])
    }
}

extension AgentDesk {
    func calendarsPage(_ seat: Seat, _ request: Request, _ context: Context) async throws -> Response {
        try await calendarsPage(seat, request, refused: nil)
    }

    private func calendarsPage(_ seat: Seat, _ request: Request, refused: RefusedForm?) async throws
        -> Response
    {
        guard try administers(seat).erases else { throw Self.notAnAdministrator }
        let view = try await floor.desk(seat.agent.id, in: seat.workspace)
        var page = deskPage("Calendars", seat, view, openErrand: nil)
        page.notice =
            refused == nil
            ? try Fields(queryOf: request)["said"].flatMap(Said.init(rawValue:))?.sentence : nil
        page.calendars = CalendarsPage(seat, refused: refused)
        return show(page, request, status: refused == nil ? .ok : RefusedForm.status)
    }

    func addCalendar(
        _ seat: Seat, _ fields: Fields, _ request: Request, _ context: Context
    ) async throws -> Response {
        let refused = try await administer(seat, "new-calendar", fields) { entry in
            let name = entry.text("name")
            if seat.directory.calendars.contains(where: { $0.name == entry.value("name") }) {
                throw name.problem("there is a calendar of this name already")
            }
            return entry.file("calendars", entry.mapping(["name": name]), of: seat.directory)
        }
        if let refused { return try await calendarsPage(seat, request, refused: refused) }
        let name = TypedEntry(fields).value("name")
        let made = floor.roster.workspace(seat.workspace)?.calendars.first { $0.name == name }
        let path = made.map { "/\($0.id)" } ?? ""
        return .seeOther("\(seat.base)/admin/calendars\(path)?said=\(Said.queueChanged.rawValue)")
    }

    func calendarPage(_ seat: Seat, _ request: Request, _ context: Context) async throws -> Response {
        try await calendarPage(try await calendar(seat, context), seat, request, refused: nil)
    }

    func changeCalendar(
        _ seat: Seat, _ fields: Fields, _ request: Request, _ context: Context
    ) async throws -> Response {
        let calendar = try await calendar(seat, context)
        let refused = try await administer(seat, "calendar", fields) { entry in
            let told = calendar.entry(&entry)
            return entry.file("calendars", told, of: seat.directory)
        }
        if let refused { return try await calendarPage(calendar, seat, request, refused: refused) }
        return .seeOther(
            "\(seat.base)/admin/calendars/\(calendar.id)?said=\(Said.queueChanged.rawValue)")
    }

    func deleteCalendar(
        _ seat: Seat, _ fields: Fields, _ request: Request, _ context: Context
    ) async throws -> Response {
        let calendar = try await calendar(seat, context)
        do {
            try await floor.deleteCalendar(calendar.id, by: seat.principal)
        } catch Refusal.conflict(let sentence) {
            return try await calendarPage(
                calendar, seat, request, refused: nil, status: .conflict, problem: sentence)
        }
        return .seeOther("\(seat.base)/admin/calendars?said=\(Said.calendarDeleted.rawValue)")
    }

    private func calendar(_ seat: Seat, _ context: Context) async throws -> CalendarSettings {
        guard try administers(seat).erases else { throw Self.notAnAdministrator }
        guard let id = context.segment("calendar").flatMap({ Int64($0) }),
            let calendar = try await floor.calendarSettings(CalendarID(id), in: seat.workspace)
        else { throw Refusal.notFound("There is no such calendar.") }
        return calendar
    }

    private func calendarPage(
        _ calendar: CalendarSettings, _ seat: Seat, _ request: Request, refused: RefusedForm?,
        status: HTTPResponse.Status = .ok, problem: String? = nil
    ) async throws -> Response {
        let said = try Fields(queryOf: request)["said"].flatMap(Said.init(rawValue:))
        let view = try await floor.desk(seat.agent.id, in: seat.workspace)
        var page = deskPage(calendar.name, seat, view, openErrand: nil)
        page.notice = refused == nil ? said?.sentence : nil
        page.calendar = CalendarPage(calendar, seat, refused: refused, problem: problem)
        return show(page, request, status: refused == nil ? status : RefusedForm.status)
    }
}
