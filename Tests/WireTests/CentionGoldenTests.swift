// Every golden file of Cention's wire, on both engines.
import Testing
import TestStores

@Suite("Cention's wire", .serialized)
struct CentionGoldenTests {
    @Test("exchange", arguments: try GoldenFile.all(of: "cention"), EngineKind.tested)
    func exchange(_ file: GoldenFile, _ kind: EngineKind) async throws {
        try await WireServer.run(on: kind) { server in
            var run = GoldenRun(file, on: server)
            try await run.run()
        }
    }
}
