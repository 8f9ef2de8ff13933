// Commits that are flushed by somebody else: what is read of them is held back until they are on the disk.
import Foundation
import Synchronization
import TestStores
import Testing

@testable import Store

@Suite struct FlushTests {
    /// What happened, in order.
    private final class Story: Sendable {
        private let lines = Mutex<[String]>([])
        func tell(_ line: String) { lines.withLock { $0.append(line) } }
        var told: [String] { lines.withLock { $0 } }
    }

    @Test func whatASnapshotMayHaveSeenIsWaitedFor() {
        let gate = FlushGate()
        let story = Story()
        gate.pass { _ in story.tell("nothing pending") }
        let first = gate.announce()
        gate.pass { _ in story.tell("after the first") }
        let second = gate.announce()
        gate.pass { _ in story.tell("after the second") }
        #expect(story.told == ["nothing pending"])
        gate.flushed(first)
        #expect(story.told == ["nothing pending", "after the first"])
        let third = gate.announce()
        gate.pass { _ in story.tell("after the third, or without it") }
        gate.withdraw(third)
        #expect(story.told.count == 2)
        gate.flushed(second)
        #expect(story.told.dropFirst(2) == ["after the second", "after the third, or without it"])
    }

    @Test func aFlushCoversEarlierCommits() {
        let gate = FlushGate()
        let story = Story()
        _ = gate.announce()
        let second = gate.announce()
        gate.pass { _ in story.tell("both") }
        gate.flushed(second)
        #expect(story.told == ["both"])
    }

    @Test func nothingIsToldAfterAFlushThatFailed() {
        let gate = FlushGate()
        let story = Story()
        _ = gate.announce()
        gate.pass { story.tell("\($0?.name ?? "nil")") }
        gate.shut("the disk said no")
        gate.pass { story.tell("later \($0?.name ?? "nil")") }
        #expect(story.told == ["unavailable", "later unavailable"])
    }

    @Test func nobodyWaitsForEverForTheDisk() {
        let gate = FlushGate()
        let story = Story()
        let now = ContinuousClock.now
        let commit = gate.announce()
        for number in 1...FlushGate.waitingMax { gate.pass { story.tell("\(number) \($0?.name ?? "nil")") } }
        gate.pass { story.tell("one more \($0?.name ?? "nil")") }
        #expect(story.told == ["one more unavailable"])
        #expect(gate.sweep(at: now + .milliseconds(FlushGate.waitMaxMs)))
        #expect(story.told.count == 1)
        #expect(!gate.sweep(at: .now + .milliseconds(FlushGate.waitMaxMs + 1)))
        #expect(story.told.count == 1 + FlushGate.waitingMax)
        #expect(story.told.dropFirst().allSatisfy { $0.hasSuffix(" unavailable") })
        // There is room again, and the next are told when the disk is done.
        gate.pass { story.tell("later \($0?.name ?? "nil")") }
        gate.flushed(commit)
        #expect(story.told.last == "later nil")
    }

    @Test(arguments: EngineKind.tested) func readersHearOfItAfterTheFlush(_ kind: EngineKind) async throws {
        try await withDatabase(kind) { database in
            let store = try database.open()
            let gate = (store.engine as? SQLiteEngine)?.gate
            let writer = try store.engine.connect()
            try writer.make(itemTable)
            for id in 1...50 {
                let story = Story()
                try writer.beginUnflushed()
                try writer.execute("INSERT INTO item VALUES (\(id), \("x"))")
                let flush = try writer.commitUnflushed()
                #expect((flush == nil) == (kind == .postgres))
                let ended = DispatchSemaphore(value: 0)
                // A thread, since the tests beside this one may keep tasks from going on longer than a read may wait.
                Thread.detachNewThread {
                    while let gate, flush != nil, gate.held == 0, story.told.isEmpty { sched_yield() }
                    if let flush {
                        story.tell("flushed")
                        do { try flush.run() } catch { story.tell("\(error)") }
                    }
                    ended.signal()
                }
                // The commit is to be seen before it is durable; only telling waits.
                let count = try await store.read {
                    try $0.query("SELECT count(*) AS n FROM item")[0].int("n")
                }
                story.tell("told")
                #expect(count == Int64(id))
                await withCheckedContinuation { done in
                    Thread.detachNewThread {
                        ended.wait()
                        done.resume()
                    }
                }
                #expect(story.told == (kind == .sqlite ? ["flushed", "told"] : ["told"]))
            }
            writer.close()
            await store.engine.shutdown()
        }
    }

