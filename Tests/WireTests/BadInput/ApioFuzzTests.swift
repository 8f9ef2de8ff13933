// APIO's documents damaged at random: no fault, and a refused request changes nothing.
//
// SWITCHBOARD_FUZZ_CASES sets how many a run has on each engine, SWITCHBOARD_TEST_SEED repeats a run.
import Center
import Foundation
import SeededRandom
import Store
import Testing
import TestStores

@Suite("APIO's wire, fuzzed", .serialized)
struct ApioFuzzTests {
    private static let casesDefault = 300
    private static let tenant = "/api/v1/tenants/foo/groups/foogroup"

    private static func number(_ variable: String) -> UInt64? {
        ProcessInfo.processInfo.environment[variable].flatMap { UInt64($0) }
    }

    /// A request that succeeds as it stands.
    private struct Sample {
        let method: String
        let path: String
        let body: String
    }

    private static let user = "\(tenant)/users/foouser/services/call_centers/"
    private static let supervised =
        "\(tenant)/users/fooSupervisorUser/services/call_centers/fooCallCenter/supervised_agents/"
    private static let centers = "\(tenant)/services/call_centers/"

    private static let samples: [Sample] = [
        Sample(
            method: "PUT", path: user,
            body: #"""
                {"agentACDState":"Unavailable","agentThresholdProfileName":"Patient","agentUnavailableCode":"LUNCH",
                "useDefaultGuardTimer":false,"enableGuardTimer":true,"guardTimerSeconds":15,
                "useSystemDefaultUnavailableSettings":false,"forceAgentUnavailableOnDNDActivation":true,
                "forceAgentUnavailableOnPersonalCalls":false,"forceAgentUnavailableOnBouncedCallLimit":true,
                "numberConsecutiveBouncedCallsToForceAgentUnavailable":3,"forceAgentUnavailableOnNotReachable":false,
                "makeOutgoingCallsAsCallCenter":true,
                "outgoingCallDNIS":{"serviceUserId":"APIOTestCallCenterP@sip.netaxis.be","name":"Test DNIS"},
                "call_centers":[{"serviceUserId":"APIOTestCallCenterB@sip.netaxis.be","available":true}],
                "enrichCcInfo":true,"sensitiveServiceUserIdEquals":"APIOTestCallCenterB@sip.netaxis.be"}
                """#),
        Sample(
            method: "PUT", path: user,
            body: #"""
                {"list":true,"call_centers":[{"serviceUserId":"APIOTestCallCenterB@sip.netaxis.be"},
                {"serviceUserId":"APIOTestCallCenterS@sip.netaxis.be"}]}
                """#),
        Sample(
            method: "GET", path: user, body: #"{"enrichCcInfo":true,"sensitiveServiceUserIdEquals":"a"}"#),
        Sample(method: "GET", path: "\(user)available/", body: #"{"enrichCcInfo":true}"#),
        Sample(
            method: "GET", path: supervised,
            body: #"""
                {"sensitiveUserLastNameStarts":"T","insensitiveDnContains":"32","insensitiveUserFirstNameEquals":"é",
                "sensitiveUserDepartmentEquals":"x","combineWithOr":true,"responseSizeLimit":10}
                """#),
        Sample(
            method: "PUT", path: supervised,
            body: #"{"supervised_agents":[{"userId":"ApioUserTest1@sip.netaxis.be"},{"userId":"test2@foo"}]}"#
        ),
        Sample(
            method: "POST", path: supervised,
            body: #"{"supervised_agents":[{"userId":"ApioUserTest2@sip.netaxis.be"}]}"#),
        Sample(
            method: "DELETE", path: supervised,
            body: #"{"supervised_agents":[{"userId":"ApioUserTest1@sip.netaxis.be"}]}"#),
        Sample(
            method: "PUT", path: "/api/v1/session/user_login_info/",
            body: #"{"first_name":"Ten","last_name":"Ant","emailAddress":"ten@example.com"}"#),
        Sample(
            method: "POST", path: centers,
            body: #"""
                {"serviceInstanceProfile":{"name":"New","phoneNumber":null,"extension":"7"},"type":"Premium",
                "routingType":"Skill Based","policy":"Regular","queueLength":10,"allowAgentLogoff":false,
                "allowAgentsToJoin":true,"allowCallsToAgentsInWrapUp":true,"overrideAgentWrapUpTime":true,"wrapUpSeconds":30}
                """#),
        Sample(
            method: "PUT", path: "\(centers)fooCallCenter/",
            body:
                #"{"policy":"Weighted","queueLength":5,"serviceInstanceProfile":{"phoneNumber":"+3225000077"}}"#
        ),
        Sample(
            method: "PUT", path: "\(centers)fooCallCenter/agents/",
            body: #"""
                {"agents":[{"userId":"ApioUserTest1@sip.netaxis.be","weight":30,"skillLevel":"2","available":true},
                {"userId":"ApioUserTest2@sip.netaxis.be","weight":5}]}
                """#),
        Sample(
            method: "PUT", path: "\(centers)fooCallCenter/supervisors/",
            body: #"{"supervisors":[{"userId":"fooSupervisorUser"}]}"#),
        Sample(
            method: "PUT", path: "\(centers)fooCallCenter/dnis/",
            body:
                #"{"dnis":[{"name":"N","phoneNumber":"+3225000088","priority":"1 - High","allowOutgoingACDCall":true}]}"#
        ),
    ]

    @Test("refuses or does it whole, and never faults", arguments: EngineKind.tested)
    func fuzz(_ kind: EngineKind) async throws {
        let seed = Self.number("SWITCHBOARD_TEST_SEED") ?? UInt64.random(in: 0..<1 << 32)
        let cases = Self.number("SWITCHBOARD_FUZZ_CASES").map(Int.init) ?? Self.casesDefault
        print("APIO fuzz on \(kind): SWITCHBOARD_TEST_SEED=\(seed) SWITCHBOARD_FUZZ_CASES=\(cases)")
        var random = Seeded(seed: seed)
        var statuses: [Int: Int] = [:]
        // Time stands still: what runs out meanwhile is stored, too.
        let nowMs = Floor.wallClock()
        try await WireServer.run(on: kind, clock: { nowMs }) { server in
            _ = try await server.provision("apio.yaml")
            let token = try await server.floor.apiSignIn(
                user: "tenant-admin@foo", password: "tenant-password", via: .apio
            ).token
            var stored = try await Self.stored(server)
            for number in 0..<cases {
                // Each as it stands first, or the samples would prove nothing.
                let isWhole = number < Self.samples.count
                let sample = isWhole ? Self.samples[number] : random.pick(Self.samples)
                let tree = try Self.tree(sample.body)
                let body = isWhole ? tree.written : Self.damaged(tree, &random)
                let answer = try await PlainHTTP.send(
                    sample.method, sample.path, [("Cookie", "sessionid=\(token)")], body, port: server.port)
                statuses[answer.status, default: 0] += 1
                let what =
                    "\(sample.method) \(sample.path) \(String(decoding: body.prefix(2_000), as: UTF8.self))"
                // Supervisors may be gone: their list can be emptied.
                let isGone = answer.status == 404 && sample.path == Self.supervised
                #expect(isGone || [200, 201, 400, 416].contains(answer.status), "\(answer.status): \(what)")
                #expect(
                    !isWhole || answer.status < 300,
                    "\(what): \(String(decoding: answer.body, as: UTF8.self))")
                try Self.check(answer, what)
                let now = try await Self.stored(server)
                if answer.status >= 400 || sample.method == "GET" {
                    #expect(now == stored, "\(answer.status), and something is stored: \(what)")
                }
                stored = now
            }
        }
        print("APIO fuzz on \(kind): \(statuses.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" })")
        #expect((statuses[200] ?? 0) > cases / 10 && (statuses[400] ?? 0) > cases / 20)
    }

    private static func check(_ answer: PlainAnswer, _ what: String) throws {
        #expect(answer.header("Content-Type") == "application/json", "\(what)")
        let document = try #require(
            try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any], "\(what)")
        guard answer.status >= 400 else { return }
        if answer.status == 400 {
            let errors = try #require(document["errors"] as? [[String: Any]], "\(what)")
            #expect(errors.count == 1 && errors[0]["code"] as? Int == 2, "\(what)")
        } else {
            #expect((document["details"] as? String)?.isEmpty == false, "\(what)")
        }
    }

    /// Everything that the wire may change.
    private static func stored(_ server: WireServer) async throws -> String {
        let tables = [
            "agent": "id", "agent_state": "agent", "login_record": "id", "call_center": "id", "queue": "id",
            "queue_member": "queue, agent", "call_center_supervisor": "call_center, agent",
            "supervised_agent": "call_center, supervisor, agent", "dnis": "call_center, name",
            "api_session": "digest", "journal": "workspace, seq",
        ]
        return try await server.floor.store.read { reader in
            try tables.sorted { $0.key < $1.key }.map { table, order in
                let rows = try reader.query(SQL(name: "SELECT * FROM \(table) ORDER BY \(order)"))
                return "\(table): \(rows)"
            }.joined(separator: "\n")
        }
    }

    // MARK: - Damage

    private static func tree(_ text: String) throws -> JSONTree {
        func tree(_ value: Any) -> JSONTree {
            switch value {
            case let object as [String: Any]:
                .object(object.sorted { $0.key < $1.key }.map { .init(name: $0.key, value: tree($0.value)) })
            case let list as [Any]: .array(list.map(tree))
            case let text as String: .text(text)
            // 0 and 1 would be flags too, so no sample has them.
            case let flag as Bool: .raw("\(flag)")
            case let number as NSNumber: .raw("\(number)")
            default: .null
            }
        }
        return tree(try JSONSerialization.jsonObject(with: Data(text.utf8)))
    }

    private static func damaged(_ tree: JSONTree, _ random: inout Seeded) -> [UInt8] {
        var tree = tree
        for _ in 0..<random.below(4) {
            let paths = tree.paths
            guard !paths.isEmpty else { break }
            let path = random.pick(paths)[...]
            switch random.below(4) {
            case 0: tree = tree.replacing(path, with: nil)
            case 1: tree = tree.replacing(path, with: tree[random.pick(paths)[...]])
            default: tree = tree.replacing(path, with: random.pick(Odd.all).tree)
            }
        }
        var bytes = tree.written
        guard random.once(in: 4), !bytes.isEmpty else { return bytes }
        let place = random.below(bytes.count)
        switch random.below(4) {
        case 0: bytes[place] = random.byte()
        case 1: bytes.removeSubrange(place..<min(place + 1 + random.below(20), bytes.count))
        case 2: bytes.insert(random.byte(), at: place)
        default: bytes = Array(bytes[..<place])
        }
        return bytes
    }
}
