// A workspace with agents, an area and a token, and a browser's view of its desk without a browser.
import Center
import HTTPTypes
import Foundation
import Hummingbird
import HummingbirdTesting
import Logging
import Store
import TestStores
import Web

@testable import Desk

/// Two workspaces on one server; what a test needs of them.
struct DeskStage {
    static let password = "correct horse battery"

    static let north = """
        workspace: north
        organisation: North & Sons
        time_zone: Europe/Berlin
        not_ready_reasons:
          - {code: coffee, text: Coffee, default: true}
          - {code: meet, text: Meeting}
        tags: [Urgent, Complaint]
        agents:
          - {login_name: ana, user_name: Ana Berg, password: \(password)}
          - {login_name: bo, user_name: Bo Lind, password: \(password)}
          - {login_name: cy, user_name: Cy Holm, password: \(password)}
          - {login_name: ada, user_name: Ada Lund, password: \(password), admin_level: administrator}
          - {login_name: ole, user_name: Ole Ek, password: \(password), admin_level: observer}
        areas:
          - {name: Sales, offer_timeout_s: 3600}
          - {name: Vault, offer_timeout_s: 3600}
        agent_groups:
          - {name: sellers, agents: [ana, bo, ole], areas: [Sales]}
          - {name: guards, agents: [cy], areas: [Vault]}
        access_tokens:
          - {name: site, key: north, claims: [create_errand], channel: form, area: Sales}
        """

    static let south = """
        workspace: south
        agents:
          - {login_name: ana, user_name: Other Ana, password: \(password)}
        areas:
          - {name: Sales}
        agent_groups:
          - {name: sellers, agents: [ana], areas: [Sales]}
        """

    let floor: Floor
    let desk: any TestClientProtocol
    private let site: Principal

    /// Runs `body` against a desk of its own on the engine.
    static func run(
        _ kind: EngineKind, clock: @escaping @Sendable () -> Int64 = Floor.wallClock,
        _ body: @escaping @Sendable (DeskStage) async throws -> Void
    ) async throws {
        try await withDatabase(kind, migrations: Schema.migrations) { database in
            let name = "desk_" + String(UInt64.random(in: .min ... .max), radix: 36)
            let folder = FileManager.default.temporaryDirectory.appendingPathComponent(name)
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
            let floor = try Floor(
                store: try database.open(), folder: folder.path, clock: clock,
                passwords: .least, logger: logger, lost: { preconditionFailure($0) })
            do {
                let made = try await floor.provision(try ProvisionFile.read(north, name: "north.yaml"))
                _ = try await floor.provision(try ProvisionFile.read(south, name: "south.yaml"))
                let token = made.accessTokens["site"] ?? ""
                let site = try floor.bearer(token, workspace: "north", claims: [.createErrand]).principal
                let routes = Routes()
                addDesk(to: routes, floor: floor)
                try await Application(responder: routes.tree, logger: logger).test(.router) { client in
                    try await body(DeskStage(floor: floor, desk: client, site: site))
                }
            } catch {
                await floor.close()
                throw error
            }
            await floor.close()
        }
    }

    /// Those of other levels: made for the tests that need them, because a password takes its time.
    func addLevels() async throws {
        let file = """
            workspace: north
            agents:
              - {login_name: di, user_name: Di Watts, password: \(Self.password), admin_level: observer}
              - {login_name: ed, user_name: Ed Stone, password: \(Self.password), admin_level: administrator}
            agent_groups:
              - {name: sellers, agents: [ana, bo, di], areas: [Sales]}
            """
        _ = try await floor.provision(try ProvisionFile.read(file, name: "levels.yaml"))
    }

    /// A customer writes to Sales.
    func arrives(
        _ subject: String, body: String = "", html: String = "", name: String = "",
        files: [NewAttachment] = [],
        from address: String = "kim@example.com"
    ) async throws -> ErrandID {
        var new = NewErrand()
        new.from = address
        new.name = name
        new.subject = subject
        new.body = body
        new.htmlBody = html
        new.attachments = files
        return try await arrives(new)
    }

    func arrives(_ new: NewErrand) async throws -> ErrandID { try await floor.openErrand(new, by: site) }

    func get(_ path: String, as browser: Browser? = nil) async throws -> TestResponse {
        try await desk.execute(uri: path, method: .get, headers: browser?.headers ?? [:])
    }

    func post(
        _ path: String, _ fields: KeyValuePairs<String, String>, as browser: Browser? = nil,
        csrf: Bool = true,
        fetched: Bool = false
    ) async throws -> TestResponse {
        try await postAll(path, fields.map { ($0.key, $0.value) }, as: browser, csrf: csrf, fetched: fetched)
    }

    @discardableResult
    func postAll(
        _ path: String, _ fields: [(String, String)], as browser: Browser? = nil, csrf: Bool = true,
        fetched: Bool = false
    ) async throws -> TestResponse {
        var headers = browser?.headers ?? [:]
        headers[.contentType] = "application/x-www-form-urlencoded"
        if fetched { headers[.requestedWith] = "desk" }
        var pairs = fields
        if csrf, let browser { pairs.append(("csrf", browser.csrf)) }
        let form = pairs.map { "\($0.0)=\(encoded($0.1))" }.joined(separator: "&")
        return try await desk.execute(
            uri: path, method: .post, headers: headers, body: ByteBuffer(string: form))
    }

    /// Signs in at the page and reads the form's token from the desk, as a browser does.
    func signIn(_ login: String, workspace: String = "north") async throws -> Browser {
        let response = try await post(
            "/s/\(workspace)/desk/sign-in", ["login_name": login, "password": Self.password])
        let cookie = response.headers[.setCookie].map { String($0.prefix { $0 != ";" }) } ?? ""
        var browser = Browser(base: "/s/\(workspace)/desk", cookie: cookie, csrf: "")
        let page = try await get(browser.base, as: browser)
        browser.csrf = between("data-csrf=\"", "\"", in: page.text)
        return browser
    }

    /// Makes the agent ready; an offer may follow in the same commit.
    func ready(_ browser: Browser) async throws {
        _ = try await post("\(browser.base)/presence", ["to": "ready"], as: browser)
    }
}

/// What a browser keeps of a sign-in.
struct Browser: Sendable {
    let base: String
    let cookie: String
    var csrf: String

    var headers: HTTPFields { [.cookie: cookie] }
}

extension TestResponse {
    var text: String { String(buffer: body) }
}

/// What stands between two texts, empty when they are not there.
func between(_ start: String, _ end: String, in text: String) -> String {
    guard let from = text.range(of: start),
        let to = text.range(of: end, range: from.upperBound..<text.endIndex)
    else { return "" }
    return String(text[from.upperBound..<to.lowerBound])
}

private func encoded(_ text: String) -> String {
    text.utf8.map { byte in
        let isPlain = (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
        return isPlain ? String(Unicode.Scalar(byte)) : String(format: "%%%02X", Int(byte))
    }.joined()
}
