// Values, statements and transactions: the same on both engines.
import Logging
import Store
import TestStores
import Testing

@Suite struct ConnectionTests {
    static let values: [Value] = [
        .null, .integer(0), .integer(.max), .integer(.min), .integer(1 << 53), .real(0.1), .real(-0.0),
        .real(.greatestFiniteMagnitude), .text(""), .text("a"), .text("Zoë 🐫\r\n'\"\\"), .blob([]),
        .blob([0]), .blob((0..<1 << 20).map { UInt8(truncatingIfNeeded: $0 &* 31) }),
        .text(String(repeating: "ä", count: 1 << 19)),
    ]

    @Test(arguments: EngineKind.tested) func everyValueComesBack(_ kind: EngineKind) async throws {
        try await withConnection(kind) { connection, _ in
            try connection.make(
                "CREATE TABLE v (id INTEGER NOT NULL PRIMARY KEY, i INTEGER, r REAL, t TEXT, b BLOB)")
            for (id, value) in Self.values.enumerated() {
                let column: SQL =
                    switch value {
                    case .null, .integer: "i"
                    case .real: "r"
                    case .text: "t"
                    case .blob: "b"
                    }
                try connection.execute("INSERT INTO v (id, \(sql: column)) VALUES (\(id), \(value))")
                let row = try connection.query("SELECT \(sql: column) AS x FROM v WHERE id = \(id)")[0]
                #expect(row.value("x") == value)
                let bound = try connection.query(
                    "SELECT count(*) AS n FROM v WHERE \(sql: column) = \(value)")
                #expect(bound[0].int("n") == (value == .null ? 0 : 1))
            }
        }
    }

