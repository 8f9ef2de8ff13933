// What TENIOS's wire shows of an agent and does to one, beside the desk; and what it says when something fails.
import Center
import Foundation
import Routing
import Store
import Testing
import TestStores

@testable import Tenios

@Suite("TENIOS's wire in one world", .serialized)
struct TeniosWorldTests {
    private static let key = "XXXXX-XXXX-XXXXXX"

    @Test(
        "each presence set at the desk is read there, and each set there shows at the desk",
        arguments: EngineKind.tested)
    func oneWorld(_ kind: EngineKind) async throws {
        try await WireServer.run(on: kind) { server in
            _ = try await server.provision("tenios.yaml")
            let directory = try #require(server.floor.roster.workspace(named: "demo"))
            let agent = try #require(directory.agent(login: "agent")).id
            let desk = Principal(workspace: directory.workspace, actor: .agent(agent), via: .desk)
            func state() async throws -> String {
                try await server.tenios(
                    "/acd/agent-state/retrieve", #"{"access_key":"\#(Self.key)","email":"agent@test.com"}"#
                ).member("state") ?? ""
            }
            let seen: [(Presence, String?, String)] = [
                (.signedIn, nil, "NOT_READY"), (.available, nil, "READY"), (.unavailable, "LUN", "NOT_READY"),
                (.unavailable, nil, "NOT_READY"), (.wrapUp, nil, "READY"), (.signedOut, nil, "NOT_READY"),
            ]
            for (presence, reason, word) in seen {
                try await server.floor.setPresence(agent, presence, reason: reason, by: desk)
                #expect(try await state() == word, "\(presence)")
            }
            func change(_ state: String, _ nrr: String? = nil) async throws -> (DeskView, [String]) {
                let reason = nrr.map { #","nrr":"\#($0)""# } ?? ""
                let answer = try await server.tenios(
                    "/acd/agent-state/change",
                    #"{"access_key":"\#(Self.key)","email":"agent@test.com","state":"\#(state)"\#(reason)}"#)
                #expect(answer.status == 200 && answer.text == #"{"success":true}"#)
                let view = try await server.floor.desk(agent, in: directory.workspace)
                let records = try await server.floor.store.read {
                    try $0.query("SELECT action, via FROM login_record ORDER BY id")
                }
                return (view, records.map { "\($0.text("action")) \($0.text("via"))" })
            }
            let before = ["Login desk", "Logout desk"]
            let lunch = try #require(directory.reasons.first { $0.code == "LUN" }).id
            var (view, records) = try await change("NOT_READY", "LUN")
            #expect(view.presence == .signedOut && records == before)
            (view, records) = try await change("READY")
            #expect(view.presence == .available && records == before + ["Login tenios"])
            (view, records) = try await change("NOT_READY", "LUN")
            #expect(view.presence == .unavailable && view.reason == lunch)
            (view, records) = try await change("NOT_READY")
            #expect(view.presence == .unavailable && view.reason == nil)
            (view, records) = try await change("READY", "LUN")
            #expect(view.presence == .available && view.reason == nil)
            #expect(records == before + ["Login tenios"])
            try await server.floor.setPresence(agent, .signedOut, by: desk)
            (view, records) = try await change("NOT_READY")
            #expect(view.presence == .signedOut)
            #expect(records == before + ["Login tenios", "Logout desk"])
        }
    }

    @Test("a deleted agent is nobody, and comes back", arguments: EngineKind.tested)
    func deleted(_ kind: EngineKind) async throws {
        try await WireServer.run(on: kind) { server in
            _ = try await server.provision("tenios.yaml")
            let directory = try #require(server.floor.roster.workspace(named: "demo"))
            let agent = try #require(directory.agent(login: "agent")).id
            let person = Principal(workspace: directory.workspace, actor: .operator, via: .system)
            let body = #"{"access_key":"\#(Self.key)","email":"agent@test.com"}"#
            let list = #"{"access_key":"\#(Self.key)","page":1,"page_size":1000}"#
            func users() async throws -> Int {
                let reply = try await server.tenios("/cloud-pbx/list", list)
                return reply.object["total_items"] as? Int ?? -1
            }
            let all = try await users()
            try await server.floor.deleteAgent(agent, by: person)
            for path in ["/acd/agent-state/retrieve", "/acd/details/user/retrieve"] {
                #expect(try await server.tenios(path, body).member("error_code") == "AGENT_NOT_FOUND")
            }
            #expect(all > 1)
            #expect(try await users() == all - 1)
            try await server.floor.reviveAgent(agent, by: person)
            #expect(try await server.tenios("/acd/agent-state/retrieve", body).status == 200)
            #expect(try await users() == all)
        }
    }

    @Test(
        "a fault is a 500 in the vendor's form, and the next request is served", arguments: EngineKind.tested)
    func fault(_ kind: EngineKind) async throws {
        try await WireServer.run(on: kind) { server in
            _ = try await server.provision("tenios.yaml")
            let body = #"{"access_key":"\#(Self.key)","email":"agent@test.com","state":"READY"}"#
            try await server.script("ALTER TABLE login_record RENAME TO login_record_away")
            let answer = try await server.tenios("/acd/agent-state/change", body)
            let id = try #require(answer.header("X-Request-Id"))
            #expect(answer.status == 500)
            #expect(answer.header("Content-Type") == "application/json;charset=UTF-8")
            #expect(
                answer.text == #"{"error_code":"INTERNAL_SERVER_ERROR","error_message":"#
                    + #""Something went wrong here; the request's id is \#(id).","fields":[]}"#)
            try await server.script("ALTER TABLE login_record_away RENAME TO login_record")
            #expect(try await server.tenios("/acd/agent-state/change", body).status == 200)
            #expect(try await server.rows(["login_record"]) == ["login_record": 1])
        }
    }

    @Test("too much in flight is 503 in the vendor's form")
    func inFlight() async throws {
        try await WireServer.run(
            on: .sqlite,
            limit: {
                $0.bodiesInFlightMaxBytes = 16
                $0.retryAfterS = 7
            }
        ) { server in
            let answer = try await server.tenios(
                "/acd/agent-state/change", #"{"access_key":"\#(Self.key)","email":"agent@test.com"}"#)
            #expect(answer.status == 503 && answer.header("Retry-After") == "7")
            #expect(answer.header("Content-Type") == "application/json;charset=UTF-8")
            #expect(answer.member("error_code") == "SERVICE_UNAVAILABLE")
        }
    }

    @Test("every refusal has a code and the status of every dialect")
    func refusals() {
        let found: [(Refusal, Int, String)] = [
            (.tooLarge("a"), 413, "PAYLOAD_TOO_LARGE"), (.storageFull("a"), 507, "INSUFFICIENT_STORAGE"),
            (.unavailable("a", retryAfterS: 2), 503, "SERVICE_UNAVAILABLE"),
            (.tooMany("a", retryAfterS: 2), 429, "TOO_MANY_REQUESTS"), (.notFound("a"), 404, "NOT_FOUND"),
            (.conflict("a"), 409, "CONFLICT"), (.forbidden("a"), 403, "FORBIDDEN"),
            (.invalid("a", pointer: "/b"), 400, "INVALID_JSON"),
        ]
        for (refusal, status, code) in found {
            let error = TeniosError(refusal)
            #expect(error.response.status.code == status && error.code == code && error.message == "a")
        }
    }

    @Test("instants are read with their zone and written in UTC")
    func instants() {
        let same: [(String, String)] = [
            ("2020-01-01T09:00:00.000Z", "2020-01-01T09:00:00.000Z"),
            ("2020-01-01T09:00Z", "2020-01-01T09:00:00.000Z"),
            ("2020-01-01T00:30:01.5+01:00", "2019-12-31T23:30:01.500Z"),
            ("2024-02-29T23:59:59.123456789-0230", "2024-03-01T02:29:59.123Z"),
            ("2000-02-29T12:00:00+00:00", "2000-02-29T12:00:00.000Z"),
            ("1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"),
        ]
        for (text, utc) in same { #expect(WireInstant.instant(text).map(WireInstant.text) == utc) }
        let strategy = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        for day in stride(from: Int64(-60_000), to: 60_000, by: 37) {
            let ms = day * 86_400_000 + day * 977 % 86_400 * 1_000
            let text = Date(timeIntervalSince1970: Double(ms) / 1_000).formatted(strategy)
            #expect(WireInstant.instant(text)?.ms == ms && WireInstant.text(Instant(ms: ms)) == text)
            let later = Instant(ms: ms + (day % 500 + 500))
            #expect(WireInstant.instant(WireInstant.text(later)) == later)
        }
        let wrong = [
            "", "2020", "2020-01-01", "2020-01-01T09:00:00", "2020-13-01T09:00:00Z", "2020-00-01T09:00:00Z",
            "2019-02-29T09:00:00Z", "1900-02-29T09:00:00Z", "2020-01-01T24:00:00Z", "2020-01-01T09:60:00Z",
            "2020-01-01T09:00:60Z", "2020-01-01T09:00:00.Z", "2020-01-01 09:00:00Z", "2020-01-01T09:00:00Zx",
            "2020-01-01T09:00:00z", "2020-01-01T09:00:00+1:00", "+2020-01-01T09:00:00Z", "2020-1-1T09:00:00Z",
            "2020-01-01T09:00:00+24:00", "２０２０-01-01T09:00:00Z",
        ]
        for text in wrong { #expect(WireInstant.instant(text) == nil, "\(text)") }
    }
}

/// An answer with its JSON.
struct TeniosReply {
    let answer: PlainAnswer
    var status: Int { answer.status }
    var text: String { String(decoding: answer.body, as: UTF8.self) }
    var object: [String: Any] {
        (try? JSONSerialization.jsonObject(with: Data(answer.body))) as? [String: Any] ?? [:]
    }
    func member(_ name: String) -> String? { object[name] as? String }
    func header(_ name: String) -> String? { answer.header(name) }
}

extension WireServer {
    func tenios(_ path: String, _ body: String) async throws -> TeniosReply {
        try await tenios(path, Array(body.utf8))
    }

    func tenios(_ path: String, _ body: [UInt8]) async throws -> TeniosReply {
        TeniosReply(
            answer: try await PlainHTTP.send(
                "POST", path, [("Content-Type", "application/json")], body, port: port))
    }
}
