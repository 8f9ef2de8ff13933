// Schema statements written once in SQLite's STRICT vocabulary and rendered for an engine.

/// Renders a schema statement for an engine.
///
/// - `INTEGER`, `REAL`, `BLOB` (whole upper-case words outside literals) become `BIGINT`,
///   `DOUBLE PRECISION`, `BYTEA` on PostgreSQL, and in `CREATE TABLE` and `ALTER TABLE`
///   `TEXT` becomes `TEXT COLLATE "C"`.
/// - `CREATE TABLE … (…)` is `STRICT` on SQLite; `CLUSTERED` after the closing parenthesis makes it
///   `WITHOUT ROWID` there and says nothing on PostgreSQL.
/// - `sqlite:` or `postgres:` in front keeps a statement for one engine, and there verbatim.
public enum DDL {
    /// The statement for the engine; nil when it is for the other one.
    public static func render(_ statement: String, for dialect: Dialect) -> String? {
        var text = Substring(statement).drop { $0.isWhitespace }
        for engine in [Dialect.sqlite, .postgres] where text.hasPrefix("\(engine.rawValue):") {
            guard engine == dialect else { return nil }
            return String(text.dropFirst(engine.rawValue.count + 1).drop { $0.isWhitespace })
        }
        while let last = text.last, last.isWhitespace || last == ";" { text.removeLast() }
        let isTable = text.hasPrefix("CREATE TABLE ")
        var isClustered = false
        if isTable, text.hasSuffix("CLUSTERED") {
            isClustered = true
            text.removeLast("CLUSTERED".count)
            while let last = text.last, last.isWhitespace { text.removeLast() }
        }
        switch dialect {
        case .sqlite:
            guard isTable else { return String(text) }
            return text + (isClustered ? " STRICT, WITHOUT ROWID" : " STRICT")
        case .postgres:
            return postgres(text, collate: isTable || text.hasPrefix("ALTER TABLE "))
        }
    }

    private static func postgres(_ text: Substring, collate: Bool) -> String {
        var out = ""
        for piece in SQLScanner.pieces(of: String(text)) {
            guard piece.kind == .code else {
                out += piece.text
                continue
            }
            var rest = piece.text
            while let first = rest.first {
                let word = rest.prefix { isWordPart($0) }
                guard !word.isEmpty else {
                    out.append(first)
                    rest.removeFirst()
                    continue
                }
                switch word {
                case "INTEGER": out += "BIGINT"
                case "REAL": out += "DOUBLE PRECISION"
                case "BLOB": out += "BYTEA"
                case "TEXT" where collate: out += "TEXT COLLATE \"C\""
                default: out += word
                }
                rest = rest[word.endIndex...]
            }
        }
        return out
    }

    private static func isWordPart(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || character == "_"
    }
}
