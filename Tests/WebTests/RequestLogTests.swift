// One line a request, with its id and without secrets.
import Center
import Hummingbird
import Testing

@testable import Web

private struct Fault: Error {}

@Suite(.timeLimit(.minutes(10))) struct RequestLogTests {
    @Test func theLineHasWhatItShouldAndNoSecret() async throws {
        try await withServer { routes in
            routes.root.get("s/:workspace/x") { _, context in
                context.notes.workspace = context.segment("workspace")
                context.notes.principal = "agent-7"
                return "hello"
            }
        } _: { server in
            let answer = try await server.exchange(
                "GET /s/demo/x?token=SECRET1 HTTP/1.1\nHost: a\nConnection: close\nAuthorization: Bearer SECRET2\n"
                    + "Cookie: session=SECRET3\nX-Request-Id: SECRET4\n\n")
            let line = await server.log.line(containing: "request=")
            #expect(line.hasPrefix("info GET /s/demo/x 200 "))
            #expect(line.contains(" bytes=5 client=127.0.0.1 ms="))
            #expect(line.contains(" principal=agent-7 "))
            #expect(line.hasSuffix(" workspace=demo"))
            #expect(!server.log.all.contains { $0.contains("SECRET") })
            let id = line.split(separator: "request=").last?.split(separator: " ").first ?? "-"
            #expect(id.count == 13)
            #expect(answer.contains("X-Request-Id: \(id)\n"))
            #expect(server.log.requests.count == 1)
        }
    }

    @Test func aFaultIsLoggedWithItsRequest() async throws {
        try await withServer { routes in
            routes.root.get("fault") { _, _ -> String in throw Fault() }
        } _: { server in
            let answer = try await server.exchange("GET /fault HTTP/1.1\nHost: a\nConnection: close\n\n")
            #expect(answer.hasPrefix("HTTP/1.1 500 "))
            _ = await server.log.line(containing: "info GET /fault 500")
            let fault = try #require(server.log.all.first { $0.hasPrefix("error fault") })
            let id = fault.split(separator: "hb.request.id=").last ?? "-"
            #expect(answer.contains("X-Request-Id: \(id)\n"))
            #expect(answer.hasSuffix("the request's id is \(id).\n"))
        }
    }

    @Test func anEmptyRefusalAtTheDoorIsALineToo() async throws {
        try await withServer { server in
            _ = try await server.exchange("GET /hello?q=SECRET HTTP/1.1\n\n")
            let line = await server.log.line(containing: "request=")
            #expect(line.hasPrefix("info GET /hello 400 client=127.0.0.1 request="))
        }
    }

    @Test func idsSortAndDiffer() {
        let ids = (0..<1_000).map { _ in RequestID.next() }
        #expect(Set(ids).count == ids.count)
        #expect(ids.allSatisfy { $0.count == 13 })
    }

    @Test func onlySaneIdsAreTaken() {
        #expect(RequestID.given("abc-DEF_1.2") == "abc-DEF_1.2")
        for bad in ["", "a b", "a\"b", "a\nb", "ä", String(repeating: "a", count: 65)] {
            #expect(RequestID.given(bad) == nil)
        }
    }

    @Test func aTrustedProxyTellsClientSchemeAndId() async throws {
        let build: (Routes) -> Void = { routes in
            routes.root.get("who") { _, context in
                "\(context.client?.description ?? "-") \(context.scheme) \(context.requestID)"
            }
        }
        let request =
            "GET /who HTTP/1.1\nHost: a\nConnection: close\nX-Forwarded-For: 198.51.100.7\n"
            + "X-Forwarded-Proto: https\nX-Request-Id: from-proxy\n\n"
        try await withServer(trustedProxies: [Network("127.0.0.0/8")!], build) { server in
            let answer = try await server.exchange(request)
            #expect(answer.hasSuffix("\n\n198.51.100.7 https from-proxy"))
        }
        try await withServer(trustedProxies: [Network("10.0.0.0/8")!], build) { server in
            let answer = try await server.exchange(request)
            #expect(answer.contains("\n\n127.0.0.1 http "))
            #expect(!answer.contains("from-proxy"))
        }
    }
}
