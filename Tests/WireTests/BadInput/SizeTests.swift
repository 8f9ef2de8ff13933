// Texts at their limits, and texts of any alphabet: what is taken is kept as it came, byte for byte.
import Foundation
import Store
import Testing
import TestStores

@testable import Center

@Suite("Sizes and alphabets", .serialized)
struct SizeTests {
    /// Above it a limit is not tried through a whole server.
    private static let sentMax = 1 << 20

    @Test("a text of the longest size is taken, one byte more is not", arguments: EngineKind.tested)
    func limits(_ kind: EngineKind) async throws {
        try await WireServer.run(on: kind) { server in
            let result = try await server.provision("center.yaml")
            let agent = String(try #require(result.ids.agents["ana"]))
            var check = try await WireCheck(server, token: try #require(result.accessTokens["form"]))
            var tried = 0
            // No integration is listed here, so its members have no limits of their own.
            for sample in [SampleDocument.waiting, .closed(agent: agent)] {
                for path in sample.tree.paths where !path.contains("integrationData") {
                    guard case .text(let max, _)? = sample.shape[path[...]], max <= Self.sentMax else {
                        continue
                    }
                    let pointer = "/" + path.joined(separator: "/")
                    // Two bytes a letter, so that letters and bytes differ.
                    let longest = String(repeating: "é", count: max / 2)
                    let taken = try await check.post(
                        sample.tree.replacing(path[...], with: .text(longest)).written, to: sample.endpoint,
                        pointer)
                    #expect(taken.status == 201, "\(pointer)")
                    let refused = try await check.post(
                        sample.tree.replacing(path[...], with: .text(longest + "x")).written,
                        to: sample.endpoint,
                        pointer)
                    #expect(refused.status == 400 && refused.pointer == pointer, "\(pointer)")
                    tried += 1
                }
            }
            #expect(tried > 12)
            let waiting = SampleDocument.waiting
            for (member, max) in [
                ("extradata", ErrandLimits.extradataBytesMax),
                ("integrationData", ErrandLimits.integrationDataBytesMax),
            ] {
                for more in [0, 1] {
                    let around = #"{"a":""}"#.utf8.count
                    let value = JSONTree.object([
                        .init(name: "a", value: .text(String(repeating: "x", count: max - around + more)))
                    ])
                    let outcome = try await check.post(
                        waiting.tree.replacing(["data", "attributes", member], with: value).written,
                        to: waiting.endpoint, member)
                    #expect(outcome.status == (more == 0 ? 201 : 400), "\(member)")
                    if more > 0 { #expect(outcome.pointer == "/data/attributes/\(member)") }
                }
            }
            let file = JSONTree.object([.init(name: "content", value: .text("QQ=="))])
            let files = JSONTree.array(Array(repeating: file, count: ErrandLimits.attachmentsMax + 1))
            let path = ["data", "attributes", "msg", "attachments"]
            let refused = try await check.post(
                waiting.tree.replacing(path[...], with: files).written, to: waiting.endpoint,
                "one file too many")
            #expect(refused.status == 400 && refused.pointer == "/data/attributes/msg/attachments")
        }
    }

    @Test("bodies have limits too")
    func bodies() throws {
        let longest = String(repeating: "x", count: ErrandLimits.bodyBytesMax)
        var new = NewErrand()
        new.from = "eva@example.com"
        new.body = longest
        new.htmlBody = longest
        try new.check()
        new.body += "x"
        #expect(
            throws: Refusal.invalid(
                "body is longer than 25165824 bytes", pointer: "/data/attributes/msg/body")
        ) {
            try new.check()
        }
        new.body = ""
        new.htmlBody += "x"
        #expect(
            throws: Refusal.invalid(
                "html_body is longer than 25165824 bytes", pointer: "/data/attributes/msg/html_body")
        ) { try new.check() }
    }

    @Test("every alphabet is kept as it came, but for U+0000", arguments: EngineKind.tested)
    func alphabets(_ kind: EngineKind) async throws {
        try await WireServer.run(on: kind) { server in
            let token = try #require(try await server.provision("center.yaml").accessTokens["form"])
            var check = try await WireCheck(server, token: token)
            let message = ["data", "attributes", "msg"]
            let columns = [
                "from_name": "name", "subject": "subject", "body": "body", "html_body": "html_body",
            ]
            for odd in Odd.all {
                // Names have the narrowest limit.
                guard let text = odd.text, text.utf8.count <= ErrandLimits.nameMax else { continue }
                var tree = SampleDocument.waiting.tree
                for member in columns.values.sorted() {
                    tree = tree.replacing((message + [member])[...], with: .text(text))
                }
                let outcome = try await check.post(tree.written, to: "c3_new_errands", odd.name)
                let errand = try #require(Int64(outcome.id), "\(odd.name)")
                let row = try await server.floor.store.read { reader in
                    try reader.query("SELECT * FROM message WHERE errand = \(errand)")[0]
                }
                let kept = text.unicodeScalars.map { $0 == "\0" ? "\u{FFFD}" : $0 }
                for column in columns.keys.sorted() {
                    // Not compared as strings: those may be equal and have other bytes.
                    #expect(Array(row.text(column).unicodeScalars) == kept, "\(odd.name): \(column)")
                }
            }
        }
    }
}
