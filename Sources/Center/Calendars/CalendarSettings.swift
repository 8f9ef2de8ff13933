// A calendar as it was told, for who changes it.

import Foundation
import Routing
import Store

/// What a calendar's row says.
public struct CalendarSettings: Sendable, Hashable {
    public let id: CalendarID
    public let name: String
    /// nil: the workspace's.
    public let timeZone: String?
    /// nil: always open, holidays apart.
    public let hours: OpeningHours?
    public let holidays: [HolidayEntry]
}

extension Floor {
    /// nil where there is none.
    public func calendarSettings(_ id: CalendarID, in workspace: WorkspaceID) async throws
        -> CalendarSettings?
    {
        let rows = try await view { reader in
            try reader.query("SELECT * FROM calendar WHERE workspace = \(workspace) AND id = \(id)")
        }
        guard let row = rows.first else { return nil }
        let decoder = JSONDecoder()
        let hours = row.text("hours")
        return CalendarSettings(
            id: id, name: row.text("name"), timeZone: row.textOrNil("time_zone"),
            hours: hours.isEmpty ? nil : try decoder.decode(OpeningHours.self, from: Data(hours.utf8)),
            holidays: try decoder.decode([HolidayEntry].self, from: Data(row.text("holidays").utf8)))
    }
}

extension OpenMinutes {
    /// As files and pages write it, such as `08:00-17:00`.
    public var words: String { "\(Self.clock(start))-\(Self.clock(end))" }

    private static func clock(_ minutes: Int) -> String {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(two(minutes / 60)):\(two(minutes % 60))"
    }
}