    @Test func onlyTheCommitThatIsFlushedLaterDoesNotWait() async throws {
        try await withConnection(.sqlite) { connection, _ in
            func level() throws -> Int64 { try connection.query("PRAGMA synchronous")[0].int("synchronous") }
            try connection.make(itemTable)
            try connection.beginUnflushed()
            #expect(try level() == 1)
            try connection.execute("INSERT INTO item VALUES (\(1), \("x"))")
            let flush = try #require(try connection.commitUnflushed())
            #expect(try level() == 2)
            try flush.run()
            try connection.beginUnflushed()
            try connection.execute("INSERT INTO item VALUES (\(2), \("x"))")
            connection.rollback()
            #expect(try level() == 2)
            try connection.beginUnflushed()
            try connection.execute("INSERT INTO item VALUES (\(2), \("x"))")
            expectError("constraint") { try connection.execute("INSERT INTO item VALUES (\(1), \("x"))") }
            connection.rollback()
            #expect(try level() == 2)
            #expect(try connection.count("item") == 1)
        }
    }

    @Test func theLogIsLongerThanWhatItHolds() async throws {
        try await withConnection(.sqlite) { connection, database in
            guard case .sqlite(let path) = database.location else { return }
            try connection.make(itemTable)
            func length() throws -> Int {
                try FileManager.default.attributesOfItem(atPath: path + "-wal")[.size] as? Int ?? 0
            }
            var lengths: Set<Int> = []
            func add(_ ids: ClosedRange<Int64>) throws {
                for id in ids {
                    try connection.beginUnflushed()
                    try connection.execute("INSERT INTO item VALUES (\(id), \("x"))")
                    try connection.commitUnflushed()?.run()
                    lengths.insert(try length())
                }
            }
            try add(1...200)
            #expect(lengths.count < 10, "\(lengths)")
            // What a power failure leaves: the zeros behind the last commit are the log's end.
            for end in ["", "-wal"] {
                try FileManager.default.copyItem(atPath: path + end, toPath: path + ".copy" + end)
            }
            let copy = try SQLiteConnection(path: path + ".copy", for: .reading)
            #expect(try copy.query("SELECT count(*) AS n FROM item")[0].int("n") == 200)
            copy.close()
            // Emptied, it is begun anew and has its room again.
            #expect(try connection.query("PRAGMA wal_checkpoint(TRUNCATE)")[0].int("busy") == 0)
            #expect(try length() == 0)
            lengths = []
            try add(201...300)
            #expect(lengths.count < 10, "\(lengths)")
            #expect(try connection.count("item") == 300)
            #expect(try connection.query("PRAGMA integrity_check")[0].text("integrity_check") == "ok")
        }
    }

    @Test func aFlushCanFailOnDemand() async throws {
        try await withDatabase(.sqlite) { database in
            let plan = FaultPlan()
            let store = Store(engine: FaultEngine(try database.open().engine, plan: plan))
            let connection = try store.engine.connect()
            try connection.make(itemTable)
            plan.restart(flush: 2)
            for id in 1...2 {
                try connection.beginUnflushed()
                try connection.execute("INSERT INTO item VALUES (\(id), \("x"))")
                let flush = try #require(try connection.commitUnflushed())
                if id == 1 {
                    try flush.run()
                } else {
                    expectError("injected") { try flush.run() }
                    flush.abandon("the disk said no")
                }
            }
            #expect(plan.flushes == 2)
            await #expect(throws: StoreError.unavailable("the disk said no")) {
                try await store.read { try $0.query("SELECT count(*) AS n FROM item")[0].int("n") }
            }
            connection.close()
            await store.engine.shutdown()
        }
    }
}
