// What an administrator takes back fails on the very next request, on the wire.
import Center
import Foundation
import TestStores
import Testing

@Suite("Revoked", .serialized)
struct RevokedTests {
    private static func operate(_ server: WireServer) throws -> Principal {
        let workspace = try #require(server.floor.roster.workspace(named: "demo")?.workspace)
        return Principal(workspace: workspace, actor: .operator, via: .provision)
    }

    private static let errand = Array(
        #"{"data": {"type": "c3_new_errands", "attributes": {"msg": {"from": "eva@example.com"}}}}"#.utf8)

    @Test("an access token", arguments: EngineKind.tested)
    func token(_ kind: EngineKind) async throws {
        try await WireServer.run(on: kind) { server in
            let tokens = try await server.provision("center.yaml").accessTokens
            let form = try #require(tokens["form"])
            let id = try #require(
                server.floor.roster.workspace(named: "demo")?.tokens.first { $0.name == "form" }?.id)
            let operate = try Self.operate(server)
            #expect(try await server.post("c3_new_errands", Self.errand, token: form).status == 201)
            try await server.floor.revokeAccessToken(id, by: operate)
            let refused = try await server.post("c3_new_errands", Self.errand, token: form)
            #expect(refused.status == 401)
            #expect(String(decoding: refused.body, as: UTF8.self).contains("not valid"))
            // A second time changes nothing, and other tokens go on.
            let events = try await server.rows(["journal"])
            try await server.floor.revokeAccessToken(id, by: operate)
            #expect(try await server.rows(["journal"]) == events)
            let other = try #require(tokens["billing"])
            #expect(try await server.post("c3_new_errands", Self.errand, token: other).status == 201)
            // A file that names it does not bring it back.
            #expect(try await server.provision("center.yaml").accessTokens.isEmpty)
            #expect(try await server.post("c3_new_errands", Self.errand, token: form).status == 401)
        }
    }

    @Test("a token of the neutral API", arguments: EngineKind.tested)
    func neutral(_ kind: EngineKind) async throws {
        try await WireServer.run(on: kind) { server in
            let pbx = try #require(try await server.provision("acd.yaml").accessTokens["pbx"])
            let path = "/switchboard/v1/workspaces/demo/agents"
            #expect(try await server.get(path, token: pbx).status == 200)
            let id = try #require(
                server.floor.roster.workspace(named: "demo")?.tokens.first { $0.name == "pbx" }?.id)
            try await server.floor.revokeAccessToken(id, by: try Self.operate(server))
            #expect(try await server.get(path, token: pbx).status == 401)
        }
    }

    @Test("a key of TENIOS's API", arguments: EngineKind.tested)
    func tenios(_ kind: EngineKind) async throws {
        try await WireServer.run(on: kind) { server in
            let minted = try #require(try await server.provision("tenios.yaml").teniosAccessKeys["minted"])
            func ask() async throws -> String {
                let body = Array(#"{"access_key": "\#(minted)", "email": "agent@test.com"}"#.utf8)
                let answer = try await PlainHTTP.send(
                    "POST", "/acd/agent-state/retrieve", [("Content-Type", "application/json")], body,
                    port: server.port)
                return String(decoding: answer.body, as: UTF8.self)
            }
            #expect(try await ask().contains("NOT_READY"))
            let id = try #require(
                server.floor.roster.workspace(named: "demo")?.teniosKeys.first { $0.name == "minted" }?.id)
            try await server.floor.revokeTeniosKey(id, by: try Self.operate(server))
            #expect(!(try await ask().contains("NOT_READY")))
            // Its name is free again.
            let again = try await server.provision("tenios.yaml").teniosAccessKeys["minted"]
            #expect(again != nil && again != minted)
        }
    }
}
