// The desk in another site's page: who may frame it, who signs in by key, and that nobody rides such a session.
import Center
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Routing
import TestStores
import Testing

@testable import Desk

@Suite struct EmbeddingTests {
    @Test(arguments: EngineKind.tested)
    func onlyListedOriginsMayFrameTheDesk(_ kind: EngineKind) async throws {
        try await DeskStage.run(kind) { stage in
            try await stage.embeds()
            let ana = try await stage.signIn("ana")
            let html = try await stage.arrives("Framed", html: "<p>A letter</p>")
            for path in ["", "/sign-in", "/errands/\(html)", "/static/desk.js"] {
                let page = try await stage.get("/s/north/desk\(path)", as: ana)
                let policy = try #require(page.headers[.contentSecurityPolicy])
                #expect(
                    policy.hasSuffix("frame-ancestors https://crm.example http://127.0.0.1:81"), "\(path)")
                #expect(page.headers[.frameOptions] == nil)
            }
            let page = try await stage.get("/s/north/desk/errands/\(html)", as: ana)
            let letter = "\(ana.base)/errands/\(html)/letters/" + between("/letters/", "\"", in: page.text)
            let frame = try await stage.get(letter, as: ana)
            #expect(frame.status == .ok)
            let policy = try #require(frame.headers[.contentSecurityPolicy])
            #expect(policy.contains("frame-ancestors 'self' https://crm.example http://127.0.0.1:81;"))
            #expect(frame.headers[.frameOptions] == nil)
            // Another workspace, and no workspace at all.
            for path in ["/s/south/desk/sign-in", "/", "/s/-/desk/static/desk.css"] {
                let page = try await stage.get(path)
                #expect(page.headers[.contentSecurityPolicy]?.contains("frame-ancestors 'none'") == true)
                #expect(page.headers[.frameOptions] == "DENY")
                #expect(!page.text.contains("embed.js"))
            }
        }
    }

    @Test(arguments: EngineKind.tested)
    func aKeySignsItsAgentIn(_ kind: EngineKind) async throws {
        try await DeskStage.run(kind) { stage in
            try await stage.embeds()
            let key = try await stage.mint(for: "ana")
            let response = try await stage.signIn(by: key)
            #expect(response.status == .created)
            let cookie = try #require(response.headers[.setCookie])
            for part in [
                "switchboard_embedded=", "Path=/s/north/", "HttpOnly", "SameSite=None", "Secure",
                "Partitioned",
            ] {
                #expect(cookie.contains(part), "\(part)")
            }
            let ana = try await stage.framed(response)
            #expect(!ana.csrf.isEmpty)
            #expect(try await stage.state(of: "ana").presence == .signedIn)
            // A second message while signed in changes nothing: the embedding page may send it after each load.
            let again = try await stage.signIn(by: key, cookies: ana.cookie)
            #expect(again.status == .noContent)
            #expect(again.headers[.setCookie] == nil)
            // It is a login as any other.
            #expect(try await stage.logins(of: "ana") == ["Login"])
            let out = try await stage.post(
                "/s/north/desk/sign-out", [:], in: ana, site: "same-origin", csrf: true)
            #expect(out.status == .seeOther)
            let cleared = out.headers[values: .setCookie].filter { $0.contains("Max-Age=0") }
            #expect(cleared.contains { $0.hasPrefix("switchboard_embedded=;") && $0.contains("Partitioned") })
            #expect(try await stage.logins(of: "ana") == ["Login", "Logout"])
            #expect(try await stage.visit(ana, site: "same-origin").status == .seeOther)
        }
    }

    @Test(arguments: EngineKind.tested)
    func theServerDecidesWhichOriginAndWhichPageMayAsk(_ kind: EngineKind) async throws {
        try await DeskStage.run(kind) { stage in
            let key = try await stage.mint(for: "ana")
            // No origin is listed yet.
            #expect(try await stage.signIn(by: key).status == .forbidden)
            try await stage.embeds()
            for origin in [
                "https://evil.example", "https://crm.example:444", "http://crm.example", "null", "",
                "https://crm.example.evil.example",
            ] {
                let response = try await stage.signIn(by: key, origin: origin)
                #expect(response.status == .forbidden, "\(origin)")
                #expect(response.headers[.setCookie] == nil)
            }
            #expect(try await stage.signIn(by: key, workspace: "south").status == .forbidden)
            // Another site's page cannot send the header; if it could, the browser says where it comes from.
            #expect(try await stage.signIn(by: key, site: "cross-site").status == .forbidden)
            #expect(try await stage.signIn(by: key, site: "same-site").status == .forbidden)
            #expect(try await stage.signIn(by: key, requestedWith: nil).status == .forbidden)
            // A browser that keeps no cookie is told so before there is a session.
            let blocked = try await stage.signIn(by: key, cookies: "")
            #expect(blocked.status == .forbidden && blocked.text.contains("keeps no cookies"))
            #expect(try await stage.state(of: "ana").presence == .signedOut)
            #expect(try await stage.sessions() == 0)
        }
    }

    @Test(arguments: EngineKind.tested)
    func keysThatAreOverSignNobodyIn(_ kind: EngineKind) async throws {
        let clock = TestClock()
        try await DeskStage.run(kind, clock: clock.read) { stage in
            try await stage.embeds()
            let wrong = "The access key or its secret is not right.\n"
            let key = try await stage.mint(for: "ana")
            let made = try await stage.signIn(by: MintedKey(key.id, "not this one"))
            #expect(made.status == .unauthorized && made.text == wrong)
            #expect(try await stage.signIn(by: MintedKey("no-such-key", key.secret)).text == wrong)
            #expect(try await stage.signIn(by: MintedKey("", "")).text == wrong)
            #expect(
                try await stage.signIn(by: MintedKey(String(repeating: "k", count: 10_000), "x")).text
                    == wrong)
            // It expires.
            let short = try await stage.mint(for: "bo", expiry: stage.floor.now.ms / 1_000 + 600)
            clock.move(minutes: 10)
            let expired = try await stage.signIn(by: short)
            #expect(expired.status == .unauthorized && expired.text.contains("has expired"))
            // A guess at an expired key learns nothing of it.
            #expect(try await stage.signIn(by: MintedKey(short.id, "guess")).text == wrong)
            // It is revoked.
            try await stage.revoke(key, of: "ana")
            let revoked = try await stage.signIn(by: key)
            #expect(revoked.status == .unauthorized && revoked.text.contains("was revoked"))
            // Its agent is deleted.
            let third = try await stage.mint(for: "cy")
            try await stage.floor.deleteAgent(try stage.agentID("cy"), by: try stage.administrator())
            let deleted = try await stage.signIn(by: third)
            #expect(deleted.status == .unauthorized && deleted.text.contains("is deleted"))
            #expect(try await stage.sessions() == 0)
        }
    }

    @Test(arguments: EngineKind.tested)
    func sessionsEndWithTheirKeyAndOnlyThose(_ kind: EngineKind) async throws {
        let clock = TestClock()
        try await DeskStage.run(kind, clock: clock.read) { stage in
            try await stage.embeds()
            let key = try await stage.mint(for: "ana")
            let ana = try await stage.framed(try await stage.signIn(by: key))
            let errand = try await stage.arrives("In her hands")
            let taken = try await stage.post(
                "/s/north/desk/errands/\(errand)/take", [:], in: ana, site: "same-origin", csrf: true)
            #expect(taken.status == .seeOther)
            try await stage.revoke(key, of: "ana")
            #expect(try await stage.visit(ana, site: "same-origin").status == .seeOther)
            #expect(try await stage.state(of: "ana").presence == .signedOut)
            #expect(try await stage.view(errand, of: "bo").itemState == .waiting)
            #expect(try await stage.logins(of: "ana") == ["Login", "Logout"])
            // With a password she stays, whatever becomes of a key.
            let other = try await stage.mint(for: "ana")
            let framed = try await stage.framed(try await stage.signIn(by: other))
            let own = try await stage.signIn("ana")
            try await stage.revoke(other, of: "ana")
            #expect(try await stage.visit(framed, site: "same-origin").status == .seeOther)
            #expect(try await stage.get("/s/north/desk", as: own).status == .ok)
            #expect(try await stage.state(of: "ana").presence == .signedIn)
            // A session lasts no longer than the key that made it.
            let short = try await stage.mint(for: "bo", expiry: stage.floor.now.ms / 1_000 + 600)
            let bo = try await stage.framed(try await stage.signIn(by: short))
            clock.move(minutes: 9)
            #expect(try await stage.visit(bo, site: "same-origin").status == .ok)
            clock.move(minutes: 1)
            #expect(try await stage.visit(bo, site: "same-origin").status == .seeOther)
            try await stage.floor.expireSessions()
            #expect(try await stage.state(of: "bo").presence == .signedOut)
            // So does a session of a key whose end a provisioning file sets anew.
            let file = "workspace: north\naccess_keys:\n  - {name: k, agent: cy"
            let made = try await stage.floor.provision(try ProvisionFile.read(file + "}", name: "k.yaml"))
            let provisioned = try #require(made.accessKeys.first)
            let named = MintedKey(provisioned.accessKeyID, provisioned.secretAccessKey)
            let kept = try await stage.framed(try await stage.signIn(by: named))
            #expect(try await stage.visit(kept, site: "same-origin").status == .ok)
            _ = try await stage.floor.provision(
                try ProvisionFile.read(file + ", expiry: 4000000000}", name: "k.yaml"))
            #expect(try await stage.visit(kept, site: "same-origin").status == .seeOther)
            // A deleted agent's session is over at once.
            let cy = try await stage.framed(try await stage.signIn(by: try await stage.mint(for: "cy")))
            #expect(try await stage.visit(cy, site: "same-origin").status == .ok)
            try await stage.floor.deleteAgent(try stage.agentID("cy"), by: try stage.administrator())
            #expect(try await stage.visit(cy, site: "same-origin").status == .seeOther)
        }
    }

    @Test(arguments: EngineKind.tested)
    func anotherSiteRidesNoSession(_ kind: EngineKind) async throws {
        try await DeskStage.run(kind) { stage in
            try await stage.embeds()
            let ana = try await stage.framed(try await stage.signIn(by: try await stage.mint(for: "ana")))
            let path = "/s/north/desk/presence"
            // Not even with the right token, where a browser says that another site sends it, or says nothing.
            for site in ["cross-site", "same-site", nil] {
                let ridden = try await stage.post(path, ["to": "ready"], in: ana, site: site, csrf: true)
                #expect(ridden.status == .seeOther, "\(site ?? "-")")
                #expect(ridden.headers[.location]?.contains("sign-in") == true)
            }
            // Without the token nobody, our own page included.
            #expect(
                try await stage.post(path, ["to": "ready"], in: ana, site: "same-origin", csrf: false).status
                    == .forbidden)
            let wrong = Browser(base: ana.base, cookie: ana.cookie, csrf: "guess")
            #expect(
                try await stage.post(path, ["to": "ready"], in: wrong, site: "same-origin", csrf: true).status
                    == .forbidden)
            #expect(try await stage.state(of: "ana").presence == .signedIn)
            // Another site's script, picture or window reads nothing; the frame itself is shown.
            for (mode, dest) in [
                ("no-cors", "image"), ("cors", "empty"), ("navigate", "document"), ("no-cors", "script"),
            ] {
                let read = try await stage.visit(ana, site: "cross-site", mode: mode, dest: dest)
                #expect(read.status == .seeOther, "\(mode) \(dest)")
            }
            #expect(
                try await stage.visit(ana, site: "cross-site", mode: "navigate", dest: "iframe").status == .ok
            )
            // Our own page does what it does anywhere.
            #expect(
                try await stage.post(path, ["to": "ready"], in: ana, site: "same-origin", csrf: true).status
                    == .seeOther)
            #expect(try await stage.state(of: "ana").presence == .available)
        }
    }

    @Test(arguments: EngineKind.tested)
    func secretsCannotBeGuessed(_ kind: EngineKind) async throws {
        let clock = TestClock()
        try await DeskStage.run(kind, clock: clock.read) { stage in
            try await stage.embeds()
            let key = try await stage.mint(for: "ana")
            for id in [key.id, "no-such-key"] {
                for n in 0..<SignInLimits.failuresFree {
                    #expect(try await stage.signIn(by: MintedKey(id, "guess \(n)")).status == .unauthorized)
                }
            }
            for tried in [key, MintedKey("no-such-key", key.secret)] {
                let locked = try await stage.signIn(by: tried)
                #expect(locked.status == .tooManyRequests)
                #expect(locked.headers[.retryAfter] == "30")
            }
            // The password's lock is another one.
            #expect(try await stage.tries("ana", DeskStage.password).status == .seeOther)
            clock.move(ms: SignInLimits.lockFirstMs)
            #expect(try await stage.signIn(by: key).status == .created)
        }
    }

    @Test(arguments: EngineKind.tested)
    func anObserverIsSignedInAndOfferedNothing(_ kind: EngineKind) async throws {
        try await DeskStage.run(kind) { stage in
            try await stage.embeds()
            let ole = try await stage.framed(try await stage.signIn(by: try await stage.mint(for: "ole")))
            _ = try await stage.post(
                "/s/north/desk/presence", ["to": "ready"], in: ole, site: "same-origin", csrf: true)
            _ = try await stage.arrives("Not for Ole")
            let page = try await stage.visit(ole, site: "same-origin")
            #expect(page.status == .ok)
            #expect(!page.text.contains("data-test=\"offer\""))
        }
    }

    @Test(arguments: EngineKind.tested)
    func aPasswordInTheFrameIsKeptThereToo(_ kind: EngineKind) async throws {
        try await DeskStage.run(kind) { stage in
            let form = "login_name=ana&password=correct+horse+battery"
            func signIn() async throws -> TestResponse {
                try await stage.desk.execute(
                    uri: "/s/north/desk/sign-in", method: .post,
                    headers: [
                        .contentType: "application/x-www-form-urlencoded", .fetchSite: "same-origin",
                        .fetchMode: "navigate", .fetchDest: "iframe",
                    ], body: ByteBuffer(string: form))
            }
            #expect(try await signIn().headers[.setCookie]?.hasPrefix("switchboard_session=") == true)
            try await stage.embeds()
            let framed = try await signIn()
            #expect(framed.headers[.setCookie]?.hasPrefix("switchboard_embedded=") == true)
            #expect(framed.headers[.setCookie]?.contains("Partitioned") == true)
        }
    }
}

