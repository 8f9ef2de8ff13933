// A WhatsApp template that came by the wire, as the desk may show it.
import Center
import Foundation
import Routing
import Testing
import TestStores

@Suite("WhatsApp templates", .serialized)
struct TemplateTests {
    @Test("an agent who may see the errand sees its template, unsent", arguments: EngineKind.tested)
    func view(_ kind: EngineKind) async throws {
        try await WireServer.run(on: kind) { server in
            let result = try await server.provision("center.yaml")
            _ = try await server.provision("other.yaml")
            let token = try #require(result.accessTokens["form"])
            let ana = AgentID(try #require(result.ids.agents["ana"]))
            let params = #"[ {"default": "$10", "order": "\u00e5"} ]"#
            let answer = #"{"user_type": "cention", "user_id": "\#(ana.raw)"}"#
            let bodies = [
                #""watemplate": {"elementname": "hello\u0000", "namespace": "ns", "params": \#(params)}"#,
                #""watemplate": {"params": null}"#, #""watemplate": null"#,
            ]
            for body in bodies {
                let document =
                    #"{"data": {"type": "c3_new_errands", "attributes": {"msg": {"from": "+46700"}, "#
                    + #""answer": \#(answer), \#(body)}}}"#
                #expect(
                    try await server.post("c3_new_errands", Array(document.utf8), token: token).status == 201)
            }
            let workspace = WorkspaceID(1)
            func template(_ errand: Int64) async throws -> WhatsAppTemplate? {
                try await server.floor.template(of: ErrandID(errand), for: ana, in: workspace)
            }
            let whole = try #require(try await template(1))
            #expect(whole.elementName == "hello\u{FFFD}" && whole.namespace == "ns")
            #expect(whole.params == params)
            #expect(whole.state == .unsent)
            let least = try #require(try await template(2))
            #expect(least.elementName == "" && least.params == "[]")
            let none = try await template(3)
            #expect(none == nil)
            await #expect(throws: Refusal.self) { try await template(4) }
            await #expect(throws: Refusal.self) {
                try await server.floor.template(of: ErrandID(1), for: ana, in: WorkspaceID(2))
            }
            await #expect(throws: Refusal.self) {
                try await server.floor.template(of: ErrandID(1), for: AgentID(ana.raw + 1), in: workspace)
            }
        }
    }
}
