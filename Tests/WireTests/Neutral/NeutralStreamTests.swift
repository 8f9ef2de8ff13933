// The stream of events: resumed without a gap, read slowly without a loss, ended where it missed something.
import Center
import Foundation
import Routing
import Testing
import TestStores

@Suite("The neutral API's stream", .serialized)
struct NeutralStreamTests {
    /// Calls that come and go, three events each.
    private static let calls = 400

    private static func head(_ token: String, after: Int64) -> [UInt8] {
        Array(
            ("GET /switchboard/v1/workspaces/demo/events HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n"
                + "Authorization: Bearer \(token)\r\nLast-Event-ID: \(after)\r\n\r\n").utf8)
    }

    private static func ids(_ text: String) -> [Int64] {
        text.matches(of: /id: (\d+)\n/).compactMap { Int64($0.output.1) }
    }

    private static func come(_ count: Int, _ server: WireServer, _ token: String) async throws {
        let (_, principal, directory) = try server.floor.bearer(token, workspace: "demo", claims: [.acd])
        let queue = try #require(directory.callCenters.first).queue
        for _ in 0..<count {
            let made = try await server.floor.openItem(
                NewExternalItem(queue: queue, channel: .call), by: principal)
            _ = try await server.floor.abandonItem(WorkItemID(made.id), by: principal)
        }
    }

    @Test("a client that does not read for a while loses nothing", arguments: EngineKind.tested)
    func slow(_ kind: EngineKind) async throws {
        try await WireServer.run(on: kind) { server in
            let token = try #require(try await server.provision("acd.yaml").accessTokens["pbx"])
            let talk = try RawTalk(server.port)
            talk.send(Self.head(token, after: 0))
            let begun = try await PlainHTTP.offPool { try talk.receive(until: "retry: ") }
            #expect(begun.contains("text/event-stream"))
            try await Self.come(Self.calls, server, token)
            let last = try await server.floor.journal(after: 0, limit: 1, in: Self.workspace(server)).last
            let rest = try await PlainHTTP.offPool {
                try talk.receive(until: "id: \(last)\n")
            }
            #expect(Self.ids(rest) == Array(1...last))
            #expect(last > Int64(Self.calls * 3))
            // Again from the middle: exactly the rest.
            let again = try RawTalk(server.port)
            again.send(Self.head(token, after: last - 7))
            let tail = try await PlainHTTP.offPool { try again.receive(until: "id: \(last)\n") }
            #expect(Self.ids(tail) == Array((last - 6)...last))
        }
    }

    @Test(
        "below the journal's floor a page is gone, and a stream says reload and ends",
        arguments: EngineKind.tested)
    func floor(_ kind: EngineKind) async throws {
        try await WireServer.run(on: kind) { server in
            let token = try #require(try await server.provision("acd.yaml").accessTokens["pbx"])
            try await Self.come(3, server, token)
            // All but the newest are old.
            try await server.floor.trimJournal(keptMs: -60_000)
            let page = try await server.get("/switchboard/v1/workspaces/demo/events?after=1", token: token)
            #expect(page.status == 410)
            #expect(
                String(decoding: page.body, as: UTF8.self).contains("urn:switchboard:problem:events-gone"))
            let talk = try RawTalk(server.port)
            talk.send(Self.head(token, after: 1))
            let all = try await PlainHTTP.offPool { talk.receiveAll() }
            #expect(all.contains("event: reload\n") && Self.ids(all).isEmpty)
            // Without a cursor a page begins with the oldest that is kept.
            let kept = try await server.get("/switchboard/v1/workspaces/demo/events", token: token)
            #expect(kept.status == 200)
        }
    }

    private static func workspace(_ server: WireServer) throws -> WorkspaceID {
        try #require(server.floor.roster.workspace(named: "demo")).workspace
    }
}
