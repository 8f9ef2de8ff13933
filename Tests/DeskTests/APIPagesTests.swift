// Administration → API: access tokens, callbacks, their log and TENIOS keys, and who gets there.
import Center
import Foundation
import HTTPTypes
import HummingbirdTesting
import Routing
import TestStores
import Testing

@testable import Desk

/// What pages say of a form.
extension TestResponse {
    /// What is wrong beside a field, empty where nothing is.
    func problem(_ field: String) -> String {
        between("id=\"\(field)-why\" role=\"alert\" data-test=\"field-problem\">", "</span>", in: text)
    }

    /// What was minted, in its order.
    var minted: [String] {
        text.components(separatedBy: "data-test=\"minted-secret\">").dropFirst().map {
            String($0.prefix { $0 != "<" })
        }
    }

    /// The cells of the rows with this mark.
    func rows(_ test: String) -> [String] {
        text.components(separatedBy: "data-test=\"\(test)\"").dropFirst().map {
            $0.components(separatedBy: "</tr>")[0]
        }
    }
}

@Suite struct APIPagesTests {
    private struct API: Sendable {
        let stage: DeskStage
        let ada: Browser

        var path: String { "\(ada.base)/admin/api" }
        var directory: Directory { get throws { try stage.agent("ada").directory } }

        func token(_ name: String) throws -> AccessToken {
            try #require(try directory.tokens.first { $0.name == name })
        }

        func callback(_ name: String = "crm") throws -> CallbackSettings {
            try #require(try directory.callbacks.first { $0.name == name })
        }

        func mint(_ fields: [(String, String)]) async throws -> TestResponse {
            try await stage.postAll("\(path)/tokens", fields, as: ada)
        }

        /// Whether the token opens this door.
        func opens(_ jwt: String, _ claim: Claim) -> Bool {
            (try? stage.floor.bearer(jwt, workspace: "north", claims: [claim])) != nil
        }
    }

    private func run(
        _ kind: EngineKind, clock: @escaping @Sendable () -> Int64 = Floor.wallClock,
        _ body: @escaping @Sendable (API) async throws -> Void
    ) async throws {
        try await DeskStage.run(kind, clock: clock) { stage in
            try await body(API(stage: stage, ada: try await stage.signIn("ada")))
        }
    }

