// Documents that are damaged at random, sent to every endpoint of TENIOS's wire on a whole server.
//
// SWITCHBOARD_FUZZ_CASES sets how many a run has on each engine, SWITCHBOARD_TEST_SEED repeats a run.
import Center
import Foundation
import SeededRandom
import Store
import Testing
import TestStores

@Suite("TENIOS's wire, fuzzed", .serialized)
struct TeniosFuzzTests {
    private static let casesDefault = 400
    private static let key = "XXXXX-XXXX-XXXXXX"

    private static func number(_ variable: String) -> UInt64? {
        ProcessInfo.processInfo.environment[variable].flatMap { UInt64($0) }
    }

    /// Each endpoint with a document that it takes.
    private static func samples(_ emails: [String], _ random: inout Seeded) -> [(
        path: String, tree: JSONTree
    )] {
        func object(_ members: KeyValuePairs<String, JSONTree>) -> JSONTree {
            .object(members.map { .init(name: $0.key, value: $0.value) })
        }
        let skills = ["English", "German", "Sales", "Support", "Spanish", "Customer Service", "Accounting"]
        let email = emails[random.below(emails.count)]
        let agent = object(["access_key": .text(key), "email": .text(email)])
        let state = JSONTree.text(random.below(2) == 0 ? "READY" : "NOT_READY")
        let inAnHour = Date(timeIntervalSinceNow: 3_600).formatted(.iso8601)
        return [
            ("/acd/agent-state/retrieve", agent), ("/acd/details/user/retrieve", agent),
            (
                "/acd/agent-state/change",
                object(["access_key": .text(key), "email": .text(email), "state": state, "nrr": .text("COF")])
            ),
            (
                "/acd/details/user/change",
                object([
                    "access_key": .text(key), "email": .text(email), "cloud_acd_enabled": .raw("true"),
                    "sip_enabled": .raw(random.below(2) == 0 ? "true" : "false"),
                    "external_number_enabled": .raw("true"), "external_number": .text("+491231244"),
                    "state": state,
                    "user_skills": .array(
                        skills.map {
                            object([
                                "name": .text($0), "has_skill": .raw(random.below(2) == 0 ? "true" : "false"),
                            ])
                        }),
                ])
            ),
            (
                "/wrap-up/extend",
                object([
                    "access_key": .text(key), "agent_email": .text(email), "end_time": .text(inAnHour),
                ])
            ),
            ("/wrap-up/cancel", object(["access_key": .text(key), "agent_email": .text(email)])),
            (
                "/cloud-pbx/list",
                object(["access_key": .text(key), "page": .raw("1"), "page_size": .raw("10")])
            ),
        ]
    }

    @Test(
        "answers every document in the vendor's form, and a refused one changes nothing",
        arguments: EngineKind.tested)
    func fuzz(_ kind: EngineKind) async throws {
        let seed = Self.number("SWITCHBOARD_TEST_SEED") ?? UInt64.random(in: 0..<1 << 32)
        let cases = Self.number("SWITCHBOARD_FUZZ_CASES").map(Int.init) ?? Self.casesDefault
        print("TENIOS fuzz on \(kind): SWITCHBOARD_TEST_SEED=\(seed) SWITCHBOARD_FUZZ_CASES=\(cases)")
        var random = Seeded(seed: seed)
        var outcomes: [String: Int] = [:]
        // It stands still, or wrap-ups would run out in between.
        let nowMs = Floor.wallClock()
        try await WireServer.run(on: kind, clock: { nowMs }) { server in
            _ = try await server.provision("tenios.yaml")
            _ = try await server.provision("tenios-other.yaml")
            let directory = try #require(server.floor.roster.workspace(named: "demo"))
            let agents = directory.agents.map(\.id)
            let emails = ["test@test.com", "agent@test.com", "dhanks@test.com"]
            var before = try await Self.picture(server)
            for number in 0..<cases {
                if number % 20 == 0 {
                    // Or wrap-up's calls would be refused always.
                    let one = agents[random.below(agents.count)]
                    try await server.floor.setPresence(one, .wrapUp, by: .system(directory.workspace))
                    before = try await Self.picture(server)
                }
                let samples = Self.samples(emails, &random)
                let sample = samples[random.below(samples.count)]
                let body = WireFuzzTests.damaged(sample.tree, &random)
                let what =
                    "seed \(seed): \(sample.path) \(String(decoding: body.prefix(500), as: UTF8.self))"
                let outcome = Self.outcome(try await server.tenios(sample.path, body), what)
                outcomes[outcome, default: 0] += 1
                let after = try await Self.picture(server)
                if outcome != "done" { #expect(after == before, "\(what): \(outcome)") }
                before = after
            }
        }
        print(
            "TENIOS fuzz on \(kind): \(outcomes.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" })")
        // Or the test would say nothing.
        #expect((outcomes["done"] ?? 0) > cases / 20 && (outcomes["INVALID_JSON"] ?? 0) > cases / 20)
        #expect(outcomes.count > 4)
    }

