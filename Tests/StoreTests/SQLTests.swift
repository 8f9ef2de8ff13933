// Statements and schema text rendered for both engines.
import Testing

@testable import Store

@Suite struct SQLTests {
    @Test func bindsNeverSplices() {
        let name = "O'Hara; DROP TABLE agent"
        let sql: SQL = "SELECT id FROM agent WHERE name = \(name) AND level > \(3)"
        #expect(sql.text(for: .sqlite) == "SELECT id FROM agent WHERE name = ? AND level > ?")
        #expect(sql.text(for: .postgres) == "SELECT id FROM agent WHERE name = $1 AND level > $2")
        #expect(sql.values == [.text(name), .integer(3)])
    }

    @Test func listsNestAndJoin() {
        let filter: SQL = "queue = \(7)"
        let sql: SQL = "SELECT 1 WHERE id IN \(list: [1, 2]) AND \(sql: filter)"
        let whole = sql + " AND name IN \(list: [])"
        #expect(
            whole.text(for: .postgres)
                == "SELECT 1 WHERE id IN ($1, $2) AND queue = $3 AND name IN (NULL)")
        #expect(whole.values == [.integer(1), .integer(2), .integer(7)])
    }

    @Test func questionMarksInLiteralsAreText() {
        let sql: SQL = "SELECT 'why?', \"odd?\" /* eh? */ FROM t -- what?\nWHERE id = \(1) AND x = 'it''s ?'"
        #expect(
            sql.text(for: .postgres)
                == "SELECT 'why?', \"odd?\" /* eh? */ FROM t -- what?\nWHERE id = $1 AND x = 'it''s ?'")
    }

    @Test func everyKindBinds() {
        let none: Int? = nil
        let sql: SQL = "\(true) \(1.5) \(none) \([UInt8]([1])) \("a") \(Double.nan) \(Int?(2))"
        #expect(
            sql.values == [.integer(1), .real(1.5), .null, .blob([1]), .text("a"), .null, .integer(2)])
    }

    @Test func schemaTextIsRendered() {
        let table = """
            CREATE TABLE note (
                id INTEGER NOT NULL, -- INTEGER stays in a comment
                text TEXT NOT NULL DEFAULT 'TEXT',
                score REAL, body BLOB, REALM INTEGER, PRIMARY KEY (id)) CLUSTERED
            """
        #expect(DDL.render(table, for: .sqlite)?.hasSuffix("PRIMARY KEY (id)) STRICT, WITHOUT ROWID") == true)
        #expect(
            DDL.render(table, for: .postgres) == """
                CREATE TABLE note (
                    id BIGINT NOT NULL, -- INTEGER stays in a comment
                    text TEXT COLLATE "C" NOT NULL DEFAULT 'TEXT',
                    score DOUBLE PRECISION, body BYTEA, REALM BIGINT, PRIMARY KEY (id))
                """)
        #expect(DDL.render("CREATE TABLE a (b TEXT);", for: .sqlite) == "CREATE TABLE a (b TEXT) STRICT")
        #expect(
            DDL.render("ALTER TABLE a ADD COLUMN c TEXT", for: .postgres)
                == "ALTER TABLE a ADD COLUMN c TEXT COLLATE \"C\"")
        #expect(
            DDL.render("UPDATE a SET b = CAST(c AS TEXT)", for: .postgres)
                == "UPDATE a SET b = CAST(c AS TEXT)")
        #expect(DDL.render("CREATE INDEX i ON a (b)", for: .sqlite) == "CREATE INDEX i ON a (b)")
        #expect(DDL.render("postgres: CREATE INDEX i ON a (b)", for: .sqlite) == nil)
        #expect(DDL.render("postgres: CREATE INDEX i ON a (b)", for: .postgres) == "CREATE INDEX i ON a (b)")
        #expect(DDL.render("sqlite: PRAGMA optimize", for: .sqlite) == "PRAGMA optimize")
    }

    @Test func statementCacheLetsTheOldestLeave() {
        func shape(_ number: Int) -> SQLShape { SQL(name: "s\(number)").shape }
        var cache = StatementCache<Int>()
        var left: [Int] = []
        for number in 0..<1300 {
            if let oldest = cache.insert(number, for: shape(number)) { left.append(oldest) }
            // Looked up, so that it is also near.
            let found = cache.find(shape(number))
            #expect(found == number)
        }
        #expect(left == Array(0..<800))
        let found = (790..<1300).map { cache.find(shape($0)) }
        #expect(found == Array(repeating: nil, count: 10) + (800..<1300).map { $0 })
    }

    @Test func shapesTellTextsApartAndValuesNot() {
        func item(_ id: Int64) -> SQL { "SELECT a FROM item WHERE id = \(id)" }
        func items(_ ids: [Int64], _ order: SQL) -> SQL {
            "SELECT a FROM item WHERE id IN \(list: ids) \(sql: order)"
        }
        let all = [
            item(1), "SELECT a FROM item WHERE id = 1", item(1) + " LIMIT 1", items([], ""), items([1], ""),
            items([1, 2], ""), items([1, 2], "ORDER BY id"), items([1, 2], "ORDER BY id LIMIT \(3)"),
            SQL(name: "item"), SQL(name: "item ") + SQL(name: "item"),
        ]
        for (index, one) in all.enumerated() {
            for (other, two) in all.enumerated() {
                #expect((one.shape == two.shape) == (index == other), "\(one.template) | \(two.template)")
            }
        }
        #expect(item(1).shape == item(2).shape && item(1).shape.hashValue == item(2).shape.hashValue)
        #expect(SQL(name: ["it", "em"].joined()).shape == SQL(name: "item").shape)
        #expect(all[7].template == "SELECT a FROM item WHERE id IN (?, ?) ORDER BY id LIMIT ?")
        #expect(all[3].template == "SELECT a FROM item WHERE id IN (NULL) ")
        #expect(all[9].template == "item item")
    }
}

