// Each invariant broken by hand in a serving floor's router: its metric moves, read over HTTP from the listener.
import Foundation
import Logging
import ServiceLifecycle
import TestStores
import Testing
import Web

@testable import Center
@testable import Routing

@Suite(.timeLimit(.minutes(10))) struct MetricsTests {
    @Test(arguments: EngineKind.tested)
    func `every metric has its help, its type and a value`(_ kind: EngineKind) async throws {
        try await MetricsStage.run(kind) { stage in
            try await stage.floor.readCallbackBacklog()
            let page = try await stage.scrape()
            let helps = page.lines.filter { $0.hasPrefix("# HELP ") }
            let types = page.lines.filter { $0.hasPrefix("# TYPE ") }
            #expect(helps.count == types.count && helps.count > 20)
            for line in page.lines where !line.hasPrefix("#") {
                let name = line.prefix { $0 != "{" && $0 != " " }
                #expect(name.hasPrefix("switchboard_") || name.hasPrefix("process_"), "\(line)")
                #expect(Double(line.split(separator: " ").last ?? "") != nil, "\(line)")
            }
            for invariant in Invariant.allCases { #expect(page.violations(invariant) == 0) }
            for name in [
                "switchboard_store_away", "switchboard_writer_waiting_verbs", "switchboard_callbacks_waiting",
                "switchboard_timers_late_seconds", "switchboard_callbacks_oldest_due_seconds",
            ] { #expect(page[name] == 0, "\(name)") }
            #expect(try #require(page["switchboard_writer_commit_seconds_count"]) > 0)
        }
    }

    @Test(arguments: EngineKind.tested)
    func `waiting work, offers and agents are told`(_ kind: EngineKind) async throws {
        try await MetricsStage.run(kind) { stage in
            let queue = try await stage.arrangeOffersAndWaitingWork()
            let waiting = "switchboard_waiting_items{workspace=\"1\",queue=\"\(queue)\"}"
            let page = try await stage.scrape { $0[waiting] == 1 }
            #expect(page["switchboard_offers{workspace=\"1\"}"] == 2)
            #expect(page["switchboard_items_in_hand{workspace=\"1\"}"] == 0)
            #expect(page["switchboard_agents{workspace=\"1\",presence=\"available\"}"] == 2)
            #expect(page["switchboard_agents{workspace=\"1\",presence=\"signed_out\"}"] == 1)
            let wait = "switchboard_oldest_wait_seconds{workspace=\"1\",queue=\"\(queue)\"}"
            _ = try await stage.scrape { $0[wait] ?? 0 > 0 }
        }
    }

    @Test(arguments: EngineKind.tested, Invariant.allCases)
    func `a broken invariant moves its metric`(_ kind: EngineKind, _ invariant: Invariant) async throws {
        try await MetricsStage.run(kind) { stage in
            _ = try await stage.arrangeOffersAndWaitingWork()
            // A whole round has seen the sound router.
            let rounds = try await stage.scrape()["switchboard_audit_rounds_total"] ?? 0
            let sound = try await stage.scrape { $0["switchboard_audit_rounds_total"] ?? 0 >= rounds + 2 }
            for invariant in Invariant.allCases { #expect(sound.violations(invariant) == 0) }
            let kept = try await stage.onWriter { work in
                let kept = work.office.router
                work.office.router.break(invariant)
                return kept
            }
            _ = try await stage.scrape { $0.violations(invariant) > 0 }
            // Mended, it moves no more; what was counted stays.
            try await stage.onWriter { $0.office.router = kept }
            let mended = try await stage.scrape()
            let later = try await stage.scrape {
                $0["switchboard_audit_rounds_total"] ?? 0 >= (mended["switchboard_audit_rounds_total"] ?? 0)
                    + 3
            }
            let last = try await stage.scrape {
                $0["switchboard_audit_rounds_total"] ?? 0 >= (later["switchboard_audit_rounds_total"] ?? 0)
                    + 1
            }
            #expect(last.violations(invariant) == later.violations(invariant))
            #expect(last.violations(invariant) > 0)
        }
    }
}

extension Router {
    /// Two agents have an offer each, a third is not available, and one item waits.
    fileprivate mutating func `break`(_ invariant: Invariant) {
        own()
        let asked = agents.handles.filter { !agents[$0].offer.isNone }
        let idle = agents.handles.first { agents[$0].offer.isNone }!
        let offered = agents[asked[0]].offer
        switch invariant {
        case .twoOffersAtOnce: items[agents[asked[1]].offer].record.state = items[offered].record.state
        case .offerBeyondCapacity: agents[asked[0]].settings.capacity = Capacity(errand: 0, chat: 0, call: 0)
        case .offerToUnready: agents[asked[0]].record.presence = .unavailable
        case .offerToUnskilled: agents[asked[0]].settings.queues = []
        case .workBesideReadyAgent: agents[idle].record.presence = .available
        case .overdue:
            guard case .offered(let agent, let made, _) = items[offered].record.state else { return }
            items[offered].record.state = .offered(agent, made: made, deadline: made)
        case .deadlineMissing: deadlines = .init()
        case .strandedLeft:
            queues[items[offered].queue].settings.stranded = .busy
            for profile in profiles.handles { profiles[profile].signedIn = 0 }
            for agent in agents.handles { agents[agent].record.presence = .signedOut }
        case .booksWrong: queues[items[offered].queue].waiting += 1
        }
    }
}

/// What the listener said, by line.
private struct Page {
    let lines: [String]

    /// The value of the sample with this name and these labels.
    subscript(sample: String) -> Double? {
        lines.first { $0.hasPrefix(sample + " ") }.flatMap { Double($0.dropFirst(sample.count + 1)) }
    }

    /// -1 when it is not told.
    func violations(_ invariant: Invariant) -> Double {
        self["switchboard_invariant_violations_total{invariant=\"\(invariant.rawValue)\"}"] ?? -1
    }
}

/// A floor with one workspace, and the metrics listener on a real port.
private struct MetricsStage {
    static let file = """
        workspace: north
        agents:
          - {login_name: ana, capacity: {errand: 1}}
          - {login_name: bo, capacity: {errand: 1}}
          - {login_name: cy, capacity: {errand: 1}}
        areas:
          - {name: Sales, offer_timeout_s: 3600}
        agent_groups:
          - {name: sellers, agents: [ana, bo, cy], areas: [Sales]}
        access_tokens:
          - {name: sales, key: k, claims: [create_errand], channel: form, area: Sales}

        """
    /// For a failure only.
    static let waitMaxS = 120.0

    let floor: Floor
    let port: Int

    static func run(_ kind: EngineKind, _ body: (MetricsStage) async throws -> Void) async throws {
        try await withDatabase(kind, migrations: Schema.migrations) { database in
            let folder = FileManager.default.temporaryDirectory.appending(
                path: "metrics-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            let floor = try Floor(
                store: try database.open(), folder: folder.path, passwords: .least, logger: quiet
            ) { problem in fatalError("the store was lost: \(problem)") }
            do {
                _ = try await floor.provision(try ProvisionFile.read(file, name: "north.yaml"))
                try await serve(floor, body)
            } catch {
                await floor.close()
                throw error
            }
            await floor.close()
        }
    }

    private static func serve(_ floor: Floor, _ body: (MetricsStage) async throws -> Void) async throws {
        let (ports, found) = AsyncStream<Int>.makeStream()
        var limits = ServerLimits.metrics
        limits.shutdownMaxMs = 500
        let process = ProcessMetrics()
        let server = WebServer(
            metricsRoutes { floor.metrics() + process.metrics }, listen: .tcp(host: "127.0.0.1", port: 0),
            limits: limits, logger: quiet
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
                    try await body(MetricsStage(floor: floor, port: port))
                } catch {
                    await group.triggerGracefulShutdown()
                    throw error
                }
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    /// Two offers stand, one item waits and the third agent is signed out. Answers the queue.
    func arrangeOffersAndWaitingWork() async throws -> Int64 {
        let directory = try #require(floor.roster.workspace(named: "north"))
        for login in ["ana", "bo"] {
            let agent = try #require(directory.agent(login: login)).id
            try await floor.setPresence(
                agent, .available,
                by: Principal(workspace: directory.workspace, actor: .agent(agent), via: .api))
        }
        let token = try #require(directory.tokens.first)
        for _ in 0..<3 {
            var new = NewErrand()
            new.from = "kim@example.com"
            new.subject = "S"
            _ = try await floor.openErrand(
                new, by: Principal(workspace: directory.workspace, actor: .token(token.id), via: .cention))
        }
        return try #require(directory.areas.first).queue.raw
    }

    func onWriter<T: Sendable>(_ body: @escaping @Sendable (Work) throws -> T) async throws -> T {
        let workspace = try #require(floor.roster.workspace(named: "north")).workspace
        return try await floor.perform(Plan("test", checksFirst: true), by: .system(workspace), body)
    }

    /// Asks until the page is as it must become.
    func scrape(until isSo: (Page) -> Bool = { _ in true }) async throws -> Page {
        let giveUp = Date() + Self.waitMaxS
        while true {
            let answer = try await PlainHTTP.send("GET", "/metrics", [], [], port: port)
            try #require(answer.status == 200)
            let page = Page(
                lines: String(decoding: answer.body, as: UTF8.self).split(separator: "\n").map(String.init))
            if isSo(page) { return page }
            try #require(Date() < giveUp, "still waiting; last told: \(page.lines)")
        }
    }

    private static let quiet = Logger(label: "metrics") { _ in SwiftLogNoOpLogHandler() }
}
