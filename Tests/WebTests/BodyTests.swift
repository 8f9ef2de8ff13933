// Bodies: whole or not at all, within limits, however they are sent.
import Center
import Hummingbird
import NIOCore
import Synchronization
import Testing

@testable import Web

@Suite(.timeLimit(.minutes(10))) struct BodyTests {
    @Test func chunkedWithoutLength() async throws {
        try await withServer { server in
            let client = try await server.connect()
            try await client.send("POST /echo HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n5\nhello\n")
            try await client.send("6\n world\n0\n\n")
            #expect(try await client.read(until: "hello world").hasPrefix("HTTP/1.1 200 OK\n"))
        }
    }

    @Test func goAheadIsGivenWhenAskedFor() async throws {
        try await withServer { server in
            let client = try await server.connect()
            try await client.send("POST /echo HTTP/1.1\nHost: a\nExpect: 100-continue\nContent-Length: 5\n\n")
            #expect(try await client.read(until: "\n\n") == "HTTP/1.1 100 Continue\n\n")
            try await client.send("hello")
            #expect(try await client.read(until: "hello").hasPrefix("HTTP/1.1 200 OK\n"))
            // The connection goes on.
            try await client.send("GET /hello HTTP/1.1\nHost: a\nConnection: close\n\n")
            #expect(await client.readToEnd().hasSuffix("\n\nhello"))
        }
    }

    @Test func goAheadForChunkedBody() async throws {
        try await withServer { server in
            let client = try await server.connect()
            try await client.send(
                "POST /echo HTTP/1.1\nHost: a\nExpect: 100-Continue\nTransfer-Encoding: chunked\n\n")
            #expect(try await client.read(until: "\n\n") == "HTTP/1.1 100 Continue\n\n")
            try await client.send("2\nhi\n0\n\n")
            #expect(try await client.read(until: "\n\nhi").hasPrefix("HTTP/1.1 200 OK\n"))
        }
    }

    @Test func goAheadWaitsForTheAnswerBefore() async throws {
        let gate = Gate()
        try await withServer(limits: quick()) { routes in
            routes.root.get("wait") { _, _ in
                await gate.wait()
                return "waited"
            }
        } _: { server in
            let client = try await server.connect()
            try await client.send(
                "GET /wait HTTP/1.1\nHost: a\n\n"
                    + "POST /echo HTTP/1.1\nHost: a\nExpect: 100-continue\nContent-Length: 2\n\n")
            gate.open()
            #expect(try await client.read(until: "waited").hasPrefix("HTTP/1.1 200 OK\n"))
            #expect(try await client.read(until: "\n\n") == "HTTP/1.1 100 Continue\n\n")
            try await client.send("hi")
            _ = try await client.read(until: "\n\nhi")
        }
    }

    @Test func noGoAheadAboveTheLimit() async throws {
        try await withServer(limits: quick { $0.bodyMaxBytes = 10 }) { server in
            let answer = try await server.exchange(
                "POST /echo HTTP/1.1\nHost: a\nExpect: 100-continue\nContent-Length: 11\n\n")
            #expect(answer.hasPrefix("HTTP/1.1 413 "))
            #expect(answer.contains("connection: close"))
        }
    }

    @Test func otherExpectationsAreRefused() async throws {
        try await withServer { server in
            let answer = try await server.exchange("GET /hello HTTP/1.1\nHost: a\nExpect: cake\n\n")
            #expect(answer.hasPrefix("HTTP/1.1 417 "))
        }
    }

    @Test(arguments: [10, 11]) func limitByLength(count: Int) async throws {
        try await withServer(limits: quick { $0.bodyMaxBytes = 10 }) { server in
            let answer = try await server.exchange(
                "POST /echo HTTP/1.1\nHost: a\nConnection: close\nContent-Length: \(count)\n\n"
                    + String(repeating: "x", count: count))
            #expect(answer.hasPrefix(count == 10 ? "HTTP/1.1 200 " : "HTTP/1.1 413 "))
        }
    }

    @Test(arguments: [10, 11]) func limitByChunks(count: Int) async throws {
        try await withServer(limits: quick { $0.bodyMaxBytes = 10 }) { server in
            let chunks = String(repeating: "1\nx\n", count: count)
            let answer = try await server.exchange(
                "POST /echo HTTP/1.1\nHost: a\nConnection: close\nTransfer-Encoding: chunked\n\n\(chunks)0\n\n"
            )
            #expect(answer.hasPrefix(count == 10 ? "HTTP/1.1 200 " : "HTTP/1.1 413 "))
        }
    }

    @Test func endlessChunksAreCutAndTheAnswerIsReadable() async throws {
        try await withServer(limits: quick { $0.bodyMaxBytes = 1 << 20 }) { server in
            let client = try await server.connect()
            try await client.send("POST /echo HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n")
            let chunk = Array("10000\r\n".utf8) + [UInt8](repeating: 120, count: 65536) + Array("\r\n".utf8)
            let sender = Task { [client = UncheckedBox(client)] in
                // Ends when the server closes.
                while true { try await client.value.send(chunk) }
            }
            let answer = await client.readToEnd()
            #expect(answer.hasPrefix("HTTP/1.1 413 "))
            await #expect(throws: (any Error).self) { try await sender.value }
        }
    }

    @Test func largeBodyComesThroughWhole() async throws {
        try await withServer { server in
            let body = (0..<(3 << 20)).map { UInt8(ascii: "a") + UInt8($0 % 26) }
            let client = try await server.connect()
            try await client.send(
                "POST /echo HTTP/1.1\nHost: a\nConnection: close\nContent-Length: \(body.count)\n\n")
            try await client.send(body)
            #expect(await client.readToEnd().hasSuffix("\n\n" + String(decoding: body, as: UTF8.self)))
        }
    }

    enum Framing: CaseIterable { case length, chunked }
    enum Ending: CaseIterable { case end, reset }

    @Test(arguments: Framing.allCases, Ending.allCases)
    func halfABodyNeverComesOut(framing: Framing, ending: Ending) async throws {
        let (outcomes, source) = AsyncStream<String>.makeStream()
        let started = Gate()
        try await withServer { routes in
            routes.root.post("take") { request, context in
                started.open()
                do {
                    let body = try await context.collectBody(request, upTo: 100)
                    source.yield("whole \(body.count)")
                } catch {
                    source.yield("\(error)")
                    throw error
                }
                return Response(status: .ok)
            }
        } _: { server in
            let client = try await server.connect()
            switch framing {
            case .length: try await client.send("POST /take HTTP/1.1\nHost: a\nContent-Length: 10\n\nhello")
            case .chunked:
                try await client.send(
                    "POST /take HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n5\nhello\n")
            }
            await started.wait()
            switch ending {
            case .end:
                try await client.closeOutput()
                #expect(await client.readToEnd().hasPrefix("HTTP/1.1 400 "))
            case .reset: try await client.reset()
            }
            var iterator = outcomes.makeAsyncIterator()
            #expect(await iterator.next() == "truncated")
        }
    }

    @Test func brokenChunksAreMalformed() async throws {
        try await withServer { server in
            let client = try await server.connect()
            try await client.send("POST /echo HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n5\nhello\n")
            try await client.send("zz\n")
            #expect(await client.readToEnd().hasPrefix("HTTP/1.1 400 "))
        }
    }

    @Test func aPauseInTheBodyIsCut() async throws {
        try await withServer(limits: quick { $0.bodyGapMaxMs = 50 }) { server in
            let answer = try await server.exchange(
                "POST /echo HTTP/1.1\nHost: a\nContent-Length: 10\n\nhello")
            #expect(answer.hasPrefix("HTTP/1.1 408 "))
            #expect(answer.contains("connection: close"))
        }
    }

    @Test func aTricklingBodyIsCut() async throws {
        try await withServer(limits: quick { $0.bodyMaxMs = 200 }) { server in
            let client = try await server.connect()
            try await client.send("POST /echo HTTP/1.1\nHost: a\nContent-Length: 1000000\n\n")
            let sender = Task { [client = UncheckedBox(client)] in
                while true {
                    try await client.value.send("x")
                    try await Task.sleep(for: .milliseconds(10))
                }
            }
            #expect(await client.readToEnd().hasPrefix("HTTP/1.1 408 "))
            sender.cancel()
        }
    }

    @Test func tooMuchInFlightIsRefusedUntilItIsLess() async throws {
        let gate = Gate()
        let held = Gate()
        let budget = BodyBudget(maxBytes: 10)
        try await withServer(budget: budget) { routes in
            routes.root.post("hold") { request, context in
                let body = try await context.collectBody(request, upTo: 100)
                held.open()
                await gate.wait()
                return "held \(body.count)".response(.ok)
            }
        } _: { server in
            let holder = try await server.connect()
            try await holder.send("POST /hold HTTP/1.1\nHost: a\nContent-Length: 8\n\n12345678")
            await held.wait()
            #expect(budget.usedBytes == 8)
            let post = "POST /echo HTTP/1.1\nHost: a\nConnection: close\nContent-Length: 8\n\n12345678"
            let refused = try await server.exchange(post)
            #expect(refused.hasPrefix("HTTP/1.1 503 "))
            #expect(refused.contains("retry-after: 5") || refused.contains("Retry-After: 5"))
            gate.open()
            _ = try await holder.read(until: "held 8")
            #expect(budget.usedBytes == 0)
            #expect(try await server.exchange(post).hasPrefix("HTTP/1.1 200 "))
        }
    }

    @Test func aRefusedRequestsBodyNeedNotBeRead() async throws {
        try await withServer { routes in
            routes.root.post("refuse") { _, _ -> Response in
                throw Refusal.unauthenticated("Sign in first.")
            }
        } _: { server in
            let client = try await server.connect()
            try await client.send("POST /refuse HTTP/1.1\nHost: a\nContent-Length: 4000000\n\nx")
            #expect(try await client.read(until: "Sign in first.").hasPrefix("HTTP/1.1 401 "))
            // The rest still comes in without harm, then the connection ends.
            try? await client.send([UInt8](repeating: 120, count: 1 << 20))
            _ = await client.readToEnd()
            #expect(
                try await server.exchange("GET /hello HTTP/1.1\nHost: a\nConnection: close\n\n").hasSuffix(
                    "hello"))
        }
    }
}

/// Hands a client to a sending task while the test reads; the two sides do not share state.
struct UncheckedBox<Value>: @unchecked Sendable {
    let value: Value
    init(_ value: Value) { self.value = value }
}
