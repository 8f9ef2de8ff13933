// Stopping: what is under way is finished, what is only held open is closed.
import Foundation
import Hummingbird
import Testing

@testable import Web

@Suite(.timeLimit(.minutes(10))) struct StopTests {
    @Test func heldConnectionsDoNotHoldTheServer() async throws {
        // With patience above the test's own limit only a prompt close lets this end.
        let patient = quick {
            $0.shutdownMaxMs = 600_000
            $0.headMaxMs = 600_000
            $0.idleMaxMs = 600_000
            $0.bodyGapMaxMs = 600_000
            $0.bodyMaxMs = 600_000
        }
        try await withServer(limits: patient) { server in
            let silent = try await server.connect()
            let kept = try await server.connect()
            try await kept.send("GET /hello HTTP/1.1\nHost: a\n\n")
            _ = try await kept.read(until: "\n\nhello")
            let halfHead = try await server.connect()
            try await halfHead.send("GET /hello HTTP/1.1\nHo")
            let halfBody = try await server.connect()
            try await halfBody.send(
                "POST /echo HTTP/1.1\nHost: a\nExpect: 100-continue\nContent-Length: 9\n\n")
            _ = try await halfBody.read(until: "100 Continue\n\n")
            try await halfBody.send("half")
            server.stop()
            #expect(await silent.readToEnd() == "")
            #expect(await kept.readToEnd() == "")
            #expect(await halfHead.readToEnd() == "")
            #expect(await halfBody.readToEnd().hasPrefix("HTTP/1.1 503 "))
        }
    }

    @Test func aRequestUnderWayIsAnswered() async throws {
        let started = Gate()
        let gate = Gate()
        try await withServer(limits: quick { $0.shutdownMaxMs = 600_000 }) { routes in
            routes.root.get("wait") { _, _ in
                started.open()
                await gate.wait()
                return "waited"
            }
        } _: { server in
            let client = try await server.connect()
            let other = try await server.connect()
            try await client.send("GET /wait HTTP/1.1\nHost: a\n\n")
            await started.wait()
            server.stop()
            // The stop has reached the server once it closes the idle connection.
            _ = await other.readToEnd()
            gate.open()
            let answer = await client.readToEnd()
            #expect(answer.hasPrefix("HTTP/1.1 200 OK\n"))
            #expect(answer.contains("connection: close"))
            #expect(answer.hasSuffix("\n\nwaited"))
        }
    }

    @Test func aHandlerThatNeverEndsIsCutAndCancelled() async throws {
        let started = Gate()
        let cancelled = Gate()
        try await withServer(limits: quick { $0.shutdownMaxMs = 50 }) { routes in
            routes.root.get("forever") { _, _ in
                started.open()
                defer { cancelled.open() }
                try await Task.sleep(for: .seconds(3_600))
                return "never"
            }
        } _: { server in
            let client = try await server.connect()
            try await client.send("GET /forever HTTP/1.1\nHost: a\n\n")
            await started.wait()
            server.stop()
            await cancelled.wait()
            _ = await client.readToEnd()
        }
    }

    @Test func aClientThatReadsNothingIsCut() async throws {
        let started = Gate()
        try await withServer(limits: quick { $0.shutdownMaxMs = 50 }) { routes in
            routes.root.get("flood") { _, _ in
                Response(
                    status: .ok,
                    body: .init { writer in
                        started.open()
                        let block = ByteBuffer(repeating: 120, count: 1 << 20)
                        while true { try await writer.write(block) }
                    })
            }
        } _: { server in
            let client = try await server.connect()
            try await client.stopReading()
            try await client.send("GET /flood HTTP/1.1\nHost: a\n\n")
            await started.wait()
            server.stop()
        }
    }

    /// A connection accepted in the moment of the stop is closed. It once ended the process: the test's, too.
    @Test(arguments: 0..<12) func connectionsThatComeInTheMomentOfTheStop(round: Int) async throws {
        let (bound, source) = AsyncStream<Listen>.makeStream()
        let routes = Routes()
        routes.root.get("hello") { _, _ in "hello" }
        let server = WebServer(
            routes, listen: .tcp(host: "127.0.0.1", port: 0), limits: quick(), logger: CapturedLog().logger
        ) { source.yield($0) }
        let task = Task { try await server.run() }
        var iterator = bound.makeAsyncIterator()
        guard case .tcp(_, let port)? = await iterator.next() else { return }
        let arrived = Gate()
        await withTaskGroup(of: Int.self) { clients in
            for _ in 0..<8 {
                clients.addTask {
                    var count = 0
                    while let client = try? await RawClient.connect(port: port), count < 2_000 {
                        count += 1
                        if count == 5 + round { arrived.open() }
                        try? await client.send("GET /hello HTTP/1.1\nHost: a\nConnection: close\n\n")
                    }
                    return count
                }
            }
            await arrived.wait()
            task.cancel()
            for await count in clients { #expect(count < 2_000) }
        }
        _ = await task.result
    }

    @Test func aUnixSocketServes() async throws {
        let path = FileManager.default.temporaryDirectory.path + "/switchboard-\(RequestID.next()).sock"
        let routes = Routes()
        routes.root.get("hello") { _, context in "hello \(context.client?.description ?? "local")" }
        let (bound, source) = AsyncStream<Listen>.makeStream()
        let log = CapturedLog()
        let server = WebServer(routes, listen: .unix(path: path), logger: log.logger) { source.yield($0) }
        let task = Task { try await server.run() }
        var iterator = bound.makeAsyncIterator()
        #expect(await iterator.next() == .unix(path: path))
        let client = try await RawClient.connect(path: path)
        try await client.send("GET /hello HTTP/1.1\nHost: a\nConnection: close\n\n")
        #expect(await client.readToEnd().hasSuffix("\n\nhello local"))
        task.cancel()
        _ = await task.result
    }
}
