// Every member of every document with everything that does not belong there.
import Center
import Foundation
import Testing
import TestStores

@Suite("Bad input", .serialized)
struct BadInputTests {
    private static func run(
        on kind: EngineKind, _ body: (inout WireCheck, String) async throws -> Void
    ) async throws {
        try await WireServer.run(on: kind) { server in
            let result = try await server.provision("center.yaml")
            _ = try await server.provision("aventa.yaml")
            let agent = String(try #require(result.ids.agents["ana"]))
            var check = try await WireCheck(server, token: try #require(result.accessTokens["form"]))
            try await body(&check, agent)
            // And the server is alive.
            let least = #"{"data":{"type":"c3_new_errands","attributes":{"msg":{"from":"e"}}}}"#
            let last = try await check.post(Array(least.utf8), to: "c3_new_errands", "the last one")
            #expect(last.status == 201)
        }
    }

    /// The documents as they stand; one that ends an errand gets an errand of its own.
    private static func documents(_ check: inout WireCheck, _ agent: String) async throws -> [SampleDocument]
    {
        let closed = SampleDocument.closed(agent: agent)
        return [.waiting, closed, .ended(errand: try await errand(&check), agent: agent)]
    }

    private static func errand(_ check: inout WireCheck) async throws -> String {
        let body = #"{"data":{"type":"c3_new_errands","attributes":{"msg":{"from":"eva@example.com"}}}}"#
        return try await check.post(Array(body.utf8), to: "c3_new_errands", "an errand to end").id
    }

    /// The document once more, with an errand that is still open.
    private static func fresh(
        _ document: SampleDocument, _ check: inout WireCheck, _ agent: String
    ) async throws -> SampleDocument {
        guard document.endpoint == "c3_end_errands" else { return document }
        return .ended(errand: try await errand(&check), agent: agent)
    }

    @Test("a value of another kind, size or alphabet, member by member", arguments: EngineKind.tested)
    func members(_ kind: EngineKind) async throws {
        try await Self.run(on: kind) { check, agent in
            var cases = 0
            for sample in try await Self.documents(&check, agent) {
                for path in sample.tree.paths where path != ["data", "type"] {
                    let pointer = "/" + path.joined(separator: "/")
                    for odd in Odd.all {
                        let document = try await Self.fresh(sample, &check, agent)
                        let what = "\(sample): \(pointer) is \(odd.name)"
                        let body = document.tree.replacing(path[...], with: odd.tree).written
                        let outcome = try await check.post(body, to: sample.endpoint, what)
                        cases += 1
                        switch sample.shape[path[...]]?.verdict(odd) ?? .taken {
                        case .taken: #expect(outcome.status == 201, "\(what), at \(outcome.pointer)")
                        case .unknown: #expect(outcome.status == 404, "\(what)")
                        case .refused(let below):
                            #expect(outcome.status == 400, "\(what)")
                            #expect(outcome.pointer == pointer + below, "\(what)")
                        }
                    }
                }
            }
            #expect(cases > 1_000)
        }
    }

    @Test("a member that is missing, twice there, or called otherwise", arguments: EngineKind.tested)
    func missing(_ kind: EngineKind) async throws {
        try await Self.run(on: kind) { check, agent in
            for sample in try await Self.documents(&check, agent) {
                for path in sample.tree.paths where path != ["data", "type"] {
                    let pointer = "/" + path.joined(separator: "/")
                    let shape = sample.shape[path[...]]
                    let isElement = path.last.flatMap { Int($0) } != nil
                    let required = shape?.isRequired == true && !isElement
                    var document = try await Self.fresh(sample, &check, agent)
                    let without = try await check.post(
                        document.tree.replacing(path[...], with: nil).written, to: sample.endpoint,
                        "\(sample) without \(pointer)")
                    #expect(without.status == (required ? 400 : 201), "\(sample) without \(pointer)")
                    if required { #expect(without.pointer == pointer) }
                    guard !isElement else { continue }
                    for (twist, isKnown) in Self.twists(path) {
                        document = try await Self.fresh(sample, &check, agent)
                        let what = "\(sample): \(pointer) \(twist.name)"
                        let outcome = try await check.post(
                            twist.apply(document.tree).written, to: sample.endpoint, what)
                        #expect(outcome.status == (isKnown || !required ? 201 : 400), "\(what)")
                    }
                }
            }
        }
    }

    private struct Twist {
        let name: String
        let apply: (JSONTree) -> JSONTree
    }

    /// Changes to a member's name, each with whether the member is still there.
    private static func twists(_ path: [String]) -> [(Twist, Bool)] {
        let parent = path.dropLast()[...]
        guard let name = path.last else { return [] }
        func change(_ words: String, _ change: @escaping ([JSONTree.Member]) -> [JSONTree.Member]) -> Twist {
            Twist(name: words) { tree in
                guard case .object(let members) = tree[parent] else { return tree }
                return tree.replacing(parent, with: .object(change(members)))
            }
        }
        func renamed(_ to: String) -> ([JSONTree.Member]) -> [JSONTree.Member] {
            { $0.map { $0.name == name ? .init(name: to, value: $0.value) : $0 } }
        }
        // Of several the last counts.
        let twice = change("after another of its name") { [.init(name: name, value: .raw("[0]"))] + $0 }
        return [
            (twice, true), (change("in capitals", renamed(name.uppercased())), false),
            (change("with a blank", renamed(name + " ")), false),
            (change("with U+0000", renamed(name + "\0")), false),
            (change("with a mark", renamed("\u{200F}" + name)), false),
        ]
    }

    @Test(
        "what is no text: lone surrogates, broken UTF-8, bare control characters",
        arguments: EngineKind.tested)
    func noText(_ kind: EngineKind) async throws {
        let scraps: [JSONTree] =
            [
                #""\ud800""#, #""\udc00x""#, #""\ud83d\u0041""#, "\"a\nb\"", "\"\u{1}\"", "\"\\x\"", "\"open",
                "'a'", "{",
            ]
            .map(JSONTree.raw)
            + [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x00]].map {
                .bytes([0x22] + $0 + [0x22])
            }
        try await Self.run(on: kind) { check, agent in
            for sample in try await Self.documents(&check, agent) {
                for path in sample.tree.paths {
                    for scrap in scraps {
                        let what = "\(sample): \(path.joined(separator: "/")) is \(scrap)"
                        let body = sample.tree.replacing(path[...], with: scrap).written
                        let outcome = try await check.post(body, to: sample.endpoint, what)
                        #expect(outcome.status == 400, "\(what)")
                    }
                }
            }
        }
    }

    @Test("ten thousand of everything", arguments: EngineKind.tested)
    func many(_ kind: EngineKind) async throws {
        let many = 10_000
        let attachment = JSONTree.object([.init(name: "content", value: .text("QQ=="))])
        let strangers = (0..<many).map { JSONTree.Member(name: "member\($0)", value: .raw("\($0)")) }
        let root = ["data", "attributes"]
        try await Self.run(on: kind) { check, agent in
            func post(_ sample: SampleDocument, _ path: [String], _ value: JSONTree) async throws
                -> WireCheck.Outcome
            {
                let fresh = try await Self.fresh(sample, &check, agent)
                return try await check.post(
                    fresh.tree.replacing((root + path)[...], with: value).written, to: sample.endpoint,
                    "10,000 at \(path.joined(separator: "/"))")
            }
            let waiting = SampleDocument.waiting
            let files = JSONTree.array(Array(repeating: attachment, count: many))
            let refused = try await post(waiting, ["msg", "attachments"], files)
            #expect(refused.status == 400 && refused.pointer == "/data/attributes/msg/attachments")
            let most = JSONTree.array(Array(repeating: attachment, count: ErrandLimits.attachmentsMax))
            #expect(try await post(waiting, ["msg", "attachments"], most).status == 201)
            let closed = SampleDocument.closed(agent: agent)
            let params = JSONTree.array(Array(repeating: .object([]), count: many))
            let template = try await post(closed, ["watemplate", "params"], params)
            #expect(template.status == 400 && template.pointer == "/data/attributes/watemplate/params")
            let tags = String(repeating: "<b>", count: many) + "x" + String(repeating: "</b>", count: many)
            #expect(try await post(waiting, ["msg", "html_body"], .text(tags)).status == 201)
            #expect(try await post(closed, ["answer", "html_body"], .text(tags)).status == 201)
            #expect(try await post(waiting, ["extradata"], .object(strangers)).status == 201)
            #expect(
                try await post(waiting, ["integrationData", "extraData"], .object(strangers)).status == 201)
            for sample in [waiting, closed, .ended(errand: "0", agent: agent)] {
                for path in [[], ["data"]] + sample.tree.paths {
                    let fresh = try await Self.fresh(sample, &check, agent)
                    guard case .object(let members) = fresh.tree[path[...]] else { continue }
                    let tree = JSONTree.object(strangers + members)
                    let outcome = try await check.post(
                        fresh.tree.replacing(path[...], with: tree).written, to: sample.endpoint,
                        "\(sample) with 10,000 strangers at \(path.joined(separator: "/"))")
                    #expect(outcome.status == 201, "\(sample): \(path)")
                }
            }
        }
    }
}
