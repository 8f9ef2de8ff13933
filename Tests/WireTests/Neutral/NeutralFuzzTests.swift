// Requests to our own API, damaged at random: no fault, and a refused one changes nothing.
//
// SWITCHBOARD_FUZZ_CASES sets how many a run has on each engine, SWITCHBOARD_TEST_SEED repeats a run.
import Center
import Foundation
import SeededRandom
import Store
import Testing
import TestStores

@Suite("The neutral API, fuzzed", .serialized)
struct NeutralFuzzTests {
    private static let casesDefault = 300

    private static func number(_ variable: String) -> UInt64? {
        ProcessInfo.processInfo.environment[variable].flatMap { UInt64($0) }
    }

    /// All that a request may write to.
    private static let tables = [
        "work_item", "external_item", "offer", "decision", "journal", "kept_request", "login_record",
        "router_input",
    ]

    @Test("refuses or does it whole, and never faults", arguments: EngineKind.tested)
    func fuzz(_ kind: EngineKind) async throws {
        let seed = Self.number("SWITCHBOARD_TEST_SEED") ?? UInt64.random(in: 0..<1 << 32)
        let cases = Self.number("SWITCHBOARD_FUZZ_CASES").map(Int.init) ?? Self.casesDefault
        print("api fuzz on \(kind): SWITCHBOARD_TEST_SEED=\(seed) SWITCHBOARD_FUZZ_CASES=\(cases)")
        var random = Seeded(seed: seed)
        var statuses: [Int: Int] = [:]
        // Time stands still: what runs out meanwhile is stored, too.
        let nowMs = Floor.wallClock()
        try await WireServer.run(on: kind, clock: { nowMs }) { server in
            let result = try await server.provision("acd.yaml")
            let token = try #require(result.accessTokens["pbx"])
            var rows = try await server.rows(Self.tables)
            for _ in 0..<cases {
                let (method, path, tree) = Self.sample(&random)
                let body = tree.map { Self.damaged($0, &random) } ?? []
                var headers = [("Authorization", "Bearer \(token)"), ("Content-Type", "application/json")]
                if random.below(4) == 0 { headers.append(("Idempotency-Key", "k\(random.below(20))")) }
                if random.below(8) == 0 {
                    headers.append(("If-Match", ["*", "\"1\"", "x"][random.below(3)]))
                }
                let what = "\(method) \(path) \(String(decoding: body.prefix(500), as: UTF8.self))"
                let answer = try await PlainHTTP.send(
                    method, "/switchboard/v1/workspaces/demo/\(path)", headers, body, port: server.port)
                statuses[answer.status, default: 0] += 1
                #expect(answer.status < 500, "\(what): \(String(decoding: answer.body, as: UTF8.self))")
                let now = try await server.rows(Self.tables)
                if answer.status >= 400 {
                    #expect(now == rows, "\(what): refused with \(answer.status), and something is stored")
                    #expect(answer.header("Content-Type") == "application/problem+json", "\(what)")
                }
                if method == "GET" { #expect(now == rows, "\(what)") }
                rows = now
            }
        }
        print("api fuzz on \(kind): \(statuses.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" })")
        // Or the test would say nothing.
        let taken = (statuses[200] ?? 0) + (statuses[201] ?? 0)
        #expect(taken > cases / 20 && (statuses[400] ?? 0) > cases / 20 && (statuses[409] ?? 0) > 0)
    }

    private static func sample(_ random: inout Seeded) -> (String, String, JSONTree?) {
        let item = 1 + random.below(30)
        let agent = 1 + random.below(3)
        func object(_ members: [(String, JSONTree)]) -> JSONTree {
            .object(members.map { .init(name: $0.0, value: $0.1) })
        }
        let id = JSONTree.raw("\(agent)")
        switch random.below(14) {
        case 0...3:
            return (
                "POST", "work-items",
                object([
                    ("queue", .raw("\(1 + random.below(3))")), ("channel", .text("call")),
                    ("from", .text("+4930555")), ("priority", .raw("2")),
                    ("required_skills", .array([.text("german")])), ("subject", .text("Order 7")),
                    ("external_id", .text("x")), ("desired_skills", .array([])),
                ])
            )
        case 4: return ("POST", "work-items/\(item)/abandon", random.below(2) == 0 ? nil : object([]))
        case 5: return ("POST", "work-items/\(item)/end", nil)
        case 6:
            return (
                "POST", "work-items/\(item)/transfer",
                random.below(2) == 0
                    ? object([("queue", id), ("keep_wait", .raw("false"))]) : object([("agent", id)])
            )
        case 7, 8:
            return (
                "POST", "offers/\(item)-\(1 + random.below(3))-\(agent)/accept", object([("agent", id)])
            )
        case 9:
            return (
                "POST", "offers/\(item)-1-\(agent)/fail",
                object([("reason", .text(["busy", "no_answer", "error"][random.below(3)]))])
            )
        case 10, 11:
            let presence = ["available", "unavailable", "signed_in", "signed_out", "wrap_up"]
            return (
                "PUT", "agents/\(agent)/presence",
                object([("presence", .text(presence[random.below(presence.count)]))])
            )
        case 12:
            return (
                "POST", "agents/\(agent)/signals",
                object([("signal", .text("do_not_disturb")), ("on", .raw("\(random.below(2) == 0)"))])
            )
        default:
            let paths = [
                "work-items/\(item)", "work-items?limit=5", "events?after=\(random.below(90))", "agents",
                "queues", "queues/\(agent)/statistics", "agents/\(agent)", "queues/\(agent)",
                "work-items/%00", "offers/1-1-1", "events?after=-1", "queues?limit=%FF",
            ]
            return ("GET", paths[random.below(paths.count)], nil)
        }
    }

    private static func damaged(_ tree: JSONTree, _ random: inout Seeded) -> [UInt8] {
        var tree = tree
        for _ in 0..<random.below(3) {
            let paths = tree.paths
            guard !paths.isEmpty else { break }
            let path = paths[random.below(paths.count)][...]
            switch random.below(4) {
            case 0: tree = tree.replacing(path, with: nil)
            case 1: tree = tree.replacing(path, with: tree[paths[random.below(paths.count)][...]])
            default: tree = tree.replacing(path, with: Odd.all[random.below(Odd.all.count)].tree)
            }
        }
        var bytes = tree.written
        guard random.below(5) == 0, !bytes.isEmpty else { return bytes }
        let place = random.below(bytes.count)
        switch random.below(3) {
        case 0: bytes[place] = random.byte()
        case 1: bytes = Array(bytes[..<place])
        default: bytes.insert(random.byte(), at: place)
        }
        return bytes
    }
}
