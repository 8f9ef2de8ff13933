// What the store's suites share: a writer on a fresh database.
import Store
import TestStores
import Testing

/// Runs `body` with a writer's connection to a fresh database.
func withConnection(
    _ kind: EngineKind, _ body: (any Connection, TestDatabase) throws -> Void
) async throws {
    try await withDatabase(kind) { database in
        let connection = try database.open().engine.connect()
        defer { connection.close() }
        try body(connection, database)
    }
}

extension Connection {
    /// Makes a table written in the neutral vocabulary.
    func make(_ table: String) throws {
        try executeNow(DDL.render(table, for: dialect)!)
    }

    func transaction(_ body: () throws -> Void) throws {
        try begin()
        do {
            try body()
            try commit()
        } catch {
            rollback()
            throw error
        }
    }

    func count(_ table: String) throws -> Int64 {
        try query(SQL(name: "SELECT count(*) AS n FROM \(table)"))[0].int("n")
    }
}

/// The store error that `body` throws, or nil.
///
/// Call it outside of `#expect(…)`: Swift 6.3.1 loses track of an error thrown in a closure inside a macro's
/// argument, and takes later calls for failed.
func storeError(_ body: () throws -> Void) -> StoreError? {
    do {
        try body()
        return nil
    } catch {
        return error as? StoreError
    }
}

/// Expects the store error of that name.
func expectError(
    _ name: String, sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void
) {
    let error = storeError(body)
    #expect(error?.name == name, sourceLocation: sourceLocation)
}

extension StoreError {
    var name: String {
        switch self {
        case .unavailable: "unavailable"
        case .unknownCommit: "unknownCommit"
        case .full: "full"
        case .fenced: "fenced"
        case .constraint: "constraint"
        case .statement: "statement"
        case .injected: "injected"
        }
    }
}

let itemTable = "CREATE TABLE item (id INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL)"
