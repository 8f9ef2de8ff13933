// Workspaces are sealed: another one's ids, cursors, keys and events are of no use with our own API.
import Foundation
import Testing
import TestStores

@Suite("The neutral API, sealed")
struct NeutralSealedTests {
    @Test(
        "another workspace's things are not there, and its paths are forbidden", arguments: EngineKind.tested)
    func sealed(_ kind: EngineKind) async throws {
        try await WireServer.run(on: kind) { server in
            let ours = try #require(try await server.provision("acd.yaml").accessTokens["pbx"])
            let theirs = try #require(try await server.provision("acd-other.yaml").accessTokens["pbx"])
            func send(
                _ method: String, _ path: String, _ token: String, _ body: String = "",
                workspace: String = "demo", key: String? = nil
            ) async throws -> PlainAnswer {
                var headers = [("Authorization", "Bearer \(token)"), ("Content-Type", "application/json")]
                if let key { headers.append(("Idempotency-Key", key)) }
                return try await PlainHTTP.send(
                    method, "/switchboard/v1/workspaces/\(workspace)/\(path)", headers, Array(body.utf8),
                    port: server.port)
            }
            let call = "{\"queue\": 2, \"channel\": \"call\", \"subject\": \"secret\"}"
            #expect(
                try await send("PUT", "agents/1/presence", ours, "{\"presence\": \"available\"}").status
                    == 200)
            #expect(try await send("POST", "work-items", ours, call, key: "k").status == 201)
            let before = try await server.rows(["journal", "offer", "external_item", "kept_request"])

            // Every path of theirs is forbidden to us and the other way round, whether it is there or not.
            for path in ["work-items/1", "agents/1", "queues/2", "events", "nonsense/1"] {
                let answer = try await send("GET", path, theirs)
                #expect([403, 404].contains(answer.status), "\(path)")
                #expect(!String(decoding: answer.body, as: UTF8.self).contains("secret"))
            }
            for (method, path) in [
                ("POST", "work-items/1/abandon"), ("POST", "offers/1-1-1/accept"),
                ("PUT", "agents/1/presence"),
                ("POST", "agents/1/wrap-up/end"), ("POST", "work-items"),
            ] {
                #expect(try await send(method, path, theirs, call).status == 403, "\(path)")
            }
            // Our ids below their own path name nothing.
            for (method, path) in [
                ("GET", "work-items/1"), ("POST", "work-items/1/abandon"), ("POST", "offers/1-1-1/accept"),
            ] {
                #expect(try await send(method, path, theirs, workspace: "other").status == 404, "\(path)")
            }
            let events = try await send("GET", "events", theirs, workspace: "other")
            #expect(!String(decoding: events.body, as: UTF8.self).contains("item.arrived"))
            #expect(try await server.rows(["journal", "offer", "external_item", "kept_request"]) == before)

            // The same key is another key there.
            let theirCall = "{\"queue\": 1, \"channel\": \"chat\"}"
            let made = try await send("POST", "work-items", theirs, theirCall, workspace: "other", key: "k")
            #expect(made.status == 201)
            #expect(try await server.rows(["external_item"])["external_item"] == 2)
        }
    }
}
