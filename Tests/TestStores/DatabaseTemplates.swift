// Databases to which migrations were applied once, for tests to copy: a thousand of them take a minute, not ten.

import Foundation
import Store
import Synchronization

enum DatabaseTemplates {
    /// By the number of migrations: a process knows one list of them.
    private static let files = Mutex<[Int: [UInt8]]>([:])
    private static let names = Mutex<[Int: String]>([:])

    static func copy(_ migrations: [Migration], toFile path: String) throws {
        let bytes = try files.withLock { files in
            if let made = files[migrations.count] { return made }
            let original = path + "-template"
            defer { try? FileManager.default.removeItem(atPath: original) }
            try migrate(TestDatabase(kind: .sqlite, location: .sqlite(path: original)), migrations)
            let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: original)))
            files[migrations.count] = bytes
            return bytes
        }
        try Data(bytes).write(to: URL(fileURLWithPath: path))
    }

    /// The name of the template on a PostgreSQL server, which ends with its server.
    static func name(_ migrations: [Migration], on server: String) throws -> String {
        try names.withLock { names in
            if let made = names[migrations.count] { return made }
            let name = "sb_template_" + String(UInt64.random(in: .min ... .max), radix: 36)
            try onServer(server, "CREATE DATABASE \(name) TEMPLATE template0 ENCODING 'UTF8'")
            let location = try Location.parse(url(server, database: name))
            try migrate(TestDatabase(kind: .postgres, location: location), migrations)
            names[migrations.count] = name
            return name
        }
    }

    private static func migrate(_ database: TestDatabase, _ migrations: [Migration]) throws {
        let connection = try database.open().engine.connect()
        defer { connection.close() }
        try Migrator.migrate(connection, migrations, now: 0)
    }
}
