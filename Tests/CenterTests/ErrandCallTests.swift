// An errand comes with its call: agent by device and extension, both in hand, wrap-up when the call ends.

import Routing
import Store
import TestStores
import Testing

@testable import Center

@Suite struct ErrandCallTests {
    private static let file = """
        workspace: north
        integrations: [aventa]
        agents:
          - {login_name: ana, device_id: 1, extension_id: 1000}
          - {login_name: bo, device_id: 1, extension_id: 1001}
          - {login_name: ole, device_id: 1, extension_id: 1002, admin_level: observer}
        areas:
          - {name: Sales, wrap_up_s: 20}
          - {name: Other}
        agent_groups:
          - {name: all, agents: [ana, bo], areas: [Sales]}
        access_tokens:
          - {name: sales, key: k, claims: [create_errand], channel: voice, area: Sales}
          - {name: other, key: k, claims: [create_errand], channel: voice, area: Other}

        """

    @Test(arguments: EngineKind.tested)
    func `errand and call are in the hands of who has the telephone`(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind, file: Self.file) { stage in
            try await stage.ready("ana", "bo")
            let errand = try await stage.comesWithCall("sales", extensionID: 1000) {
                $0.link = "https://calls.example.com/1"
                $0.callReason = "reschedule"
            }
            let ana = try stage.agent("ana")
            let told = try #require(try await stage.call(of: errand))
            let item = try #require(told.item)
            #expect(told.endedAt == nil && told.call.link == "https://calls.example.com/1")
            #expect(told.call.extensionID == 1000 && told.call.queueName == "EHS")
            let states = try await stage.look { work in
                (work.item(item)?.state, work.item(item)?.channel, work.inHand(of: ana).count)
            }
            guard case .active(ana, _)? = states.0 else { return #expect(Bool(false), "\(states)") }
            #expect(states.1 == .call && states.2 == 2)
            // She talks: a second call is not for her, though she is ready.
            let waiting = try await stage.comesWithCall("sales", extensionID: 7)
            #expect(try await stage.call(of: waiting)?.item == nil)
            stage.clock.pass(s: 90)
            try await stage.restart(afterS: 1)
            let version = try await stage.version(errand)
            #expect(try await stage.endCall(1000) == errand)
            let record = try await stage.look { $0.item(item)?.state }
            guard case .wrapUp(ana, _)? = record else { return #expect(Bool(false), "\(record as Any)") }
            let ended = try #require(try await stage.call(of: errand))
            #expect(ended.endedAt?.ms == stage.clock.now)
            // What she writes meanwhile is not made old by the call's end.
            #expect(try await stage.version(errand) == version)
            #expect(try await stage.item(of: errand)?.state.holder == ana)
            #expect(try await stage.endCall(1000) == nil)
            stage.clock.pass(s: 20)
            #expect(try await stage.look { $0.item(item) } == nil)
            let kinds = try await stage.rows("SELECT kind FROM history WHERE errand = \(errand) ORDER BY id")
            #expect(kinds.map { $0.text("kind") } == ["arrived", "opened", "call_ended"])
        }
    }

    @Test(arguments: EngineKind.tested)
    func `a new call ends the one before, and its end is told once`(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind, file: Self.file) { stage in
            try await stage.ready("ana")
            let first = try await stage.comesWithCall("sales", extensionID: 1000) { $0.queueNumber = "1" }
            stage.clock.pass(s: 5)
            let second = try await stage.comesWithCall("sales", extensionID: 1000) { $0.queueNumber = "2" }
            #expect(try await stage.call(of: first)?.endedAt?.ms == stage.clock.now)
            #expect(try await stage.call(of: second)?.endedAt == nil)
            stage.clock.pass(s: 5)
            // The system that created the errand says itself that the call is over.
            let third = try await stage.comesWithCall("sales", extensionID: 1000) {
                $0.queueNumber = "2"
                $0.hasEnded = true
            }
            let ana = try stage.agent("ana")
            #expect(try await stage.call(of: second)?.endedAt?.ms == stage.clock.now)
            #expect(try await stage.call(of: third)?.item == stage.call(of: second)?.item)
            // And of a call that nobody told of: it is over at once, its wrap-up is not.
            stage.clock.pass(s: 60)
            let fourth = try await stage.comesWithCall("sales", extensionID: 1000) {
                $0.queueNumber = "9"
                $0.hasEnded = true
            }
            let item = try #require(try await stage.call(of: fourth)?.item)
            let state = try await stage.look { $0.item(item)?.state }
            guard case .wrapUp(ana, _)? = state else { return #expect(Bool(false), "\(state as Any)") }
            #expect(try await stage.endCall(1000) == nil)
            for errand in [first, second, third, fourth] {
                #expect(try await stage.item(of: errand)?.state.holder == ana)
            }
        }
    }

    @Test(arguments: EngineKind.tested)
    func `nobody is found, somebody who is away, and a call of another area`(_ kind: EngineKind) async throws
    {
        try await CenterStage.run(kind, file: Self.file) { stage in
            // Signed out: the errand waits like any other.
            let away = try await stage.comesWithCall("sales", extensionID: 1000)
            #expect(try await stage.call(of: away)?.item == nil)
            #expect(try await stage.item(of: away)?.state == .waiting)
            let observed = try await stage.comesWithCall("sales", extensionID: 1002)
            #expect(try await stage.item(of: observed)?.state == .waiting)
            try await stage.floor.closeAll(stage)
            try await stage.ready("bo")
            // The telephone system has connected the call: areas are not asked.
            let other = try await stage.comesWithCall("other", extensionID: 1001, from: "+49 1")
            #expect(try await stage.item(of: other)?.state.holder == stage.agent("bo"))
            #expect(try await stage.endCall(1001) == nil, "out of that token's reach")
            #expect(try await stage.endCall(1001, dialed: "+49-1", "other") == other)
            let nobody = await thrown { _ = try await stage.endCall(4711) }
            #expect(
                nobody as? Refusal == .notFound("No agent here has the device 1 and the extension 4711."))
        }
    }

    @Test(arguments: EngineKind.tested)
    func `the call's errand closes first, and the call is ended at the desk`(_ kind: EngineKind) async throws
    {
        try await CenterStage.run(kind, file: Self.file) { stage in
            try await stage.ready("ana")
            let errand = try await stage.comesWithCall("sales", extensionID: 1000)
            try await stage.floor.closeErrand(
                errand, version: try await stage.version(errand), by: try stage.by("ana"))
            let item = try #require(try await stage.call(of: errand)?.item)
            #expect(try await stage.call(of: errand)?.endedAt == nil)
            _ = try await stage.floor.endItem(item, by: try stage.by("ana"))
            #expect(try await stage.call(of: errand)?.endedAt?.ms == stage.clock.now)
            #expect(try await stage.endCall(1000) == nil)
        }
    }
}

extension Floor {
    /// Takes what waits out of the way.
    fileprivate func closeAll(_ stage: CenterStage) async throws {
        for row in try await stage.rows("SELECT id FROM errand WHERE state = 1 ORDER BY id") {
            try await endErrand(ErrandID(row.int("id")), nil, by: try stage.site("sales"))
        }
    }
}
