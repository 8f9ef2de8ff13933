// A floor with callbacks and a deliverer that runs, on either engine.
import Cention
import Foundation
import Logging
import Routing
import ServiceLifecycle
import Store
import Synchronization
import TestStores

@testable import Center
@testable import Channels

struct CallbackStage: Sendable {
    static let quiet = Logger(label: "callbacks") { _ in SwiftLogNoOpLogHandler() }

    let floor: Floor
    /// Milliseconds that the floor's clock is ahead.
    let ahead: Ahead
    private let site: Principal

    final class Ahead: Sendable {
        private let ms = Mutex<Int64>(0)
        func pass(_ more: Int64) { ms.withLock { $0 += more } }
        var value: Int64 { ms.withLock { $0 } }
    }

    /// - Parameter callbacks: YAML lines, such as `- {name: crm, endpoint: …}`.
    /// - Parameter frozen: the floor's clock moves by `ahead` only.
    static func run(
        _ kind: EngineKind, callbacks: [String], networks: String = "[127.0.0.0/8]", frozen: Bool = false,
        _ body: (CallbackStage) async throws -> Void
    ) async throws {
        try await withDatabase(kind, migrations: Schema.migrations) { database in
            let folder = FileManager.default.temporaryDirectory.appending(
                path: "callbacks-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            let ahead = Ahead()
            let start = Floor.wallClock()
            let floor = try Floor(
                store: try database.open(), folder: folder.path,
                clock: { (frozen ? start : Floor.wallClock()) + ahead.value },
                passwords: .least, logger: quiet
            ) { problem in fatalError("the store was lost: \(problem)") }
            do {
                let text = """
                    workspace: north
                    callback_networks: \(networks)
                    agents:
                      - {login_name: ana, user_name: Ana, password: correct horse battery}
                      - {login_name: bo, user_name: Bo, password: correct horse battery}
                      - {login_name: root, user_name: Root, password: correct horse battery, admin_level: administrator}
                    areas: [{name: Sales}, {name: Vault}]
                    agent_groups:
                      - {name: sellers, agents: [ana], areas: [Sales]}
                      - {name: guards, agents: [bo], areas: [Vault]}
                    access_tokens: [{name: site, key: north, claims: [create_errand], channel: form, area: Sales}]
                    callbacks:
                    \(callbacks.map { "  " + $0 }.joined(separator: "\n"))

                    """
                let made = try await floor.provision(try ProvisionFile.read(text, name: "north.yaml"))
                let site = try floor.bearer(
                    made.accessTokens["site"] ?? "", workspace: "north", claims: [.createErrand])
                try await body(CallbackStage(floor: floor, ahead: ahead, site: site.principal))
            } catch {
                await floor.close()
                throw error
            }
            await floor.close()
        }
    }

    /// Runs `body` while a deliverer runs, and stops that gracefully.
    func delivering(
        resolver: Resolver = Resolver(), _ body: () async throws -> Void
    ) async throws {
        let deliverer = Deliverer(
            floor: floor, logger: Self.quiet, sender: CallbackSender(resolver: resolver)
        ) { CentionCallback.render($0, publicURL: "http://test.example.com") }
        let group = ServiceGroup(configuration: .init(services: [deliverer], logger: Self.quiet))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            do {
                try await body()
            } catch {
                await group.triggerGracefulShutdown()
                throw error
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    var workspace: WorkspaceID { site.workspace }
    func agent(_ login: String) -> AgentID {
        guard let agent = floor.roster.workspace(workspace)?.agents.first(where: { $0.loginName == login })
        else { preconditionFailure("no agent \(login)") }
        return agent.id
    }
    func desk(_ login: String) -> Principal {
        Principal(workspace: workspace, actor: .agent(agent(login)), via: .desk)
    }

    /// An errand that comes and is answered: one delivery for each callback.
    @discardableResult
    func answered(_ subject: String = "Question", html: String = "", errand known: ErrandID? = nil)
        async throws
        -> ErrandID
    {
        var new = NewErrand()
        new.from = "david@shop.example"
        new.subject = subject
        new.htmlBody = "<p>Where is <b>it</b>?</p>"
        new.requestDigest = UUID().uuidString
        let id = try await floor.openErrand(new, by: site)
        var answer = NewAnswer()
        answer.subject = "Re: " + subject
        answer.body = html.isEmpty ? "Here." : ""
        answer.htmlBody = html
        try await floor.endErrand(id, answer, by: site)
        return id
    }

    struct Row: Sendable, Equatable {
        var id: Int64
        var state: Int64
        var attempts: Int64
        var status: Int64?
        var problem: String?
        var nextAt: Int64
    }

    func rows() async throws -> [Row] {
        try await floor.view { reader in
            try reader.query("SELECT * FROM delivery ORDER BY id").map {
                Row(
                    id: $0.int("id"), state: $0.int("state"), attempts: $0.int("attempts"),
                    status: $0.intOrNil("status"), problem: $0.textOrNil("problem"), nextAt: $0.int("next_at")
                )
            }
        }
    }

    /// Waits until the rows are as wanted; what changes them is the deliverer's own work.
    func rows(until fits: ([Row]) -> Bool) async throws -> [Row] {
        while true {
            let rows = try await rows()
            if fits(rows) { return rows }
            try await Task.sleep(for: .milliseconds(20))
        }
    }
}
