// The journal of the routers' inputs: what it holds plays again, over restarts and faults, and a change is found.

import Routing
import Store
import TestStores
import Testing

@testable import Center

private let dayS: Int64 = 24 * 3_600

@Suite struct ReplayTests {
    @Test(arguments: EngineKind.tested)
    func `a day's work plays again, over restarts`(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind) { stage in
            try await stage.work()
            try await stage.restart(afterS: 90)
            try await stage.work()
            try await stage.restart(afterS: 5)
            try await stage.work()
            let all = try await stage.replays()
            #expect(all.skipped == 0)
            let rows = try await stage.count("SELECT COUNT(*) AS n FROM router_input")
            #expect(all.batches == rows)
            #expect(all.snapshots == 3, "one at the begin, and one for each start")
            #expect(all.inputs > all.batches / 2)
            let last = try await stage.replay()
            #expect(last.snapshots == 1)
            #expect(last.batches < all.batches)
            let byName = try await Replay.run(stage.floor.store, workspace: "north")
            #expect(byName == [last])
            await #expect(throws: Refusal.self) {
                try await Replay.run(stage.floor.store, workspace: "south")
            }
        }
    }

    @Test(arguments: EngineKind.tested)
    func `a router at work is written down each day`(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind) { stage in
            for _ in 1...4 {
                try await stage.work()
                stage.clock.pass(s: dayS / 2 + 60)
            }
            try await stage.work()
            let live = try await stage.count(
                "SELECT COUNT(*) AS n FROM router_snapshot WHERE clock IS NOT NULL")
            #expect(live == 2)
            let report = try await stage.replay()
            #expect(report.difference == nil)
            #expect(report.batches > 0)
            #expect(report.skipped == 0)
        }
    }

    @Test(arguments: EngineKind.tested)
    func `a batch that failed leaves no row, and the router made anew is written down`(_ kind: EngineKind)
        async throws
    {
        let plan = FaultPlan()
        try await CenterStage.run(kind, faults: plan) { stage in
            try await stage.work()
            let made: SQL = "SELECT COUNT(*) AS n FROM router_snapshot WHERE clock IS NULL"
            let lives = try await stage.count(made)
            stage.clock.pass(s: 120)
            plan.restart(commit: 1)
            await #expect(throws: (any Error).self) { try await stage.arrives("support") }
            plan.restart()
            try await stage.arrives("support")
            let later = try await stage.count(made)
            #expect(later == lives + 1)
            let report = try await stage.replays()
            #expect(report.skipped == 0)

            // Again at once: put off, so that failing batches do not fill the disk with snapshots.
            plan.restart(commit: 1)
            await #expect(throws: (any Error).self) { try await stage.arrives("support") }
            plan.restart()
            try await stage.arrives("support")
            let skipping = try await stage.replays()
            #expect(skipping.skipped > 0)
            stage.clock.pass(ms: RouterSnapshots.gapMinMs)
            try await stage.arrives("support")
            try await stage.arrives("support")
            let caughtUp = try await stage.replays()
            #expect(caughtUp.batches > skipping.batches)
        }
    }

    @Test(arguments: EngineKind.tested)
    func `a row that was changed, or is gone, is found`(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind) { stage in
            try await stage.work()
            let rows = try await stage.rows("SELECT * FROM router_input ORDER BY batch")
            let row = try #require(rows.dropFirst(3).first)
            let batch = row.int("batch")
            func write(_ column: String, _ bytes: [UInt8]) async throws {
                let workspace = stage.workspace
                try await stage.look {
                    try $0.execute(
                        """
                        UPDATE router_input SET \(sql: SQL(name: column)) = \(bytes)
                        WHERE workspace = \(workspace) AND batch = \(batch)
                        """)
                }
            }
            func differs(_ column: String, _ bytes: [UInt8]) async throws -> String? {
                try await write(column, bytes)
                let found = try await Replay.run(stage.floor.store, fromMs: 0).first?.difference
                try await write(column, row.blob(column))
                return found
            }
            var inputs = row.blob("inputs")
            inputs[inputs.count - 1] ^= 1
            #expect(try await differs("inputs", inputs) == "batch \(batch): its row is not as it was written")
            var digests = row.blob("digests")
            digests[17] ^= 1
            let said = try #require(try await differs("digests", digests))
            #expect(said.hasPrefix("batch \(batch): input 1, at "))
            #expect(said.contains("gave other outputs"))
            try await stage.replays()

            let workspace = stage.workspace
            try await stage.look {
                try $0.execute("DELETE FROM router_input WHERE workspace = \(workspace) AND batch = \(batch)")
            }
            let gone = try await Replay.run(stage.floor.store, fromMs: 0).first?.difference
            #expect(gone == "batch \(batch) is missing")
            let inputsBefore = row.blob("inputs")
            let digestsBefore = row.blob("digests")
            try await stage.look {
                try $0.execute(
                    """
                    INSERT INTO router_input (workspace, batch, at, life, version, inputs, digests)
                    VALUES (\(workspace), \(batch), \(row.int("at")), \(row.int("life")), \(row.int("version")),
                        \(inputsBefore), \(digestsBefore))
                    """)
            }

            try await stage.look {
                try $0.execute("UPDATE router_snapshot_chunk SET bytes = \([1, 2, 3] as [UInt8])")
            }
            let snapshot = try await Replay.run(stage.floor.store, fromMs: 0).first?.difference
            #expect(snapshot == "the snapshot at batch 0 is not as it was written")
            try await stage.look { try $0.execute("DELETE FROM router_snapshot") }
            try await stage.look { try $0.execute("DELETE FROM router_snapshot_chunk") }
        }
    }

    @Test(arguments: EngineKind.tested)
    func `another version's inputs are not played`(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind) { stage in
            try await stage.work()
            let former = try await stage.count("SELECT COUNT(*) AS n FROM router_input")
            try await stage.look { try $0.execute("UPDATE router_input SET version = 0") }
            try await stage.look { try $0.execute("UPDATE router_snapshot SET version = 0") }
            let none = try await stage.replays()
            #expect(none.batches == 0)
            #expect(none.skipped == former)
            try await stage.restart(afterS: 1)
            try await stage.work()
            let own = try await stage.replays()
            #expect(own.batches > 0)
            #expect(own.skipped == 0)
        }
    }

    @Test(arguments: EngineKind.tested)
    func `the journal is trimmed, and what is left plays again`(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind) { stage in
            for _ in 1...6 {
                try await stage.work()
                stage.clock.pass(s: 4 * dayS)
            }
            let before = try await stage.count("SELECT COUNT(*) AS n FROM router_input")
            try await stage.floor.trimRouterInputs()
            let after = try await stage.count("SELECT COUNT(*) AS n FROM router_input")
            #expect(after > 0 && after < before)
            let old = stage.clock.now - TrimLimits.routerInputsMs
            #expect(
                try await stage.count("SELECT COUNT(*) AS n FROM router_snapshot WHERE at <= \(old)") == 0)
            let report = try await stage.replays()
            #expect(report.batches > 0 && report.skipped == 0)

            // However old: the newest snapshot and what follows it stay, so that batches are counted on.
            stage.clock.pass(s: 100 * dayS)
            let last = try await stage.count("SELECT MAX(batch) AS n FROM router_input")
            try await stage.floor.trimRouterInputs()
            #expect(try await stage.count("SELECT COUNT(*) AS n FROM router_snapshot") >= 1)
            try await stage.restart()
            try await stage.arrives("support")
            #expect(try await stage.count("SELECT MAX(batch) AS n FROM router_input") > last)
            try await stage.replays()
        }
    }

    @Test(arguments: EngineKind.tested)
    func `a large router is written beside the writer, in several rows`(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind) { stage in
            var router = Router()
            _ = router.apply(.setQueue(QueueID(1), QueueSettings()), at: Instant(ms: 1))
            for number in 1...RouterSnapshot.smallItemsMax * 20 {
                _ = router.apply(
                    .arrive(
                        WorkItemID(1 << 40 + Int64(number)), queue: QueueID(1), channel: .errand,
                        priority: nil,
                        creditMs: 0, requiredSkills: [], desiredSkills: []), at: Instant(ms: 1 << 40))
            }
            let snapshot = RouterSnapshot(
                workspace: stage.workspace, batch: 1_000, at: Instant(ms: stage.clock.now),
                source: .live(router), isSmall: false)
            let coded = snapshot.coded()
            #expect(coded.chunks.count > 1)
            try await stage.look { work in
                for (n, chunk) in coded.chunks.enumerated() { try snapshot.store(chunk, n, work.execute) }
                try snapshot.finish(coded, work.execute)
            }
            let report = try #require(try await Replay.run(stage.floor.store).first)
            #expect(report.difference == nil && report.snapshots == 1)
            let bytes = try await stage.rows(
                "SELECT bytes FROM router_snapshot_chunk WHERE batch = 1000 ORDER BY n"
            ).flatMap { $0.blob("bytes") }
            #expect(try Snapshot(coded: bytes) == router.snapshot())
            try await stage.look { work in
                try RouterSnapshot.forget(work.workspace, 1_000, work.execute)
            }
        }
    }
}

extension CenterStage {
    fileprivate func replay() async throws -> ReplayReport {
        try #require(try await Replay.run(floor.store).first)
    }

    /// Some work of every kind: offers taken, declined and unanswered, wrap-up, and errands that stay.
    fileprivate func work() async throws {
        try await ready("ana", "bo", "cy")
        for token in ["support", "german", "sales", "support"] { try await arrives(token) }
        if let offer = try await offer(to: "cy") {
            try await floor.declineOffer(offer.id, epoch: offer.epoch, by: try by("cy"))
        }
        if let errand = try await accepts("ana") {
            let view = try await floor.errand(errand, for: agent("ana"), in: workspace)
            try await floor.closeErrand(errand, version: view.errand.version, by: by("ana"))
        }
        clock.pass(s: 41)
        _ = try await record("ana")
        try await accepts("bo")
        clock.pass(s: 21)
        _ = try await record("bo")
    }
}
