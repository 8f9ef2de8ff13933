// SQLite's log is copied into the file beside the writer, and begins anew.
import Foundation
import TestStores
import Testing

@testable import Store

@Suite struct CheckpointerTests {
    /// How often the log was begun, from its own header. Source: SQLite's file format §4.1.
    private func beginnings(_ database: TestDatabase) throws -> UInt32 {
        let log = try #require(FileHandle(forReadingAtPath: path(database) + "-wal"))
        defer { try? log.close() }
        let header = try #require(try log.read(upToCount: 16))
        return header.suffix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }

    private func path(_ database: TestDatabase) -> String {
        guard case .sqlite(let path) = database.location else { return "" }
        return path
    }

    private func size(_ database: TestDatabase) throws -> Int {
        try FileManager.default.attributesOfItem(atPath: path(database))[.size] as? Int ?? 0
    }

    @Test func aLongLogBeginsAnew() async throws {
        try await withConnection(.sqlite) { connection, database in
            try connection.make("CREATE TABLE blob (id INTEGER NOT NULL PRIMARY KEY, bytes BLOB NOT NULL)")
            let first = try beginnings(database)
            // A MiB each, 256 pages: more than the log may hold before it is copied.
            let filling = [UInt8](repeating: 7, count: 1 << 20)
            var id = 0
            func add(_ bytes: [UInt8]) throws {
                id += 1
                try connection.transaction {
                    try connection.execute("INSERT INTO blob VALUES (\(id), \(bytes))")
                }
            }
            while id < 2 * Checkpointer.startPages / 256 { try add(filling) }
            // The copy goes on beside the writer; a commit after it takes the rest, the next begins anew.
            while id < 100_000, try beginnings(database) == first { try add([1]) }
            let last = try beginnings(database)
            #expect(last > first)
            #expect(try connection.count("blob") == Int64(id))
            #expect(try size(database) > 32 << 20)
        }
    }

    @Test func theWriterCopiesOnlyTheRest() async throws {
        try await withConnection(.sqlite) { connection, database in
            try connection.make("CREATE TABLE blob (id INTEGER NOT NULL PRIMARY KEY, bytes BLOB NOT NULL)")
            try connection.execute("INSERT INTO blob VALUES (1, \([UInt8](repeating: 7, count: 1 << 20)))")
            let before = try size(database)
            let checkpointer = Checkpointer(path: path(database))
            var rests = 0
            checkpointer.committed(logPages: Checkpointer.startPages - 1) { rests += 1 }
            checkpointer.stop()
            let untouched = try size(database)
            checkpointer.committed(logPages: Checkpointer.startPages) { rests += 1 }
            checkpointer.stop()
            let after = try size(database)
            #expect(untouched == before && after > before + 1 << 20)
            #expect(rests == 0)
            checkpointer.committed(logPages: Checkpointer.startPages) { rests += 1 }
            #expect(rests == 1)
            checkpointer.stop()
        }
    }

    @Test func boundTextsAndBlobsOfEverySizeComeBack() async throws {
        try await withConnection(.sqlite) { connection, _ in
            let texts = [
                "", "a", "a\0b\0", String(repeating: "\0", count: 10_000),
                String(repeating: "é", count: 300_000),
            ]
            for text in texts {
                let bytes = Array(text.utf8)
                let row = try connection.query("SELECT \(text) AS a, \(bytes) AS b, \("end") AS c")[0]
                #expect(row.text("a") == text.replacingOccurrences(of: "\0", with: "\u{FFFD}"))
                #expect(row.blob("b") == bytes && row.text("c") == "end")
            }
        }
    }
}