/// An access key as the embedding page has it.
struct MintedKey: Sendable {
    let id: String
    let secret: String

    init(_ id: String, _ secret: String) {
        self.id = id
        self.secret = secret
    }
}

extension DeskStage {
    static let origin = "https://crm.example"

    /// The workspace lists two origins.
    func embeds() async throws {
        let file = "workspace: north\nembed_origins: [\"\(Self.origin)\", \"http://127.0.0.1:81\"]"
        _ = try await floor.provision(try ProvisionFile.read(file, name: "embed.yaml"))
    }

    func agentID(_ login: String) throws -> AgentID { try agent(login).agent.id }

    func administrator() throws -> Principal {
        let directory = try #require(floor.roster.workspace(named: "north"))
        return Principal(workspace: directory.workspace, actor: .agent(try agentID("ada")), via: .desk)
    }

    func mint(for login: String, expiry: Int64 = 0) async throws -> MintedKey {
        let key = try await floor.mintAccessKey(
            for: try agentID(login), expiry: expiry, by: try administrator())
        return MintedKey(key.id, key.secret)
    }

    func revoke(_ key: MintedKey, of login: String) async throws {
        try await floor.revokeAccessKey(key.id, of: try agentID(login), by: try administrator())
    }

    /// As the module in the frame does it.
    func signIn(
        by key: MintedKey, origin: String = DeskStage.origin, workspace: String = "north",
        site: String? = "same-origin", requestedWith: String? = "desk",
        cookies: String = "switchboard_kept=yes"
    ) async throws -> TestResponse {
        var headers: HTTPFields = [.contentType: "application/x-www-form-urlencoded"]
        headers[.cookie] = cookies.isEmpty ? nil : cookies
        headers[.fetchSite] = site
        headers[.requestedWith] = requestedWith
        var parts = URLComponents()
        parts.queryItems = [
            URLQueryItem(name: "access_key_id", value: key.id),
            URLQueryItem(name: "secret_access_key", value: key.secret),
            URLQueryItem(name: "origin", value: origin),
        ]
        return try await desk.execute(
            uri: "/s/\(workspace)/desk/sign-in/key", method: .post, headers: headers,
            body: ByteBuffer(string: parts.percentEncodedQuery ?? ""))
    }

