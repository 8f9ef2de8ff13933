// The schema's steps: applied once, never edited, never on another program's database.
import Store
import TestStores
import Testing

@Suite struct MigratorTests {
    static let first = Migration(
        number: 1, name: "item",
        script: [
            "CREATE TABLE item (id INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL)",
            "CREATE INDEX item_name ON item (name)",
            "sqlite: CREATE TABLE only_sqlite (a INTEGER) STRICT",
            "postgres: CREATE TABLE only_postgres (a INTEGER)",
        ])
    static let second = Migration(number: 2, name: "note", script: ["ALTER TABLE item ADD COLUMN note TEXT"])

    @Test(arguments: EngineKind.tested) func stepsAreAppliedOnce(_ kind: EngineKind) async throws {
        try await withConnection(kind) { connection, database in
            try Migrator.migrate(connection, [Self.first], now: 1000)
            try Migrator.migrate(connection, [Self.first], now: 2000)
            try connection.execute("INSERT INTO item (id, name) VALUES (\(1), \("a"))")
            try Migrator.migrate(connection, [Self.first, Self.second], now: 3000)
            #expect(try connection.query("SELECT note FROM item")[0].textOrNil("note") == nil)
            #expect(try connection.count(kind == .sqlite ? "only_sqlite" : "only_postgres") == 0)
            let rows = try connection.query(
                "SELECT number, name, applied_at FROM schema_migration ORDER BY number")
            #expect(
                rows.map { $0.int("number") } == [1, 2] && rows.map { $0.int("applied_at") } == [1000, 3000])
            #expect(try Migrator.check(connection, [Self.first, Self.second]) == 2)
            // And from another process's point of view.
            let other = try database.open().engine.connect()
            try Migrator.migrate(other, [Self.first, Self.second], now: 4000)
            #expect(try other.count("schema_migration") == 2)
        }
    }

    @Test(arguments: EngineKind.tested) func anOlderServerRefuses(_ kind: EngineKind) async throws {
        try await withConnection(kind) { connection, _ in
            try Migrator.migrate(connection, [Self.first, Self.second], now: 1)
            #expect(throws: MigrationError.newer(found: 2, known: 1)) {
                try Migrator.migrate(connection, [Self.first], now: 2)
            }
        }
    }

    @Test(arguments: EngineKind.tested) func anEditedStepIsRefused(_ kind: EngineKind) async throws {
        try await withConnection(kind) { connection, _ in
            try Migrator.migrate(connection, [Self.first], now: 1)
            let edited = Migration(number: 1, name: "item", script: Self.first.script.dropLast())
            #expect(throws: MigrationError.changed(number: 1, name: "item")) {
                try Migrator.migrate(connection, [edited, Self.second], now: 2)
            }
            #expect(try connection.count("schema_migration") == 1)
        }
    }

    @Test(arguments: EngineKind.tested) func aGapIsRefused(_ kind: EngineKind) async throws {
        try await withConnection(kind) { connection, _ in
            #expect(throws: MigrationError.misnumbered(expected: 1, found: 2)) {
                try Migrator.migrate(connection, [Self.second], now: 1)
            }
        }
    }

    @Test(arguments: EngineKind.tested) func aFailingStepLeavesNothing(_ kind: EngineKind) async throws {
        try await withConnection(kind) { connection, _ in
            let broken = Migration(
                number: 2, name: "broken",
                script: ["CREATE TABLE half (a INTEGER)", "CREATE TABLE half (a INTEGER)"])
            try Migrator.migrate(connection, [], now: 1)
            var said = ""
            do {
                try Migrator.migrate(connection, [Self.first, broken], now: 1)
            } catch let error as MigrationError {
                said = error.description
            }
            #expect(said.hasPrefix("Migration 2 (broken) of the database failed and was undone: "))
            #expect(said.contains("half") && !said.contains(where: \.isNewline))
            #expect(try connection.count("schema_migration") == 1)
            expectError("statement") { _ = try connection.count("half") }
        }
    }

    @Test(arguments: EngineKind.tested) func anotherProgramsDatabaseIsLeftAlone(_ kind: EngineKind)
        async throws
    {
        try await withDatabase(kind) { database in
            switch database.location {
            case .sqlite(let path):
                try makeForeignFile(at: path)
                #expect(throws: MigrationError.foreign(table: "theirs")) { try database.open() }
                #expect(try journalMode(ofFileAt: path) == "delete")
            case .postgres:
                let connection = try database.open().engine.connect()
                try connection.executeNow("CREATE TABLE theirs (a INTEGER)")
                #expect(throws: MigrationError.foreign(table: "theirs")) {
                    try Migrator.migrate(connection, [Self.first], now: 1)
                }
                let tables = try connection.query(
                    "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'")
                #expect(tables.map { $0.text("name") } == ["theirs"])
            }
        }
    }

    @Test(arguments: EngineKind.tested) func severalProcessesMayStartAtOnce(_ kind: EngineKind) async throws {
        try await withDatabase(kind) { database in
            let store = try database.open()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for now in 0..<4 {
                    group.addTask {
                        let connection = try store.engine.connect()
                        defer { connection.close() }
                        try Migrator.migrate(connection, [Self.first, Self.second], now: Int64(now))
                    }
                }
                try await group.waitForAll()
            }
            #expect(try store.engine.connect().count("schema_migration") == 2)
        }
    }
}
