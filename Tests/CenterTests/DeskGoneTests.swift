// An agent whose desk has gone becomes not ready after a minute, over restarts too.

import Routing
import Store
import TestStores
import Testing

@testable import Center

@Suite struct DeskGoneTests {
    @Test(arguments: EngineKind.tested)
    func `a desk that is gone for a minute makes its agent not ready and keeps what is in hand`(
        _ kind: EngineKind
    ) async throws {
        try await CenterStage.run(kind) { stage in
            let ana = try stage.agent("ana")
            stage.floor.deskOpened(ana, in: stage.workspace)
            await stage.floor.reviewDesks()
            try await stage.ready("ana")
            stage.clock.pass(s: 41)
            let errand = try await stage.arrives("support")
            #expect(try await stage.accepts("ana") == errand)

            stage.floor.deskClosed(ana, in: stage.workspace)
            await stage.floor.reviewDesks()
            stage.clock.pass(s: 50)
            let offered = try await stage.arrives("support")
            #expect(try await stage.offer(to: "ana") != nil)
            stage.clock.pass(ms: 9_999)
            #expect(try await stage.record("ana").presence == .available)
            stage.clock.pass(ms: 1)
            let record = try await stage.record("ana")
            #expect(record.presence == .unavailable && record.reason == nil && record.desk == .none)
            #expect(record.unanswered == 0, "nobody is blamed for an offer that was withdrawn")
            let desk = try await stage.floor.desk(ana, in: stage.workspace)
            #expect(desk.presence == .unavailable && desk.cause == .deskGone && desk.offer == nil)
            #expect(desk.inHand.map(\.id) == [errand])
            #expect(try await stage.item(of: offered)?.state == .waiting)
        }
    }

    @Test(arguments: EngineKind.tested)
    func `going from page to page, and a second window, are no absence`(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind) { stage in
            let ana = try stage.agent("ana")
            stage.floor.deskOpened(ana, in: stage.workspace)
            stage.floor.deskOpened(ana, in: stage.workspace)
            await stage.floor.reviewDesks()
            try await stage.ready("ana")
            stage.floor.deskClosed(ana, in: stage.workspace)
            await stage.floor.reviewDesks()
            stage.clock.pass(s: 120)
            #expect(try await stage.record("ana").desk == .open)

            stage.floor.deskClosed(ana, in: stage.workspace)
            await stage.floor.reviewDesks()
            #expect(
                try await stage.record("ana").desk
                    == .closed(until: Instant(ms: stage.clock.now + stage.patience.awayMs)))
            stage.clock.pass(s: 59)
            stage.floor.deskOpened(ana, in: stage.workspace)
            await stage.floor.reviewDesks()
            stage.clock.pass(s: 120)
            let record = try await stage.record("ana")
            #expect(record.presence == .available && record.desk == .open)
        }
    }

    @Test(arguments: EngineKind.tested)
    func `ready through another door without a desk is left alone`(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind) { stage in
            try await stage.ready("ana")
            stage.clock.pass(s: 3_600)
            #expect(try await stage.record("ana").presence == .available)
            try await stage.restart(afterS: 3_600)
            stage.clock.pass(s: 3_600)
            #expect(try await stage.record("ana").presence == .available)
        }
    }

    @Test(arguments: EngineKind.tested)
    func `after a restart a desk has a minute from then`(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind) { stage in
            for login in ["ana", "bo", "cy"] {
                stage.floor.deskOpened(try stage.agent(login), in: stage.workspace)
            }
            await stage.floor.reviewDesks()
            try await stage.ready("ana", "bo", "cy")
            stage.floor.deskClosed(try stage.agent("bo"), in: stage.workspace)
            await stage.floor.reviewDesks()
            stage.clock.pass(s: 30)
            // Killed while ana's and cy's streams are open; bo's half minute is not what counts.
            try await stage.restart(afterS: 600)
            #expect(
                try await stage.record("bo").desk
                    == .closed(until: Instant(ms: stage.clock.now + stage.patience.awayMs)))
            stage.clock.pass(s: 40)
            stage.floor.deskOpened(try stage.agent("ana"), in: stage.workspace)
            await stage.floor.reviewDesks()
            #expect(try await stage.record("cy").presence == .available)
            stage.clock.pass(s: 20)
            #expect(try await stage.record("ana").presence == .available)
            #expect(try await stage.record("bo").presence == .unavailable)
            #expect(try await stage.record("cy").presence == .unavailable)
        }
    }

    @Test(arguments: EngineKind.tested)
    func `streams that outlive a database's absence count on`(_ kind: EngineKind) async throws {
        let plan = FaultPlan()
        try await CenterStage.run(kind, faults: plan) { stage in
            let ana = try stage.agent("ana")
            stage.floor.deskOpened(ana, in: stage.workspace)
            await stage.floor.reviewDesks()
            try await stage.ready("ana")
            plan.restart(unknownCommit: 1)
            // The commit's answer is lost: the writer claims the database anew and goes on.
            try await stage.arrives()
            stage.clock.pass(s: 300)
            let record = try await stage.record("ana")
            #expect(record.presence == .available && record.desk == .open)
        }
    }
}
