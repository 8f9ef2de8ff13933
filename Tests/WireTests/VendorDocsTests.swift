// docs/vendors against the golden files: whatever the page names exists, and whatever exists is named.
import Foundation
import Testing

@Suite("Vendor pages")
struct VendorDocsTests {
    private static let project = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The vendors that have a page.
    static let vendors: [String] = {
        let pages = try? FileManager.default.contentsOfDirectory(
            atPath: project.appending(path: "docs/vendors").path)
        return (pages ?? []).filter { $0.hasSuffix(".md") }.map { String($0.dropLast(3)) }.sorted()
    }()

    @Test("there are pages, and each has golden files")
    func pages() throws {
        let folders = try FileManager.default.contentsOfDirectory(atPath: GoldenFile.folder.path)
        #expect(Set(Self.vendors).isSuperset(of: ["cention", "tenios"]))
        #expect(Set(Self.vendors).subtracting(folders) == [])
    }

    @Test("the page names every golden file, and no other", arguments: VendorDocsTests.vendors)
    func files(_ dialect: String) throws {
        let page = try String(
            contentsOf: Self.project.appending(path: "docs/vendors/\(dialect).md"), encoding: .utf8)
        let named = Set(page.matches(of: /`([a-z0-9-]+\.(?:http|json))`/).map { String($0.output.1) })
        let there = Set(
            try FileManager.default.contentsOfDirectory(
                atPath: GoldenFile.folder.appending(path: dialect).path))
        #expect(named.subtracting(there).sorted() == [])
        #expect(there.subtracting(named).sorted() == [])
    }

    @Test(
        "an endpoint is served if and only if it has an exchange that succeeds",
        arguments: VendorDocsTests.vendors)
    func endpoints(_ dialect: String) throws {
        let page = try String(
            contentsOf: Self.project.appending(path: "docs/vendors/\(dialect).md"), encoding: .utf8)
        let rows = page.matches(
            of: /\| `(GET|POST|PUT|PATCH|DELETE) ([^ `]+)`[^|]*\|.*\| (served|not yet)[^|]*\|/)
        #expect(!rows.isEmpty)
        let served = try GoldenFile.all(of: dialect).flatMap(\.exchanges)
            .filter { (200..<300).contains($0.response.status) }
            .map { "\($0.request.method) \(Self.path($0.request.target))" }
        var known: Set<String> = []
        for row in rows {
            let endpoint = "\(row.output.1) \(Self.path(String(row.output.2)))"
            let exchanges = served.filter { Self.fits($0, endpoint) }
            known.formUnion(exchanges)
            #expect(exchanges.isEmpty == (row.output.3 != "served"), "\(endpoint)")
        }
        #expect(Set(served).subtracting(known) == [])
    }

    /// A target's path: Cention's below `/capi` or `/s/<workspace>`, without doubled slashes.
    private static func path(_ target: String) -> String {
        let path = target.prefix { $0 != "?" }
        let below = path.range(of: "/capi/").map { path[$0.upperBound...] } ?? path
        let parts = below.split(separator: "/")
        return (parts.first == "s" ? parts.dropFirst(2) : parts[...]).joined(separator: "/")
    }

    /// Whether a target is one of the endpoint's, whose `<name>` stands for one segment.
    private static func fits(_ target: String, _ endpoint: String) -> Bool {
        let (target, endpoint) = (target.split(separator: "/"), endpoint.split(separator: "/"))
        return target.count == endpoint.count
            && zip(target, endpoint).allSatisfy { $0 == $1 || $1.hasPrefix("<") }
    }

    @Test(
        "every golden file names its lines in the seed, or the decision", arguments: VendorDocsTests.vendors)
    func sources(_ dialect: String) throws {
        let page = try String(
            contentsOf: Self.project.appending(path: "docs/vendors/\(dialect).md"), encoding: .utf8)
        for file in try GoldenFile.all(of: dialect) {
            let seeds = file.source.matches(of: /(\d{3}_[0-9a-f]+\.txt) lines? \d+/)
            #expect(
                !seeds.isEmpty || file.source.contains("decisions in docs/vendors/\(dialect).md")
                    || file.source.contains("JSON:API 1.0") || file.source.contains("published client")
                    || file.source.contains("RFC"),
                "\(file.name): \(file.source)")
            for seed in seeds { #expect(page.contains("`\(seed.output.1)`"), "\(file.name)") }
        }
    }
}
