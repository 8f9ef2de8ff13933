// The embedded engine: one file, one writer at a time, readers beside it (WAL).
import CSQLite
import Foundation
import GRDB

/// SQLite at a path; the file is created when it is missing.
final class SQLiteEngine: Engine {
    let dialect = Dialect.sqlite
    private let path: String
    private let readers: Readers
    let gate = FlushGate()

    /// A reader's cache is emptied by every commit of the writer: the pages it takes then lie here.
    private static let cacheAtOnceKiB: CInt = 1024
    /// Once another library of the process has opened a database this does nothing.
    private static let memory: CInt = sqlite_use_memory_apart(cacheAtOnceKiB)

    init(path: String) throws {
        _ = Self.memory
        self.path = path
        try Self.refuseForeign(path)
        try SQLiteConnection(path: path, for: .writing).close()
        readers = Readers(gate: gate) { try SQLiteConnection(path: path, for: .reading) }
    }

    func connect() throws -> sending any Connection {
        try SQLiteConnection(path: path, for: .writing, gate: gate)
    }

    func read<T: Sendable>(_ body: @escaping @Sendable (any Reading) throws -> T) async throws -> T {
        try await readers.read(body)
    }

    func glance<T>(_ body: (any Reading) throws -> T) throws -> T? {
        try readers.glance(body)
    }

    func shutdown() async {
        await readers.shutdown()
    }

    /// Opening switches a file to WAL, so what is not ours is recognised before that.
    private static func refuseForeign(_ path: String) throws {
        var isFolder = ObjCBool(false)
        if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) {
            if isFolder.boolValue { throw StoreError.unavailable("it is a folder") }
            // SQLite would leave files beside it that cannot be written either.
            guard access(path, R_OK | W_OK) == 0 else {
                throw StoreError.unavailable("this user may not read and write it")
            }
        }
        guard let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int, size > 0
        else {
            return
        }
        try storeErrors {
            var configuration = Configuration()
            configuration.readonly = true
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            defer { try? queue.close() }
            let names = try queue.inDatabase { database in
                try String.fetchAll(database, sql: Migrator.sqliteTables)
            }
            try Migrator.refuseForeign(tables: names)
        }
    }
}
