// Errands' reports of every size: small documents are written where the errand was read, large ones outside the writer.
import Foundation
import Testing
import TestStores

@Suite("Reports of every size")
struct ReportSizeTests {
    private static let path = "/s/demo/capi/json/c3_errand_reports/1"

    private static func attributes(_ answer: PlainAnswer) throws -> [String: Any] {
        let document = try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any]
        let data = try #require(document?["data"] as? [String: Any])
        return try #require(data["attributes"] as? [String: Any])
    }

    private static func list(_ server: WireServer, _ token: String) async throws -> [Int] {
        let answer = try await server.get("/s/demo/capi/json/c3_dirty_errand_list", token: token)
        return try #require(try attributes(answer)["errands"] as? [Int])
    }

    @Test(
        "whatever its size, a report is whole, is changed once, and leaves the list",
        arguments: EngineKind.tested, [16, 61_000, 65_536, 600_000])
    func size(_ kind: EngineKind, _ bytes: Int) async throws {
        // What has to be escaped, and what has more bytes than characters, on both sides of the limit.
        let piece = "a \"quoted\" line \\ ä\n"
        let text = String(repeating: piece, count: bytes / piece.utf8.count + 1)
        try await WireServer.run(on: kind) { server in
            let tokens = try await server.provision("reports.yaml").accessTokens
            let token = try #require(tokens["reports"])
            let sent = try JSONSerialization.data(withJSONObject: [
                "data": [
                    "type": "c3_new_errands",
                    "attributes": ["msg": ["from": "eva@example.com", "subject": "s", "body": text]],
                ]
            ])
            let created = try await server.post(
                "c3_new_errands", [UInt8](sent), token: try #require(tokens["email"]))
            #expect(created.status == 201)
            #expect(try await Self.list(server, token) == [1])

            for isChanged in [true, false, false] {
                let report = try Self.attributes(try await server.get(Self.path, token: token))
                #expect(report["changed"] as? Bool == isChanged)
                let basic = try #require(report["basic"] as? [String: Any])
                let data = try #require(basic["data"] as? [String: Any])
                #expect(try #require(data["body"] as? String).contains("line \\ ä"))
                #expect(try #require(data["body"] as? String).utf8.count >= bytes)
                #expect(try await Self.list(server, token) == [])
            }

            // Of a sparse one the rest is not written, and it clears the list as well.
            let forced = #"{"data": {"type": "c3_dirty_errand_list", "attributes": {"errands": [1]}}}"#
            #expect(
                try await server.post("c3_dirty_errand_list", Array(forced.utf8), token: token).status == 201)
            #expect(try await Self.list(server, token) == [1])
            let sparse = try await server.get(
                Self.path + "?fields[c3_errand_reports]=changed", token: token)
            let attributes = try Self.attributes(sparse)
            #expect(attributes.count == 1 && attributes["changed"] as? Bool == true)
            #expect(try await Self.list(server, token) == [])
        }
    }
}
