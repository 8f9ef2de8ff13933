// What ran out while the server was down ends without blame on an agent.

import Routing
import TestStores
import Testing

@testable import Center

@Suite struct ServerDownTests {
    @Test(arguments: EngineKind.tested)
    func `an offer that ran out while the server was down blames nobody`(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind) { stage in
            try await stage.ready("ana")
            let errand = try await stage.arrives("support")
            stage.clock.pass(s: 20)
            #expect(
                try await stage.record("ana").unanswered == 1, "an offer that ran out while it was up does")
            let before = try await stage.record("ana")
            #expect(try await stage.offer(to: "ana") != nil)

            try await stage.restart(afterS: 600)
            let after = try await stage.record("ana")
            #expect(after.unanswered == 1 && after.presence == .available)
            #expect(after.idleSince == before.idleSince && after.idleOrder == before.idleOrder)
            let endings = try await stage.rows(
                "SELECT ending FROM offer WHERE workspace = \(stage.workspace) ORDER BY epoch"
            ).map { $0.intOrNil("ending") }
            #expect(endings == [OfferEnd.noAnswer.rawValue, OfferEnd.serverDown.rawValue, nil])
            #expect(try await stage.accepts("ana") == errand)
            try await stage.audit("answered after all")
        }
    }

    @Test(arguments: EngineKind.tested)
    func `an offer with time left stands, and its end counts`(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind) { stage in
            try await stage.ready("ana")
            try await stage.arrives("support")
            let offer = try await stage.offer(to: "ana")
            try await stage.restart(afterS: 5)
            #expect(try await stage.offer(to: "ana") == offer)
            stage.clock.pass(s: 15)
            #expect(try await stage.record("ana").unanswered == 1)
        }
    }

    @Test(arguments: EngineKind.tested)
    func `wrap-up and pauses that ended meanwhile are over`(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind) { stage in
            try await stage.ready("ana")
            let first = try await stage.arrives("support")
            try await stage.accepts("ana")
            try await stage.floor.closeErrand(
                first, version: try await stage.version(first), by: try stage.by("ana"))
            #expect(try await stage.record("ana").wrapUpUntil != nil)
            let second = try await stage.arrives("support")
            #expect(try await stage.offer(to: "ana") == nil)
            try await stage.restart(afterS: 60)
            #expect(try await stage.record("ana").wrapUpUntil == nil)
            #expect(try await stage.accepts("ana") == second)
        }
    }
}

extension CenterStage {
    func version(_ errand: ErrandID) async throws -> Int64 {
        try await rows("SELECT version FROM errand WHERE workspace = \(workspace) AND id = \(errand)")[0]
            .int("version")
    }
}