    /// What the frame keeps of a sign-in, with the form's token of its first page.
    func framed(_ response: TestResponse) async throws -> Browser {
        let cookie = response.headers[.setCookie].map { String($0.prefix { $0 != ";" }) } ?? ""
        var browser = Browser(base: "/s/north/desk", cookie: cookie, csrf: "")
        browser.csrf = between(
            "data-csrf=\"", "\"", in: try await visit(browser, site: "same-origin").text)
        return browser
    }

    func visit(
        _ browser: Browser, site: String?, mode: String = "navigate", dest: String = "iframe"
    ) async throws -> TestResponse {
        var headers = browser.headers
        headers[.fetchSite] = site
        headers[.fetchMode] = mode
        headers[.fetchDest] = dest
        return try await desk.execute(uri: "/s/north/desk", method: .get, headers: headers)
    }

    func post(
        _ path: String, _ fields: KeyValuePairs<String, String>, in browser: Browser, site: String?,
        csrf: Bool
    ) async throws -> TestResponse {
        var headers = browser.headers
        headers[.contentType] = "application/x-www-form-urlencoded"
        headers[.fetchSite] = site
        headers[.fetchMode] = "navigate"
        headers[.fetchDest] = "iframe"
        var form = fields.map { "\($0.key)=\($0.value)" }
        if csrf { form.append("csrf=\(browser.csrf)") }
        return try await desk.execute(
            uri: path, method: .post, headers: headers, body: ByteBuffer(string: form.joined(separator: "&")))
    }

    func sessions() async throws -> Int64 {
        try await floor.store.engine.read { reader in
            try reader.query("SELECT COUNT(*) AS n FROM session").first?.int("n") ?? 0
        }
    }

    func logins(of login: String) async throws -> [String] {
        let workspace = try administrator().workspace
        return try await floor.loginRecords(
            Instant(ms: 0)..<(floor.now + 1), of: try agentID(login), in: workspace
        ).map(\.action)
    }
}
