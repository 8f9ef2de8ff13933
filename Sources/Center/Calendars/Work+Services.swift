// Opens and closes queues as their calendars say: the turn is a row, an event and a router input.

import Foundation
import Routing
import Store

extension Work {
    /// Turns what a calendar's boundary turns; the writer calls it when the office says that one is due.
    func turnServices() throws {
        guard try storeServices() else {
            office.calendarDue = directory.nextCalendarLook(after: now)
            return
        }
        try readDirectory()
        try applyInputs()
    }

    /// Writes the service that each queue is in now; false when all are as they were.
    func storeServices() throws -> Bool {
        let places = try query(
            """
            SELECT a.queue AS queue, a.calendar AS calendar, q.service AS service FROM area AS a
                JOIN queue AS q ON q.workspace = a.workspace AND q.id = a.queue
            WHERE a.workspace = \(workspace) AND a.deleted_at IS NULL AND (a.calendar IS NOT NULL OR q.service <> 0)
            UNION ALL
            SELECT c.queue AS queue, c.calendar AS calendar, q.service AS service FROM call_center AS c
                JOIN queue AS q ON q.workspace = c.workspace AND q.id = c.queue
            WHERE c.workspace = \(workspace) AND c.deleted_at IS NULL AND (c.calendar IS NOT NULL OR q.service <> 0)
            ORDER BY queue
            """)
        guard !places.isEmpty else { return false }
        let zone = try query("SELECT time_zone FROM workspace WHERE id = \(workspace)")
        let calendars = ServiceCalendar.read(
            try query("SELECT * FROM calendar WHERE workspace = \(workspace) ORDER BY id"),
            timeZone: zone[0].text("time_zone"))
        let services = Dictionary(
            uniqueKeysWithValues: calendars.map { ($0.id, $0.service(at: now)) })
        var hasTurned = false
        for place in places {
            let service = place.intOrNil("calendar").flatMap { services[CalendarID($0)] } ?? .open
            guard service.rawValue != place.int("service") else { continue }
            let queue = QueueID(place.int("queue"))
            hasTurned = true
            try execute(
                """
                UPDATE queue SET service = \(service.rawValue)
                WHERE workspace = \(workspace) AND id = \(queue)
                """)
            try tell(.serviceTurned, .queue, queue.raw, ["service": .number(service.rawValue)])
        }
        return hasTurned
    }
}

extension Directory {
    /// When a queue's service may turn next; nil when no queue has a calendar.
    func nextCalendarLook(after now: Instant) -> Instant? {
        let used = Set(areas.compactMap(\.calendar) + callCenters.compactMap(\.calendar))
        return calendars.filter { used.contains($0.id) }.map { $0.nextLook(after: now) }.min()
    }
}

extension ServiceCalendar {
    /// `timeZone` is the workspace's, for calendars without one.
    static func read(_ rows: [Row], timeZone: String) -> [ServiceCalendar] {
        let decoder = JSONDecoder()
        return rows.map { row in
            let hours = row.text("hours")
            do {
                return ServiceCalendar(
                    id: CalendarID(row.int("id")), name: row.text("name"),
                    timeZone: TimeZone(identifier: row.textOrNil("time_zone") ?? timeZone) ?? .gmt,
                    hours: hours.isEmpty
                        ? nil : try decoder.decode(OpeningHours.self, from: Data(hours.utf8)),
                    holidays: try decoder.decode([HolidayEntry].self, from: Data(row.text("holidays").utf8)))
            } catch {
                preconditionFailure("calendar \(row.int("id")): \(error)")
            }
        }
    }
}
