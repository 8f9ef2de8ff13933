// A whole server for one test: a fresh store, a real floor, real routes on a real port.
import Apio
import Cention
import Center
import Channels
import Foundation
import Logging
import NeutralAPI
import ServiceLifecycle
import Store
import Synchronization
import Tenios
import TestStores
import Web

struct WireServer {
    static let publicURL = "http://test.example.com"

    let floor: Floor
    let port: Int
    /// What is held of requests' bodies.
    let bodies: BodyBudget

    /// Runs `body` against a server on a database of its own.
    /// - Parameter engine: wraps the store's engine, to make it fail.
    /// - Parameter limit: sets the door's limits.
    static func run(
        on kind: EngineKind, engine wrap: (any Engine) -> any Engine = { $0 },
        clock: @escaping @Sendable () -> Int64 = Floor.wallClock,
        limit: (inout ServerLimits) -> Void = { _ in }, filesOutMax: Int = CentionRoutes.filesOutMax,
        _ body: (WireServer) async throws -> Void
    ) async throws {
        try await withDatabase(kind, migrations: Schema.migrations) { database in
            let folder = FileManager.default.temporaryDirectory.appending(path: "wire-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            let floor = try Floor(
                store: Store(engine: wrap(try database.open().engine)), folder: folder.path, clock: clock,
                passwords: .least, logger: quiet
            ) { problem in fatalError("the store was lost: \(problem)") }
            var limits = ServerLimits()
            limits.shutdownMaxMs = 500
            limits.lingerMaxMs = 500
            limit(&limits)
            do {
                try await serve(floor, limits, filesOutMax, body)
            } catch {
                await floor.close()
                throw error
            }
            await floor.close()
        }
    }

    private static func serve(
        _ floor: Floor, _ limits: ServerLimits, _ filesOutMax: Int,
        _ body: (WireServer) async throws -> Void
    ) async throws {
        let routes = Routes()
        CentionRoutes(floor: floor, filesOutMax: filesOutMax, publicURL: { publicURL }).add(to: routes)
        TeniosRoutes(floor: floor).add(to: routes)
        ApioRoutes(floor: floor).add(to: routes)
        NeutralRoutes(floor: floor).add(to: routes)
        addFacebookHook(to: routes, floor: floor)
        let (ports, found) = AsyncStream<Int>.makeStream()
        let bodies = BodyBudget(maxBytes: limits.bodiesInFlightMaxBytes)
        let server = WebServer(
            routes, listen: .tcp(host: "127.0.0.1", port: 0), limits: limits, budget: bodies, logger: quiet
        ) { bound in
            if case .tcp(_, let port) = bound { found.yield(port) }
        }
        let group = ServiceGroup(configuration: .init(services: [server], logger: quiet))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                defer { found.finish() }
                try await group.run()
            }
            var iterator = ports.makeAsyncIterator()
            if let port = await iterator.next() {
                do {
                    try await body(WireServer(floor: floor, port: port, bodies: bodies))
                } catch {
                    await group.triggerGracefulShutdown()
                    throw error
                }
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    private static let quiet = Logger(label: "wire") { _ in SwiftLogNoOpLogHandler() }
}

extension WireServer {
    /// Applies a provisioning file of Golden/given, with the files it refers to.
    func provision(_ name: String) async throws -> ProvisionResult {
        let folder = GoldenFile.folder.appending(path: "given")
        let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
        var plan = try ProvisionFile.read(text, name: name)
        for path in plan.referencedFiles {
            let data = try Data(contentsOf: folder.appending(path: path.value))
            try plan.attach([UInt8](data), for: path)
        }
        return try await floor.provision(plan)
    }

    /// Posts a document to an endpoint below the workspace.
    func post(
        _ endpoint: String, _ body: [UInt8], token: String, headers: [(name: String, value: String)] = []
    ) async throws -> PlainAnswer {
        try await PlainHTTP.send(
            "POST", "/s/demo/capi/json/\(endpoint)",
            [("Authorization", "Bearer \(token)"), ("Content-Type", "application/vnd.api+json")] + headers,
            body, port: port)
    }

    func get(_ path: String, token: String, headers: [(name: String, value: String)] = []) async throws
        -> PlainAnswer
    {
        try await PlainHTTP.send(
            "GET", path, [("Authorization", "Bearer \(token)")] + headers, [], port: port)
    }

    /// How many rows each of the tables has.
    func rows(_ tables: [String] = WireServer.tables) async throws -> [String: Int64] {
        let columns = tables.map { "(SELECT COUNT(*) FROM \($0)) AS \($0)_rows" }.joined(separator: ", ")
        let sql = SQL(name: "SELECT \(columns)")
        let row = try await floor.store.read { try $0.query(sql)[0] }
        return Dictionary(uniqueKeysWithValues: tables.map { ($0, row.int("\($0)_rows")) })
    }

    /// All that an errand writes to.
    static let tables = [
        "errand", "message", "answer", "response", "recipient", "attachment", "contact", "contact_address",
        "history", "work_item", "delivery", "dirty", "replay", "journal", "whatsapp_template", "note",
    ]
}

extension WireServer {
    /// Runs statements beside the server, as nobody should.
    func script(_ statements: String) async throws {
        let connection = try floor.store.engine.connect()
        defer { connection.close() }
        try connection.executeNow(statements)
    }
}
