// Promised times: judged in a calendar's hours, the spans of an errand's history, and the minute job.
import Foundation
import Routing
import Testing

@testable import Center

@Suite struct ErrandSLATests {
    private static let hour: Int64 = 3_600_000
    /// Monday 2026-01-05, 00:00 UTC.
    private static let monday = Instant(ms: 1_767_571_200_000)

    /// Monday to Friday, 9 to 17 in UTC.
    private static func weekdays() throws -> ServiceCalendar {
        let plan = try ProvisionFile.read(
            """
            workspace: a
            calendars:
              - name: office
                time_zone: UTC
                hours: {mon: ["09:00-17:00"], tue: ["09:00-17:00"], wed: ["09:00-17:00"], thu: ["09:00-17:00"], fri: ["09:00-17:00"]}
            """, name: "t.yaml")
        return ServiceCalendar(
            id: CalendarID(1), name: "office", timeZone: .gmt, hours: plan.calendars[0].hours.value,
            holidays: [])
    }

    @Test func openTimeCountsOnly() throws {
        let calendar = try Self.weekdays()
        let monday = Self.monday
        #expect(calendar.openMs(from: monday, to: monday + 24 * Self.hour) == 8 * Self.hour)
        #expect(calendar.openMs(from: monday + 16 * Self.hour, to: monday + 34 * Self.hour) == 2 * Self.hour)
        #expect(calendar.openMs(from: monday, to: monday + 7 * 24 * Self.hour) == 40 * Self.hour)
        // Friday 16:00 and two hours is Monday 10:00.
        let friday = monday + (4 * 24 + 16) * Self.hour
        #expect(calendar.instant(after: 2 * Self.hour, of: friday) == monday + (7 * 24 + 10) * Self.hour)
        for ms in stride(from: Int64(1), to: 60 * Self.hour, by: 7_654_321) {
            let end = try #require(calendar.instant(after: ms, of: friday))
            #expect(calendar.openMs(from: friday, to: end) == ms)
        }
    }

    @Test func expiryTurnsAtTheWarningAndAtTheEnd() throws {
        let at = Self.monday
        func facts(answered: Instant? = nil, closed: Instant? = nil) -> ErrandSLA.Facts {
            ErrandSLA.Facts(
                arrivedAt: at, answeredAt: answered, closedAt: closed, spans: [(at + 1_000, nil)],
                responseMs: 100_000, doneMs: 200_000)
        }
        let fresh = ErrandSLA.judge(facts(), nil, at: at)
        #expect(fresh.0.expiry == 0 && fresh.0.isWithin && fresh.1 == at + 80_000)
        let warned = ErrandSLA.judge(facts(), nil, at: at + 80_000)
        #expect(warned.0.expiry == 1 && warned.1 == at + 100_000 && warned.0.handlingS == 79)
        let expired = ErrandSLA.judge(facts(), nil, at: at + 100_000)
        #expect(expired.0.expiry == 2 && expired.0.isWithin && expired.1 == at + 200_001)
        let due = ErrandSLA.judge(facts(), nil, at: at + 200_001)
        #expect(due.0.isDoneDue && !due.0.isWithin && due.1 == nil)
        var early = facts()
        early.warningPermille = 250
        #expect(ErrandSLA.judge(early, nil, at: at + 25_000).0.expiry == 1)
        #expect(ErrandSLA.judge(early, nil, at: at + 24_999).1 == at + 25_000)
        // What was answered in time stays so.
        let answered = ErrandSLA.judge(
            facts(answered: at + 50_000, closed: at + 50_000), nil, at: at + 900_000)
        #expect(answered.0.expiry == 0 && answered.0.responseS == 50 && answered.0.isWithin)
        #expect(!answered.0.isDoneDue && answered.1 == nil)
    }

    @Test func spansEndWhenTheErrandLeavesTheHands() {
        let at = Self.monday
        func spans(_ kinds: [HistoryKind], inHand: Bool) -> [[Int64?]] {
            ErrandSLA.spans(
                kinds.enumerated().map { ($0.element, at + Int64($0.offset)) }, inHand: inHand
            ).map { [$0.from - at, $0.to.map { $0 - at }] }
        }
        #expect(
            spans([.arrived, .opened, .returned, .opened, .answered, .closed], inHand: false) == [
                [1, 2], [3, 5],
            ])
        #expect(spans([.arrived, .opened, .noted], inHand: true) == [[1, nil]])
        // Moved to another area's queue, and in the hands that have it.
        #expect(spans([.opened, .moved, .opened, .closed], inHand: false) == [[0, 1], [2, 3]])
        #expect(spans([.opened, .moved], inHand: false) == [[0, 1]])
        #expect(spans([.opened, .moved, .closed], inHand: false) == [[0, 2]])
        #expect(spans([.opened, .moved], inHand: true) == [[0, nil]])
        #expect(spans([.opened, .assigned, .returned, .opened], inHand: true) == [[0, 2], [3, nil]])
    }
}
