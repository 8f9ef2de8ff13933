// An SQLite file as another program makes it, looked at without the store.
import GRDB

func makeForeignFile(at path: String) throws {
    let queue = try DatabaseQueue(path: path)
    try queue.write { try $0.execute(sql: "CREATE TABLE theirs (a)") }
    try queue.close()
}

func journalMode(ofFileAt path: String) throws -> String? {
    let queue = try DatabaseQueue(path: path)
    defer { try? queue.close() }
    return try queue.read { try String.fetchOne($0, sql: "PRAGMA journal_mode") }
}
