// Hostile and clumsy clients: each gets an answer or a closed connection, and the server lives on.
import Hummingbird
import Testing

@testable import Web

@Suite(.timeLimit(.minutes(10))) struct DoorTests {
    private func alive(_ server: TestServer) async throws {
        #expect(
            try await server.exchange("GET /hello HTTP/1.1\nHost: a\nConnection: close\n\n").hasSuffix(
                "\n\nhello"))
    }

    @Test(arguments: [
        ("GARBAGE\n\n", "400"),
        ("\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}\u{1}\u{fc}\u{3}\u{3}", "400"),
        ("GET /hello\n\n", "505"),
        ("GET /hello HTTP/9.9\nHost: a\n\n", "505"),
        ("PRI * HTTP/2.0\n\nSM\n\n", "400"),
        ("BREW /hello HTTP/1.1\nHost: a\n\n", "400"),
        ("CONNECT a:80 HTTP/1.1\nHost: a\n\n", "405"),
        ("GET /hello HTTP/1.1\n\n", "400"),
        ("GET /hello HTTP/1.1\nHost: a\nHost: b\n\n", "400"),
        ("GET /hello HTTP/1.1\nHost: a\nBad Name: x\n\n", "400"),
        ("GET /hello HTTP/1.1\nHost: a\nX-Y: a\u{0}b\n\n", "400"),
        ("GET /he\u{7f}llo HTTP/1.1\nHost: a\n\n", "400"),
        ("GET /hellö HTTP/1.1\nHost: a\n\n", "400"),
        ("POST /echo HTTP/1.1\nHost: a\nContent-Length: -1\n\n", "400"),
        ("POST /echo HTTP/1.1\nHost: a\nContent-Length: 5x\n\nhello", "400"),
        ("POST /echo HTTP/1.1\nHost: a\nContent-Length: 99999999999999999999999\n\n", "400"),
        ("POST /echo HTTP/1.1\nHost: a\nContent-Length: 5\nContent-Length: 6\n\nhello", "400"),
        ("POST /echo HTTP/1.1\nHost: a\nContent-Length: 5\nTransfer-Encoding: chunked\n\n0\n\n", "400"),
        ("POST /echo HTTP/1.1\nHost: a\nTransfer-Encoding: gzip, chunked\n\n0\n\n", "501"),
        ("POST /echo HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\nzz\n", "400"),
    ]) func improperRequestsAreRefusedAndClosed(request: String, status: String) async throws {
        try await withServer { server in
            let answer = try await server.exchange(request)
            #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(request.debugDescription) got \(answer)")
            #expect(answer.contains("connection: close"))
            try await alive(server)
        }
    }

    @Test func largeHeadsAreRefused() async throws {
        let limits = quick {
            $0.headFieldMaxBytes = 1_000
            $0.headMaxBytes = 3_000
            $0.headMaxFields = 10
        }
        try await withServer(limits: limits) { server in
            let long = String(repeating: "x", count: 1_001)
            let field = String(repeating: "y", count: 900)
            let many = (1...11).map { "X-\($0): 1\n" }.joined()
            for request in [
                "GET /\(long) HTTP/1.1\nHost: a\n\n", "GET /hello HTTP/1.1\nHost: a\nX: \(long)\n\n",
                "GET /hello HTTP/1.1\nHost: a\nA: \(field)\nB: \(field)\nC: \(field)\nD: \(field)\n\n",
                "GET /hello HTTP/1.1\nHost: a\n\(many)\n",
            ] {
                let answer = try await server.exchange(request)
                #expect(answer.hasPrefix("HTTP/1.1 431 "), "\(answer)")
            }
            try await alive(server)
        }
    }

    @Test func anEndlessHeadIsRefusedWithoutItsEnd() async throws {
        try await withServer { server in
            let client = try await server.connect()
            try await client.send("GET /")
            try await client.send([UInt8](repeating: 120, count: 200_000))
            #expect(await client.readToEnd().hasPrefix("HTTP/1.1 431 "))
            try await alive(server)
        }
    }

    @Test func halfAHeadIsClosedAfterItsTime() async throws {
        try await withServer(limits: quick { $0.headMaxMs = 50 }) { server in
            let answer = try await server.exchange("GET /hello HTTP/1.1\nHost: a\nX-")
            #expect(answer.hasPrefix("HTTP/1.1 408 "))
            try await alive(server)
        }
    }

    @Test func aHeadByTheByteIsClosedAfterItsTime() async throws {
        try await withServer(limits: quick { $0.headMaxMs = 100 }) { server in
            let client = try await server.connect()
            let sender = Task { [client = UncheckedBox(client)] in
                for letter in "GET /hello HTTP/1.1\nX-Slow: " { try await client.value.send(String(letter)) }
                while true {
                    try await client.value.send("x")
                    try await Task.sleep(for: .milliseconds(10))
                }
            }
            let answer = await client.readToEnd()
            #expect(answer.hasPrefix("HTTP/1.1 408 "))
            sender.cancel()
            try await alive(server)
        }
    }

    @Test func aSecondRequestsHeadHasItsTimeToo() async throws {
        try await withServer(limits: quick { $0.headMaxMs = 100 }) { server in
            let client = try await server.connect()
            try await client.send("GET /hello HTTP/1.1\nHost: a\n\n")
            _ = try await client.read(until: "\n\nhello")
            try await client.send("GET /hello HTTP/1.1\nHos")
            #expect(await client.readToEnd().hasPrefix("HTTP/1.1 408 "))
        }
    }

    @Test func silenceIsClosed() async throws {
        try await withServer(limits: quick { $0.idleMaxMs = 1_000 }) { server in
            let silent = try await server.connect()
            #expect(await silent.readToEnd() == "")
            var answer = ""
            // On a busy machine the idle time may be over before the request is sent.
            while answer.isEmpty {
                let client = try await server.connect()
                try? await client.send("GET /hello HTTP/1.1\nHost: a\n\n")
                answer = await client.readToEnd()
            }
            // After its answer the connection is closed without another word.
            #expect(answer.hasSuffix("\n\nhello"))
        }
    }

    @Test func halfAHeadThenTheEnd() async throws {
        try await withServer { server in
            let client = try await server.connect()
            try await client.send("GET /hello HT")
            try await client.closeOutput()
            #expect(await client.readToEnd() == "")
            try await alive(server)
        }
    }

    @Test func aClientThatEndsItsHalfStillGetsItsAnswer() async throws {
        try await withServer { server in
            let client = try await server.connect()
            try await client.send("GET /hello HTTP/1.1\nHost: a\n\n")
            try await client.closeOutput()
            #expect(await client.readToEnd().hasSuffix("\n\nhello"))
        }
    }

    @Test func aLargeAnswerReachesAClientThatHasEndedItsHalf() async throws {
        try await withServer { routes in
            routes.root.get("large") { _, _ in
                Response(status: .ok, body: .init(byteBuffer: ByteBuffer(repeating: 120, count: 8 << 20)))
            }
        } _: { server in
            let client = try await server.connect()
            try await client.stopReading()
            try await client.send("GET /large HTTP/1.1\nHost: a\nConnection: close\n\n")
            _ = await server.log.line(containing: "GET /large 200")
            try await client.closeOutput()
            try await client.setAutoRead(true)
            let answer = await client.readToEnd()
            #expect(answer.utf8.count > 8 << 20)
        }
    }

    @Test func pipelinedRequestsAreAnsweredInOrder() async throws {
        try await withServer { server in
            let answer = try await server.exchange(
                "POST /echo HTTP/1.1\nHost: a\nContent-Length: 3\n\none"
                    + "POST /echo HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n3\ntwo\n0\n\n"
                    + "GET /hello HTTP/1.1\nHost: a\nConnection: close\n\n"
                    + "GET /never HTTP/1.1\nHost: a\n\n")
            let bodies = answer.split(separator: "HTTP/1.1 200 OK").map {
                $0.split(separator: "\n").last.map(String.init)
            }
            #expect(bodies == ["one", "two", "hello"], "\(answer)")
        }
    }

    @Test func garbageAfterAGoodRequestLetsItsAnswerThrough() async throws {
        try await withServer { server in
            let answer = try await server.exchange("GET /hello HTTP/1.1\nHost: a\n\nGARBAGE\n\n")
            #expect(answer.hasPrefix("HTTP/1.1 200 OK\n"))
            #expect(answer.contains("HTTP/1.1 400 "), "\(answer)")
        }
    }

    @Test(arguments: ["close", "Close", "close, x"]) func closeIsUnderstood(value: String) async throws {
        try await withServer { server in
            let answer = try await server.exchange("GET /hello HTTP/1.1\nHost: a\nConnection: \(value)\n\n")
            #expect(answer.hasSuffix("\n\nhello"))
        }
    }

    @Test func anOldClientGetsAnAnswerWithoutChunks() async throws {
        try await withServer { routes in
            routes.root.get("parts") { _, _ in
                Response(
                    status: .ok,
                    body: .init { writer in
                        try await writer.write(ByteBuffer(string: "one "))
                        try await writer.write(ByteBuffer(string: "two"))
                        try await writer.finish(nil)
                    })
            }
        } _: { server in
            let answer = try await server.exchange("GET /parts HTTP/1.0\n\n")
            #expect(answer.hasPrefix("HTTP/1.0 200 OK\n"))
            #expect(answer.hasSuffix("\n\none two"))
        }
    }

    @Test func aProtocolUpgradeIsNotTakenAndLeavesNoDeafConnection() async throws {
        try await withServer { server in
            let answer = try await server.exchange(
                "GET /hello HTTP/1.1\nHost: a\nConnection: Upgrade, HTTP2-Settings\nUpgrade: h2c\nHTTP2-Settings: x\n\n"
            )
            #expect(answer.hasPrefix("HTTP/1.1 200 OK\n"))
            #expect(answer.hasSuffix("\n\nhello"))
        }
    }

    @Test func aClientThatReadsNothingIsDropped() async throws {
        let dropped = Gate()
        try await withServer(limits: quick { $0.writeStallMaxMs = 100 }) { routes in
            routes.root.get("flood") { _, _ in
                Response(
                    status: .ok,
                    body: .init { writer in
                        defer { dropped.open() }
                        let block = ByteBuffer(repeating: 120, count: 1 << 20)
                        while true { try await writer.write(block) }
                    })
            }
        } _: { server in
            let client = try await server.connect()
            try await client.stopReading()
            try await client.send("GET /flood HTTP/1.1\nHost: a\n\n")
            await dropped.wait()
            await client.close()
            try await alive(server)
        }
    }

    @Test func headGetsNoBody() async throws {
        try await withServer { routes in
            routes.root.on(.head, "hello") { _, _ in "hello".response(.ok) }
        } _: { server in
            let answer = try await server.exchange("HEAD /hello HTTP/1.1\nHost: a\nConnection: close\n\n")
            #expect(answer.hasPrefix("HTTP/1.1 200 OK\n"))
            #expect(answer.hasSuffix("\n\n"))
        }
    }
}

extension RawClient {
    /// From now on what arrives stays in the kernel.
    func stopReading() async throws {
        try await setAutoRead(false)
    }
}
