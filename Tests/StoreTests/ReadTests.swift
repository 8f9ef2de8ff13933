// Snapshot reads: consistent, in parallel, bounded.
import Foundation
import Store
import Synchronization
import TestStores
import Testing

@Suite struct ReadTests {
    @Test(arguments: EngineKind.tested) func readsRunBesideAWriter(_ kind: EngineKind) async throws {
        try await withDatabase(kind) { database in
            let store = try database.open()
            let writer = try store.engine.connect()
            try writer.make(itemTable)
            try writer.begin()
            for id in 0..<100 { try writer.execute("INSERT INTO item VALUES (\(id), \("x"))") }
            // Not committed yet: nobody sees it, nobody waits.
            #expect(try await store.read { try $0.query("SELECT count(*) AS n FROM item")[0].int("n") } == 0)
            try writer.commit()
            let sums = try await withThrowingTaskGroup(of: Int64.self) { group in
                for id in 0..<200 {
                    group.addTask {
                        try await store.read { reading in
                            let rows = try reading.fetch([
                                "SELECT count(*) AS n FROM item", "SELECT id FROM item WHERE id = \(id)",
                            ])
                            return rows[0][0].int("n") + Int64(rows[1].count)
                        }
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(sums.filter { $0 == 101 }.count == 100 && sums.filter { $0 == 100 }.count == 100)
            writer.close()
            await store.engine.shutdown()
        }
    }

    @Test(arguments: EngineKind.tested) func aSnapshotStaysTheSame(_ kind: EngineKind) async throws {
        try await withDatabase(kind) { database in
            let store = try database.open()
            try store.engine.connect().make(itemTable)
            let counts = try await store.read { reading in
                let first = try reading.query("SELECT count(*) AS n FROM item")[0].int("n")
                let writer = try store.engine.connect()
                try writer.transaction { try writer.execute("INSERT INTO item VALUES (\(1), \("x"))") }
                writer.close()
                return [first, try reading.query("SELECT count(*) AS n FROM item")[0].int("n")]
            }
            #expect(counts == [0, 0])
            #expect(try await store.read { try $0.query("SELECT count(*) AS n FROM item")[0].int("n") } == 1)
            await store.engine.shutdown()
        }
    }

    @Test(arguments: EngineKind.tested) func aReadMayNotWrite(_ kind: EngineKind) async throws {
        try await withDatabase(kind) { database in
            let store = try database.open()
            try store.engine.connect().make(itemTable)
            await #expect(throws: StoreError.self) {
                try await store.read { _ = try $0.query("INSERT INTO item VALUES (1, 'x') RETURNING id") }
            }
            #expect(try await store.read { try $0.query("SELECT count(*) AS n FROM item")[0].int("n") } == 0)
            await store.engine.shutdown()
        }
    }

    @Test(arguments: EngineKind.tested) func theWaitingLineIsBounded(_ kind: EngineKind) async throws {
        try await withDatabase(kind) { database in
            let store = try database.open()
            let gate = Gate()
            let outcomes = await withTaskGroup(of: String.self) { group in
                for _ in 0..<1100 {
                    group.addTask {
                        do {
                            return try await store.read { reading in
                                gate.arrive()
                                return try reading.query("SELECT 'read' AS what")[0].text("what")
                            }
                        } catch {
                            gate.refuse()
                            return (error as? StoreError)?.name ?? "\(error)"
                        }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            // 4 run, 1,024 wait; the others are refused at once.
            #expect(outcomes.filter { $0 == "read" }.count == 1028)
            #expect(outcomes.filter { $0 == "unavailable" }.count == 72)
            await store.engine.shutdown()
            let late = await #expect(throws: StoreError.self) {
                try await store.read { _ = try $0.query("SELECT 1 AS one") }
            }
            #expect(late?.name == "unavailable")
        }
    }
}

/// Holds the reads under way until the refusals have come.
private final class Gate: Sendable {
    private let refused = Atomic(0)

    func refuse() { refused.add(1, ordering: .sequentiallyConsistent) }

    func arrive() {
        while refused.load(ordering: .sequentiallyConsistent) < 72 { usleep(1000) }
    }
}
