// A server with switches: storage real or stubbed, verbs in one commit or each in its own; and a hello route.

import Apio
import ArgumentParser
import Cention
import Center
import Foundation
import Hummingbird
import Logging
import NeutralAPI
import ServiceLifecycle
import Store
import Tenios
import Web

struct ServerBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "server", abstract: "Serves until SIGTERM.")

    enum Storage: String, ExpressibleByArgument { case real, stub }

    @Option var data: String
    @Option var database: String?
    @Option var listen: Int
    @Option(help: "Where the plain hello route is.") var helloListen: Int
    @Option var storage = Storage.real
    @Option(help: "Verbs in one commit.") var batchMax = Floor.batchMax
    @Option var agents = 10
    @Flag(help: "A call center with all of them, and a supervisor who looks after all of them.")
    var callCenter = false

    @Option(help: "Questions in a library.") var libraryQuestions = 0

    func run() async throws {
        let logger = Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }
        try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
        let location = try Location.parse(database ?? data + "/switchboard.sqlite")
        let real = try Store.open(location, logger: logger).engine
        let stub = StubEngine(real)
        let (floor, tokens, doors) = try await BenchWorkspace.open(
            store: Store(engine: storage == .stub ? stub : real), folder: data, agents: agents, areas: 2,
            batchMax: batchMax, apio: ApioBench(hasCallCenter: callCenter),
            library: LibraryBench(questions: libraryQuestions))
        if storage == .stub { stub.arm() }

        let routes = Routes()
        CentionRoutes(floor: floor, publicURL: { "http://bench.example.com" }).add(to: routes)
        TeniosRoutes(floor: floor).add(to: routes)
        ApioRoutes(floor: floor).add(to: routes)
        NeutralRoutes(floor: floor).add(to: routes)
        let server = WebServer(routes, listen: .tcp(host: "127.0.0.1", port: listen), logger: logger)

        let router = Router()
        router.get("hello") { _, _ in "hello" }
        let hello = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: helloListen)),
            logger: logger)
        report([
            "token": tokens.first ?? "", "doors": doors, "pid": ProcessInfo.processInfo.processIdentifier,
        ])
        let group = ServiceGroup(
            configuration: .init(
                services: [.init(service: server), .init(service: hello)],
                gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        try await group.run()
        await floor.close()
    }
}
