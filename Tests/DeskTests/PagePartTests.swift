// The small parts pages are made of: text from HTML, times, sizes, static files.
import Foundation
import Routing
import Testing

@testable import Desk

@Suite struct PagePartTests {
    @Test func aVeryLongTextIsCutAtACharacter() {
        let text = String(repeating: "ä", count: ShownText.maxBytes)
        let shown = ShownText(body: text + "x", html: "")
        #expect(shown.text.utf8.count == ShownText.maxBytes)
        #expect(shown.text.allSatisfy { $0 == "ä" })
        #expect(shown.cut == "The rest of this message, 256 KB, is not shown.")
        #expect(ShownText(body: "short", html: "<p>other").text == "short")
        #expect(ShownText(body: "short", html: "").cut == nil)
    }

    @Test func timesAreInTheAgentsZone() throws {
        // 2026-03-01 00:30 in Berlin is 23:30 of the day before in UTC.
        let now = Instant(ms: 1_772_321_400_000)
        let times = Times(zones: ["", "Europe/Berlin"], now: now)
        #expect(times.stamp(now).clock == "0:30")
        #expect(times.stamp(now).iso == "2026-02-28T23:30:00Z")
        #expect(times.stamp(now).ago == "just now")
        #expect(times.stamp(now - 3_600_000).clock == "yesterday 23:30")
        #expect(times.stamp(now - 3_600_000).ago == "1 h ago")
        #expect(times.stamp(now - 86_400_000 * 3).clock == "26 Feb 0:30")
        #expect(times.stamp(now - 86_400_000 * 100).clock == "21 Nov 2025 0:30")
        #expect(Times(zones: ["No/Where"], now: now).stamp(now).clock == "23:30")
    }

    @Test(
        arguments: [
            (0, "0 bytes"), (1_023, "1023 bytes"), (1_024, "1 KB"), (1_572_864, "1.5 MB"),
            (25_165_824, "24.0 MB"),
        ] as [(Int64, String)])
    func sizesAreReadable(_ bytes: Int64, _ text: String) {
        #expect(fileSize(bytes) == text)
    }

    @Test func modulesImportEachOtherByVersion() throws {
        let files = StaticFiles()
        let entry = try #require(files.file("desk.js"))
        let text = String(buffer: entry.body)
        #expect(text.contains("from \"./stream.js?v=\(files.version)\""))
        #expect(!text.contains(".js\""))
        #expect(entry.type == "text/javascript; charset=utf-8")
    }

    @Test func everyTemplateCompilesAndFindsItsPartials() {
        _ = Templates()
        #expect(Templates.partials(of: "{{>one}} {{> two }}") == ["one", "two"])
    }
}
