// Large bodies on Cention's wire: up to the limit they are stored whole, above it nothing is.
import Foundation
import Store
import Testing
import TestStores

@Suite("Large bodies", .serialized)
struct BodyLimitTests {
    private static let limit = 32 << 20

    /// A new errand of exactly `size` bytes with one attachment; base64 and what stands around it.
    private static func errand(_ size: Int) -> (body: [UInt8], file: Int) {
        let head =
            #"{"data":{"type":"c3_new_errands","attributes":{"msg":{"from":"e","attachments":[{"content":""#
        let tail = #""}]}}}}"#
        let room = size - head.utf8.count - tail.utf8.count
        let letters = room / 4 * 4
        var body = Array(head.utf8)
        body.reserveCapacity(size)
        body += [UInt8](repeating: UInt8(ascii: "Q"), count: letters)
        body += Array(tail.utf8)
        body += [UInt8](repeating: UInt8(ascii: " "), count: size - body.count)
        return (body, letters / 4 * 3)
    }

    @Test("32 MiB are taken, one byte more is not, announced or chunked", arguments: EngineKind.tested)
    func limit(_ kind: EngineKind) async throws {
        try await WireServer.run(on: kind) { server in
            let token = try #require(try await server.provision("center.yaml").accessTokens["form"])
            let (body, file) = Self.errand(Self.limit)
            #expect(body.count == Self.limit)
            for headers in [[], [("Transfer-Encoding", "chunked")]] as [[(name: String, value: String)]] {
                #expect(
                    try await server.post("c3_new_errands", body, token: token, headers: headers).status
                        == 201)
                let refused = try await server.post(
                    "c3_new_errands", body + [0x20], token: token, headers: headers)
                #expect(refused.status == 413)
                #expect(refused.header("Content-Type") == "application/vnd.api+json")
            }
            let rows = try await server.rows()
            #expect(rows["errand"] == 2)
            let sizes = try await server.floor.store.read { reader in
                try reader.query("SELECT size FROM attachment").map { $0.int("size") }
            }
            #expect(sizes == [Int64(file), Int64(file)])
        }
    }

    @Test("Expect: 100-continue gets its go-ahead, and none above the limit")
    func expect() async throws {
        try await WireServer.run(on: .sqlite) { server in
            let token = try #require(try await server.provision("center.yaml").accessTokens["form"])
            let body = Self.errand(1_000).body
            @Sendable func head(_ length: Int) -> [UInt8] {
                Array(
                    """
                    POST /s/demo/capi/json/c3_new_errands HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r
                    Authorization: Bearer \(token)\r\nContent-Type: application/vnd.api+json\r
                    Connection: close\r\nContent-Length: \(length)\r\n\r\n
                    """.utf8)
            }
            let port = server.port
            let (went, answer) = try await PlainHTTP.offPool {
                let talk = try RawTalk(port)
                talk.send(head(body.count))
                let went = try talk.receive(until: "\r\n\r\n")
                talk.send(body)
                return (went, talk.receiveAll())
            }
            #expect(went == "HTTP/1.1 100 Continue\r\n\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 201 "))
            let refused = try await PlainHTTP.offPool {
                let talk = try RawTalk(port)
                talk.send(head(Self.limit + 1))
                return talk.receiveAll()
            }
            #expect(refused.hasPrefix("HTTP/1.1 413 "))
            #expect(refused.contains(#""status":"413""#))
            #expect(try await server.rows()["errand"] == 1)
        }
    }

    @Test("too much in flight is 503 with Retry-After, and what was in flight is stored")
    func inFlight() async throws {
        try await WireServer.run(
            on: .sqlite,
            limit: {
                $0.bodiesInFlightMaxBytes = 100_000
                $0.retryAfterS = 7
                // However slow the machine is: what is held is not cut.
                $0.bodyMaxMs = 3_600_000
                $0.bodyGapMaxMs = 3_600_000
            }
        ) { server in
            let token = try #require(try await server.provision("center.yaml").accessTokens["form"])
            let body = Self.errand(90_000).body
            let head = Array(
                """
                POST /s/demo/capi/json/c3_new_errands HTTP/1.1\r\nHost: a\r
                Authorization: Bearer \(token)\r\nContent-Type: application/vnd.api+json\r
                Connection: close\r\nExpect: 100-continue\r\nContent-Length: \(body.count)\r\n\r\n
                """.utf8)
            let port = server.port
            // All but one byte of it are held while others come.
            let talk = try await PlainHTTP.offPool {
                let talk = try RawTalk(port)
                talk.send(head)
                _ = try talk.receive(until: "\r\n\r\n")
                talk.send(Array(body.dropLast()))
                return talk
            }
            // Who comes while they are on their way could be held in their place.
            while server.bodies.usedBytes < body.count - 1 { await Task.yield() }
            let full = try await server.post("c3_new_errands", Self.errand(50_000).body, token: token)
            let stored = try await server.rows()["errand"] ?? 0
            let text = String(decoding: full.body, as: UTF8.self)
            #expect(full.status == 503)
            #expect(full.header("Retry-After") == "7")
            #expect(full.header("Content-Type") == "application/vnd.api+json")
            #expect(text.contains(#""status":"503""#))
            let answer = try await PlainHTTP.offPool {
                talk.send([body[body.count - 1]])
                return talk.receiveAll()
            }
            #expect(answer.hasPrefix("HTTP/1.1 201 "))
            // What was held has been given back.
            let last = try await server.post("c3_new_errands", Self.errand(90_000).body, token: token)
            #expect(last.status == 201)
            #expect(try await server.rows()["errand"] == stored + 2)
        }
    }

    @Test("a body that breaks off stores nothing", arguments: EngineKind.tested)
    func brokenOff(_ kind: EngineKind) async throws {
        try await WireServer.run(on: kind) { server in
            let token = try #require(try await server.provision("center.yaml").accessTokens["form"])
            let body = Self.errand(40_000).body
            let before = try await server.rows()
            let heads = [
                "Content-Length: \(body.count + 1)\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n\(String(body.count, radix: 16))\r\n",
            ]
            let port = server.port
            for rest in heads {
                let head = """
                    POST /s/demo/capi/json/c3_new_errands HTTP/1.1\r\nHost: a\r
                    Authorization: Bearer \(token)\r\nContent-Type: application/vnd.api+json\r
                    \(rest)
                    """
                let answer = try await PlainHTTP.offPool {
                    let talk = try RawTalk(port)
                    talk.send(Array(head.utf8) + body)
                    talk.finishSending()
                    return talk.receiveAll()
                }
                #expect(!answer.contains(" 201 "))
            }
            #expect(try await server.rows() == before)
            #expect(try await server.post("c3_new_errands", body, token: token).status == 201)
        }
    }
}