    @Test(arguments: EngineKind.tested)
    func `a token is made, shown once, and revoked`(_ kind: EngineKind) async throws {
        let clock = TestClock()
        try await run(kind, clock: clock.read) { api in
            let page = try await api.stage.get("\(api.path)/tokens", as: api.ada)
            for title in [
                "Create Errand", "Access to errand data", "Access and create customer contacts",
                "Access to library", "Access to export API", "Access to logio API", "Get attachments",
                "acd (Neutral API)",
            ] {
                #expect(page.text.contains("<span dir=\"auto\">\(title)</span>"), "\(title)")
            }
            #expect(page.text.contains("data-needs=\"name key\""))
            let made = try await api.mint([
                ("name", "Logs & more"), ("key", "k1"), ("claim.logio", "yes"), ("claim.errand_data", "yes"),
                ("expiry", "2026-03-31"), ("channel", ""), ("area", ""), ("account", ""),
            ])
            #expect(made.status == .ok && made.minted.count == 1)
            let jwt = try #require(made.minted.first)
            #expect(api.opens(jwt, .logio) && api.opens(jwt, .errandData) && !api.opens(jwt, .export))
            let token = try api.token("Logs & more")
            // The end of the day in Berlin, which has summer time by then.
            #expect(token.expiresAt == 1_774_994_400 && token.claims == [.logio, .errandData])
            let listed = try await api.stage.get("\(api.path)/tokens", as: api.ada)
            #expect(!listed.text.contains(jwt) && listed.minted.isEmpty)
            let row = try #require(listed.rows("token").first)
            #expect(row.contains("Logs &amp; more") && row.contains("in force") && row.contains("1 Apr 0:00"))
            #expect(row.contains("Access to errand data, Access to logio API"))

            let revoke = "\(api.path)/tokens/\(token.id)/revoke"
            #expect(try await api.stage.post(revoke, [:], as: api.ada, csrf: false).status == .forbidden)
            #expect(api.opens(jwt, .logio))
            let revoked = try await api.stage.post(revoke, [:], as: api.ada)
            #expect(revoked.headers[.location] == "\(api.path)/tokens?said=token-revoked")
            #expect(!api.opens(jwt, .logio))
            let after = try await api.stage.get("\(api.path)/tokens", as: api.ada).rows("token")
            #expect(after.last?.contains("revoked") == true && after.last?.contains("<form") == false)
            let taken = try await api.mint([("name", "Logs & more"), ("key", "k"), ("claim.logio", "yes")])
            #expect(
                taken.problem("new-token-name") == "A revoked access token has this name; choose another.")
            #expect(
                try await api.stage.post("\(api.path)/tokens/99/revoke", [:], as: api.ada).status == .notFound
            )
        }
    }

    @Test(arguments: EngineKind.tested)
    func `many tokens have pages, those in force first`(_ kind: EngineKind) async throws {
        try await run(kind) { api in
            let tokens = (1...100).map { "{name: t\($0), key: k, claims: [logio]}" }.joined(separator: ", ")
            let file =
                "workspace: north\naccess_tokens: [{name: over, key: k, claims: [logio], expiry: 1}, \(tokens)]"
            _ = try await api.stage.floor.provision(try ProvisionFile.read(file, name: "many.yaml"))
            let first = try await api.stage.get("\(api.path)/tokens", as: api.ada)
            #expect(first.rows("token").count == 100 && first.text.contains("\(api.path)/tokens?page=1"))
            #expect(first.rows("token")[0].contains(">t100<") && !first.text.contains("expired"))
            let second = try await api.stage.get("\(api.path)/tokens?page=1", as: api.ada)
            #expect(second.rows("token").map { $0.contains("expired") } == [false, true])
            let beyond = try await api.stage.get("\(api.path)/tokens?page=99", as: api.ada)
            #expect(beyond.rows("token") == second.rows("token"))
        }
    }

    @Test(arguments: EngineKind.tested)
    func `the rules of Create Errand are said beside the fields`(_ kind: EngineKind) async throws {
        try await run(kind) { api in
            func problem(_ field: String, _ more: [(String, String)]) async throws -> String {
                let base = [("name", "new"), ("key", "k"), ("area", ""), ("account", ""), ("expiry", "")]
                let fields = base.filter { field in !more.contains { $0.0 == field.0 } } + more
                let page = try await api.mint(fields)
                #expect(page.status == RefusedForm.status && page.minted.isEmpty)
                return page.problem("new-token-\(field)")
            }
            let create = ("claim.create_errand", "yes")
            #expect(
                try await problem("channel", [create, ("channel", "")])
                    == "A token that may Create Errand needs a channel.")
            #expect(
                try await problem("area", [create, ("channel", "form"), ("account", "a@example.com")])
                    == "A token for the channel form needs an area.")
            #expect(
                try await problem("area", [create, ("channel", "email")])
                    == "A token for the channel email needs an area or an account.")
            #expect(
                try await problem("channel", [("claim.logio", "yes"), ("channel", "form")])
                    == "Channel stands only beside claims with Create Errand.")
            #expect(
                try await problem("name", [("name", ""), ("claim.logio", "yes")]).contains("empty field"))
            #expect(
                try await problem("key", [("key", ""), ("claim.logio", "yes")]).contains("Expected a key"))
            #expect(
                try await problem("expiry", [("claim.logio", "yes"), ("expiry", "tomorrow")])
                    == "Expected a day such as 2027-12-31.")
            #expect(
                try await problem("expiry", [("claim.logio", "yes"), ("expiry", "2020-01-01")])
                    == "That day is over; choose one to come, or none.")
            let none = try await api.mint([("name", "new"), ("key", "k"), ("channel", "")])
            #expect(none.text.contains("An access token needs at least one claim."))
            #expect(none.text.contains("name=\"name\" value=\"new\""), "what was typed stays")
            let before = try api.directory.tokens.map(\.name)
            #expect(before == ["site"], "nothing was stored by half")

            let made = try await api.mint([
                ("name", "mail"), ("key", "k"), create, ("channel", "email"), ("area", ""),
                ("account", "support@example.com"), ("expiry", ""),
            ])
            #expect(made.minted.count == 1)
            let token = try api.token("mail")
            #expect(token.channel == .email && token.area == nil && token.account == "support@example.com")
            #expect(token.expiresAt == 0)
        }
    }

    @Test(arguments: EngineKind.tested)
    func `a callback is made, changed and deleted`(_ kind: EngineKind) async throws {
        try await run(kind) { api in
            let list = "\(api.path)/callbacks"
            let sales = try #require(try api.directory.areas.first { $0.name == "Sales" }).id
            let vault = try #require(try api.directory.areas.first { $0.name == "Vault" }).id
            func add(_ fields: [(String, String)]) async throws -> TestResponse {
                try await api.stage.postAll(list, fields, as: api.ada)
            }
            let wrong = try await add([
                ("name", "crm"), ("endpoint", "ftp://x"), ("secret", "hush hush"), ("which", "every"),
            ])
            #expect(wrong.problem("new-callback-endpoint").contains("https://example.com/hook"))
            #expect(!wrong.text.contains("hush hush"), "a secret is not shown again, not even refused")
            let lonely = try await add([
                ("name", "crm"), ("endpoint", "https://crm.example.com/"), ("which", "ticked"),
            ])
            #expect(lonely.problem("new-callback-which") == "Choose at least one area, or every area.")
            let made = try await add([
                ("name", "crm"), ("endpoint", "https://crm.example.com/"), ("secret", "hush hush"),
                ("which", "ticked"), ("areas.\(sales)", "yes"),
            ])
            #expect(made.headers[.location] == "\(list)?said=queue-changed")
            var crm = try api.callback()
            #expect(crm.hasSecret && crm.areas == [sales] && crm.event == "answer_errand")
            let twice = try await add([("name", "crm"), ("endpoint", "https://other.example.com/")])
            #expect(twice.problem("new-callback-name") == "There is a callback of this name already.")

            let path = "\(list)/\(crm.id)"
            let page = try await api.stage.get(path, as: api.ada).text
            #expect(
                page.contains("a secret is set") && !page.contains("hush") && page.contains("data-changes"))
            func change(_ fields: [(String, String)]) async throws -> TestResponse {
                try await api.stage.postAll(path, fields, as: api.ada)
            }
            let same = [
                ("endpoint", "https://crm.example.com/"), ("secret", ""), ("which", "ticked"),
                ("areas.\(sales)", "yes"),
            ]
            let idle = try await change(same)
            #expect(idle.status == RefusedForm.status)
            #expect(idle.text.contains("Nothing is different from what is stored"))
            #expect(!idle.text.contains("data-changes"), "what was refused may be sent again")
            let both = try await change([("secret", "new"), ("remove_secret", "yes")] + same)
            #expect(both.status == RefusedForm.status)
            let swapped = try await change([
                ("endpoint", "https://crm.example.com/2"), ("secret", ""), ("which", "ticked"),
                ("areas.\(vault)", "yes"), ("remove_secret", "yes"),
            ])
            #expect(swapped.headers[.location] == "\(path)?said=queue-changed")
            crm = try api.callback()
            #expect(crm.endpoint == "https://crm.example.com/2" && !crm.hasSecret && crm.areas == [vault])
            _ = try await change([("endpoint", crm.endpoint), ("secret", ""), ("which", "every")])
            #expect(try api.callback().areas.isEmpty)

            #expect(
                try await api.stage.post("\(path)/delete", [:], as: api.ada, csrf: false).status == .forbidden
            )
            let gone = try await api.stage.post("\(path)/delete", [:], as: api.ada)
            #expect(gone.headers[.location] == "\(list)?said=callback-deleted")
            #expect(try api.directory.callbacks.isEmpty)
            #expect(try await api.stage.get(path, as: api.ada).status == .notFound)
        }
    }

    /// An empty list would mean every area.
    @Test(arguments: EngineKind.tested)
    func `a callback of a deleted area never becomes one of every area by itself`(_ kind: EngineKind)
        async throws
    {
        try await run(kind) { api in
            let file = """
                workspace: north
                areas: [{name: Old}]
                callbacks: [{name: crm, endpoint: "https://crm.example.com/", areas: [Old]}]
                """
            _ = try await api.stage.floor.provision(try ProvisionFile.read(file, name: "old.yaml"))
            let old = try #require(try api.directory.areas.first { $0.name == "Old" }).id
            _ = try await api.stage.post("\(api.ada.base)/admin/areas/\(old)/delete", [:], as: api.ada)
            let path = "\(api.path)/callbacks/\(try api.callback().id)"
            let page = try await api.stage.get(path, as: api.ada).text
            #expect(page.contains("<option value=\"ticked\" selected>") && page.contains(">Old</dd>"))
            let saved = try await api.stage.post(
                path, ["endpoint": "https://crm.example.com/2", "which": "ticked"], as: api.ada)
            #expect(saved.status == .seeOther)
            #expect(try api.callback().areas == [old])
        }
    }

    @Test(arguments: EngineKind.tested)
    func `the log says what waits, was sent, failed or was withdrawn`(_ kind: EngineKind) async throws {
        let clock = TestClock()
        try await run(kind, clock: clock.read) { api in
            let file = """
                workspace: north
                callbacks: [{name: crm, endpoint: "https://crm.example.com/"}]
                agents:
                  - {login_name: gil, user_name: Gil Rae, password: \(DeskStage.password), admin_level: group_administrator}
                agent_groups: [{name: guides, agents: [gil], areas: [Vault]}]
                """
            _ = try await api.stage.floor.provision(try ProvisionFile.read(file, name: "crm.yaml"))
            let crm = try api.callback()
            var errands: [ErrandID] = []
            let ana = try await api.stage.signIn("ana")
            for subject in ["One", "Two", "Three"] {
                let errand = try await api.stage.arrives(subject)
                errands.append(errand)
                let path = "\(ana.base)/errands/\(errand)"
                _ = try await api.stage.post("\(path)/take", [:], as: ana)
                let version = between(
                    "name=\"version\" value=\"", "\"", in: try await api.stage.get(path, as: ana).text)
                _ = try await api.stage.post("\(path)/answer", ["version": version, "body": "Yes."], as: ana)
            }
            let due = try await api.stage.floor.dueDeliveries(
                of: crm.id, in: try api.directory.workspace, limit: 10)
            try await api.stage.floor.deliverySucceeded(due[0], status: 204)
            try await api.stage.floor.deliveryFailed(
                due[1], status: 500, problem: "answered 500", final: true)
            try await api.stage.floor.deliveryFailed(due[2], status: nil, problem: "no answer in 10 s")
            let log = "\(api.path)/deliveries"
            let page = try await api.stage.get(log, as: api.ada)
            let rows = page.rows("delivery")
            #expect(rows.count == 3)
            #expect(rows[0].contains("Three") && rows[0].contains(">waiting<") && rows[0].contains("in 1 s"))
            #expect(rows[0].contains("no answer in 10 s") && rows[0].contains("(1 try)"))
            #expect(rows[1].contains(">failed<") && rows[1].contains("/resend\""))
            #expect(
                rows[2].contains(">sent<") && rows[2].contains("answered 204") && !rows[2].contains("<form"))
            let failed = try await api.stage.get("\(log)?state=failed&callback=\(crm.id)", as: api.ada)
            #expect(
                failed.rows("delivery").count == 1
                    && failed.text.contains("<option value=\"failed\" selected>"))
            let one = try await api.stage.get("\(log)?errand=%23\(errands[0])", as: api.ada)
            #expect(one.rows("delivery").count == 1 && one.text.contains("value=\"\(errands[0])\""))
            let nonsense = try await api.stage.get("\(log)?state=x&callback=y&errand=z&before=w", as: api.ada)
            #expect(nonsense.rows("delivery").count == 3)

            _ = try await api.stage.post("\(api.path)/callbacks/\(crm.id)/delete", [:], as: api.ada)
            let after = try await api.stage.get(log, as: api.ada).rows("delivery")
            #expect(after[0].contains(">withdrawn<") && after[1].contains(">failed<"))
            #expect(after.allSatisfy { $0.contains("a callback that is gone") && !$0.contains("<form") })

            // A group administrator: only what is of the own areas, and nothing that is set.
            let gil = try await api.stage.signIn("gil")
            let start = try await api.stage.get("\(gil.base)/admin/api", as: gil)
            #expect(start.headers[.location] == log)
            let seen = try await api.stage.get(log, as: gil)
            #expect(
                seen.status == .ok && seen.rows("delivery").isEmpty
                    && !seen.text.contains("/admin/api/tokens"))
        }
    }

    @Test(arguments: EngineKind.tested)
    func `TENIOS keys are made and revoked`(_ kind: EngineKind) async throws {
        try await run(kind) { api in
            let list = "\(api.path)/tenios"
            let made = try await api.stage.post(list, ["name": "pbx", "key": ""], as: api.ada)
            let key = try #require(made.minted.first)
            #expect(key.split(separator: "-").map(\.count) == [5, 4, 6, 5, 6])
            #expect(!(try await api.stage.get(list, as: api.ada).text.contains(key)))
            let own = try await api.stage.post(list, ["name": "old", "key": "ours-1234"], as: api.ada)
            #expect(own.status == .seeOther)
            let twice = try await api.stage.post(list, ["name": "pbx", "key": "other-1234"], as: api.ada)
            #expect(twice.problem("new-tenios-key-name").contains("already"))
            let taken = try await api.stage.post(list, ["name": "third", "key": "ours-1234"], as: api.ada)
            #expect(taken.problem("new-tenios-key-key").contains("is taken on this server"))
            #expect(!taken.text.contains("ours-1234"))
            let keys = (1...198).map { "{name: k\($0)}" }.joined(separator: ", ")
            let file = "workspace: north\ntenios_access_keys: [\(keys)]"
            _ = try await api.stage.floor.provision(try ProvisionFile.read(file, name: "keys.yaml"))
            let full = try await api.stage.post(list, ["name": "more", "key": ""], as: api.ada)
            #expect(full.problem("new-tenios-key-name") == "There are 200 access keys; revoke one first.")
            let pbx = try #require(try api.directory.teniosKeys.first { $0.name == "pbx" })
            let gone = try await api.stage.post("\(list)/\(pbx.id)/revoke", [:], as: api.ada)
            #expect(gone.headers[.location] == "\(list)?said=key-revoked")
            #expect(
                try api.directory.teniosKeys.first?.name == "old" && api.directory.teniosKeys.count == 199)
        }
    }

    @Test(arguments: EngineKind.tested)
    func `only administrators of the workspace get there`(_ kind: EngineKind) async throws {
        try await run(kind) { api in
            let file = """
                workspace: south
                callbacks: [{name: theirs, endpoint: "https://south.example.com/"}]
                tenios_access_keys: [{name: theirs}]
                """
            _ = try await api.stage.floor.provision(try ProvisionFile.read(file, name: "south.yaml"))
            for path in ["callbacks/1", "callbacks/x"] {
                #expect(try await api.stage.get("\(api.path)/\(path)", as: api.ada).status == .notFound)
            }
            #expect(
                try await api.stage.post("\(api.path)/tenios/1/revoke", [:], as: api.ada).status == .notFound)
            for login in ["ana", "ole"] {
                let other = try await api.stage.signIn(login)
                for path in [
                    "", "/tokens", "/callbacks", "/callbacks/1", "/deliveries", "/tenios", "/neutral",
                ] {
                    #expect(
                        try await api.stage.get(api.path + path, as: other).status == .forbidden, "\(path)")
                }
                for path in [
                    "tokens", "tokens/1/revoke", "callbacks", "callbacks/1", "callbacks/1/delete", "tenios",
                    "tenios/1/revoke", "deliveries/1/resend",
                ] {
                    let told = try await api.stage.postAll(
                        "\(api.path)/\(path)",
                        [
                            ("name", "x"), ("key", "k"), ("claim.logio", "yes"),
                            ("endpoint", "https://a.example"),
                        ],
                        as: other)
                    #expect(told.status == .forbidden || told.status == .notFound, "\(login) \(path)")
                }
            }
            #expect(try api.directory.tokens.map(\.name) == ["site"] && api.directory.callbacks.isEmpty)
            let events = try await api.stage.floor.store.read { reader in
                try reader.query("SELECT data FROM journal WHERE kind LIKE \("access_token.%")")
            }
            #expect(events.allSatisfy { !$0.text("data").contains("site") })
        }
    }
}
