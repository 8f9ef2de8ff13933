// docs/vendors/apio.md against the golden files: whatever the page names exists, and whatever exists is named.
import Foundation
import Testing

@Suite("APIO's page")
struct ApioDocsTests {
    private static func page() throws -> String {
        let project = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return try String(contentsOf: project.appending(path: "docs/vendors/apio.md"), encoding: .utf8)
    }

    @Test("names every golden file, and no other")
    func files() throws {
        let named = Set(try Self.page().matches(of: /`([a-z0-9-]+\.http)`/).map { String($0.output.1) })
        let there = Set(
            try FileManager.default.contentsOfDirectory(
                atPath: GoldenFile.folder.appending(path: "apio").path))
        #expect(named.symmetricDifference(there).sorted() == [])
    }

    @Test("an endpoint is served if and only if it has an exchange that succeeds")
    func endpoints() throws {
        let rows = try Self.page().matches(
            of: /\| `(GET|POST|PUT|DELETE) ([^ `]+)`[^|]*\|.*\| (served|not yet)[^|]*\|/)
        #expect(rows.count > 25)
        let served = Set(
            try GoldenFile.all(of: "apio").flatMap(\.exchanges)
                .filter { (200..<300).contains($0.response.status) }
                .map { "\($0.request.method) \(Self.endpoint($0.request.target))" })
        for row in rows {
            let endpoint = "\(row.output.1) \(Self.endpoint(String(row.output.2)))"
            #expect(served.contains(endpoint) == (row.output.3 == "served"), "\(endpoint)")
        }
        let known = Set(rows.map { "\($0.output.1) \(Self.endpoint(String($0.output.2)))" })
        #expect(served.subtracting(known) == [])
    }

    /// A target without its query, with a name for what stands in each place.
    private static func endpoint(_ target: String) -> String {
        let names = [
            "tenants": "<tenant>", "groups": "<group>", "users": "<user>", "call_centers": "<center>",
        ]
        let fixed = ["available", "dnis", "agents", "supervisors"]
        var parts: [String] = []
        for part in target.prefix(while: { $0 != "?" }).split(separator: "/").map(String.init) {
            if let name = parts.last.flatMap({ names[$0] }), !fixed.contains(part) {
                parts.append(name)
            } else {
                parts.append(part)
            }
        }
        return parts.joined(separator: "/")
    }

    @Test("every golden file names its lines in the seed, or the decision")
    func sources() throws {
        let page = try Self.page()
        for file in try GoldenFile.all(of: "apio") {
            let seeds = file.source.matches(of: /(\d{3}_[0-9a-f]+\.txt) lines \d+/)
            #expect(
                !seeds.isEmpty || file.source == "decisions in docs/vendors/apio.md",
                "\(file.name): \(file.source)")
            for seed in seeds { #expect(page.contains("`\(seed.output.1)`"), "\(file.name)") }
        }
    }
}
