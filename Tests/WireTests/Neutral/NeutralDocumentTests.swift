// openapi.json against the routes, its examples, the golden files and the page of documentation.
import Foundation
import NeutralAPI
import Testing
import TestStores

@testable import Web

@Suite("The neutral API's document")
struct NeutralDocumentTests {
    private static func read() -> [String: Any] {
        try! JSONSerialization.jsonObject(
            with: Data(NeutralRoutes.documentBytes)) as! [String: Any]
    }
    private let document: [String: Any]
    private let schema: JSONSchema

    init() {
        document = Self.read()
        schema = JSONSchema(root: document)
    }

    private struct Described {
        let name: String
        let operation: [String: Any]
        let shared: [[String: Any]]
    }

    private var described: [Described] {
        (document["paths"] as! [String: [String: Any]]).flatMap { path, methods in
            methods.filter { $0.key != "parameters" }.map { method, operation in
                Described(
                    name: "\(method.uppercased()) \(path)", operation: operation as! [String: Any],
                    shared: methods["parameters"] as? [[String: Any]] ?? [])
            }
        }
    }

    @Test("every route is described, and every description is served", arguments: [EngineKind.sqlite])
    func routes(_ kind: EngineKind) async throws {
        try await WireServer.run(on: kind) { server in
            let routes = Routes()
            NeutralRoutes(floor: server.floor).add(to: routes)
            let served = routes.misses.known.map { method, template in
                let parts = template.parts.map { $0.hasPrefix(":") ? "{\($0.dropFirst())}" : $0 }
                return "\(method.rawValue) /\(parts.joined(separator: "/"))"
            }
            #expect(served.sorted() == described.map(\.name).sorted())
            #expect(Set(NeutralRoutes.operations.map { "\($0.method) \($0.path)" }) == Set(served))
            let answer = try await PlainHTTP.send(
                "GET", "/switchboard/v1/openapi.json", [], [], port: server.port)
            #expect(answer.status == 200 && answer.body == NeutralRoutes.documentBytes)
        }
    }

    @Test("every example is what its schema says") func examples() throws {
        var count = 0
        for described in described {
            let operation = described.operation
            var contents: [[String: Any]] = []
            if let body = operation["requestBody"] as? [String: Any] { contents.append(body) }
            let responses = operation["responses"] as! [String: [String: Any]]
            contents += responses.values.filter { $0["$ref"] == nil }
            for content in contents {
                let media = content["content"] as? [String: [String: Any]] ?? [:]
                for (type, shown) in media where type == "application/json" {
                    guard let example = shown["example"] else {
                        #expect(described.name == "GET /switchboard/v1/openapi.json")
                        continue
                    }
                    count += 1
                    let problem = schema.problem(example, shown["schema"] as! [String: Any])
                    #expect(problem == nil, "\(described.name)")
                }
            }
        }
        #expect(count >= 25)
    }

    @Test("every reference leads somewhere, and every path's variables are described")
    func references() throws {
        let text = String(decoding: NeutralRoutes.documentBytes, as: UTF8.self)
        for match in text.matches(of: /"\$ref": "([^"]+)"/) {
            #expect(schema.resolved(String(match.output.1)) != nil, "\(match.output.1)")
        }
        for described in described {
            let named = described.name.matches(of: /\{([a-z]+)\}/).map { String($0.output.1) }
            let parameters = described.shared.compactMap {
                schema.resolved($0["$ref"] as? String ?? "")
            }
            let inPath = parameters.filter { $0["in"] as? String == "path" }.compactMap {
                $0["name"] as? String
            }
            #expect(inPath.sorted() == named.sorted(), "\(described.name)")
        }
    }

    /// The exchanges that were written down are what the document says, refusals too.
    @Test("golden answers are what their schemas say", arguments: try GoldenFile.all(of: "api"))
    func golden(_ file: GoldenFile) throws {
        for (request, response) in file.exchanges {
            guard !response.body.isEmpty,
                let body = try? JSONSerialization.jsonObject(
                    with: Data(Self.known(response.body).utf8))
            else { continue }
            let path = request.target.prefix { $0 != "?" }
            let template = described.first { described in
                let words = described.name.split(separator: " ")
                return words[0] == request.method
                    && Template(String(words[1])).matches(path.split(separator: "/"))
            }
            let isRefusal = response.status >= 400
            guard isRefusal || template != nil else {
                Issue.record("\(file.name): \(request.method) \(path) is not described")
                continue
            }
            let wanted: [String: Any]
            if isRefusal {
                wanted = ["$ref": "#/components/schemas/Problem"]
            } else {
                let responses = template!.operation["responses"] as! [String: [String: Any]]
                let described = try #require(responses["\(response.status)"], "\(file.name)")
                let content = described["content"] as! [String: [String: Any]]
                wanted = content["application/json"]!["schema"] as! [String: Any]
            }
            let problem = schema.problem(body, wanted)
            #expect(problem == nil, "\(file.name): \(request.method) \(path)")
        }
    }

    /// What may be anything is a text or a number, as its member has it.
    private static func known(_ body: String) -> String {
        body.replacing(/"(handling_ms|figure)": "<any>"/) { "\"\($0.output.1)\": 1" }
    }

    @Test("the page of documentation names every operation, and no other") func page() throws {
        let project = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let page = try String(contentsOf: project.appending(path: "docs/api.md"), encoding: .utf8)
        let named = page.matches(of: /\| `(GET|POST|PUT) ([^ `]+)` \|/).map {
            "\($0.output.1) \($0.output.2)"
        }
        let short = NeutralRoutes.operations.map {
            "\($0.method) "
                + $0.path.replacing("/switchboard/v1/workspaces/{workspace}/", with: "")
        }
        #expect(named.sorted() == short.sorted())
    }
}
