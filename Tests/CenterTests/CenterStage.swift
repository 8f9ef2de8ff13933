// A whole center without doors: one workspace on either engine, a clock that only tests move, restarts.

import Foundation
import Logging
import Routing
import Store
import Synchronization
import TestStores
import Testing

@testable import Center

/// Stands still until a test moves it.
final class StageClock: Sendable {
    private let ms = Mutex<Int64>(1_750_000_000_000)
    var now: Int64 { ms.withLock { $0 } }
    func pass(ms passed: Int64) { ms.withLock { $0 += passed } }
    func pass(s: Int64) { pass(ms: s * 1_000) }
}

/// The floor of one test; `restart` closes it and opens it again on the same data.
final class CenterStage {
    static let file = """
        workspace: north
        skills: [german, french]
        not_ready_reasons:
          - {code: lunch, text: Lunch, default: true}
        agents:
          - {login_name: ana, capacity: {errand: 3}}
          - {login_name: bo, capacity: {errand: 2}, device_id: 1, extension_id: 2}
          - {login_name: cy, skills: [german]}
          - {login_name: ole, admin_level: observer}
          - {login_name: root, admin_level: administrator}
        areas:
          - {name: Sales, desired_skills: [french], desired_timeout_s: 40}
          - {name: Support, priority: 3, wrap_up_s: 15}
          - {name: German, required_skills: [german]}
        agent_groups:
          - {name: sellers, agents: [ana, bo], areas: [Sales]}
          - {name: helpers, agents: [ana, cy, ole], areas: [Support, German]}
        access_tokens:
          - {name: pbx, key: k, claims: [acd]}
          - {name: export, key: k, claims: [export]}
          - {name: sales, key: k, claims: [create_errand], channel: form, area: Sales}
          - {name: support, key: k, claims: [create_errand], channel: form, area: Support}
          - {name: german, key: k, claims: [create_errand], channel: form, area: German}

        """

    let clock = StageClock()
    let database: TestDatabase
    let folder: String
    let plan: FaultPlan?
    let patience: DeskPatience
    private let lost: @Sendable (String) -> Void
    private(set) var floor: Floor
    private(set) var workspace = WorkspaceID(0)

    private init(
        _ database: TestDatabase, _ folder: String, _ plan: FaultPlan?,
        _ lost: @escaping @Sendable (String) -> Void
    ) throws {
        self.lost = lost
        self.database = database
        self.folder = folder
        self.plan = plan
        var patience = DeskPatience()
        patience.noticeMs = 0
        self.patience = patience
        floor = try Self.open(database, folder, plan, clock, patience, lost)
    }

