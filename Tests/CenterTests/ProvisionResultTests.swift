// What provisioning prints is the same bytes for the same result, and JSON.

import Foundation
import Testing

@testable import Center

@Suite struct ProvisionResultTests {
    @Test func emptyResult() {
        #expect(
            ProvisionResult(workspace: "demo").json == """
                {
                  "workspace": "demo",
                  "access_tokens": {},
                  "access_keys": [],
                  "tenios_access_keys": {},
                  "ids": {
                    "agents": {},
                    "areas": {},
                    "agent_groups": {},
                    "call_centers": {},
                    "exports": {}
                  }
                }

                """)
    }

    @Test func fullResult() throws {
        var result = ProvisionResult(workspace: "demo")
        result.accessTokens = ["web": "a.b.c", "Å": "d", "a \"q\" \\ \u{1}\n": "e/f"]
        result.accessKeys = [
            .init(name: "k", agent: "bo", accessKeyID: "id", secretAccessKey: "s"),
            .init(name: "j", agent: "ana", accessKeyID: "id2", secretAccessKey: "t"),
        ]
        result.teniosAccessKeys = ["crm": "ABCDE-FGHJ-KMNPQR"]
        result.ids.agents = ["cy": 3, "ana": 1, "bo": 2]
        result.ids.areas = ["Support": 9_007_199_254_740_991]
        #expect(
            result.json == #"""
                {
                  "workspace": "demo",
                  "access_tokens": {
                    "a \"q\" \\ \u0001\n": "e/f",
                    "web": "a.b.c",
                    "Å": "d"
                  },
                  "access_keys": [
                    {
                      "name": "k",
                      "agent": "bo",
                      "access_key_id": "id",
                      "secret_access_key": "s"
                    },
                    {
                      "name": "j",
                      "agent": "ana",
                      "access_key_id": "id2",
                      "secret_access_key": "t"
                    }
                  ],
                  "tenios_access_keys": {
                    "crm": "ABCDE-FGHJ-KMNPQR"
                  },
                  "ids": {
                    "agents": {
                      "ana": 1,
                      "bo": 2,
                      "cy": 3
                    },
                    "areas": {
                      "Support": 9007199254740991
                    },
                    "agent_groups": {},
                    "call_centers": {},
                    "exports": {}
                  }
                }

                """#)
        #expect(try JSONDecoder().decode(ProvisionResult.self, from: Data(result.json.utf8)) == result)
        let encoded = try JSONEncoder().encode(result)
        #expect(try JSONDecoder().decode(ProvisionResult.self, from: encoded) == result)
    }
}
