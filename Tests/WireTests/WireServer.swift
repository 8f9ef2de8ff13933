// A whole server for one test: a fresh store, a real floor, real routes on a real port.
import Cention
import Center
import Foundation
import Logging
import ServiceLifecycle
import Store
import Synchronization
import TestStores
import Web

struct WireServer {
    static let publicURL = "http://test.example.com"

    let floor: Floor
    let port: Int

    /// Runs `body` against a server on a database of its own.
    /// - Parameter engine: wraps the store's engine, to make it fail.
    static func run(
        on kind: EngineKind, engine wrap: (any Engine) -> any Engine = { $0 },
        _ body: (WireServer) async throws -> Void
    ) async throws {
        try await withDatabase(kind) { database in
            let folder = FileManager.default.temporaryDirectory.appending(path: "wire-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            let floor = try Floor(
                store: Store(engine: wrap(try database.open().engine)), folder: folder.path, logger: quiet
            ) { problem in fatalError("the store was lost: \(problem)") }
            do {
                try await serve(floor, body)
            } catch {
                await floor.close()
                throw error
            }
            await floor.close()
        }
    }

    private static func serve(_ floor: Floor, _ body: (WireServer) async throws -> Void) async throws {
        let routes = Routes()
        CentionRoutes(floor: floor, publicURL: { publicURL }).add(to: routes)
        let (ports, found) = AsyncStream<Int>.makeStream()
        var limits = ServerLimits()
        limits.shutdownMaxMs = 500
        limits.lingerMaxMs = 500
        let server = WebServer(
            routes, listen: .tcp(host: "127.0.0.1", port: 0), limits: limits, logger: quiet
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
                    try await body(WireServer(floor: floor, port: port))
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
