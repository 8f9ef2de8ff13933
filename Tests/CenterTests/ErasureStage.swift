// Two workspaces, customers who say a marker wherever they can, and a search of everything that is stored.
import Foundation
import Logging
import Store
import TestStores

@testable import Center

/// A floor with workspaces `north` and `south`, and what a test needs of them.
struct ErasureStage {
    static let north = """
        workspace: north
        agents:
          - {login_name: ana, user_name: Ana Berg}
          - {login_name: eve, user_name: Eve Adler, admin_level: administrator}
        areas:
          - {name: Sales}
        agent_groups:
          - {name: sellers, agents: [ana], areas: [Sales]}
        access_tokens:
          - {name: site, key: north, claims: [create_errand], channel: form, area: Sales}
        facebook:
          - {page_id: "111", app_secret: 0123456789abcdef, verify_token: meatyhamhock, area: Sales}
        callbacks:
          - {name: crm, endpoint: "https://crm.example.com/hook", secret: "123456", event: answer_errand}
        """
    static let south = """
        workspace: south
        areas:
          - {name: Sales}
        access_tokens:
          - {name: site, key: south, claims: [create_errand], channel: form, area: Sales}
        """

    let floor: Floor
    let store: Store
    /// The data folder, with the database in it where that is a file.
    let folder: String
    let site: Principal
    let southSite: Principal

    var workspace: WorkspaceID { site.workspace }
    var person: Principal { Principal(workspace: workspace, actor: .operator, via: .system) }

    static func run(
        _ kind: EngineKind, plan: FaultPlan = FaultPlan(), isolation: isolated (any Actor)? = #isolation,
        _ body: (ErasureStage) async throws -> Void
    ) async throws {
        try await withDatabase(kind, migrations: Schema.migrations) { database in
            let folder: URL
            if case .sqlite(let path) = database.location {
                folder = URL(fileURLWithPath: path).deletingLastPathComponent()
            } else {
                let name = "erasure_" + String(UInt64.random(in: .min ... .max), radix: 36)
                folder = FileManager.default.temporaryDirectory.appendingPathComponent(name)
                try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            }
            defer { try? FileManager.default.removeItem(at: folder) }
            let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
            let store = Store(engine: FaultEngine(try database.open().engine, plan: plan))
            let floor = try Floor(
                store: store, folder: folder.path, passwords: .least, logger: logger,
                lost: { preconditionFailure($0) })
            do {
                let made = try await floor.provision(try ProvisionFile.read(north, name: "north.yaml"))
                let other = try await floor.provision(try ProvisionFile.read(south, name: "south.yaml"))
                let stage = ErasureStage(
                    floor: floor, store: store, folder: folder.path,
                    site: try floor.bearer(
                        made.accessTokens["site"] ?? "", workspace: "north", claims: [.createErrand]
                    ).principal,
                    southSite: try floor.bearer(
                        other.accessTokens["site"] ?? "", workspace: "south", claims: [.createErrand]
                    ).principal)
                try await body(stage)
            } catch {
                await floor.close()
                throw error
            }
            await floor.close()
        }
    }

    func agent(_ login: String) throws -> Principal {
        guard let agent = floor.roster.workspace(workspace)?.agent(login: login) else {
            throw BlobProblem(description: "there is no agent \(login)")
        }
        return Principal(workspace: workspace, actor: .agent(agent.id), via: .desk)
    }

    /// 20 ratings of the page at Facebook that say the marker.
    func rates(_ marker: String) async throws {
        guard let page = floor.roster.workspace(workspace)?.facebookPages.first else { return }
        let changes = (0..<20).map { number in
            FacebookRatingChange(
                page: page.id, verb: .add, story: "\(marker)/\(number)", reviewerID: "\(marker)@example.com",
                reviewerName: "Name \(marker)", message: "Message \(marker)", rating: 5, at: floor.now)
        }
        try await floor.noteFacebookRatings(changes, in: workspace)
    }

    /// An errand that says `marker` in every member that a sender fills in, with a small and a large file.
    func arrives(
        _ marker: String, from address: String? = nil, files: Bool = true, large: [UInt8]? = nil,
        words: Int = 400, template: Bool = false,
        by site: Principal? = nil
    ) async throws -> ErrandID {
        var new = NewErrand()
        new.messageID = "\(marker)-\(UInt64.random(in: 0 ... .max))@example.com"
        new.requestDigest = sha256Hex(new.messageID.utf8)
        new.from = address ?? "\(marker)@example.com"
        new.name = "Name \(marker)"
        new.subject = "Subject \(marker)"
        new.body = String(repeating: "Body \(marker). ", count: words)
        new.htmlBody = String(repeating: "<p>Html \(marker)</p>", count: words)
        new.extradata = "{\"extra\":\"\(marker)\"}"
        new.integrationData = "{\"integration\":\"\(marker)\"}"
        new.cuid = "cuid-\(marker)"
        var call = NewCall()
        call.integration = "aventa"
        (call.queueName, call.destNumber, call.queueNumber) = ("EHS", marker, marker)
        (call.referenceID, call.link, call.callReason) = (marker, marker, marker)
        (call.appointment, call.pagingName, call.pagingNumber) = (marker, marker, marker)
        new.call = call
        if files {
            let small = [UInt8]("Small \(marker)".utf8)
            let big = large ?? Self.largeFile(marker)
            new.attachments = [
                NewAttachment(
                    name: "small-\(marker).txt", contentType: "text/\(marker)", contentID: "cid-\(marker)",
                    bytes: small),
                NewAttachment(name: "large-\(marker).bin", contentType: "text/plain", bytes: big),
            ]
        }
        if template {
            new.template = NewTemplate(
                elementName: "hello", namespace: "shop", params: "[{\"default\":\"\(marker)\"}]")
            var answer = NewAnswer()
            answer.userType = .solidus
            answer.userID = "17"
            answer.body = marker
            new.answer = answer
        }
        return try await floor.openErrand(new, by: site ?? self.site)
    }

