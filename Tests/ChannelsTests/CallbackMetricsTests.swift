// What waits, is sent and is given up, as the metrics tell it.
import Routing
import Store
import TestStores
import Testing

@testable import Center

@Suite("Callback metrics") struct CallbackMetricsTests {
    private static let callback = ["- {name: crm, endpoint: \"http://127.0.0.1:1/\", event: answer_errand}"]

    /// Nil when it is not told.
    private func value(_ stage: CallbackStage, _ name: String, _ label: String? = nil) -> Double? {
        let samples = stage.floor.metrics().first { $0.name == name }?.samples ?? []
        let sample = samples.first { label == nil || $0.labels.contains { $0.value == label } }
        guard case .number(let number) = sample?.value else { return nil }
        return number
    }

    @Test(arguments: EngineKind.tested)
    func `what waits is counted from the rows, what ended as it ends`(_ kind: EngineKind) async throws {
        try await CallbackStage.run(kind, callbacks: Self.callback, frozen: true) { stage in
            // Nothing is told that was not read.
            #expect(value(stage, "switchboard_callbacks_waiting") == nil)
            for _ in 0..<3 { try await stage.answered() }
            try await stage.floor.readCallbackBacklog()
            #expect(value(stage, "switchboard_callbacks_waiting") == 3)
            #expect(value(stage, "switchboard_callbacks_oldest_due_seconds") == 0)
            stage.ahead.pass(90_000)
            #expect(value(stage, "switchboard_callbacks_oldest_due_seconds") == 90)

            let callback = try #require(stage.floor.roster.workspace(stage.workspace)?.callbacks.first?.id)
            let due = try await stage.floor.dueDeliveries(of: callback, in: stage.workspace, limit: 3)
            try await stage.floor.deliverySucceeded(due[0], status: 200)
            try await stage.floor.deliveryFailed(due[1], status: 500, problem: "down")
            try await stage.floor.deliveryFailed(due[2], status: nil, problem: "gone", final: true)
            #expect(value(stage, "switchboard_callbacks_total", "sent") == 1)
            #expect(value(stage, "switchboard_callbacks_total", "failed") == 1)
            try await stage.floor.readCallbackBacklog()
            #expect(value(stage, "switchboard_callbacks_waiting") == 1)
            // Due after its pause, not now.
            #expect(value(stage, "switchboard_callbacks_oldest_due_seconds") == 0)
        }
    }
}
