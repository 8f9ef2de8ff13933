// A request that comes again within a day is found by a hint in memory, and only its row is believed.

import Routing
import Store
import TestStores
import Testing

@testable import Center

@Suite struct KnownRequestsTests {
    @Test(arguments: EngineKind.tested)
    func `a request is known after a restart, with its own token`(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind) { stage in
            let (first, other) = (
                try await stage.arrives(messageID: "a"), try await stage.arrives(messageID: "b")
            )
            try await stage.restart()
            #expect(try await stage.arrives(messageID: "b") == other)
            #expect(try await stage.arrives(messageID: "a") == first)
            let elsewhere = try await stage.arrives("support", messageID: "a")
            #expect(elsewhere != first)
            #expect(try await stage.arrives(messageID: "a") == first)
            #expect(try await stage.arrives("support", messageID: "a") == elsewhere)
        }
    }

    @Test(arguments: EngineKind.tested)
    func `a hint that leads to another's row, or to none, is not believed`(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind) { stage in
            let errand = try await stage.arrives(messageID: "a")
            let site = try #require(stage.directory.tokens.first { $0.name == "sales" }).id
            var new = NewErrand()
            (new.messageID, new.requestDigest) = ("b", sha256Hex("b".utf8))
            let known = try #require(KnownRequest(new, token: site))
            for wrong in [errand, ErrandID(errand.raw + 1_000)] {
                try await stage.look { work in
                    work.office.knownRequests.note(known, wrong)
                    let found = try work.errand(of: known)
                    #expect(found == nil)
                }
            }
            let second = try await stage.arrives(messageID: "b")
            #expect(second != errand)
            #expect(try await stage.arrives(messageID: "b") == second)
            #expect(try await stage.arrives(messageID: "a") == errand)
        }
    }

    @Test(arguments: EngineKind.tested)
    func `where there are too many the oldest go`(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind) { stage in
            try await stage.look { $0.office.knownRequests = KnownRequests(requestsMax: 4) }
            var errands: [ErrandID] = []
            for n in 0..<6 { errands.append(try await stage.arrives(messageID: "m\(n)")) }
            let kept = try await stage.rows("SELECT errand FROM replay ORDER BY errand")
                .map { ErrandID($0.int("errand")) }
            #expect(kept == Array(errands[2...]))
            for n in 2..<6 { #expect(try await stage.arrives(messageID: "m\(n)") == errands[n]) }
            #expect(try await stage.arrives(messageID: "m0") != errands[0])
        }
    }

    @Test(arguments: EngineKind.tested)
    func `what has no row takes no room for ever`(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind) { stage in
            let erased = try await stage.arrives(messageID: "a")
            _ = try await stage.floor.eraseErrandRows([erased], by: stage.operatorHere)
            #expect(try await stage.rows("SELECT errand FROM replay").isEmpty)
            try await stage.look { work in
                #expect(work.office.knownRequests.count == 0)
                work.office.knownRequests = KnownRequests(requestsMax: 4)
                // As verbs leave them that failed later.
                for n in 0..<4 {
                    var new = NewErrand()
                    (new.messageID, new.requestDigest) = ("gone", sha256Hex("gone \(n)".utf8))
                    let request = try #require(KnownRequest(new, token: TokenID(1)))
                    work.office.knownRequests.note(request, ErrandID(1_000 + Int64(n)))
                }
                #expect(work.office.knownRequests.isFull)
            }
            let errand = try await stage.arrives(messageID: "b")
            try await stage.look { #expect(!$0.office.knownRequests.isFull) }
            #expect(try await stage.arrives(messageID: "b") == errand)
        }
    }
}
