// What APIO's wire says when the store fails: nothing of the inside, nothing by half, and reading goes on.
import Center
import Foundation
import Store
import Testing
import TestStores

@Suite("APIO's wire with a failing store", .serialized)
struct ApioFaultTests {
    private static let user = "/api/v1/tenants/foo/groups/foogroup/users/foouser/services/call_centers/"

    @Test(
        "a fault is a 500 in the vendor's form, and the next request is served", arguments: EngineKind.tested)
    func fault(_ kind: EngineKind) async throws {
        try await WireServer.run(on: kind) { server in
            _ = try await server.provision("apio.yaml")
            let token = try await server.floor.apiSignIn(
                user: "foouser", password: "foouser-password", via: .apio
            ).token
            func send(_ method: String, _ body: String = "") async throws -> PlainAnswer {
                try await PlainHTTP.send(
                    method, Self.user, [("Cookie", "sessionid=\(token)")], Array(body.utf8), port: server.port
                )
            }
            let before = try await send("GET").body
            // Settings are written before the presence, so half of it would be there to see.
            try await server.script("ALTER TABLE login_record RENAME TO login_record_away")
            let change = #"""
                {"agentACDState": "Available", "guardTimerSeconds": 9,
                "call_centers": [{"serviceUserId": "APIOTestCallCenterB@sip.netaxis.be", "available": true}]}
                """#
            let answer = try await send("PUT", change)
            let id = try #require(answer.header("X-Request-Id"))
            #expect(answer.status == 500)
            #expect(
                String(decoding: answer.body, as: UTF8.self)
                    == #"{"details":"Something went wrong here; the request's id is \#(id)."}"#)
            #expect(try await send("GET").body == before, "a profile is read without a row")
            try await server.script("ALTER TABLE login_record_away RENAME TO login_record")
            #expect(try await send("GET").body == before)
            #expect(try await send("PUT", change).status == 200)
            #expect(try await send("GET").body != before)
        }
    }
}
