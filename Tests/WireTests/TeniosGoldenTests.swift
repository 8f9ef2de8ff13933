// Every golden file of TENIOS's wire, on both engines.
import Center
import Foundation
import Routing
import Testing
import TestStores

@Suite("TENIOS's wire", .serialized)
struct TeniosGoldenTests {
    @Test("exchange", arguments: try GoldenFile.all(of: "tenios"), EngineKind.tested)
    func exchange(_ file: GoldenFile, _ kind: EngineKind) async throws {
        try await WireServer.run(on: kind) { server in
            var run = GoldenRun(file, on: server)
            try await run.run()
        }
    }
}

extension GoldenRun {
    static let wrapUp = "wrap-up"

    /// The agent `agent` asks for a wrap-up, and files can say when it shall end.
    mutating func beginWrapUp() async throws {
        let directory = try #require(server.floor.roster.workspace(named: "demo"))
        let agent = try #require(directory.agent(login: "agent"))
        try await server.floor.setPresence(agent.id, .wrapUp, by: .system(directory.workspace))
        let inAnHour = Date(timeIntervalSince1970: Double(server.floor.now.ms / 1_000 + 3_600))
        let utc = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        names["in-an-hour"] = inAnHour.formatted(utc)
        let east = inAnHour.addingTimeInterval(3_600).formatted(utc)
        names["in-an-hour-east"] = east.replacingOccurrences(of: "Z", with: "+01:00")
    }
}
