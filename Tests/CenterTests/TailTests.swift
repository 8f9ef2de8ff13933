// Verbs in numbers: one commit for many, flushed beside the writer, and what becomes of them when that fails.

import Foundation
import Routing
import Store
import Synchronization
import TestStores
import Testing

@testable import Center

@Suite struct TailTests {
    private static let manyMax = 60
    private static let fewMax = 4
    /// More than a burst has.
    private static let faultsMax = 500

    /// Keeps the writer busy until everybody waits for it.
    private final class Hold: Sendable {
        let isTaken = Atomic<Bool>(false)
        let release = DispatchSemaphore(value: 0)
    }

    /// Opens errands that all wait for the writer before it looks, so that they share a batch.
    /// - Parameter arm: called when the writer is held up.
    private func burst(
        _ stage: CenterStage, _ count: Int, thenReads: Bool = false, arm: () -> Void = {}
    ) async throws -> [Result<ErrandID, any Error>] {
        let (floor, workspace) = (stage.floor, stage.workspace)
        let site = try #require(stage.directory.tokens.first { $0.name == "sales" })
        let principal = Principal(workspace: workspace, actor: .token(site.id), via: .cention)
        let hold = Hold()
        return try await withThrowingTaskGroup(of: Result<ErrandID, any Error>?.self) { group in
            group.addTask {
                // Its own commit may be the one that fails.
                _ = try? await floor.perform(
                    Plan("hold", checksFirst: true), by: .system(workspace)
                ) { _ in
                    hold.isTaken.store(true, ordering: .sequentiallyConsistent)
                    hold.release.wait()
                }
                return nil
            }
            while !hold.isTaken.load(ordering: .sequentiallyConsistent) { await Task.yield() }
            arm()
            for number in 0..<count {
                group.addTask {
                    var new = NewErrand()
                    new.from = "kim\(number)@example.com"
                    new.subject = "S"
                    do {
                        let id = try await floor.openErrand(new, by: principal)
                        if thenReads {
                            let found = try await floor.view { reader in
                                try reader.query(
                                    "SELECT id FROM errand WHERE workspace = \(workspace) AND id = \(id)")
                            }
                            guard found.count == 1 else { throw StoryHitch() }
                        }
                        return .success(id)
                    } catch {
                        return .failure(error)
                    }
                }
            }
            while floor.writer.mailbox.figures.waiting < count { await Task.yield() }
            hold.release.signal()
            var results: [Result<ErrandID, any Error>] = []
            for try await result in group { if let result { results.append(result) } }
            return results
        }
    }

    private func errands(_ stage: CenterStage) async throws -> Int64 {
        try await stage.count("SELECT count(*) AS n FROM errand WHERE workspace = \(stage.workspace)")
    }

    @Test(arguments: EngineKind.tested) func manyShareACommitAndEachIsThere(_ kind: EngineKind) async throws {
        let plan = FaultPlan()
        try await CenterStage.run(kind, faults: plan) { stage in
            for round in 1...5 {
                plan.restart()
                let results = try await burst(stage, Self.manyMax, thenReads: true)
                let ids = try results.map { try $0.get() }
                #expect(Set(ids).count == Self.manyMax)
                #expect(try await errands(stage) == Int64(round * Self.manyMax))
                #expect(plan.commits < Self.manyMax)
                #expect((plan.flushes > 0) == (kind == .sqlite))
                // One flush does for several commits, never the other way round.
                #expect(plan.flushes <= plan.commits)
            }
        }
    }

    @Test(arguments: EngineKind.tested) func aFaultAmongManyTakesNobodyAlong(_ kind: EngineKind) async throws
    {
        let plan = FaultPlan()
        try await CenterStage.run(kind, faults: plan) { stage in
            var stored: Int64 = 0
            func tell(_ arm: (Int) -> Void, _ count: () -> Int) async throws -> Int {
                var faults = 0
                while faults < Self.faultsMax {
                    let results = try await burst(stage, Self.fewMax) { arm(faults + 1) }
                    let isThrough = count() < faults + 1
                    plan.restart()
                    for result in results {
                        switch result {
                        case .success: stored += 1
                        case .failure(let error): Issue.record("fault \(faults + 1): \(error)")
                        }
                    }
                    // Each is told again by itself, and the fault is past.
                    #expect(try await errands(stage) == stored)
                    if isThrough { break }
                    faults += 1
                    if faults % 10 == 0 { try await stage.audit("fault \(faults)") }
                }
                return faults
            }
            let statements = try await tell({ plan.restart(statement: $0) }, { plan.statements })
            let commits = try await tell({ plan.restart(commit: $0) }, { plan.commits })
            print("faults in bursts on \(kind): \(statements) statements, \(commits) commits")
            #expect(statements > 30 && commits >= 2)
            for commit in 1...2 {
                for result in try await burst(
                    stage, Self.fewMax, arm: { plan.restart(unknownCommit: commit) })
                {
                    _ = try result.get()
                    stored += 1
                }
                plan.restart()
                #expect(try await errands(stage) == stored)
            }
        }
    }

    @Test func aDiskThatRefusesAFlushEndsTheServer() async throws {
        let plan = FaultPlan()
        let (told, tell) = AsyncStream.makeStream(of: String.self)
        try await CenterStage.run(.sqlite, faults: plan, lost: { tell.yield($0) }) { stage in
            let before = try await burst(stage, Self.manyMax).map { try $0.get() }
            for result in try await burst(stage, Self.manyMax, arm: { plan.restart(flush: 1) }) {
                #expect(throws: Refusal.self) { _ = try result.get() }
            }
            #expect(plan.flushes == 1)
            for await why in told {
                #expect(why.contains("flush"))
                break
            }
            #expect(stage.floor.notReady != nil)
            // Nothing is stored, and nothing told of what may not be on the disk.
            await #expect(throws: Refusal.self) { try await stage.arrives() }
            await #expect(throws: Refusal.self) { try await errands(stage) }
            plan.restart()
            try await stage.restart()
            let ids = Set(try await stage.rows("SELECT id FROM errand").map { ErrandID($0.int("id")) })
            // What was answered is there; of what was not, none or one.
            #expect(ids.isSuperset(of: before))
            #expect(ids.count <= 2 * Self.manyMax)
            try await stage.arrives()
            #expect(try await errands(stage) == Int64(ids.count + 1))
        }
    }
}
