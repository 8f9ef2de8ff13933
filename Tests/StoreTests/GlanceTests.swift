// What is looked up on the caller's own thread: at once or not at all.
import TestStores
import Testing

@testable import Store

@Suite struct GlanceTests {
    @Test(arguments: EngineKind.tested)
    func `a glance sees what is committed where the database is embedded, and nothing over a network`(
        _ kind: EngineKind
    ) async throws {
        try await withDatabase(kind) { database in
            let store = try database.open()
            let writer = try store.engine.connect()
            try writer.make(itemTable)
            func count() throws -> Int64? {
                try store.engine.glance { try $0.query("SELECT COUNT(*) AS n FROM item")[0].int("n") }
            }
            #expect(try count() == nil, "no reader is connected yet")
            _ = try await store.read { try $0.query("SELECT COUNT(*) AS n FROM item") }
            #expect(try count() == (kind == .sqlite ? 0 : nil))
            try writer.execute("INSERT INTO item VALUES (\(1), \("x"))")
            #expect(try count() == (kind == .sqlite ? 1 : nil))
            let wrong = storeError {
                _ = try store.engine.glance { try $0.query("SELECT nothing FROM item") }
            }
            #expect(wrong?.name == (kind == .sqlite ? "statement" : nil))
            #expect(try count() == (kind == .sqlite ? 1 : nil), "the reader is given back")
            writer.close()
            await store.engine.shutdown()
            #expect(try count() == nil)
        }
    }
}
