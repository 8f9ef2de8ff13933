// What Cention's wire says when the store fails: nothing of the inside, and nothing is stored by half.
import Center
import Foundation
import Store
import Testing
import TestStores

@Suite("Cention's wire with a failing store", .serialized)
struct CentionFaultTests {
    @Test("a fault is a 500 in JSON:API's form, and the next request is served", arguments: EngineKind.tested)
    func fault(_ kind: EngineKind) async throws {
        try await WireServer.run(on: kind) { server in
            let result = try await server.provision("center.yaml")
            let token = try #require(result.accessTokens["form"])
            func create() async throws -> PlainAnswer {
                let body =
                    #"{"data": {"type": "c3_new_errands", "attributes": {"msg": {"from": "eva@example.com"}}}}"#
                return try await PlainHTTP.send(
                    "POST", "/s/demo/capi/json/c3_new_errands",
                    [("Authorization", "Bearer \(token)"), ("Content-Type", "application/vnd.api+json")],
                    Array(body.utf8), port: server.port)
            }
            func script(_ statement: String) throws {
                let connection = try server.floor.store.engine.connect()
                defer { connection.close() }
                try connection.executeNow(statement)
            }
            // The errand's own row is written first, so half of it would be there to see.
            try script("ALTER TABLE message RENAME TO message_away")
            let answer = try await create()
            let id = try #require(answer.header("X-Request-Id"))
            #expect(answer.status == 500)
            #expect(answer.header("Content-Type") == "application/vnd.api+json")
            let json = String(decoding: answer.body, as: UTF8.self)
            #expect(
                json == #"{"errors":[{"status":"500","title":"Internal Server Error","#
                    + #""detail":"Something went wrong here; the request's id is \#(id)."}]}"#)
            try script("ALTER TABLE message_away RENAME TO message")
            #expect(try await create().status == 201)
            for table in ["errand", "message", "work_item"] {
                let sql = SQL(name: "SELECT COUNT(*) AS n FROM \(table)")
                #expect(try await server.floor.store.read { try $0.query(sql)[0].int("n") } == 1, "\(table)")
            }
        }
    }
}
