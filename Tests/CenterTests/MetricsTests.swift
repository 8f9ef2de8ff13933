// What the floor counts: verbs, batches, sign-ins, callbacks; and what it does with more labels than it may tell.

import Logging
import Store
import Synchronization
import TestStores
import Testing

@testable import Center
@testable import Routing

@Suite struct MetricsTests {
    private func value(_ floor: Floor, _ name: String, _ label: String? = nil) throws -> Double {
        let metric = try #require(floor.metrics().first { $0.name == name }, "\(name)")
        let sample = try #require(
            metric.samples.first { label == nil || $0.labels.contains { $0.value == label } }, "\(name)")
        switch sample.value {
        case .number(let number): return number
        case .histogram(let histogram): return Double(histogram.count)
        }
    }

    @Test(arguments: EngineKind.tested)
    func `verbs count by how they ended, and commits by their size`(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind) { stage in
            let done = try value(stage.floor, "switchboard_writer_verbs_total", "done")
            let refused = try value(stage.floor, "switchboard_writer_verbs_total", "refused")
            let batches = try value(stage.floor, "switchboard_writer_batch_verbs")
            for _ in 0..<3 { try await stage.arrives() }
            await #expect(throws: Refusal.self) {
                try await stage.floor.acceptOffer(WorkItemID(999), epoch: 1, by: try stage.by("ana"))
            }
            #expect(try value(stage.floor, "switchboard_writer_verbs_total", "done") == done + 3)
            #expect(try value(stage.floor, "switchboard_writer_verbs_total", "refused") == refused + 1)
            #expect(try value(stage.floor, "switchboard_writer_batch_verbs") == batches + 4)
            #expect(try value(stage.floor, "switchboard_writer_commit_seconds") == batches + 4)
            #expect(try value(stage.floor, "switchboard_writer_faults_total") == 0)
        }
    }

    @Test(arguments: EngineKind.tested)
    func `a batch that fails is counted`(_ kind: EngineKind) async throws {
        let plan = FaultPlan()
        try await CenterStage.run(kind, faults: plan) { stage in
            plan.restart(commit: 1)
            _ = try? await stage.arrives()
            let faults = try value(stage.floor, "switchboard_writer_faults_total")
            #expect(faults >= 1)
        }
    }

    @Test(arguments: EngineKind.tested)
    func `sign-ins count by how they ended`(_ kind: EngineKind) async throws {
        let file = """
            workspace: north
            agents: [{login_name: ana, password: correct horse battery}]

            """
        try await CenterStage.run(kind, file: file) { stage in
            func signIn(_ password: String) async throws {
                _ = try await stage.floor.signIn(
                    workspace: "north", login: "ana", password: password, via: .desk)
            }
            try await signIn("correct horse battery")
            for _ in 0..<SignInLimits.failuresFree { try? await signIn("wrong horse battery") }
            for _ in 0..<2 { try? await signIn("correct horse battery") }
            let ended = try ["done", "failed", "locked"].map {
                try value(stage.floor, "switchboard_sign_ins_total", $0)
            }
            #expect(ended == [1, Double(SignInLimits.failuresFree), 2])
        }
    }

    @Test func `violations count each time and are logged once a minute a kind`() {
        let lines = Mutex<[String]>([])
        let logger = Logger(label: "audit") { _ in LineCounter { line in lines.withLock { $0.append(line) } }
        }
        let office = Office.empty(WorkspaceID(7))
        _ = office.router.apply(.setQueue(QueueID(1), QueueSettings()), at: Instant(ms: 1))
        var audit = RouterAudit()
        audit.look([office], nowMs: 0, logger)
        #expect(audit.figures.violations.allSatisfy { $0 == 0 })
        #expect(lines.withLock { $0 }.isEmpty)
        office.router.queues[office.router.queueByID[1]!].waiting = 9
        for ms: Int64 in [1_000, 2_000, 60_999, 61_000] { audit.look([office], nowMs: ms, logger) }
        #expect(audit.figures.rounds == 5)
        #expect(audit.figures.violations.reduce(0, +) == 4)
        let told = lines.withLock { $0 }
        #expect(told.count == 2)
        #expect(told.allSatisfy { $0.hasPrefix("invariant booksWrong is broken in workspace 7: queue") })
    }

    @Test func `every workspace has its turn, however many there are`() {
        let offices = (1...500).map { number in
            let office = Office.empty(WorkspaceID(Int64(number)))
            for item in 1...40 {
                _ = office.router.apply(.setQueue(QueueID(1), QueueSettings()), at: Instant(ms: 1))
                _ = office.router.apply(
                    .arrive(
                        WorkItemID(Int64(item)), queue: QueueID(1), channel: .errand, priority: nil,
                        creditMs: 0, requiredSkills: [], desiredSkills: []), at: Instant(ms: Int64(number)))
            }
            return office
        }
        var audit = RouterAudit()
        let quiet = Logger(label: "audit") { _ in SwiftLogNoOpLogHandler() }
        // One look cannot do them all: that much the test needs to be worth anything.
        audit.look(offices, nowMs: 0, quiet)
        #expect(audit.figures.rounds > 0 && audit.figures.rounds < 500)
        for second in 1...4 { audit.look(offices, nowMs: Int64(second) * 1_000, quiet) }
        for office in offices {
            let oldest = audit.oldestWaiting(QueueID(1), office.workspace)
            #expect(oldest == Instant(ms: office.workspace.raw))
        }
    }

    @Test func `labels beyond the maximum are told together`() {
        var sums = LabelledFigures(max: 2, names: ["workspace", "queue"])
        var most = LabelledFigures(
            max: 1, names: ["workspace", "presence"], kept: 1, joining: { max($0, $1) })
        for number in 1...5 {
            sums.add(Double(number), ["1", String(number)])
            most.add(Double(number), [String(number), number % 2 == 0 ? "even" : "odd"])
        }
        #expect(
            sums.samples.map { $0.labels.map(\.value) } == [["1", "1"], ["1", "2"], ["other", "other"]])
        #expect(sums.samples.map(\.number) == [1, 2, 12])
        #expect(
            most.samples.map { $0.labels.map(\.value) } == [
                ["1", "odd"], ["other", "even"], ["other", "odd"],
            ])
        #expect(most.samples.map(\.number) == [1, 4, 5])
    }
}

extension Metric.Sample {
    fileprivate var number: Double {
        if case .number(let number) = value { return number }
        return .nan
    }
}

private struct LineCounter: LogHandler {
    let add: @Sendable (String) -> Void
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info

    init(_ add: @escaping @Sendable (String) -> Void) { self.add = add }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) { add("\(event.message)") }
}
