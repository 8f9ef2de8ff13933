// A fresh database on either engine, for any suite that needs one.
public import Logging
public import Store

import Foundation

/// The engines a suite runs on.
public enum EngineKind: String, CaseIterable, Sendable, CustomStringConvertible {
    case sqlite
    case postgres

    /// Both; `SWITCHBOARD_TEST_ENGINES=sqlite` (or `postgres`) names fewer.
    public static var tested: [EngineKind] {
        guard let names = ProcessInfo.processInfo.environment["SWITCHBOARD_TEST_ENGINES"] else {
            return allCases
        }
        return allCases.filter { kind in names.split(separator: ",").contains { $0 == kind.rawValue } }
    }

    public var description: String { rawValue }
}

/// An empty database that nobody else has; `withDatabase` makes and removes it.
public struct TestDatabase: Sendable {
    public let kind: EngineKind
    public let location: Location

    public func open(logger: Logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        throws
        -> Store
    {
        try Store.open(location, logger: logger)
    }
}

/// Why a PostgreSQL case cannot run: never a silent skip.
public struct NoPostgres: Error, CustomStringConvertible {
    public let description =
        "PostgreSQL tests need a server: bin/test starts one, or set SWITCHBOARD_TEST_POSTGRES to the URL of a "
        + "server where databases may be created (SWITCHBOARD_TEST_ENGINES=sqlite leaves PostgreSQL out)."
}

/// Runs `body` with a database of its own on the engine, and removes the database afterwards.
/// - Parameter migrations: already applied; it is a copy then of one to which they were.
public func withDatabase<T>(
    _ kind: EngineKind, migrations: [Migration] = [], isolation: isolated (any Actor)? = #isolation,
    _ body: (TestDatabase) async throws -> T
) async throws -> T {
    let name = "sb_test_" + String(UInt64.random(in: .min ... .max), radix: 36)
    switch kind {
    case .sqlite:
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(name)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("switchboard.db").path
        if !migrations.isEmpty { try DatabaseTemplates.copy(migrations, toFile: path) }
        return try await body(TestDatabase(kind: kind, location: .sqlite(path: path)))
    case .postgres:
        guard let server = ProcessInfo.processInfo.environment["SWITCHBOARD_TEST_POSTGRES"], !server.isEmpty
        else {
            throw NoPostgres()
        }
        let template = migrations.isEmpty ? "template0" : try DatabaseTemplates.name(migrations, on: server)
        try onServer(server, "CREATE DATABASE \(name) TEMPLATE \(template) ENCODING 'UTF8'")
        defer { try? onServer(server, "DROP DATABASE \(name) WITH (FORCE)") }
        return try await body(
            TestDatabase(kind: kind, location: try .parse(url(server, database: name))))
    }
}

func onServer(_ url: String, _ statement: String) throws {
    let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
    let connection = try Store.open(.parse(url), logger: logger).engine.connect()
    defer { connection.close() }
    try connection.executeNow(statement)
}

/// The URL with another database in its path.
func url(_ server: String, database: String) -> String {
    let halves = server.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let parts = halves[0].split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
    let query = halves.count > 1 ? "?" + halves[1] : ""
    return parts.prefix(3).joined(separator: "/") + "/" + database + query
}
