// Every golden file of APIO's wire, on both engines.
import Testing
import TestStores

@Suite("APIO's wire", .serialized)
struct ApioGoldenTests {
    @Test("exchange", arguments: try GoldenFile.all(of: "apio"), EngineKind.tested)
    func exchange(_ file: GoldenFile, _ kind: EngineKind) async throws {
        try await WireServer.run(on: kind) { server in
            var run = GoldenRun(file, on: server)
            try await run.run()
        }
    }
}
