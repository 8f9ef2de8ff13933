// Paths lead to the routes whose templates they fit, words before values.
import Hummingbird
import Testing

@testable import Web

@Suite struct RouteTreeTests {
    /// Knuth's linear congruence: enough to shuffle words.
    private struct Seeded {
        var state: UInt64

        mutating func below(_ count: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % count
        }
    }

    private func tree(_ paths: [String]) -> RouteTree {
        var tree = RouteTree()
        for path in paths { tree.add(.get, path, in: .root) { _, _ in path.response(.ok) } }
        return tree
    }

    private func said(_ tree: RouteTree, _ path: String) -> [String]? {
        guard let found = tree.find(.get, path) else { return nil }
        return found.endpoint.names.map { found.captures.value($0) ?? "nil" }
    }

    @Test func valuesStandInTheirPlaces() {
        let tree = tree(["/s/:workspace/x/:id", "/s/:workspace", ""])
        #expect(said(tree, "/s/north/x/7") == ["north", "7"])
        #expect(said(tree, "//s/a%20b//x/%C3%A5/") == ["a b", "å"])
        #expect(said(tree, "/s/a%zz") == ["nil"])
        #expect(said(tree, "/s/a%00b") == ["a\u{fffd}b"])
        #expect(said(tree, "/") == [])
        #expect(said(tree, "") == [])
        #expect(said(tree, "/s") == nil)
        #expect(said(tree, "/s/north/x") == nil)
        #expect(said(tree, "/s/north/x/7/8") == nil)
        #expect(said(tree, "/S/north") == nil)
    }

    @Test func aWordThatLeadsNowhereIsAValueAfterAll() {
        let tree = tree(["/a/new/x", "/a/:id/y"])
        #expect(said(tree, "/a/new/x") == [])
        #expect(said(tree, "/a/new/y") == ["new"])
        #expect(said(tree, "/a/new") == nil)
    }

    @Test func aPathKnownForAnotherMethodIsAValueAfterAll() {
        var tree = tree(["/a/new"])
        tree.add(.post, "/a/:id", in: .root) { _, _ in "".response(.ok) }
        #expect(tree.find(.post, "/a/new")?.captures.value("id") == "new")
        #expect(tree.find(.get, "/a/new")?.endpoint.names == [])
        #expect(tree.find(.get, "/a/old") == nil)
        #expect(tree.find(.put, "/a/new") == nil)
    }

    @Test func aLongPathOfSlashesAndValuesIsFoundNowhere() {
        let tree = tree(["/a/:b", "/:a/b"])
        #expect(said(tree, String(repeating: "/", count: 100_000) + "a/c") == ["c"])
        #expect(said(tree, String(repeating: "/a", count: 50_000)) == nil)
    }

    /// Beside the plain comparison of templates: which fit, and of those the one with a word where the others first
    /// have a value.
    @Test func itFindsWhatTheTemplatesSay() {
        let seed = UInt64.random(in: 0..<1 << 32)
        var random = Seeded(state: seed)
        var hits = 0
        for _ in 0..<300 {
            let words = ["a", "b", "ab", ":v"]
            var templates: [String] = []
            for _ in 0..<(1 + random.below(8)) {
                templates.append(
                    (0..<random.below(5)).map { _ in "/" + words[random.below(words.count)] }.joined())
            }
            let tree = tree(templates)
            for _ in 0..<40 {
                let path = (0..<random.below(5)).map { _ in "/" + ["a", "b", "ab", "c"][random.below(4)] }
                    .joined()
                let parts = path.split(separator: "/")
                let fitting = templates.filter { Template($0).matches(parts) }
                let best = fitting.max { former, latter in
                    // A value sorts before every word here.
                    Template(former).parts.lexicographicallyPrecedes(Template(latter).parts) {
                        $0 == ":v" && $1 != ":v"
                    }
                }
                let found = tree.find(.get, path)
                #expect((found == nil) == (best == nil), "seed \(seed): \(path) of \(templates)")
                guard let found, let best else { continue }
                hits += 1
                let values = zip(Template(best).parts, parts).filter { $0.0 == ":v" }.map { String($0.1) }
                #expect(found.endpoint.names.count == values.count, "seed \(seed): \(path) of \(templates)")
                if let first = values.first {
                    #expect(found.captures.value("v") == first, "seed \(seed): \(path) of \(templates)")
                }
            }
        }
        #expect(hits > 1_000, "seed \(seed)")
    }
}