    /// Runs `body` on a fresh workspace; the invariants hold when it ends.
    static func run(
        _ kind: EngineKind, faults plan: FaultPlan? = nil, file: String = CenterStage.file,
        lost: @escaping @Sendable (String) -> Void = { preconditionFailure($0) },
        _ body: (CenterStage) async throws -> Void
    ) async throws {
        try await withDatabase(kind, migrations: Schema.migrations) { database in
            let folder = FileManager.default.temporaryDirectory.appending(path: "center-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            let stage = try CenterStage(database, folder.path, plan, lost)
            do {
                _ = try await stage.floor.provision(try ProvisionFile.read(file, name: "north.yaml"))
                stage.workspace = try #require(stage.floor.roster.workspace(named: "north")).workspace
                try await body(stage)
                try await stage.audit("at the end")
                try await stage.replays()
            } catch {
                await stage.floor.close()
                throw error
            }
            await stage.floor.close()
        }
    }

    private static func open(
        _ database: TestDatabase, _ folder: String, _ plan: FaultPlan?, _ clock: StageClock,
        _ patience: DeskPatience, _ lost: @escaping @Sendable (String) -> Void
    ) throws -> Floor {
        let store = try database.open()
        let engine: any Engine = plan.map { FaultEngine(store.engine, plan: $0) } ?? store.engine
        return try Floor(
            store: Store(engine: engine), folder: folder, clock: { clock.now }, desks: patience,
            passwords: .least,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
            lost: lost)
    }

    /// Stops the server for a while.
    func restart(afterS downS: Int64 = 0) async throws {
        await floor.close()
        clock.pass(s: downS)
        floor = try Self.open(database, folder, plan, clock, patience, lost)
    }

    // MARK: Names

    var directory: Directory { floor.roster.workspace(workspace)! }

    func agent(_ login: String) throws -> AgentID { try #require(directory.agent(login: login)).id }

    func area(_ name: String) throws -> Area { try #require(directory.areas.first { $0.name == name }) }

    func skill(_ name: String) throws -> SkillID {
        try #require(directory.skills.first { $0.name == name }).id
    }

    func by(_ login: String, via: Via = .desk) throws -> Principal {
        Principal(workspace: workspace, actor: .agent(try agent(login)), via: via)
    }

    var operatorHere: Principal { Principal(workspace: workspace, actor: .operator, via: .system) }

    // MARK: What happens

    @discardableResult
    func arrives(
        _ token: String = "sales", from: String = "kim@example.com", messageID: String = "",
        file: [UInt8]? = nil
    ) async throws -> ErrandID {
        let site = try #require(directory.tokens.first { $0.name == token })
        var new = NewErrand()
        new.from = from
        new.subject = "S"
        (new.messageID, new.requestDigest) = (messageID, sha256Hex(messageID.utf8))
        if let file {
            new.attachments = [NewAttachment(name: "f", contentType: "application/octet-stream", bytes: file)]
        }
        return try await floor.openErrand(
            new, by: Principal(workspace: workspace, actor: .token(site.id), via: .cention))
    }

    func ready(_ logins: String...) async throws {
        for login in logins {
            try await floor.setPresence(try agent(login), .available, by: try by(login, via: .api))
        }
    }

    /// Accepts what is offered to the agent; nil when nothing is.
    @discardableResult
    func accepts(_ login: String) async throws -> ErrandID? {
        guard let offer = try await offer(to: login) else { return nil }
        return try await floor.acceptOffer(offer.id, epoch: offer.epoch, by: try by(login))
    }

    // MARK: What is so

    /// Runs a look on the writer's thread: what is due is done before.
    func look<T: Sendable>(_ body: @escaping @Sendable (Work) throws -> T) async throws -> T {
        try await floor.perform(Plan("look", checksFirst: true), by: .system(workspace), body)
    }

    func record(_ login: String) async throws -> AgentRecord {
        let id = try agent(login)
        return try await look { try #require($0.agentRecord(id)) }
    }

    func offer(to login: String) async throws -> WorkItemRecord? {
        let id = try agent(login)
        return try await look { $0.offer(to: id) }
    }

    /// The errand's live work item; nil when it has none.
    func item(of errand: ErrandID) async throws -> WorkItemRecord? {
        try await look { work in
            work.office.errands.first { $0.value == errand }.flatMap { work.item($0.key) }
        }
    }

    /// All that the routers were fed since the workspace was made gives the same outputs again.
    @discardableResult
    func replays(sourceLocation: SourceLocation = #_sourceLocation) async throws -> ReplayReport {
        let reports = try await Replay.run(floor.store, fromMs: 0)
        let report = try #require(reports.first)
        #expect(report.difference == nil, sourceLocation: sourceLocation)
        return report
    }

    func rows(_ sql: SQL) async throws -> [Row] { try await floor.view { try $0.query(sql) } }

    func count(_ sql: SQL) async throws -> Int64 { try await rows(sql)[0].int("n") }

    /// What `auditWorkspace` finds, once all that is due is done and committed.
    func problems() async throws -> [String] {
        try await look { _ in }
        return try await look { try auditWorkspace($0) }
    }

    /// Rows make the same router as the live one, and neither breaks an invariant.
    func audit(_ place: String, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let problems = try await problems()
        #expect(problems.isEmpty, "\(place): \(problems)", sourceLocation: sourceLocation)
    }
}
