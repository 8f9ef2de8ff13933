// The clock on the wall, held against the calendar of Foundation.

import Foundation
import Routing
import SeededRandom
import Testing

@testable import Center

@Suite struct ZoneClockTests {
    @Test(arguments: [
        "UTC", "Europe/Stockholm", "Asia/Kuala_Lumpur", "America/St_Johns", "Australia/Lord_Howe",
        "Asia/Kathmandu",
        "Europe/Moscow", "Pacific/Apia", "Africa/Casablanca",
    ])
    func readsWhatTheCalendarSays(_ name: String) throws {
        let zone = try #require(TimeZone(identifier: name))
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        let clock = ZoneClock.of(name)
        var random = Seeded(seed: 7)
        func check(_ ms: Int64) {
            let date = Date(timeIntervalSince1970: Double(ms) / 1_000)
            let wanted = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: date)
            let read = clock.read(Instant(ms: ms))
            let parts = [read.year, read.month, read.day, read.hour, read.minute, read.second]
            let expected = [
                wanted.year, wanted.month, wanted.day, wanted.hour, wanted.minute, wanted.second,
            ].map { Int64($0 ?? -1) }
            #expect(parts == expected, "\(name) at \(ms)")
            #expect(read.offsetS == Int64(zone.secondsFromGMT(for: date)), "\(name) at \(ms)")
        }
        // Ten years, and the seconds around each change of the offset.
        let from: Int64 = 1_577_836_800_000
        for _ in 0..<2_000 { check(from + Int64(random.below(Int(10 * 365 * 86_400_000)))) }
        var next = zone.nextDaylightSavingTimeTransition(
            after: Date(timeIntervalSince1970: Double(from) / 1_000))
        for _ in 0..<20 {
            guard let change = next else { break }
            let ms = Int64(change.timeIntervalSince1970 * 1_000)
            for near: Int64 in [-1_000, -1, 0, 1, 1_000] { check(ms + near) }
            next = zone.nextDaylightSavingTimeTransition(after: change)
        }
        check(951_782_400_000)
        check(-1)
    }
}
