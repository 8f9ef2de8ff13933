// The page of the queues' day: who gets it, and that its figures are those of the books.
import Center
import Foundation
import HTTPTypes
import HummingbirdTesting
import Routing
import TestStores
import Testing

@testable import Desk

@Suite struct QueuesPageTests {
    @Test(arguments: EngineKind.tested)
    func `the day of a queue is on the page of those who lead`(_ kind: EngineKind) async throws {
        // A minute into a quarter of an hour: the picture has a bar for each.
        let behindMs = Floor.wallClock() % 900_000 - 60_000
        try await DeskStage.run(kind, clock: { Floor.wallClock() - behindMs }) { stage in
            try await stage.addLevels()
            let ed = try await stage.signIn("ed")
            let path = "\(ed.base)/admin/queues"
            #expect(try await stage.get(ed.base, as: ed).text.contains("href=\"\(path)\""))
            let empty = try await stage.get(path, as: ed).text
            #expect(empty.contains("Nothing was offered today.") && !empty.contains("<svg"))
            #expect(figure("level-1", empty) == "—" && figure("offered", empty) == "0")

            let errand = try await stage.arrives("One")
            let ana = try await stage.signIn("ana")
            _ = try await stage.post("\(ana.base)/errands/\(errand)/take", [:], as: ana)
            _ = try await stage.arrives("Two")
            let page = try await stage.get(path, as: ed).text
            #expect(figure("offered", page) == "2" && figure("answered", page) == "1")
            #expect(figure("waiting", page) == "1" && figure("meanWait", page).hasSuffix(" s"))
            #expect(figure("level-1", page) == "50 %" && figure("level-4", page) == "100 %")
            #expect(page.contains("answered in T / offered") && page.contains("T = 20 s"))
            #expect(page.contains("<svg") && page.contains("offered 2, answered 1, abandoned 0"))

            #expect(try await stage.get(path, as: ana).status == .forbidden)
            let di = try await stage.signIn("di")
            #expect(try await stage.get(path, as: di).status == .forbidden)
        }
    }

    @Test func `durations and shares are short, and nothing is a dash`() {
        #expect(duration(nil) == "—" && percent(nil) == "—")
        #expect(duration(0) == "0 s" && duration(59_499) == "59 s" && duration(59_500) == "1:00 min")
        #expect(duration(3_599_000) == "59:59 min" && duration(3_600_000) == "1:00 h")
        #expect(percent(0) == "0 %" && percent(0.654) == "65 %" && percent(1) == "100 %")
    }

    private func figure(_ test: String, _ page: String) -> String {
        between("data-test=\"\(test)\">", "<", in: page)
    }
}