    /// A call of another system that says `marker` wherever that may.
    func calls(_ marker: String) async throws {
        guard let queue = floor.roster.workspace(workspace)?.areas.first?.queue else { return }
        var new = NewExternalItem(queue: queue, channel: .call)
        new.from = "\(marker)@example.com"
        new.subject = "Call of \(marker)"
        new.externalID = "id-\(marker)"
        _ = try await floor.openItem(new, by: person)
    }

    static func largeFile(_ marker: String) -> [UInt8] {
        [UInt8](String(repeating: "Large \(marker). ", count: 3_000).utf8)
    }

    /// Answers the errand in words that say the marker, and lets its callback fail with such words too.
    func answered(_ errand: ErrandID, _ marker: String, failing: Bool = true) async throws {
        var answer = NewAnswer()
        answer.subject = "Re \(marker)"
        answer.body = "Dear \(marker)"
        answer.htmlBody = "<p>Dear \(marker)</p>"
        try await floor.endErrand(errand, answer, by: site)
        guard failing, let callback = floor.roster.workspace(workspace)?.callbacks.first else { return }
        let due = try await floor.dueDeliveries(of: callback.id, in: workspace, limit: 1_000)
        for delivery in due where delivery.errand == errand {
            try await floor.deliveryFailed(delivery, status: 500, problem: "heard \(marker)")
        }
    }

    /// A note on the errand and a file on its way into an answer, as their rows are.
    func annotated(_ errand: ErrandID, _ marker: String) async throws {
        let agent = try agent("ana").agent
        let connection = try store.engine.connect()
        defer { connection.close() }
        try connection.execute(
            """
            INSERT INTO note (workspace, errand, id, agent, body, at)
            VALUES (\(workspace), \(errand), \(errand), \(agent), \("Note \(marker)"), 0)
            """)
        try connection.execute(
            """
            INSERT INTO upload (workspace, id, errand, agent, name, content_type, is_inline, size, bytes, at)
            VALUES (\(workspace), \(errand), \(errand), \(agent), \("\(marker).txt"), \("text/\(marker)"), 0, 5,
                \([UInt8]("File \(marker)".utf8)), 0)
            """)
    }

    // MARK: - Looking

    /// Every table and column that says `text`, as `table.column`, statistics included.
    func places(saying text: String) async throws -> Set<String> {
        let dialect = store.dialect
        return try await store.read { reader in
            var places: Set<String> = []
            for (table, columns) in try Self.columns(reader) {
                try reader.forEach(SQL(name: "SELECT * FROM \(table)")) { row in
                    for column in columns where Self.says(row.value(column), text) {
                        places.insert("\(table).\(column)")
                    }
                }
            }
            if dialect == .postgres {
                let statistics = try reader.query(
                    """
                    SELECT tablename, attname, COALESCE(CAST(most_common_vals AS TEXT), '') AS common,
                        COALESCE(CAST(histogram_bounds AS TEXT), '') AS bounds
                    FROM pg_stats WHERE schemaname = current_schema()
                    """)
                for row in statistics where (row.text("common") + row.text("bounds")).contains(text) {
                    places.insert("statistics of \(row.text("tablename")).\(row.text("attname"))")
                }
            }
            return places
        }
    }

    private static func says(_ value: Value, _ text: String) -> Bool {
        switch value {
        case .text(let found): found.contains(text)
        case .blob(let bytes): contains(bytes, text)
        case .null, .integer, .real: false
        }
    }

    /// All tables with their columns, of type TEXT or BLOB only where asked.
    static func columns(_ reader: any Reading, textual: Bool = false) throws -> [String: [String]] {
        let sql: SQL =
            switch reader.dialect {
            case .sqlite:
                """
                SELECT t.name AS tab, c.name AS col, c.type AS kind
                FROM sqlite_master AS t, pragma_table_info(t.name) AS c
                WHERE t.type = 'table' AND substr(t.name, 1, 7) <> 'sqlite_'
                """
            case .postgres:
                """
                SELECT CAST(table_name AS TEXT) AS tab, CAST(column_name AS TEXT) AS col,
                    CAST(data_type AS TEXT) AS kind
                FROM information_schema.columns WHERE table_schema = current_schema()
                """
            }
        var found: [String: [String]] = [:]
        for row in try reader.query(sql) {
            guard !textual || ["TEXT", "BLOB", "text", "bytea"].contains(row.text("kind")) else { continue }
            found[row.text("tab"), default: []].append(row.text("col"))
        }
        return found
    }

    /// Files of the data folder, the database and its log among them, whose bytes say `text`.
    func files(saying text: String) throws -> [String] {
        guard let names = FileManager.default.enumerator(atPath: folder) else { return [] }
        var found: [String] = []
        while let name = names.nextObject() as? String {
            guard !name.contains(text) else {
                found.append(name)
                continue
            }
            if let bytes = FileManager.default.contents(atPath: folder + "/" + name),
                bytes.range(of: Data(text.utf8)) != nil
            {
                found.append(name)
            }
        }
        return found.sorted()
    }

    private static func contains(_ bytes: [UInt8], _ text: String) -> Bool {
        Data(bytes).range(of: Data(text.utf8)) != nil
    }

    func count(_ sql: SQL) async throws -> Int64 {
        try await store.read { try $0.query("SELECT COUNT(*) AS n FROM " + sql)[0].int("n") }
    }
}
