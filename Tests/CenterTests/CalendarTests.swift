// Calendars turn queues at their boundaries, in their own time zone, whatever the clocks do.

import Foundation
import Routing
import Store
import TestStores
import Testing

@testable import Center

/// Milliseconds of a moment such as 2026-03-29T01:00:00Z.
private func at(_ text: String) throws -> Instant {
    let date = try Date(text, strategy: .iso8601)
    return Instant(ms: Int64(date.timeIntervalSince1970 * 1_000))
}

@Suite struct ServiceCalendarTests {
    private func calendar(
        _ zone: String, _ days: [Weekday: [(Int, Int)]]?, holidays: [HolidayEntry] = []
    ) throws -> ServiceCalendar {
        let hours = days.map { days in
            OpeningHours(
                days: Weekday.allCases.map { day in
                    (days[day] ?? []).map { OpenMinutes(start: $0.0, end: $0.1) }
                })
        }
        return ServiceCalendar(
            id: CalendarID(1), name: "c", timeZone: try #require(TimeZone(identifier: zone)), hours: hours,
            holidays: holidays)
    }

    @Test func `dates are counted as the Gregorian calendar does`() throws {
        var utc = Calendar(identifier: .gregorian)
        utc.timeZone = .gmt
        for days in stride(from: 0, to: 60_000, by: 7) {
            let date = Date(timeIntervalSince1970: Double(days) * 86_400)
            let parts = utc.dateComponents([.year, .month, .day], from: date)
            let counted = ServiceCalendar.days(
                year: try #require(parts.year), month: try #require(parts.month), day: try #require(parts.day)
            )
            #expect(counted == Int64(days))
        }
    }

    @Test func `hours are meant in the calendar's zone, before and after the clocks change`() throws {
        let office = try calendar("Europe/Stockholm", [.sat: [(480, 1_020)], .sun: [(120, 210)]])
        // Saturday 2026-03-28 in winter time, Sunday 2026-03-29 has no 02:00 to 03:00.
        #expect(try office.service(at: at("2026-03-28T06:59:59Z")) == .night)
        #expect(try office.service(at: at("2026-03-28T07:00:00Z")) == .open)
        #expect(try office.service(at: at("2026-03-28T16:00:00Z")) == .night)
        #expect(try office.nextLook(after: at("2026-03-28T07:00:00Z")) == at("2026-03-28T16:00:00Z"))
        #expect(try office.nextLook(after: at("2026-03-28T16:00:00Z")) == at("2026-03-28T23:00:00Z"))
        #expect(
            try office.nextLook(after: at("2026-03-28T23:00:00Z")) == at("2026-03-29T01:00:00Z"),
            "the clocks change, and 02:00 is where they jump to")
        #expect(try office.service(at: at("2026-03-29T00:59:59Z")) == .night)
        #expect(try office.service(at: at("2026-03-29T01:00:00Z")) == .open, "it is 03:00")
        #expect(try office.nextLook(after: at("2026-03-29T01:00:00Z")) == at("2026-03-29T01:30:00Z"))
        // Sunday 2026-10-25 has 02:00 to 03:00 twice.
        #expect(try office.service(at: at("2026-10-25T00:00:00Z")) == .open)
        #expect(try office.nextLook(after: at("2026-10-25T00:00:00Z")) == at("2026-10-25T01:00:00Z"))
        #expect(try office.service(at: at("2026-10-25T01:00:00Z")) == .open, "02:00 again")
        #expect(try office.nextLook(after: at("2026-10-25T01:00:00Z")) == at("2026-10-25T02:30:00Z"))
        #expect(try office.service(at: at("2026-10-25T02:30:00Z")) == .night)
    }

    @Test func `hours that touch at midnight have no gap, and holidays come first`() throws {
        let bar = try calendar(
            "Europe/London", [.fri: [(1_200, 1_440)], .sat: [(0, 120)]],
            holidays: [HolidayEntry(year: 2026, month: 1, day: 10)])
        #expect(try bar.service(at: at("2026-01-02T23:59:59Z")) == .open)
        #expect(try bar.service(at: at("2026-01-03T00:00:00Z")) == .open)
        #expect(try bar.service(at: at("2026-01-03T02:00:00Z")) == .night)
        #expect(try bar.service(at: at("2026-01-09T23:59:59Z")) == .open)
        #expect(try bar.service(at: at("2026-01-10T00:00:00Z")) == .holiday)
        #expect(try bar.service(at: at("2026-01-11T00:00:00Z")) == .night)
        let always = try calendar(
            "America/New_York", nil, holidays: [HolidayEntry(year: 2026, month: 7, day: 4)])
        #expect(try always.service(at: at("2026-07-04T03:59:59Z")) == .open)
        #expect(try always.service(at: at("2026-07-04T04:00:00Z")) == .holiday)
        #expect(try always.nextLook(after: at("2026-07-04T04:00:00Z")) == at("2026-07-05T04:00:00Z"))
    }

    @Test func `a look at each moment that is named finds every turn of a year`() throws {
        for zone in ["Europe/Stockholm", "America/Sao_Paulo", "Australia/Lord_Howe", "Asia/Kathmandu"] {
            let calendar = try calendar(
                zone, [.sun: [(90, 150), (1_380, 1_440)], .mon: [(0, 125)], .wed: [(480, 1_020)]],
                holidays: [HolidayEntry(year: 2026, month: 5, day: 13)])
            var now = try at("2026-01-01T00:00:00Z")
            let end = try at("2027-01-01T00:00:00Z")
            var next = now
            var service = calendar.service(at: now)
            while now < end {
                if now >= next {
                    service = calendar.service(at: now)
                    next = calendar.nextLook(after: now)
                    #expect(next > now)
                }
                let truth = calendar.service(at: now)
                #expect(truth == service, "\(zone) at \(now.ms)")
                if truth != service { break }
                now = now + 300_000
            }
        }
    }
}

