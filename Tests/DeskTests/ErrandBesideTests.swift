// Notes, tags, the customer's other errands, and who looks on.
import Center
import Hummingbird
import HummingbirdTesting
import Routing
import Synchronization
import TestStores
import Testing

@testable import Desk

@Suite struct ErrandBesideTests {
    @Test(arguments: EngineKind.tested)
    func notesAndTagsLeaveAnAnswerValid(_ kind: EngineKind) async throws {
        try await DeskStage.run(kind) { stage in
            let ana = try await stage.signIn("ana")
            let bo = try await stage.signIn("bo")
            let cy = try await stage.signIn("cy")
            let errand = try await stage.arrives("Notes")
            try await stage.act("take", errand, as: ana)
            let page = try await stage.page(errand, as: ana)
            let noted = try await stage.act("note", errand, [("note", "Be <kind>\r\nplease")], as: bo)
            #expect(noted.headers[.location] == "\(bo.base)/errands/\(errand)#notes")
            let tags = try #require(stage.floor.roster.workspace(named: "north")).tags
            for _ in 0..<2 {
                #expect(
                    try await stage.act("tags", errand, [("tag", "\(tags[0].id)")], as: bo, fetched: true)
                        .status
                        == .noContent)
            }
            try await stage.act("tags", errand, [("tag", "\(tags[1].id)")], as: bo)
            try await stage.act("tags", errand, [("remove", "\(tags[1].id)")], as: bo)
            for wrong in ["", "999", "x"] {
                #expect(try await stage.act("tags", errand, [("tag", wrong)], as: bo).status == .badRequest)
            }
            for wrong in [" \n", String(repeating: "x", count: NoteLimits.bodyMaxBytes + 1)] {
                #expect(try await stage.act("note", errand, [("note", wrong)], as: bo).status == .badRequest)
            }
            for verb in ["note", "tags", "priority", "transfer", "reopen"] {
                let away = try await stage.act(verb, errand, [("note", "x"), ("priority", "1")], as: cy)
                #expect(away.status == .notFound || away.status == .badRequest)
            }
            let around = try await stage.around(errand, of: "ana")
            #expect(around.notes.map(\.body) == ["Be <kind>\nplease"])
            #expect(around.tags == [tags[0].id])
            let shown = try await stage.page(errand, as: ana)
            #expect(shown.contains("Be &lt;kind&gt;\nplease"))
            #expect(shown.contains("Bo Lind put the tag “\(tags[0].name)” on it"))
            #expect(shown.contains("Bo Lind took the tag “\(tags[1].name)” off it"))
            #expect(shown.split(separator: "put the tag “\(tags[0].name)” on it").count == 2)
            // What stands beside the conversation does not make the written answer old.
            let answered = try await stage.act("answer", errand, [("body", "Yes")], as: ana, on: page)
            #expect(answered.headers[.location] == "\(ana.base)?said=answered")
        }
    }

    @Test(arguments: EngineKind.tested)
    func otherErrandsAreThoseTheAgentMaySee(_ kind: EngineKind) async throws {
        try await DeskStage.run(kind) { stage in
            let ana = try await stage.signIn("ana")
            let ada = try await stage.signIn("ada")
            let hidden = try await stage.arrives("Secret of the vault")
            try await stage.act("transfer", hidden, [("to", "area:\(try stage.area("Vault").id)")], as: ada)
            let before = try await stage.arrives("Before")
            let errand = try await stage.arrives("Now")
            let page = try await stage.page(errand, as: ana)
            #expect(page.contains("href=\"\(ana.base)/errands/\(before)\" dir=\"auto\">Before</a>"))
            #expect(!page.contains("Secret of the vault"))
            #expect(try await stage.page(errand, as: ada).contains("Secret of the vault"))
            #expect(try await stage.around(errand, of: "ana").addresses.map(\.address) == ["kim@example.com"])
        }
    }

    @Test func onlookersSeeEachOtherComeAndGo() {
        let there = Onlookers()
        let heard = Mutex<[String]>([])
        let place = (errand: ErrandID(7), workspace: WorkspaceID(1))
        func enter(_ agent: Int64) -> Visit {
            there.enter(place.errand, AgentID(agent), in: place.workspace) { others in
                heard.withLock { $0.append("\(agent): \(others.map(\.raw))") }
            }
        }
        func take() -> Set<String> {
            heard.withLock { all in
                defer { all = [] }
                return Set(all)
            }
        }
        let ana = enter(1)
        #expect(take() == ["1: []"])
        let bo = enter(2)
        #expect(take() == ["1: [2]", "2: [1]"])
        // The same agent in a second window is no company.
        let again = enter(1)
        #expect(take() == ["1: [2]", "2: [1]"])
        #expect(there.others(place.errand, besides: AgentID(3), in: place.workspace).map(\.raw) == [1, 2])
        #expect(there.others(place.errand, besides: AgentID(3), in: WorkspaceID(2)).isEmpty)
        ana.leave()
        ana.leave()
        #expect(take() == ["1: [2]", "2: [1]"])
        again.leave()
        #expect(take() == ["2: []"])
        bo.leave()
        #expect(take().isEmpty)
        #expect(there.others(place.errand, besides: AgentID(3), in: place.workspace).isEmpty)
    }
}
