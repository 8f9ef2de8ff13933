// Facebook's webhook over HTTP, in the shapes of the Graph API, and what Cention's endpoints read of it.
import Crypto
import Foundation
import Routing
import Store
import TestStores
import Testing

@testable import Center

@Suite("Facebook's webhook")
struct FacebookHookTests {
    private static let secret = "0123456789abcdef0123456789abcdef"
    private static let other = "fedcba9876543210fedcba9876543210"
    private static let path = "/s/demo/hooks/facebook"

    @Test("the handshake repeats the challenge to who knows the word", arguments: EngineKind.tested)
    func handshake(_ kind: EngineKind) async throws {
        try await WireServer.run(on: kind) { server in
            _ = try await server.provision("facebook.yaml")
            func ask(_ query: String, _ path: String = Self.path) async throws -> PlainAnswer {
                try await PlainHTTP.send("GET", "\(path)?\(query)", [], [], port: server.port)
            }
            let right = "hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=meatyhamhock"
            let answer = try await ask(right)
            #expect(answer.status == 200)
            #expect(String(decoding: answer.body, as: UTF8.self) == "1158201444")
            #expect(answer.header("content-type") == "text/plain; charset=utf-8")
            #expect(answer.header("x-content-type-options") == "nosniff")
            for query in [
                "hub.mode=subscribe&hub.challenge=1&hub.verify_token=meatyhamhocks",
                "hub.mode=subscribe&hub.challenge=1&hub.verify_token=",
                "hub.mode=subscribe&hub.challenge=1",
                "hub.mode=unsubscribe&hub.challenge=1&hub.verify_token=meatyhamhock",
                "hub.verify_token=meatyhamhock&hub.challenge=1", "",
            ] {
                #expect(try await ask(query).status == 403, "\(query)")
            }
            let page = "hub.mode=subscribe&hub.verify_token=meatyhamhock&hub.challenge="
            #expect(try await ask(page + "%3Cscript%3E%20x").status == 400)
            #expect(try await ask(page + String(repeating: "1", count: 201)).status == 400)
            #expect(try await ask(right, "/s/nowhere/hooks/facebook").status == 404)
            #expect(
                try await PlainHTTP.send("DELETE", Self.path, [], [], port: server.port).status == 405)
        }
    }

    @Test("a rating is added, edited and removed", arguments: EngineKind.tested)
    func life(_ kind: EngineKind) async throws {
        try await WireServer.run(on: kind) { server in
            let token = try #require(try await server.provision("facebook.yaml").accessTokens["reports"])
            #expect(try await Self.changed(server, token) == [])
            let add = Self.payload([
                Self.rating(
                    "add", recommendation: "positive", text: "Hi its a really great page.", at: 1_700_000_000)
            ])
            let answer = try await Self.post(add, to: server)
            #expect(answer.status == 200)
            #expect(try await Self.changed(server, token) == ["1"])
            #expect(
                try await Self.read(1, server, token) as NSDictionary == [
                    "isChanged": false, "message": "Hi its a really great page.", "rating": 5, "ratingId": 1,
                    "reviewerId": 2_117_249_628, "reviewerName": "Jessica Elizabeth",
                    "timestampCreated": 1_699_999_000,
                ] as NSDictionary)
            #expect(try await Self.changed(server, token) == [])

            // Told again it is the same.
            #expect(try await Self.post(add, to: server).status == 200)
            #expect(try await Self.changed(server, token) == [])
            #expect(try await server.rows(["facebook_rating"]) == ["facebook_rating": 1])

            let edit = Self.payload([
                Self.rating("edit", recommendation: "negative", text: "Not so great.", at: 1_700_000_100)
            ])
            #expect(try await Self.post(edit, to: server).status == 200)
            #expect(try await Self.changed(server, token) == ["1"])
            // What was sent before is told again, later: it does not undo.
            #expect(try await Self.post(add, to: server).status == 200)
            let edited = try await Self.read(1, server, token)
            #expect(edited["message"] as? String == "Not so great." && edited["rating"] as? Int == 1)
            #expect(try await Self.changed(server, token) == [])

            let remove = Self.payload([Self.rating("remove", at: 1_700_000_200)])
            #expect(try await Self.post(remove, to: server).status == 200)
            #expect(try await Self.changed(server, token) == ["1"])
            let removed = try await Self.read(1, server, token)
            #expect(removed["message"] as? String == "" && removed["rating"] as? Int == 0)
            #expect(removed["reviewerName"] as? String == "")
            for late in [add, edit, remove] { #expect(try await Self.post(late, to: server).status == 200) }
            #expect(try await Self.changed(server, token) == [])
            #expect(try await Self.read(1, server, token)["message"] as? String == "")
        }
    }

    @Test(
        "several in one message, of two seconds and one, with stars and without", arguments: EngineKind.tested
    )
    func several(_ kind: EngineKind) async throws {
        try await WireServer.run(on: kind) { server in
            let token = try #require(try await server.provision("facebook.yaml").accessTokens["reports"])
            var starred = Self.rating("add", text: "Four 🌟", at: 5, story: "11_4")
            starred["rating"] = 4
            starred["reviewer_id"] = "99"
            starred["created_time"] = "2017-03-15T11:03:40+0000"
            var anonymous = Self.rating("add", text: "Who am I?", at: 5, story: "11_5")
            anonymous["reviewer_id"] = nil
            anonymous["reviewer_name"] = nil
            var unstoried = Self.rating("add", recommendation: "POSITIVE", text: "No story", at: 5)
            unstoried["open_graph_story_id"] = nil
            let comment = ["item": "comment", "verb": "add", "comment_id": "1_2", "message": "x"]
            let reaction = ["item": "reaction", "verb": "add", "open_graph_story_id": "11_4"]
            let strange: [[String: Any]] = [
                ["item": "rating", "verb": "hide"], ["item": "rating", "verb": "add"], ["item": 7], [:],
            ]
            // Edited in the second in which it was added; told in either order, the edit stays.
            let edit = Self.rating("edit", text: "Four, I said", at: 5, story: "11_4")
            let payload = Self.payload(
                [edit, starred, anonymous, unstoried, comment, reaction] + strange, time: 1_700_000_000_123)
            #expect(try await Self.post(payload, to: server).status == 200)
            #expect(try await Self.changed(server, token) == ["1", "2", "3"])
            #expect(try await Self.read(1, server, token)["message"] as? String == "Four, I said")
            let second = try await Self.read(2, server, token)
            #expect(second["reviewerId"] as? Int == 0 && second["reviewerName"] as? String == "")
            #expect(second["rating"] as? Int == 0)
            #expect(try await Self.read(3, server, token)["rating"] as? Int == 5)
            starred["open_graph_story_id"] = "11_6"
            #expect(try await Self.post(Self.payload([starred]), to: server).status == 200)
            let fourth = try await Self.read(4, server, token)
            #expect(fourth["timestampCreated"] as? Int == 1_489_575_820 && fourth["rating"] as? Int == 4)
            #expect(fourth["message"] as? String == "Four 🌟")
        }
    }

    @Test("only what the page's own app signed is believed", arguments: EngineKind.tested)
    func signatures(_ kind: EngineKind) async throws {
        try await WireServer.run(on: kind) { server in
            let token = try #require(try await server.provision("facebook.yaml").accessTokens["reports"])
            let payload = Self.payload([Self.rating("add", text: "Hi", at: 1)])
            let right = Self.signature(payload, Self.secret)
            for (name, header) in [
                ("another secret", Self.signature(payload, "not the secret of this app")),
                ("another body", Self.signature(payload + [32], Self.secret)),
                ("no algorithm", String(right.dropFirst("sha256=".count))),
                ("sha1", "sha1=" + right.dropFirst(7)),
                ("cut", String(right.dropLast())), ("empty", ""), ("longer", right + "0"),
            ] {
                let answer = try await Self.post(payload, to: server, signature: header)
                #expect(answer.status == 401, "\(name)")
            }
            let bare = try await PlainHTTP.send("POST", Self.path, [], payload, port: server.port)
            #expect(bare.status == 401)
            // The other page's app may speak for its own page only.
            let foreign = try await Self.post(
                payload, to: server, signature: Self.signature(payload, Self.other))
            #expect(foreign.status == 200)
            let unknown = Self.payload([Self.rating("add", text: "Hi", at: 1)], page: "777")
            #expect(try await Self.post(unknown, to: server).status == 200)
            #expect(try await server.rows(["facebook_rating"]) == ["facebook_rating": 0])
            #expect(try await Self.changed(server, token) == [])
            let own = Self.payload([Self.rating("add", text: "Hi", at: 1)], page: "222")
            #expect(
                try await Self.post(own, to: server, signature: Self.signature(own, Self.other)).status == 200
            )
            // Hex in capitals is hex.
            #expect(
                try await Self.post(
                    payload, to: server, signature: "sha256=" + right.dropFirst(7).uppercased()
                ).status == 200)
            #expect(try await Self.changed(server, token) == ["1", "2"])
        }
    }

    @Test("what is no message of a page stores nothing", arguments: EngineKind.tested)
    func bad(_ kind: EngineKind) async throws {
        try await WireServer.run(on: kind) { server in
            _ = try await server.provision("facebook.yaml")
            let deep = String(repeating: "[", count: 100_000)
            for (text, status) in [
                ("", 400), ("nonsense", 400), (deep, 400), ("{\"object\":\"page\"", 400), ("[]", 200),
                ("null", 200),
                ("{\"object\":\"user\",\"entry\":[{\"id\":\"111\"}]}", 200),
                ("{\"object\":\"page\",\"entry\":7}", 200),
                (
                    "{\"object\":\"page\",\"entry\":[{\"id\":111,\"time\":-1,\"changes\":[7,{\"field\":\"ratings\"}]}]}",
                    200
                ),
            ] {
                let answer = try await Self.post(Array(text.utf8), to: server)
                #expect(answer.status == status, "\(text.prefix(60))")
            }
            let large = [UInt8](repeating: 32, count: (1 << 20) + 1)
            #expect(try await Self.post(large, to: server).status == 413)
            let many = Self.payload(
                (0..<6_000).map { _ in ["item": "rating", "verb": "add", "open_graph_story_id": "1"] })
            #expect(try await Self.post(many, to: server).status == 400)
            #expect(try await server.rows(["facebook_rating"]) == ["facebook_rating": 0])
            // A text without end is cut, an id without end is none.
            var long = Self.rating("add", text: String(repeating: "é", count: 100_000), at: 1)
            #expect(try await Self.post(Self.payload([long]), to: server).status == 200)
            long["open_graph_story_id"] = String(repeating: "1", count: 300)
            long["reviewer_id"] = String(repeating: "1", count: 300)
            #expect(try await Self.post(Self.payload([long]), to: server).status == 200)
            let rows = try await server.floor.store.read {
                try $0.query("SELECT message FROM facebook_rating")
            }
            #expect(rows.count == 1 && rows[0].text("message").utf8.count == FacebookRatingLimits.messageMax)
        }
    }

    @Test("who is erased is erased here too", arguments: EngineKind.tested)
    func erased(_ kind: EngineKind) async throws {
        try await WireServer.run(on: kind) { server in
            let token = try #require(try await server.provision("facebook.yaml").accessTokens["reports"])
            let add = Self.payload([Self.rating("add", text: "Zebrafinch", at: 1)])
            #expect(try await Self.post(add, to: server).status == 200)
            _ = try await Self.read(1, server, token)
            let workspace = try #require(server.floor.roster.workspace(named: "demo")).workspace
            let erased = try await server.floor.eraseContact(
                address: "2117249628@facebook.com",
                by: Principal(workspace: workspace, actor: .operator, via: .system))
            #expect(erased.ratings == 1)
            #expect(try await Self.changed(server, token) == ["1"])
            let left = try await Self.read(1, server, token)
            #expect(left["message"] as? String == "" && left["reviewerName"] as? String == "")
            #expect(left["reviewerId"] as? Int == 0)
            let row = try await server.floor.store.read { try $0.query("SELECT * FROM facebook_rating")[0] }
            #expect(row.text("story") == "ERASED/1")
        }
    }

    // MARK: Graph-shaped

    static func rating(
        _ verb: String, recommendation: String? = nil, text: String? = nil, at time: Int,
        story: String = "11_3"
    ) -> [String: Any] {
        var value: [String: Any] = [
            "item": "rating", "verb": verb, "reviewer_id": "2117249628", "reviewer_name": "Jessica Elizabeth",
            "open_graph_story_id": story, "created_time": 1_699_999_000, "time": time,
        ]
        value["recommendation_type"] = recommendation
        value["review_text"] = text
        return value
    }

    /// One entry with a change for each value; sent when the first of them says.
    static func payload(_ values: [[String: Any]], page: String = "111", time: Int? = nil) -> [UInt8] {
        let changes = values.map { value in
            ["field": "ratings", "value": value.filter { $0.key != "time" }] as [String: Any]
        }
        let entry: [String: Any] = [
            "id": page, "time": time ?? values.first?["time"] as? Int ?? 1_700_000_000, "changes": changes,
        ]
        let document: [String: Any] = ["object": "page", "entry": [entry]]
        return [UInt8](
            (try? JSONSerialization.data(withJSONObject: document, options: .sortedKeys)) ?? Data())
    }

    static func signature(_ body: [UInt8], _ secret: String) -> String {
        let code = HMAC<SHA256>.authenticationCode(
            for: body, using: SymmetricKey(data: Data(secret.utf8)))
        return "sha256=" + code.map { String(format: "%02x", $0) }.joined()
    }

    static func post(
        _ body: [UInt8], to server: WireServer, signature: String? = nil
    ) async throws -> PlainAnswer {
        try await PlainHTTP.send(
            "POST", path,
            [
                ("Content-Type", "application/json"),
                ("X-Hub-Signature-256", signature ?? Self.signature(body, secret)),
            ], body, port: server.port)
    }

    private static func changed(_ server: WireServer, _ token: String) async throws -> [String] {
        let answer = try await server.get("/s/demo/capi/json/c3_dirty_facebook_ratings", token: token)
        #expect(answer.status == 200)
        let document = try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any]
        return (document?["data"] as? [[String: Any]] ?? []).compactMap { $0["id"] as? String }
    }

    private static func read(
        _ id: Int, _ server: WireServer, _ token: String
    ) async throws -> [String: Any] {
        let answer = try await server.get("/s/demo/capi/json/c3_facebook_ratings/\(id)", token: token)
        #expect(answer.status == 200)
        let document = try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any]
        let attributes = (document?["data"] as? [String: Any])?["attributes"] as? [String: Any]
        return attributes?["data"] as? [String: Any] ?? [:]
    }
}