    @Test(arguments: EngineKind.tested) func rowsDecodeByName(_ kind: EngineKind) async throws {
        try await withConnection(kind) { connection, _ in
            try connection.make("CREATE TABLE v (i INTEGER, r REAL, t TEXT, b BLOB)")
            try connection.execute("INSERT INTO v VALUES (\(5), \(2.5), \("x"), \([UInt8]([9])))")
            try connection.execute(
                "INSERT INTO v VALUES (\(7), \(Double?.none), \(String?.none), \([UInt8]?.none))")
            let rows = try connection.query("SELECT *, i > 5 AS later FROM v ORDER BY i")
            #expect(rows[0].int("i") == 5 && rows[0].real("r") == 2.5 && rows[0].text("t") == "x")
            #expect(rows[0].blob("b") == [9] && !rows[0].bool("later") && rows[1].bool("later"))
            #expect(rows[0].intOrNil("i") == 5 && rows[0].blobOrNil("b") == [9] && rows[0].real("i") == 5)
            #expect(
                rows[1].realOrNil("r") == nil && rows[1].textOrNil("t") == nil
                    && rows[1].blobOrNil("b") == nil)
            let sums = try connection.query(
                "SELECT sum(i) AS whole, avg(i) AS mean, sum(-i * 1000000000) AS big, count(*) AS n FROM v")[
                    0]
            #expect(sums.int("whole") == 12 && sums.real("mean") == 6 && sums.int("big") == -12_000_000_000)
            #expect(sums.int("n") == 2)
        }
    }

    @Test(arguments: EngineKind.tested) func nulInTextIsReplaced(_ kind: EngineKind) async throws {
        try await withConnection(kind) { connection, _ in
            try connection.make(itemTable)
            try connection.execute("INSERT INTO item VALUES (\(1), \("a\u{0}b\u{0}"))")
            #expect(try connection.query("SELECT name FROM item")[0].text("name") == "a\u{FFFD}b\u{FFFD}")
        }
    }

    @Test(arguments: EngineKind.tested) func nullAndValueShareAPlace(_ kind: EngineKind) async throws {
        try await withConnection(kind) { connection, _ in
            try connection.make("CREATE TABLE v (id INTEGER NOT NULL PRIMARY KEY, a INTEGER, b TEXT)")
            let values: [(Int?, String?)] = [(nil, nil), (1, nil), (nil, "x"), (2, "y"), (nil, nil)]
            for (id, value) in values.enumerated() {
                try connection.execute("INSERT INTO v VALUES (\(id), \(value.0), \(value.1))")
            }
            let rows = try connection.query("SELECT a, b FROM v ORDER BY id")
            #expect(rows.map { $0.intOrNil("a") } == [nil, 1, nil, 2, nil])
            #expect(rows.map { $0.textOrNil("b") } == [nil, nil, "x", "y", nil])
        }
    }

    @Test(arguments: EngineKind.tested) func returningAndOnConflict(_ kind: EngineKind) async throws {
        try await withConnection(kind) { connection, _ in
            try connection.make(
                "CREATE TABLE mark (noun TEXT NOT NULL PRIMARY KEY, high INTEGER NOT NULL) CLUSTERED")
            for expected in Int64(1)...3 {
                let row = try connection.query(
                    """
                    INSERT INTO mark (noun, high) VALUES (\("errand"), 1)
                    ON CONFLICT (noun) DO UPDATE SET high = mark.high + 1 RETURNING high
                    """)[0]
                #expect(row.int("high") == expected)
            }
            let none = try connection.query(
                "INSERT INTO mark VALUES (\("errand"), 9) ON CONFLICT (noun) DO NOTHING RETURNING high")
            #expect(none.isEmpty)
        }
    }

    @Test(arguments: EngineKind.tested) func textSortsByBytes(_ kind: EngineKind) async throws {
        try await withConnection(kind) { connection, _ in
            try connection.make(itemTable)
            for (id, name) in ["ä", "a", "B", "Z", "b", "_"].enumerated() {
                try connection.execute("INSERT INTO item VALUES (\(id), \(name))")
            }
            let names = try connection.query("SELECT name FROM item ORDER BY name").map { $0.text("name") }
            #expect(names == ["B", "Z", "_", "a", "b", "ä"])
            let after = try connection.query("SELECT name FROM item WHERE name > \("Z") ORDER BY name")
            #expect(after.map { $0.text("name") } == ["_", "a", "b", "ä"])
        }
    }

    @Test(arguments: EngineKind.tested) func savepointsUndoAPart(_ kind: EngineKind) async throws {
        try await withConnection(kind) { connection, _ in
            try connection.make(itemTable)
            try connection.transaction {
                for id in 0..<4 {
                    try connection.savepoint("verb")
                    try connection.execute("INSERT INTO item VALUES (\(id), \("x"))")
                    if id % 2 == 1 { try connection.rollback(to: "verb") }
                    try connection.release("verb")
                }
            }
            #expect(try connection.query("SELECT id FROM item ORDER BY id").map { $0.int("id") } == [0, 2])
        }
    }

    @Test(arguments: EngineKind.tested) func aSavepointForgivesAnError(_ kind: EngineKind) async throws {
        try await withConnection(kind) { connection, _ in
            try connection.make(itemTable)
            try connection.transaction {
                try connection.execute("INSERT INTO item VALUES (\(1), \("kept"))")
                try connection.savepoint("verb")
                let error = storeError {
                    try connection.execute("INSERT INTO item VALUES (\(2), \("gone"))")
                    try connection.execute("INSERT INTO item VALUES (\(1), \("twice"))")
                    _ = try connection.query("SELECT 1 AS one")
                }
                #expect(error?.name == "constraint")
                try connection.rollback(to: "verb")
                try connection.release("verb")
                try connection.execute("INSERT INTO item VALUES (\(3), \("kept"))")
            }
            #expect(try connection.query("SELECT id FROM item ORDER BY id").map { $0.int("id") } == [1, 3])
        }
    }

    @Test(arguments: EngineKind.tested) func anErrorFailsTheBatchNotTheConnection(_ kind: EngineKind)
        async throws
    {
        try await withConnection(kind) { connection, _ in
            try connection.make(itemTable)
            let error = storeError {
                try connection.transaction {
                    try connection.execute("INSERT INTO item VALUES (\(1), \("marker-of-a-person"))")
                    try connection.execute("INSERT INTO item VALUES (\(1), \("marker-of-a-person"))")
                    // New to the connection, and never prepared, since the pipeline has failed by then.
                    try connection.execute("UPDATE item SET name = \("d")")
                }
            }
            #expect(error?.name == "constraint" && !"\(error!)".contains("marker"))
            #expect(connection.isAlive)
            #expect(try connection.count("item") == 0)
            try connection.transaction {
                try connection.execute("INSERT INTO item VALUES (\(1), \("b"))")
                try connection.execute("UPDATE item SET name = \("d")")
            }
            #expect(try connection.query("SELECT name FROM item").map { $0.text("name") } == ["d"])
            let wrong = storeError { _ = try connection.query("SELECT nothing FROM item WHERE id = \(1)") }
            #expect(wrong?.name == "statement")
            #expect(try connection.count("item") == 1)
        }
    }

    @Test(arguments: EngineKind.tested) func fetchAnswersInOrder(_ kind: EngineKind) async throws {
        try await withConnection(kind) { connection, _ in
            try connection.make(itemTable)
            try connection.transaction {
                for id in 0..<500 { try connection.execute("INSERT INTO item VALUES (\(id), \("n\(id)"))") }
            }
            let answers = try connection.fetch(
                (0..<600).map { "SELECT name FROM item WHERE id = \($0)" } + [
                    "DELETE FROM item WHERE id = \(3)"
                ])
            #expect(answers.count == 601)
            for id in 0..<600 {
                #expect(answers[id].map { $0.text("name") } == (id < 500 ? ["n\(id)"] : []))
            }
            #expect(answers[600].isEmpty)
            #expect(try connection.fetch([]).isEmpty)
            #expect(try connection.count("item") == 499)
        }
    }

    @Test(arguments: EngineKind.tested) func twentyThousandInsertsInOneBatch(_ kind: EngineKind) async throws
    {
        try await withConnection(kind) { connection, _ in
            try connection.make(itemTable)
            let name = String(repeating: "x", count: 1000)
            try connection.transaction {
                for id in 0..<20_000 {
                    // With its rows coming back, both directions of the wire fill up.
                    try connection.execute("INSERT INTO item VALUES (\(id), \(name)) RETURNING name")
                }
            }
            #expect(try connection.count("item") == 20_000)
        }
    }

    @Test(arguments: EngineKind.tested) func forEachStreams(_ kind: EngineKind) async throws {
        try await withConnection(kind) { connection, _ in
            let sql: SQL = """
                WITH RECURSIVE n (i) AS (SELECT \(1) UNION ALL SELECT i + 1 FROM n WHERE i < \(100_000))
                SELECT i, 'row' AS name FROM n
                """
            var sum: Int64 = 0
            try connection.forEach(sql) { sum += $0.int("i") }
            #expect(sum == 5_000_050_000)
            struct Enough: Error {}
            var seen = 0
            #expect(throws: Enough.self) {
                try connection.forEach(sql) { _ in
                    seen += 1
                    if seen == 10 { throw Enough() }
                }
            }
            #expect(seen == 10)
            let error = storeError { try connection.forEach("SELECT nothing") { _ in } }
            #expect(error?.name == "statement")
            #expect(try connection.query("SELECT 1 AS one")[0].int("one") == 1)
        }
    }

    @Test(arguments: EngineKind.tested) func moreStatementsThanTheCacheHolds(_ kind: EngineKind) async throws
    {
        try await withConnection(kind) { connection, _ in
            try connection.transaction {
                for round in 0..<2 {
                    for number in 0..<700 {
                        let sql = SQL(name: "SELECT \(number) AS n, ") + "\(round) AS round"
                        let row = try connection.query(sql)[0]
                        #expect(row.int("n") == Int64(number))
                    }
                }
            }
            if kind == .postgres {
                let prepared = try connection.query("SELECT count(*) AS n FROM pg_prepared_statements")[0]
                #expect(prepared.int("n") <= 502)
            }
        }
    }

    @Test(arguments: EngineKind.tested) func aChangedSchemaIsSeen(_ kind: EngineKind) async throws {
        try await withConnection(kind) { connection, _ in
            try connection.make(itemTable)
            try connection.execute("INSERT INTO item VALUES (\(1), \("a"))")
            #expect(try connection.query("SELECT * FROM item")[0].int("id") == 1)
            try connection.make("ALTER TABLE item ADD COLUMN extra TEXT")
            #expect(try connection.query("SELECT * FROM item")[0].textOrNil("extra") == nil)
        }
    }

    @Test(arguments: EngineKind.tested) func commitsAreDurable(_ kind: EngineKind) async throws {
        try await withConnection(kind) { connection, _ in
            switch kind {
            case .sqlite:
                #expect(try connection.query("PRAGMA synchronous")[0].int("synchronous") == 2)
                #expect(try connection.query("PRAGMA journal_mode")[0].text("journal_mode") == "wal")
                #expect(try connection.query("PRAGMA foreign_keys")[0].int("foreign_keys") == 1)
            case .postgres:
                let level = try connection.query("SHOW synchronous_commit")[0].text("synchronous_commit")
                #expect(level != "off")
            }
        }
    }

    @Test(arguments: EngineKind.tested) func aClosedConnectionIsUnavailable(_ kind: EngineKind) async throws {
        try await withConnection(kind) { connection, _ in
            connection.close()
            #expect(!connection.isAlive)
            expectError("unavailable") { _ = try connection.query("SELECT 1 AS one") }
            expectError("unavailable") { try connection.begin() }
            connection.rollback()
        }
    }

    @Test func aFullDiskFailsTheBatchAndPasses() async throws {
        try await withConnection(.sqlite) { connection, database in
            try connection.make(itemTable)
            try connection.execute("INSERT INTO item VALUES (\(0), \("there before"))")
            try connection.executeNow("PRAGMA max_page_count = 40")
            let filling = String(repeating: "x", count: 10_000)
            try connection.begin()
            let error = storeError {
                for id in 1..<100 { try connection.execute("INSERT INTO item VALUES (\(id), \(filling))") }
            }
            #expect(error?.name == "full")
            // SQLite may have undone the transaction by itself: nothing may slip in outside it.
            _ = storeError { try connection.execute("INSERT INTO item VALUES (\(500), \("stray"))") }
            connection.rollback()
            #expect(connection.isAlive)
            #expect(try connection.count("item") == 1)
            try connection.executeNow("PRAGMA max_page_count = 1000000")
            try connection.transaction {
                try connection.execute("INSERT INTO item VALUES (\(1), \(filling))")
            }
            #expect(try connection.count("item") == 2)
        }
    }

    @Test(arguments: EngineKind.tested) func aCommitMayFailByItself(_ kind: EngineKind) async throws {
        try await withConnection(kind) { connection, _ in
            try connection.make(itemTable)
            try connection.make(
                """
                CREATE TABLE part (item INTEGER NOT NULL PRIMARY KEY
                    REFERENCES item (id) DEFERRABLE INITIALLY DEFERRED)
                """)
            try connection.begin()
            try connection.execute("INSERT INTO part VALUES (\(7))")
            expectError("constraint") { try connection.commit() }
            connection.rollback()
            #expect(try connection.count("part") == 0)
            try connection.transaction {
                try connection.execute("INSERT INTO part VALUES (\(7))")
                try connection.execute("INSERT INTO item VALUES (\(7), \("x"))")
            }
            #expect(try connection.count("part") == 1)
        }
    }
}
