// The page of rules and the scenarios: each scenario is linked, and each link leads to one.

import Foundation
import Testing

@Test func `the page of rules links every scenario, and only those that are there`() throws {
    let page = Scenario.folder.deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "docs/routing.md")
    let text = try String(contentsOf: page, encoding: .utf8)
    let linked = text.matches(of: /\]\(\.\.\/Tests\/RoutingTests\/Scenarios\/([^)]+)\)/).map { String($0.1) }
    let files = try Scenario.all().map(\.file)
    #expect(Set(files).subtracting(linked).sorted() == [], "not linked from docs/routing.md")
    #expect(Set(linked).subtracting(files).sorted() == [], "linked, but there is no such scenario")
}
