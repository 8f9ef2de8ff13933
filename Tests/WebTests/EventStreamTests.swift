// Event streams: they tell, keep alive, notice the end, and end themselves.
import Hummingbird
import Testing

@testable import Web

@Suite(.timeLimit(.minutes(10))) struct EventStreamTests {
    /// A server with one stream; the subscriptions it opens come out of the stream returned.
    private func withStream(
        limits: ServerLimits = quick(),
        _ use: (TestServer, RawClient, Subscription, Gate) async throws -> Void
    ) async throws {
        let (opened, source) = AsyncStream<Subscription>.makeStream()
        let ended = Gate()
        try await withServer(limits: limits) { routes in
            routes.root.get("events") { request, context in
                let subscription = Subscription(limits: context.limits) { ended.open() }
                source.yield(subscription)
                return context.stream(subscription, for: request)
            }
        } _: { server in
            var client = try await server.connect()
            var head = ""
            // On a busy machine a short idle time may be over before the request is sent.
            while head.isEmpty {
                client = try await server.connect()
                try? await client.send("GET /events HTTP/1.1\nHost: a\n\n")
                head = (try? await client.read(until: "\n\n")) ?? ""
            }
            #expect(head.hasPrefix("HTTP/1.1 200 OK\n"))
            for field in ["text/event-stream", "no-store", "X-Accel-Buffering: no"] {
                #expect(head.contains(field))
            }
            var iterator = opened.makeAsyncIterator()
            let subscription = try #require(await iterator.next())
            try await use(server, client, subscription, ended)
        }
    }

    @Test func eventsArriveAndTheStreamEnds() async throws {
        try await withStream { server, client, subscription, ended in
            subscription.push(.init(id: "7", event: "offer", data: "one\r\ntwo"))
            _ = try await client.read(until: "id: 7\nevent: offer\ndata: one\ndata: two\n\n")
            #expect(!server.log.all.contains { $0.contains("/events") })
            subscription.push(.init(data: "last"))
            subscription.finish()
            #expect(await client.readToEnd().hasSuffix("data: last\n\n\n0\n\n"))
            await ended.wait()
            #expect(await server.log.line(containing: "GET /events 200").contains(" bytes="))
        }
    }

    @Test func heartbeatsComeAndNeitherIdleNorHeadTimersEndTheStream() async throws {
        let limits = quick {
            $0.heartbeatMs = 100
            $0.idleMaxMs = 1_000
            $0.headMaxMs = 1_000
            $0.bodyMaxMs = 1_000
            $0.bodyGapMaxMs = 1_000
        }
        try await withStream(limits: limits) { _, client, subscription, _ in
            for _ in 0..<15 { _ = try await client.read(until: "\n:\n\n") }
            subscription.push(.init(data: "still here"))
            _ = try await client.read(until: "data: still here\n\n")
        }
    }

    @Test func aStreamWithoutHeartbeatsIsNotIdleEither() async throws {
        try await withStream(limits: quick { $0.idleMaxMs = 1_000 }) { _, client, subscription, _ in
            try await Task.sleep(for: .milliseconds(1_500))
            subscription.push(.init(data: "still here"))
            _ = try await client.read(until: "data: still here\n\n")
        }
    }

    enum Leaving: CaseIterable { case close, endOfOurHalf, reset }

    @Test(arguments: Leaving.allCases) func leavingIsNoticed(how: Leaving) async throws {
        try await withStream { server, client, subscription, ended in
            _ = try await client.read(until: "retry: 2000\n\n")
            switch how {
            case .close: await client.close()
            case .endOfOurHalf: try await client.closeOutput()
            case .reset: try await client.reset()
            }
            await ended.wait()
            subscription.push(.init(data: "to nobody"))
            _ = await server.log.line(containing: "GET /events 200")
        }
    }

    @Test func overflowSaysReloadAndEnds() async throws {
        // The client reads nothing, so the connection fills up and then the buffer.
        try await withStream(limits: quick { $0.streamMaxBytes = 100_000 }) {
            _, client, subscription, ended in
            _ = try await client.read(until: "retry: 2000\n\n")
            try await client.stopReading()
            let large = String(repeating: "x", count: 90_000)
            for _ in 0..<1_000 { subscription.push(.init(data: large)) }
            try await client.setAutoRead(true)
            #expect(await client.readToEnd().contains("event: reload\ndata: \n\n"))
            await ended.wait()
        }
    }

    @Test func tooManyEventsSayReloadAndNothingElse() async throws {
        let ended = Gate()
        var limits = ServerLimits()
        limits.streamMaxEvents = 2
        let subscription = Subscription(limits: limits) { ended.open() }
        for number in 0..<3 { subscription.push(.init(data: "\(number)")) }
        subscription.push(.init(data: "late"))
        var text = ""
        try await subscription.drain { text += String(buffer: $0) }
        #expect(text == "event: reload\ndata: \n\n")
        subscription.end()
        await ended.wait()
    }

    @Test func aSubscriptionNobodyDrainsEndsWhenItIsDropped() async {
        let ended = Gate()
        do {
            let subscription = Subscription { ended.open() }
            subscription.push(.init(data: "x"))
        }
        await ended.wait()
    }

    @Test func stoppingEndsStreamsAtOnce() async throws {
        // With patience above the test's own limit only the stream's own end lets this end.
        try await withStream(limits: quick { $0.shutdownMaxMs = 600_000 }) { server, client, _, ended in
            _ = try await client.read(until: "retry: 2000\n\n")
            server.stop()
            // Ended properly: with the last chunk, not by a cut.
            let rest = await client.readToEnd()
            #expect(rest.hasSuffix("0\n\n"))
            await ended.wait()
        }
    }

    @Test func eventsCannotBreakOutOfTheirFields() {
        let event = ServerSentEvent(id: "1\nevent: x", event: "a\r\nb", data: "x\ry\n\nid: 9")
        let text = String(decoding: event.encoded, as: UTF8.self)
        #expect(text == "id: 1event: x\nevent: ab\ndata: x\ndata: y\ndata: \ndata: id: 9\n\n")
    }
}
