// Giving up after 24 hours, what the desk sees of it, and sending again.
import Routing
import Store
import TestStores
import Testing

@testable import Center
@testable import Channels

@Suite("Failed callbacks", .serialized)
struct FailedTests {
    static let callback = ["- {name: crm, endpoint: \"http://127.0.0.1:1/\", event: answer_errand}"]

    /// Fails what is due until nothing is, with the clock moved on to each next try.
    private func giveUp(_ stage: CallbackStage, retryAfterMs: Int64? = nil) async throws -> [Int64] {
        var pauses: [Int64] = []
        let callback = try #require(stage.floor.roster.workspace(stage.workspace)?.callbacks.first?.id)
        while pauses.count < 200 {
            let due = try await stage.floor.dueDeliveries(of: callback, in: stage.workspace, limit: 1)
            guard let first = due.first else { break }
            try await stage.floor.deliveryFailed(
                first, status: 503, problem: "the receiver answered 503", retryAfterMs: retryAfterMs)
            let row = try #require(try await stage.rows().first { $0.id == first.id.raw })
            guard row.state == 1 else { break }
            pauses.append(row.nextAt - stage.floor.now.ms)
            stage.ahead.pass(row.nextAt - stage.floor.now.ms)
        }
        return pauses
    }

    @Test("the pauses grow by their steps for 24 hours", arguments: EngineKind.tested)
    func pauses(_ kind: EngineKind) async throws {
        try await CallbackStage.run(kind, callbacks: Self.callback, frozen: true) { stage in
            try await stage.answered()
            let began = stage.floor.now.ms
            let pauses = try await giveUp(stage)
            let steps = DeliveryLimits.pausesMs
            #expect(Array(pauses.prefix(steps.count)) == steps)
            #expect(pauses.dropFirst(steps.count).allSatisfy { $0 == steps.last })
            let took = stage.floor.now.ms - began
            #expect(took <= DeliveryLimits.giveUpMs)
            #expect(took > DeliveryLimits.giveUpMs - DeliveryLimits.pauseMaxMs)
            let row = try await stage.rows()[0]
            #expect(row.state == 3)
            #expect(row.attempts == Int64(pauses.count) + 1)
        }
    }

    @Test("a receiver's own pause is kept, up to an hour", arguments: EngineKind.tested)
    func asked(_ kind: EngineKind) async throws {
        #expect(DeliveryLimits.pauseMs(afterAttempts: 1, retryAfterMs: 30_000) == 30_000)
        #expect(DeliveryLimits.pauseMs(afterAttempts: 1, retryAfterMs: 10) == 1_000)
        #expect(DeliveryLimits.pauseMs(afterAttempts: 4, retryAfterMs: Int64.max) == 3_600_000)
        #expect(DeliveryLimits.pauseMs(afterAttempts: 99, retryAfterMs: nil) == 3_600_000)
        let receiver = Receiver { _, _ in .status(503, "Retry-After: 120\r\n") }
        try await receiver.start()
        let callback = "- {name: c, endpoint: \"http://127.0.0.1:\(receiver.port)/\", event: answer_errand}"
        try await CallbackStage.run(kind, callbacks: [callback], frozen: true) { stage in
            try await stage.answered()
            var row: CallbackStage.Row?
            try await stage.delivering { row = try await stage.rows { $0[0].attempts == 1 }.first }
            let wait = try #require(row).nextAt - stage.floor.now.ms
            #expect(wait == 120_000)
        }
        try await receiver.stop()
    }

    @Test(
        "who serves the area sees it and sends it again", .timeLimit(.minutes(2)),
        arguments: EngineKind.tested)
    func resend(_ kind: EngineKind) async throws {
        try await CallbackStage.run(kind, callbacks: Self.callback, frozen: true) { stage in
            let errand = try await stage.answered("Lost")
            _ = try await giveUp(stage)
            let seen = try await stage.failed("ana").lines
            #expect(seen.count == 1)
            let failed = try #require(seen.first)
            #expect(failed.errand == errand)
            #expect(failed.callbackName == "crm")
            #expect(failed.status == 503)
            #expect(failed.problem == "the receiver answered 503")
            let others = try await stage.failed("bo").lines
            #expect(others.isEmpty)
            let all = try await stage.failed("root").lines
            #expect(all == seen)
            let before = try await stage.failed("root", before: failed.id)
            #expect(before.lines.isEmpty && before.next == nil)

            await #expect(throws: Refusal.self) {
                try await stage.floor.resendDelivery(failed.id, by: stage.desk("bo"))
            }
            await #expect(throws: Refusal.self) {
                try await stage.floor.resendDelivery(DeliveryID(99), by: stage.desk("root"))
            }
            await #expect(throws: Refusal.self) {
                try await stage.floor.resendDelivery(failed.id, by: .system(stage.workspace))
            }
            var still = try await stage.rows()
            #expect(still[0].state == 3)
            try await stage.floor.resendDelivery(failed.id, by: stage.desk("ana"))
            still = try await stage.rows()
            #expect(still[0].state == 1)
            #expect(still[0].attempts == 0)
            await #expect(throws: Refusal.self) {
                try await stage.floor.resendDelivery(failed.id, by: stage.desk("root"))
            }
            // Another 24 hours, and then it is failed again.
            let pauses = try await giveUp(stage)
            #expect(pauses.count > 20)
            still = try await stage.rows()
            #expect(still[0].state == 3)
        }
    }

    @Test("a page ends where the next begins", arguments: EngineKind.tested)
    func paging(_ kind: EngineKind) async throws {
        try await CallbackStage.run(kind, callbacks: Self.callback) { stage in
            let count = ViewLimits.pageMax + 3
            for n in 0..<count { try await stage.answered("Question \(n)") }
            let callback = try #require(stage.floor.roster.workspace(stage.workspace)?.callbacks.first?.id)
            for due in try await stage.floor.dueDeliveries(of: callback, in: stage.workspace, limit: count) {
                try await stage.floor.deliveryFailed(due, status: nil, problem: "gone", final: true)
            }
            let first = try await stage.failed("ana")
            let second = try await stage.failed("ana", before: first.next)
            #expect(first.lines.count == ViewLimits.pageMax && first.next == first.lines.last?.id)
            #expect(second.lines.count == 3 && second.next == nil)
            let ids = (first.lines + second.lines).map(\.id)
            #expect(ids == ids.sorted(by: >))
            #expect(Set(ids).count == count)
        }
    }

    @Test("a resend reaches a receiver that is back", .timeLimit(.minutes(2)), arguments: EngineKind.tested)
    func back(_ kind: EngineKind) async throws {
        let receiver = Receiver { _, _ in .fine }
        try await receiver.start()
        let callback = "- {name: c, endpoint: \"http://127.0.0.1:\(receiver.port)/\", event: answer_errand}"
        try await CallbackStage.run(kind, callbacks: [callback]) { stage in
            try await stage.answered()
            _ = try await giveUp(stage)
            try await stage.delivering {
                try await stage.floor.resendDelivery(DeliveryID(1), by: stage.desk("ana"))
                _ = try await stage.rows { $0.allSatisfy { $0.state == 2 } }
            }
            #expect(receiver.all.map(\.event) == ["1"])
        }
        try await receiver.stop()
    }
}

extension CallbackStage {
    fileprivate func failed(_ login: String, before: DeliveryID? = nil) async throws -> DeliveryPage {
        try await floor.deliveries(
            DeliveryFilter(state: .failed), before: before, for: agent(login), in: workspace)
    }
}
