// The library over a socket with what nobody should put into it: depth, rings, hostile files, odd phrases, too much.
import Foundation
import Store
import Testing
import TestStores

@testable import Center

@Suite("Library", .serialized)
struct LibraryWireTests {
    private static func run(
        _ kind: EngineKind, _ file: String, _ body: (WireServer, String) async throws -> Void
    ) async throws {
        try await WireServer.run(on: kind) { server in
            let text = "workspace: demo\naccess_tokens: [{name: t, key: k, claims: [library]}]\n" + file
            let made = try await server.floor.provision(try ProvisionFile.read(text, name: "t.yaml"))
            try await body(server, try #require(made.accessTokens["t"]))
        }
    }

    private static func document(_ answer: PlainAnswer) throws -> [String: Any] {
        #expect(answer.header("Content-Type") == "application/vnd.api+json")
        return try #require(
            try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any])
    }

    /// `type/id` of each resource under a member.
    private static func names(_ document: [String: Any], _ member: String) -> [String] {
        let list = document[member] as? [[String: Any]] ?? []
        return list.map { "\($0["type"] ?? "")/\($0["id"] ?? "")" }
    }

    @Test("a thousand nested libraries, and round again", arguments: EngineKind.tested)
    func deep(_ kind: EngineKind) async throws {
        let depth = 1_000
        let levels = (1...depth).map { level in
            "  - {name: l\(level), libraries: [l\(level % depth + 1)], questions: [q]}\n"
        }
        let file = "libraries:\n\(levels.joined())library_questions: [{subject: q}]\n"
        try await Self.run(kind, file) { server, token in
            for (path, primary) in [("c3_libraries", 1), ("c3_libraries/500", 1)] {
                let answer = try await server.get("/s/demo/capi/json/\(path)", token: token)
                #expect(answer.status == 200)
                let document = try Self.document(answer)
                let included = Self.names(document, "included")
                #expect(included.count == depth && Set(included).count == depth, "\(path)")
                if document["data"] is [Any] { #expect(Self.names(document, "data").count == primary) }
            }
            let next = try await server.get("/s/demo/capi/json/c3_libraries/7/libraries", token: token)
            #expect(Self.names(try Self.document(next), "data") == ["c3_libraries/8"])
        }
    }

    @Test("files with hostile names and types travel as base64", arguments: EngineKind.tested)
    func hostileFiles(_ kind: EngineKind) async throws {
        let names = [
            "../../etc/passwd", "a\"b\\c", "<script>.html", "con\u{202E}gpj.exe", "name; filename=x", "😀",
            "%00",
        ]
        let types = ["text/html", "image/svg+xml", "a\"><script>", "text/html;charset=x"]
        var file = "library_questions:\n  - subject: q\n    attachments:\n"
        var expected: [(name: String, type: String)] = []
        for (index, name) in names.enumerated() {
            let type = types[index % types.count]
            let quoted = [name, type].map { "'\($0)'" }
            file += "      - {name: \(quoted[0]), content_type: \(quoted[1]), content: PHNjcmlwdD4=}\n"
            expected.append((name, type))
        }
        try await Self.run(kind, file) { server, token in
            let list = try Self.document(
                try await server.get("/s/demo/capi/json/c3_library_questions/1/attachments", token: token))
            let ids = Self.names(list, "data")
            #expect(ids.count == names.count)
            for (path, wanted) in zip(ids, expected) {
                let answer = try await server.get("/s/demo/capi/json/\(path)", token: token)
                let data = try Self.document(answer)["data"] as? [String: Any]
                let attributes = data?["attributes"] as? [String: Any]
                let attachment = try #require(attributes?["attachment"] as? [String: Any])
                #expect(attachment["name"] as? String == wanted.name)
                #expect(attachment["content_type"] as? String == wanted.type)
                #expect(attachment["content"] as? String == "PHNjcmlwdD4=")
            }
        }
    }

    @Test("odd queries never break anything", arguments: EngineKind.tested)
    func oddQueries(_ kind: EngineKind) async throws {
        let file = "library_questions: [{subject: \"50 % a_b 'c' \\\"d\\\" \\\\ é\"}, {subject: other}]"
        try await Self.run(kind, file) { server, token in
            let phrases: [(String, Int)] = [
                ("%25", 1), ("_", 1), ("'", 1), ("%22", 1), ("%5C", 1), ("%C3%89", 1), ("e%CC%81", 1),
                ("+", 1),
                ("%2B", 0), ("o", 1), ("%00", 0), ("%F0%9F%98%80", 0), ("a%25b", 0), ("*", 0), ("OTHER", 1),
                ("t", 1),
                ("%27%20OR%201=1--", 0), ("NEAR(", 0), ("%0A", 0),
            ]
            for (phrase, count) in phrases {
                let answer = try await server.get(
                    "/s/demo/capi/json/c3_library_questions?q_filter[phrase]=\(phrase)", token: token)
                #expect(answer.status == 200, "\(phrase)")
                #expect(Self.names(try Self.document(answer), "data").count == count, "\(phrase)")
            }
            let bad = [
                "q_filter[phrase]=%C3", "q_filter[phrase]=%ZZ", "q_filter[option]=", "q_filter[option]=ALL",
                "fields[c3_library_questions]=nothing", "fields[c3_library_questions]=subject%00",
                String(repeating: "a=b&", count: 1_001),
            ]
            for query in bad {
                let answer = try await server.get(
                    "/s/demo/capi/json/c3_library_questions?\(query)", token: token)
                #expect(answer.status == 400, "\(query.prefix(40))")
                #expect(try Self.document(answer)["errors"] != nil)
            }
        }
    }

    @Test("a search that finds more than it tells says so", arguments: EngineKind.tested)
    func more(_ kind: EngineKind) async throws {
        let count = LibraryLimits.foundMax + 1
        let questions = (1...count).map { "  - {subject: q\($0)}\n" }
        try await Self.run(kind, "library_questions:\n" + questions.joined()) { server, token in
            let path = "/s/demo/capi/json/c3_library_questions"
            let found = try Self.document(try await server.get("\(path)?q_filter[phrase]=Q", token: token))
            #expect(Self.names(found, "data").count == LibraryLimits.foundMax)
            let meta = try #require(found["meta"] as? [String: Any])
            #expect(meta["found"] as? Int == LibraryLimits.foundMax && meta["more"] as? Bool == true)
            let all = try Self.document(try await server.get(path, token: token))
            #expect(Self.names(all, "data").count == count && all["meta"] == nil)
        }
    }

    @Test(
        "pictures that are too much together are refused before they are read", arguments: EngineKind.tested)
    func pictures(_ kind: EngineKind) async throws {
        let image = "<img src='cid:1'>"
        let file = """
            areas: [{name: a, archives: [big.png]}]
            library_questions:
              - {subject: one, answer: "\(image)"}
              - {subject: many, answer: "\(String(repeating: image, count: 20))"}
            """
        try await WireServer.run(on: kind) { server in
            let text = "workspace: demo\naccess_tokens: [{name: t, key: k, claims: [library]}]\n" + file
            var plan = try ProvisionFile.read(text, name: "t.yaml")
            let bytes = Array(repeating: UInt8(0x42), count: 1_000_000)
            try plan.attach(bytes, for: try #require(plan.referencedFiles.first))
            let token = try #require(try await server.floor.provision(plan).accessTokens["t"])
            let path = "/s/demo/capi/json/c3_library_questions"
            let one = try await server.get("\(path)/1?data_url=true", token: token)
            let text64 = "data:image/png;base64," + Data(bytes).base64EncodedString()
            #expect(String(decoding: one.body, as: UTF8.self).contains(text64))
            for query in ["/2?data_url=true", "?data_url=1"] {
                let answer = try await server.get(path + query, token: token)
                #expect(answer.status == 400, "\(query)")
                #expect(String(decoding: answer.body, as: UTF8.self).contains("16 MiB"))
            }
            #expect(try await server.get("\(path)/2", token: token).status == 200)
        }
    }

    @Test("a change is seen by the next request", arguments: EngineKind.tested)
    func fresh(_ kind: EngineKind) async throws {
        let file = """
            agents: [{login_name: root, admin_level: administrator}]
            library_questions: [{subject: q, answer: v0}]
            """
        try await Self.run(kind, file) { server, token in
            let directory = try #require(server.floor.roster.workspace(named: "demo"))
            let root = Principal(
                workspace: directory.workspace,
                actor: .agent(try #require(directory.agent(login: "root")).id),
                via: .desk)
            for round in 1...50 {
                var change = QuestionChange()
                change.answer = "v\(round)"
                // Others ask meanwhile.
                async let before = server.get("/s/demo/capi/json/c3_library_questions/1", token: token)
                try await server.floor.changeLibraryQuestion(LibraryQuestionID(1), change, by: root)
                let after = try await server.get("/s/demo/capi/json/c3_library_questions/1", token: token)
                #expect(String(decoding: after.body, as: UTF8.self).contains("\"v\(round)\""))
                #expect(try await before.status == 200)
            }
            try await server.floor.deleteFromLibrary(LibraryNode(.question, 1), by: root)
            let gone = try await server.get("/s/demo/capi/json/c3_library_questions/1", token: token)
            #expect(gone.status == 404)
        }
    }
}
