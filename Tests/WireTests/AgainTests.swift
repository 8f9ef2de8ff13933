// The same request twice, or thirty times at once: one errand, one answer, one callback, one customer.
import Center
import Foundation
import Store
import Synchronization
import Testing
import TestStores

@Suite("Requests that come again", .serialized)
struct AgainTests {
    private static let together = 30

    private static func create(_ message: String, more: String = "") -> [UInt8] {
        Array(
            #"{"data": {"type": "c3_new_errands", "attributes": {"msg": {\#(message)}\#(more)}}}"#.utf8)
    }

    private static func id(_ answer: PlainAnswer) throws -> String {
        let data = try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: [String: String]]
        return try #require(data?["data"]?["id"])
    }

    /// Posts them all at once and gives the answers' ids.
    private static func post(
        _ bodies: [[UInt8]], to endpoint: String, _ token: String, _ server: WireServer
    ) async throws -> [String] {
        try await withThrowingTaskGroup(of: String.self) { tasks in
            for body in bodies {
                tasks.addTask {
                    let answer = try await server.post(endpoint, body, token: token)
                    #expect(answer.status == 201, "\(String(decoding: answer.body, as: UTF8.self))")
                    return try id(answer)
                }
            }
            return try await tasks.reduce(into: []) { $0.append($1) }
        }
    }

    @Test(
        "the same message at once and later is one errand; a day later it may be new",
        arguments: EngineKind.tested)
    func replay(_ kind: EngineKind) async throws {
        let now = Mutex<Int64>(1_800_000_000_000)
        try await WireServer.run(on: kind, clock: { now.withLock { $0 } }) { server in
            let token = try #require(try await server.provision("center.yaml").accessTokens["form"])
            let body = Self.create(#""message_id": "m", "from": "eva@example.com""#)
            let first = try await Self.post(
                Array(repeating: body, count: Self.together), to: "c3_new_errands", token, server)
            #expect(Set(first).count == 1)
            let rows = try await server.rows()
            #expect(rows["errand"] == 1 && rows["message"] == 1 && rows["work_item"] == 1)
            now.withLock { $0 += 24 * 3_600_000 - 1 }
            #expect(try await Self.post([body], to: "c3_new_errands", token, server) == [first[0]])
            now.withLock { $0 += 1 }
            let second = try await Self.post([body, body], to: "c3_new_errands", token, server)
            #expect(Set(second).count == 1 && second[0] != first[0])
            #expect(try await server.rows()["errand"] == 2)
            #expect(try await Self.post([body], to: "c3_new_errands", token, server) == [second[0]])
        }
    }

    @Test(
        "one writer's messages at once make one customer, by address and by cuid",
        arguments: EngineKind.tested)
    func customer(_ kind: EngineKind) async throws {
        try await WireServer.run(on: kind) { server in
            let token = try #require(try await server.provision("center.yaml").accessTokens["form"])
            let same = Array(repeating: Self.create(#""from": "Eva@Example.com""#), count: Self.together)
            #expect(
                Set(try await Self.post(same, to: "c3_new_errands", token, server)).count == Self.together)
            let several = (0..<Self.together).map { number in
                Self.create(#""from": "\#(number)@example.com""#, more: #", "cuid": "P-1""#)
            }
            _ = try await Self.post(several, to: "c3_new_errands", token, server)
            let rows = try await server.rows()
            #expect(rows["contact"] == 2)
            #expect(rows["contact_address"] == Int64(1 + Self.together))
            let cards = try await server.floor.store.read { reader in
                try reader.query(
                    "SELECT contact, COUNT(*) AS errands FROM errand GROUP BY contact ORDER BY contact"
                )
                .map { $0.int("errands") }
            }
            #expect(cards == [Int64(Self.together), Int64(Self.together)])
        }
    }

    @Test(
        "an errand that is ended many times at once has one answer and one callback",
        arguments: EngineKind.tested)
    func end(_ kind: EngineKind) async throws {
        try await WireServer.run(on: kind) { server in
            let token = try #require(try await server.provision("center.yaml").accessTokens["form"])
            let errand = try await Self.post(
                [Self.create(#""from": "eva@example.com""#)], to: "c3_new_errands", token, server)[0]
            let ends = (0..<Self.together).map { number in
                Array(
                    #"""
                    {"data": {"type": "c3_end_errands", "attributes": {"errand_id": \#(errand),
                    "answer": {"user_type": "", "user_id": "", "body": "Answer \#(number)"}}}}
                    """#.utf8)
            }
            let ids = try await Self.post(ends, to: "c3_end_errands", token, server)
            #expect(Set(ids) == [errand])
            let rows = try await server.rows()
            #expect(rows["answer"] == 1 && rows["response"] == 1 && rows["delivery"] == 1)
            let item = try await server.floor.store.read {
                try $0.query("SELECT state FROM work_item")[0].int("state")
            }
            #expect(item == 9)
        }
    }
}
