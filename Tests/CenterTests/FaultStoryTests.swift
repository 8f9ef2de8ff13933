// A fault at every statement and every commit of every verb: told, without effect, and the invariants hold.

import Foundation
import Routing
import Store
import TestStores
import Testing

@testable import Center

@Suite struct FaultStoryTests {
    /// More than any step has: a step that never gets through is broken.
    static let faultsMax = 2_000
    static let auditEvery = 5

    @Test(arguments: EngineKind.tested)
    func `a fault at any statement of any verb leaves nothing behind`(_ kind: EngineKind) async throws {
        let faults = try await tell(on: kind) {
            $0.restart(statement: $1)
        } count: {
            $0.statements
        }
        print("faults at statements on \(kind): \(faults) in \(Story().steps.count) steps")
        #expect(faults > 300)
    }

    @Test(arguments: EngineKind.tested)
    func `a fault at any commit of any verb leaves nothing behind`(_ kind: EngineKind) async throws {
        let faults = try await tell(on: kind) {
            $0.restart(commit: $1)
        } count: {
            $0.commits
        }
        print("faults at commits on \(kind): \(faults) in \(Story().steps.count) steps")
        #expect(faults > 30)
    }

    /// Tells each step of the story with its first, second, third … statement or commit failing, until it
    /// gets through; the number of faults.
    private func tell(
        on kind: EngineKind, _ arm: (FaultPlan, Int) -> Void, count: (FaultPlan) -> Int
    ) async throws -> Int {
        let plan = FaultPlan()
        var faults = 0
        try await CenterStage.run(kind, faults: plan, file: Story.file) { stage in
            for step in Story().steps {
                var number = 0
                var isThrough = false
                while !isThrough {
                    number += 1
                    try #require(number < Self.faultsMax, "\(step.name) never gets through")
                    arm(plan, number)
                    do {
                        try await step.run(stage)
                        // A fault may hit what is told again by itself, such as a tick or a desk.
                        isThrough = count(plan) < number
                        if !isThrough { faults += 1 }
                    } catch  where Self.isInjected(error) {
                        faults += 1
                    } catch {
                        Issue.record("\(step.name), fault \(number): \(error)")
                        return
                    }
                    plan.restart()
                    // What a fault leaves behind stays: looking now and then finds it.
                    if isThrough || number % Self.auditEvery == 0 {
                        try await stage.audit("\(step.name), fault \(number)")
                    }
                }
            }
        }
        return faults
    }

    @Test(arguments: EngineKind.tested, 1...3)
    func `a commit whose answer is lost happened once`(_ kind: EngineKind, commit: Int) async throws {
        let plan = FaultPlan()
        try await CenterStage.run(kind, faults: plan, file: Story.file) { stage in
            for step in Story().steps {
                plan.restart(unknownCommit: commit)
                do {
                    try await step.run(stage)
                } catch {
                    Issue.record("\(step.name): \(error)")
                    return
                }
                plan.restart()
                try await stage.audit("\(step.name), answer \(commit) lost")
            }
        }
    }

    /// Faults surface as themselves; a verb that swallows them has a step that tells.
    private static func isInjected(_ error: any Error) -> Bool {
        if error is StoryHitch { return true }
        if case .injected? = error as? StoreError { return true }
        return false
    }
}
