// docs/vendors against the golden files: whatever the page names exists, and whatever exists is named.
import Foundation
import Testing

@Suite("Vendor pages")
struct VendorDocsTests {
    private static let project = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    @Test("the page names every golden file, and no other", arguments: ["cention"])
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

    @Test("an endpoint is served if and only if it has an exchange that succeeds", arguments: ["cention"])
    func endpoints(_ dialect: String) throws {
        let page = try String(
            contentsOf: Self.project.appending(path: "docs/vendors/\(dialect).md"), encoding: .utf8)
        let rows = page.matches(of: /\| `(GET|POST) ([^ `]+)` \|.*\| (served|not yet)[^|]*\|/)
        #expect(!rows.isEmpty)
        let served = try GoldenFile.all(of: dialect).flatMap(\.exchanges)
            .filter { (200..<300).contains($0.response.status) }
            .map { "\($0.request.method) \($0.request.target.split(separator: "/").suffix(1).joined())" }
        for row in rows {
            let endpoint = "\(row.output.1) \(row.output.2.split(separator: "/").last ?? "")"
            #expect(served.contains(endpoint) == (row.output.3 == "served"), "\(endpoint)")
        }
        let known = Set(rows.map { "\($0.output.1) \($0.output.2.split(separator: "/").last ?? "")" })
        #expect(Set(served).subtracting(known) == [])
    }
}