@Suite struct CalendarTurnTests {
    /// Sets the stage's clock, which begins on a Sunday in June 2025.
    private func pass(to moment: String, _ stage: CenterStage) throws {
        let moment = try at(moment)
        #expect(moment.ms > stage.clock.now)
        stage.clock.pass(ms: moment.ms - stage.clock.now)
    }

    private func service(_ stage: CenterStage) async throws -> Service? {
        let queue = try #require(stage.center("sales@example.com")).queue
        return try await stage.queueSettings(queue)?.service
    }

    @Test(arguments: EngineKind.tested)
    func `a queue opens and closes with its calendar, over midnight, a holiday and a restart`(
        _ kind: EngineKind
    ) async throws {
        try await CenterStage.run(kind, file: CenterStage.centers) { stage in
            #expect(try await service(stage) == .night)
            try pass(to: "2026-03-30T05:59:59Z", stage)
            #expect(try await service(stage) == .night)
            try pass(to: "2026-03-30T06:00:00Z", stage)
            #expect(try await service(stage) == .open, "08:00 of the first Monday in summer time")
            #expect(stage.center("sales@example.com")?.settings.service == .open, "readers know it too")
            try pass(to: "2026-03-30T15:00:00Z", stage)
            #expect(try await service(stage) == .night)
            try await stage.audit("closed")
            try await stage.provision(
                """
                workspace: north
                calendars:
                  - {name: office, hours: {tue: ["22:00-24:00"], wed: ["00:00-02:00"]}, holidays: [2026-04-07]}
                """)
            let turns: SQL = "SELECT COUNT(*) AS n FROM journal WHERE kind = \("queue.service_turned")"
            try pass(to: "2026-03-31T20:00:00Z", stage)
            #expect(try await service(stage) == .open)
            let before = try await stage.count(turns)
            try pass(to: "2026-03-31T22:00:00Z", stage)
            #expect(try await service(stage) == .open, "midnight is no boundary")
            #expect(try await stage.count(turns) == before)
            try await stage.restart(afterS: 7 * 86_400)
            #expect(try await service(stage) == .night, "it turned while the server was down")
            #expect(try await stage.count(turns) == before + 1)
            try await stage.restart(afterS: 1)
            try pass(to: "2026-04-20T21:59:59Z", stage)
            try await stage.provision(
                "workspace: north\ncalendars: [{name: office, hours: null, holidays: [2026-04-21]}]")
            #expect(try await service(stage) == .open, "a change of the calendar counts at once")
            try pass(to: "2026-04-20T22:00:00Z", stage)
            #expect(try await service(stage) == .holiday)
            try await stage.provision(
                "workspace: north\ncall_centers: [{service_user_id: sales@example.com, calendar: null}]")
            #expect(try await service(stage) == .open)
            #expect(try await stage.look { $0.office.calendarDue } == nil)
        }
    }

    @Test(arguments: EngineKind.tested)
    func `nobody need do anything for a queue to turn`(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind, file: CenterStage.centers) { stage in
            let (events, told) = AsyncStream.makeStream(of: Event.self)
            let listening = try stage.floor.bus.listen { for event in $0 { told.yield(event) } }
            defer { listening.cancel() }
            try pass(to: "2026-03-30T06:00:00Z", stage)
            // The writer reads its clock after each verb; this one is of another workspace.
            try await stage.provision("workspace: south")
            for await event in events where event.kind == .serviceTurned {
                #expect(event.workspace == stage.workspace)
                #expect(event.number("service") == Service.open.rawValue)
                break
            }
        }
    }
}
