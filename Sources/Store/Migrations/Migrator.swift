// Brings a database's schema up to this version, one transaction a migration.

/// Applies migrations that are append-only, numbered without gaps, and never edited.
public enum Migrator {
    static let bootstrap = [
        """
        CREATE TABLE schema_migration (
            number INTEGER NOT NULL PRIMARY KEY,
            name TEXT NOT NULL,
            checksum TEXT NOT NULL,
            applied_at INTEGER NOT NULL)
        """,
        """
        CREATE TABLE owner (
            scope TEXT NOT NULL PRIMARY KEY,
            epoch INTEGER NOT NULL,
            batch INTEGER NOT NULL,
            at INTEGER NOT NULL) CLUSTERED
        """,
    ]
    private static let lockKey = Int64(bitPattern: StableHash.of("switchboard schema_migration"))

    /// Applies what is missing; safe to run from several processes at once.
    /// - Parameter now: milliseconds since 1970, kept beside each migration.
    /// - Throws: `MigrationError`, before anything is touched unless a step failed; `StoreError`.
    public static func migrate(_ connection: any Connection, _ migrations: [Migration], now: Int64) throws {
        for (index, migration) in migrations.enumerated() where migration.number != index + 1 {
            throw MigrationError.misnumbered(expected: index + 1, found: migration.number)
        }
        var step = try apply(nil, migrations, on: connection, now: now)
        while step < migrations.count {
            step = try apply(migrations[step], migrations, on: connection, now: now)
        }
    }

    /// The number of the last migration applied, 0 for an empty database, after the same checks.
    public static func check(_ reading: any Reading, _ migrations: [Migration]) throws -> Int {
        let tables = try tables(reading)
        try refuseForeign(tables: tables)
        guard tables.contains("schema_migration") else { return 0 }
        let applied = try reading.query("SELECT number, checksum FROM schema_migration ORDER BY number")
        let last = Int(applied.last?.int("number") ?? 0)
        guard last <= migrations.count else {
            throw MigrationError.newer(found: last, known: migrations.count)
        }
        for (index, row) in applied.enumerated() {
            let migration = migrations[index]
            guard row.int("number") == Int64(migration.number) else {
                throw MigrationError.misnumbered(expected: migration.number, found: Int(row.int("number")))
            }
            guard row.text("checksum") == migration.checksum else {
                throw MigrationError.changed(number: migration.number, name: migration.name)
            }
        }
        return applied.count
    }

    /// In one transaction: takes the lock, checks, makes the bootstrap tables or one migration's.
    ///
    /// Another process may have been faster, so what to do is decided under the lock.
    /// - Returns: how many migrations are applied now.
    private static func apply(
        _ migration: Migration?, _ migrations: [Migration], on connection: any Connection, now: Int64
    ) throws -> Int {
        try connection.begin()
        do {
            if connection.dialect == .postgres {
                _ = try connection.query("SELECT pg_advisory_xact_lock(\(lockKey))")
            }
            var applied = try check(connection, migrations)
            if let migration, applied == migration.number - 1 {
                try run(migration.script, on: connection)
                try connection.execute(
                    """
                    INSERT INTO schema_migration (number, name, checksum, applied_at)
                    VALUES (\(migration.number), \(migration.name), \(migration.checksum), \(now))
                    """)
                applied += 1
            } else if migration == nil, try tables(connection).isEmpty {
                try run(bootstrap, on: connection)
            }
            try connection.commit()
            return applied
        } catch {
            connection.rollback()
            switch error {
            case StoreError.statement(let why), StoreError.constraint(let why):
                throw MigrationError.failed(
                    step: migration.map { "\($0.number) (\($0.name))" },
                    why: why.split(whereSeparator: \.isWhitespace).joined(separator: " "))
            default: throw error
            }
        }
    }

    private static func run(_ script: [String], on connection: any Connection) throws {
        for statement in script {
            if let text = DDL.render(statement, for: connection.dialect) { try connection.executeNow(text) }
        }
    }

    /// - Throws: `foreign` when there are tables, but not ours.
    static func refuseForeign(tables: [String]) throws {
        if let first = tables.first, !tables.contains("schema_migration") {
            throw MigrationError.foreign(table: first)
        }
    }

    /// SQLite's own tables (`sqlite_stat1` and the like) are nobody's.
    static let sqliteTables = """
        SELECT name FROM sqlite_master
        WHERE type = 'table' AND substr(name, 1, 7) <> 'sqlite_' ORDER BY name
        """

    private static func tables(_ reading: any Reading) throws -> [String] {
        let sql: SQL =
            switch reading.dialect {
            case .sqlite: SQL(template: sqliteTables, values: [])
            case .postgres:
                """
                SELECT tablename AS name FROM pg_catalog.pg_tables
                WHERE schemaname = current_schema() ORDER BY tablename
                """
            }
        return try reading.query(sql).map { $0.text("name") }
    }
}