@Suite struct LocationTests {
    @Test(arguments: ["postgres://ana:se%40cret@db.example:5433/center", "postgresql:///center?host=/run/pg"])
    func urlsAreKeptVerbatim(_ url: String) throws {
        #expect(try Location.parse(url) == .postgres(url: url))
    }

    @Test func anythingElseIsAFile() throws {
        #expect(try Location.parse("data/switchboard.db") == .sqlite(path: "data/switchboard.db"))
    }

    @Test(arguments: ["", "mysql://host/db", "postgres://ana:se%ZZcret@db/center", "postgres:center"])
    func wrongTextIsRefusedInOneSentence(_ text: String) {
        #expect(throws: Location.Malformed.self) { try Location.parse(text) }
        do { _ = try Location.parse(text) } catch {
            #expect(!"\(error)".contains("cret") && "\(error)".hasSuffix("."))
        }
    }

    @Test func printingShowsNoPassword() throws {
        let location = try Location.parse("postgres://ana:se%40cret@db.example/center?sslpassword=key")
        var dumped = ""
        dump(location, to: &dumped)
        for text in ["\(location)", location.debugDescription, "\([location])", dumped] {
            #expect(!text.contains("cret") && !text.contains("key"))
        }
        #expect("\(location)".contains("db.example"))
    }

    @Test func aFailedConnectionShowsNoPassword() throws {
        let store = try Store.open(
            .parse("postgres://ana:verysecret@/center?host=/nowhere/verysecret"), logger: .init(label: "t"))
        #expect(throws: StoreError.self) { try store.engine.connect() }
        do { _ = try store.engine.connect() } catch {
            #expect((error as? StoreError)?.name == "unavailable")
            #expect(!"\(error)".contains("verysecret") && !"\(error)".contains("\n"))
        }
    }
}