    /// What is stored of agents and of what happened, as one text.
    private static func picture(_ server: WireServer) async throws -> String {
        try await server.floor.store.read { reader in
            var lines: [String] = []
            for row in try reader.query(
                """
                SELECT workspace, id, cloud_acd_enabled, sip_enabled, external_number_enabled, external_number
                FROM agent ORDER BY workspace, id
                """)
            {
                lines.append(
                    "\(row.int("workspace")) \(row.int("id")) \(row.int("cloud_acd_enabled")) "
                        + "\(row.int("sip_enabled")) \(row.int("external_number_enabled")) "
                        + row.text("external_number"))
            }
            for row in try reader.query("SELECT * FROM agent_state ORDER BY workspace, agent") {
                lines.append(
                    "\(row.int("agent")) \(row.int("presence")) \(row.intOrNil("reason") ?? 0) "
                        + "\(row.intOrNil("presence_until") ?? 0)")
            }
            for row in try reader.query("SELECT * FROM agent_skill ORDER BY workspace, agent, skill") {
                lines.append("\(row.int("agent")) \(row.int("skill")) \(row.int("level"))")
            }
            for table in ["journal", "login_record", "tenios_key", "agent", "skill"] {
                lines.append(
                    String(try reader.query(SQL(name: "SELECT COUNT(*) AS n FROM \(table)"))[0].int("n")))
            }
            return lines.joined(separator: "\n")
        }
    }

    private static let codes: Set<String> = [
        "BAD_CREDENTIALS", "FIELD_IS_REQUIRED", "INVALID_JSON", "AGENT_NOT_FOUND",
        "AGENT_STATE_INVALID_EMAIL", "AGENT_NOT_READY_REASON_NOT_FOUND",
        "ACD_USER_DETAILS_ALL_SKILLS_REQUIRED_ERROR", "AGENT_NOT_IN_WRAP_UP", tooLarge,
    ]
    private static let tooLarge = "PAYLOAD_TOO_LARGE"

    /// The error's code, or "done"; every answer has the form that the page says.
    private static func outcome(_ reply: TeniosReply, _ what: String) -> String {
        #expect(reply.header("Content-Type") == "application/json;charset=UTF-8", "\(what)")
        if reply.status == 200 {
            #expect(reply.object["success"] as? Bool == true || reply.member("email") != nil, "\(what)")
            return "done"
        }
        let code = reply.member("error_code") ?? ""
        #expect(reply.status == (code == tooLarge ? 413 : 400), "\(what): \(reply.text)")
        #expect(codes.contains(code), "\(what): \(reply.text)")
        #expect(reply.member("error_message")?.isEmpty == false, "\(what): \(reply.text)")
        #expect(
            reply.object["fields"] is [String] || (reply.object["fields"] as? [Any])?.isEmpty == true,
            "\(what)")
        let members = Set(["error_code", "error_message", "fields"])
        let hasSuccess = code == "ACD_USER_DETAILS_ALL_SKILLS_REQUIRED_ERROR"
        #expect(Set(reply.object.keys) == (hasSuccess ? members.union(["success"]) : members), "\(what)")
        return code
    }
}
