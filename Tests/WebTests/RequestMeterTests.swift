// What a server answers is counted under its dialect; what its door refuses, apart.
import Center
import Hummingbird
import Testing

@testable import Web

@Suite(.timeLimit(.minutes(10))) struct RequestMeterTests {
    private func value(_ meter: RequestMeter, _ line: String) -> String? {
        PrometheusText.write(meter.metrics).split(separator: "\n").first { $0.hasPrefix(line + " ") }
            .map { String($0.dropFirst(line.count + 1)) }
    }

    @Test func answersCountByDialectAndClass() async throws {
        let meter = RequestMeter()
        try await withServer(meter: meter) { routes in
            let desk = routes.dialect(at: "/s/:workspace/desk", name: .desk) { _, _, _ in
                Response(status: .notFound)
            }
            desk.get("page/:id") { _, _ in Response(status: .ok) }
            let cention = routes.dialect(at: "/s/:workspace/capi", name: .cention) { _, _, _ in
                Response(status: .notFound)
            }
            cention.post("json") { _, _ in throw Refusal.forbidden("No.") }
        } _: { server in
            for (target, times) in [
                ("/s/a/desk/page/1", 2), ("/s/a/desk/none", 1), ("/hello", 3), ("/none", 1),
            ] {
                for _ in 0..<times {
                    _ = try await server.exchange("GET \(target) HTTP/1.1\nHost: a\nConnection: close\n\n")
                }
            }
            _ = try await server.exchange(
                "POST /s/a/capi/json HTTP/1.1\nHost: a\nContent-Length: 0\nConnection: close\n\n")
            _ = try await server.exchange("GET / HTTP/1.1\nConnection: close\n\n")
        }
        let requests = "switchboard_http_requests_total"
        #expect(value(meter, requests + "{dialect=\"desk\",class=\"2xx\"}") == "2")
        #expect(value(meter, requests + "{dialect=\"desk\",class=\"4xx\"}") == "1")
        #expect(value(meter, requests + "{dialect=\"cention\",class=\"4xx\"}") == "1")
        #expect(value(meter, requests + "{dialect=\"root\",class=\"2xx\"}") == "3")
        #expect(value(meter, requests + "{dialect=\"root\",class=\"4xx\"}") == "1")
        #expect(value(meter, requests + "{dialect=\"none\",class=\"4xx\"}") == "1")
        #expect(value(meter, "switchboard_http_request_seconds_count{dialect=\"desk\"}") == "3")
    }

    @Test func streamsCountWhileTheyAreOpenAndWhenTheyWereTooSlow() async throws {
        let meter = RequestMeter()
        let limits = quick { $0.streamMaxBytes = 64 }
        let (opened, source) = AsyncStream<Subscription>.makeStream()
        try await withServer(limits: limits, meter: meter) { routes in
            routes.root.get("events") { request, context in
                let subscription = Subscription(limits: context.limits)
                source.yield(subscription)
                return context.stream(subscription, for: request)
            }
        } _: { server in
            var iterator = opened.makeAsyncIterator()
            let client = try await server.connect()
            try await client.send("GET /events HTTP/1.1\nHost: a\n\n")
            let subscription = try #require(await iterator.next())
            _ = try await client.read(until: "retry:")
            #expect(value(meter, "switchboard_event_streams") == "1")
            subscription.push(ServerSentEvent(event: "e", data: String(repeating: "x", count: 65)))
            _ = await client.readToEnd()
        }
        #expect(value(meter, "switchboard_event_streams") == "0")
        #expect(value(meter, "switchboard_event_streams_slow_total") == "1")
    }

    @Test func metricsAreOneAddressAndOnlyRead() async throws {
        try await withServer(serving: metricsRoutes { [Metric(.gauge, "a", "A.", 1)] }) { server in
            let answer = try await server.exchange("GET /metrics HTTP/1.1\nHost: a\nConnection: close\n\n")
            #expect(answer.hasPrefix("HTTP/1.1 200 OK\n"))
            #expect(answer.contains("text/plain; version=0.0.4; charset=utf-8"))
            #expect(answer.hasSuffix("# HELP a A.\n# TYPE a gauge\na 1\n"))
            for (method, target, status) in [
                ("GET", "/", 404), ("GET", "/metrics/x", 404), ("HEAD", "/metrics", 405),
                ("DELETE", "/metrics", 405),
            ] {
                let answer = try await server.exchange(
                    "\(method) \(target) HTTP/1.1\nHost: a\nConnection: close\n\n")
                #expect(answer.hasPrefix("HTTP/1.1 \(status) "))
            }
        }
    }

    @Test func theProcessTellsWhatItUses() {
        let text = PrometheusText.write(ProcessMetrics().metrics)
        for name in [
            "process_start_time_seconds", "process_cpu_seconds_total", "process_resident_memory_bytes",
            "process_open_fds", "process_max_fds",
        ] {
            let line = text.split(separator: "\n").first { $0.hasPrefix(name + " ") }
            #expect(line.flatMap { Double($0.dropFirst(name.count + 1)) } ?? 0 > 0, "\(name)")
        }
    }
}
