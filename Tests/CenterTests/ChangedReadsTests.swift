// Changed errands whose reports are asked for at once are read together, and each is told for itself.

import Routing
import Store
import Synchronization
import TestStores
import Testing

@testable import Center

@Suite struct ChangedReadsTests {
    private static let errandsMax = 40
    private static let faultsMax = 60

    /// Reads each of them at once, and those that are not there; how often each was told as changed.
    private func readsAtOnce(
        _ errands: [ErrandID], _ stage: CenterStage, times: Int = 1
    ) async throws -> [ErrandID: Int] {
        let (floor, reader) = (stage.floor, stage.operatorHere)
        return try await withThrowingTaskGroup(of: (ErrandID, Bool).self) { tasks in
            for errand in errands {
                for _ in 0..<times {
                    tasks.addTask {
                        let report = try await floor.errandReport(errand, by: reader)
                        #expect(report.errand.id == errand && report.actions.first?.kind == .arrived)
                        return (errand, report.isChanged)
                    }
                }
            }
            return try await tasks.reduce(into: [:]) { $0[$1.0, default: 0] += $1.1 ? 1 : 0 }
        }
    }

    private func arrive(_ count: Int, _ stage: CenterStage) async throws -> [ErrandID] {
        var errands: [ErrandID] = []
        for index in 0..<count {
            errands.append(try await stage.arrives("support", from: "p\(index)@example.com"))
        }
        // Who reads reports has read the list before.
        #expect(try await stage.floor.changedErrands(in: stage.workspace).suffix(count) == errands)
        return errands
    }

    @Test(arguments: EngineKind.tested)
    func `each is told as changed once, and leaves the list`(_ kind: EngineKind) async throws {
        let plan = FaultPlan()
        try await CenterStage.run(kind, faults: plan) { stage in
            let errands = try await arrive(Self.errandsMax, stage)
            stage.floor.caches.listed.note(errands + [ErrandID(9_999)], in: stage.workspace)
            plan.restart()
            let (floor, reader) = (stage.floor, stage.operatorHere)
            async let missing = thrown { _ = try await floor.errandReport(ErrandID(9_999), by: reader) }
            let told = try await readsAtOnce(errands, stage, times: 2)
            #expect(await missing as? Refusal == .notFound("There is no errand 9999 here."))
            for errand in errands {
                // Where they are read beside the writer, both may be told.
                #expect(kind == .sqlite ? told[errand] == 1 : [1, 2].contains(told[errand]), "\(errand)")
            }
            if kind == .sqlite { #expect(plan.commits < Self.errandsMax, "several share a verb") }
            #expect(try await stage.floor.changedErrands(in: stage.workspace) == [])
            #expect(try await readsAtOnce(errands, stage).values.allSatisfy { $0 == 0 })
        }
    }

    @Test(arguments: EngineKind.tested)
    func `a fault among them leaves nobody waiting and nothing lost`(_ kind: EngineKind) async throws {
        let plan = FaultPlan()
        try await CenterStage.run(kind, faults: plan) { stage in
            let errands = try await arrive(8, stage)
            func tell(_ arm: (Int) -> Void, _ count: () -> Int) async throws -> Int {
                for fault in 1...Self.faultsMax {
                    try await stage.floor.markChanged(errands, by: stage.operatorHere)
                    arm(fault)
                    // Whether it fails or not, everybody is told.
                    _ = await thrown { _ = try await readsAtOnce(errands, stage) }
                    let isThrough = count() < fault
                    plan.restart()
                    // Told or still on the list.
                    _ = try await readsAtOnce(errands, stage)
                    #expect(try await stage.floor.changedErrands(in: stage.workspace) == [], "fault \(fault)")
                    if isThrough { return fault - 1 }
                }
                return Self.faultsMax
            }
            let statements = try await tell({ plan.restart(statement: $0) }, { plan.statements })
            let commits = try await tell({ plan.restart(commit: $0) }, { plan.commits })
            print("faults in reports read together on \(kind): \(statements) statements, \(commits) commits")
            #expect(statements >= 5 && commits >= 1)
        }
    }

    @Test func `a group takes so many, each once, until it is closed`() {
        let reads = ChangedReads()
        let (north, south) = (WorkspaceID(1), WorkspaceID(2))
        func ask(_ id: Int64, _ workspace: WorkspaceID) -> ChangedReads.Group? {
            reads.ask(.init(id: ErrandID(id), take: { _ in }, answer: { _ in }), in: workspace)
        }
        func close(_ group: ChangedReads.Group?, _ workspace: WorkspaceID) -> [Int64]? {
            group.map { reads.close($0, workspace).map(\.id.raw) }
        }
        let most = Int64(ChangedReads.togetherMax)
        let first = ask(1, north)
        #expect(first != nil)
        for id in 2...most { #expect(ask(id, north) == nil) }
        let second = ask(most + 1, north)
        #expect(second != nil, "the first is full")
        let other = ask(1, south)
        #expect(other != nil, "workspaces are apart")
        #expect(ask(most + 2, north) == nil)
        #expect(close(first, north) == Array(1...most))
        #expect(ask(most + 3, north) == nil, "the second still waits")
        let third = ask(most + 1, north)
        #expect(third != nil, "who reads an errand once more is in another")
        #expect(close(second, north) == [most + 1, most + 2, most + 3])
        #expect(close(second, north) == [most + 1, most + 2, most + 3], "a verb may run again")
        #expect(close(third, north) == [most + 1])
        #expect(ask(5, north) != nil)
        #expect(close(other, south) == [1])
    }
}
