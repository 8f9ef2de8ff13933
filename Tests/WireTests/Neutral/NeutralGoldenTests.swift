// Every golden file of our own API, on both engines.
import Testing
import TestStores

@Suite("The neutral API", .serialized)
struct NeutralGoldenTests {
    @Test("exchange", arguments: try GoldenFile.all(of: "api"), EngineKind.tested)
    func exchange(_ file: GoldenFile, _ kind: EngineKind) async throws {
        try await WireServer.run(on: kind) { server in
            var run = GoldenRun(file, on: server)
            try await run.run()
        }
    }
}
