// The Agent API's signature against known results, and against bodies that try to confuse it.
import Center
import Foundation
import Testing
import TestStores

@Suite("Agent API signatures")
struct SignatureTests {
    /// Computed with OpenSSL, key `secret`.
    @Test(
        "known results",
        arguments: [
            (
                "xyz:space:/v1/agent/1:admin:myusername",
                "51ef4e9b5e789026e0ba176481f64149e7bf3df1fb5e605bdcceea8003768e9f"
            ),
            (
                "xyz:space:/v1/agent-group/1:1,2,3",
                "76f4e6278b4050ee9db9560a657cced2bca420cfec8a361d0cb630bdb5ea9561"
            ),
            (
                "xyz:space:/v1/org/1:myorgname",
                "a66f0f836c075414e525052df5af4bc7e84b7a67a3518ad88f70e0c83f72c8ce"
            ),
            (
                "xyz:space:/v1/agent",
                "290c81f3ea6921c53a8c244c5896ecbb844acebfe96f493329545998666ca4f2"
            ),
        ])
    func known(_ text: String, _ hex: String) {
        #expect(RequestSignature.sign(text, "secret") == hex)
    }

    @Test(
        "a signature covers every value, in the order of the names, and its path",
        arguments: EngineKind.tested)
    func covers(_ kind: EngineKind) async throws {
        try await WireServer.run(on: kind) { server in
            let given = try await server.provision("administration.yaml")
            let key = try #require(given.accessKeys.first { $0.name == "boss" })
            func send(_ method: String, _ path: String, _ body: String, _ signed: String) async throws -> Int
            {
                let header =
                    "CENTION1-HMAC-SHA256 \(key.accessKeyID), \(RequestSignature.sign(signed, key.secretAccessKey).uppercased())"
                return try await PlainHTTP.send(
                    method, path, [("Authorization", header)], Array(body.utf8), port: server.port
                ).status
            }
            let (id, path) = (key.accessKeyID, "/s/demo/v1/agent/2")
            let body =
                #"{"user_name":"Eva","b":true,"Z":-7,"_":null,"a":["x","y",3],"e":[],"chat_name":"c:d"}"#
            let right = "\(id):demo:/v1/agent/2:-7::x,y,3:true:c:d::Eva"
            #expect(try await send("PUT", path, body, right) == 200)
            // Read with another field, with a field left out, with one more, on another path, by another name.
            #expect(try await send("PUT", path, body.replacing("Eva", with: "Evi"), right) == 401)
            #expect(try await send("PUT", path, #"{"user_name":"Eva"}"#, right) == 401)
            #expect(try await send("PUT", path, body.replacing("}", with: #","z":1}"#), right) == 401)
            #expect(try await send("PUT", "/s/demo/v1/agent/1", body, right) == 401)
            #expect(try await send("PUT", path, body, right.replacing("demo", with: "other")) == 401)
            // The order in which fields are written does not matter; the order of a list does.
            let turned =
                #"{"chat_name":"c:d","e":[],"a":["x","y",3],"_":null,"Z":-7,"b":true,"user_name":"Eva"}"#
            #expect(try await send("PUT", path, turned, right) == 200)
            #expect(try await send("PUT", path, body.replacing(#""x","y""#, with: #""y","x""#), right) == 401)
            // A path as sent, and decoded.
            let odd = "/s/demo/v1/agent/2/access-key/a%5Eb%23%25"
            #expect(try await send("DELETE", odd, "", "\(id):demo:/v1/agent/2/access-key/a%5Eb%23%25") == 404)
            #expect(try await send("DELETE", odd, "", "\(id):demo:/v1/agent/2/access-key/a^b#%") == 404)
            #expect(try await send("DELETE", odd, "", "\(id):demo:/v1/agent/2/access-key/ab") == 401)
        }
    }
}
