// A calendar is deleted: nobody may keep its hours any more.

import Routing
import Store

extension Floor {
    /// - Throws: `Refusal.conflict` with the areas and call centers that keep its hours.
    public func deleteCalendar(_ id: CalendarID, by principal: Principal) async throws {
        try await perform(Plan("delete calendar", alone: true), by: principal) { work in
            try work.requireAdministrator()
            guard
                try !work.query(
                    "SELECT id FROM calendar WHERE workspace = \(work.workspace) AND id = \(id)"
                ).isEmpty
            else { throw Refusal.notFound("There is no such calendar.") }
            let users = work.directory.users(of: id)
            guard users.isEmpty else {
                throw Refusal.conflict(
                    "\(users.joined(separator: ", ")) \(users.count == 1 ? "keeps" : "keep") its hours; choose "
                        + "another calendar there first.")
            }
            // Deleted areas and call centers may still name it.
            for table in ["area", "call_center"] {
                try work.execute(
                    """
                    UPDATE \(sql: SQL(name: table)) SET calendar = NULL
                    WHERE workspace = \(work.workspace) AND calendar = \(id)
                    """)
            }
            try work.execute("DELETE FROM calendar WHERE workspace = \(work.workspace) AND id = \(id)")
            try work.tell(.calendarDeleted, .calendar, id.raw)
            try work.reconfigure()
        }
    }
}

extension Directory {
    /// The names of those that keep the calendar's hours.
    public func users(of calendar: CalendarID) -> [String] {
        callCenters.filter { $0.calendar == calendar }.map(\.name)
            + areas.filter { $0.calendar == calendar }.map(\.name)
    }
}
