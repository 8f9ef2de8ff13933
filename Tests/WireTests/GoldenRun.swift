// Runs one golden file against a server, and says where they differ.
import Foundation
import Store
import Testing

@testable import Center

struct GoldenRun {
    let file: GoldenFile
    let server: WireServer
    var names = Placeholders()

    init(_ file: GoldenFile, on server: WireServer) {
        self.file = file
        self.server = server
    }

    /// Makes what is given, then sends each request and compares.
    mutating func run() async throws {
        for name in file.given {
            switch name {
            case Self.answered: try await answer()
            case Self.wrapUp: try await beginWrapUp()
            case Self.signedIn: try await signIn()
            case Self.worked: try await WorkedErrand.done(on: server, token: names["token:email"] ?? "")
            case Self.rated: try await WorkedErrand.rated(on: server)
            case Self.ratedPage: try await RatedPage.made(on: server)
            case Self.judged: try await server.floor.judgeErrands()
            default: try await provision(name)
            }
        }
        for (index, exchange) in file.exchanges.enumerated() {
            let place = "\(file.name), exchange \(index + 1)"
            let request = exchange.request
            let answer = try await PlainHTTP.send(
                request.method, names.text(of: request.target),
                request.headers.map { ($0.name, try names.text(of: signed($0.value, request))) },
                names.bytes(of: request.body),
                port: server.port)
            try compare(answer, exchange.response, place)
        }
        for (what, value) in file.stored { try await compareStored(what, value) }
    }

    private mutating func provision(_ name: String) async throws {
        let result = try await server.provision(name)
        for (token, jwt) in result.accessTokens { names["token:\(token)"] = jwt }
        for (key, value) in result.teniosAccessKeys { names["tenios:\(key)"] = value }
        for (login, id) in result.ids.agents { names["agent:\(login)"] = String(id) }
        for (name, id) in result.ids.exports { names["export:\(name)"] = String(id) }
        for key in result.accessKeys {
            names["key:\(key.name)"] = key.accessKeyID
            names["secret:\(key.name)"] = key.secretAccessKey
        }
        let archives = try await server.floor.store.read { try $0.query("SELECT id, name FROM area_archive") }
        for row in archives { names["archive:\(row.text("name"))"] = String(row.int("id")) }
        for (kind, sql) in Self.libraryNames {
            for row in try await server.floor.store.read({ try $0.query(sql) }) {
                names["\(kind):\(row.text("name"))"] = String(row.int("id"))
            }
        }
    }

    /// What stands in the library, by what it is called in golden files.
    private static let libraryNames: KeyValuePairs<String, SQL> = [
        "library": "SELECT id, name FROM library", "category": "SELECT id, name FROM library_category",
        "question": "SELECT id, subject AS name FROM library_question",
        "file": "SELECT id, name FROM library_attachment",
    ]

    private static let answered = "answered"
    private static let signedIn = "signed-in"
    private static let worked = "worked"
    private static let rated = "rated"
    private static let ratedPage = "rated-page"
    /// The minute job has run.
    private static let judged = "judged"

    /// Ana has signed in.
    private func signIn() async throws {
        guard let directory = server.floor.roster.workspace(named: "demo"),
            let ana = directory.agent(login: "ana")
        else { throw GoldenFile.Problem(description: "\(file.name): there is no ana in demo") }
        let principal = Principal(workspace: directory.workspace, actor: .agent(ana.id), via: .desk)
        try await server.floor.setPresence(ana.id, .available, by: principal)
    }

    /// `<signed:NAME>` becomes the key's id and its signature of the request.
    private func signed(_ header: String, _ request: GoldenFile.Request) throws -> String {
        guard let open = header.range(of: "<signed:"),
            let close = header[open.upperBound...].firstIndex(of: ">")
        else { return header }
        let name = header[open.upperBound..<close]
        guard let id = names["key:\(name)"], let secret = names["secret:\(name)"] else {
            throw GoldenFile.Problem(description: "\(file.name): there is no access key \(name)")
        }
        let signature = try RequestSignature.of(
            names.text(of: request.target), names.bytes(of: request.body), id: id, secret: secret)
        return header.replacingCharacters(in: open.lowerBound...close, with: "\(id),\(signature)")
    }

    /// An answered errand whose customer sent one file, and whose answer has two.
    private mutating func answer() async throws {
        let errand = try await StoredFiles.answered(
            on: server, token: names["token:form"] ?? "",
            files: [
                NewAttachment(
                    name: "tst1_1.txt", contentType: "text/plain",
                    bytes: Array("Apple Pen Pineapple Pen".utf8)),
                NewAttachment(name: "empty", contentType: "application/octet-stream", bytes: []),
            ])
        for (name, id) in errand { names["attachment:\(name)"] = String(id) }
    }

    private mutating func compare(_ answer: PlainAnswer, _ expected: GoldenFile.Response, _ place: String)
        throws
    {
        let body = String(decoding: answer.body, as: UTF8.self)
        #expect(answer.status == expected.status, "\(place): \(body)")
        for (name, value) in expected.headers {
            let actual = answer.header(name) ?? ""
            #expect(
                try names.matches(actual, value), "\(place): \(name) is '\(actual)' instead of '\(value)'")
        }
        if expected.body.isEmpty {
            #expect(body == "", "\(place)")
            return
        }
        guard answer.header("content-type")?.contains("json") == true else {
            let text = body.hasSuffix("\n") ? String(body.dropLast()) : body
            #expect(try names.matches(text, expected.body), "\(place): \(body)")
            return
        }
        let actual = try JSONSerialization.jsonObject(with: Data(answer.body))
        // Numbers are written as placeholders too, so what is known stands in the text before it is read.
        let wanted = try JSONSerialization.jsonObject(with: Data(names.bytes(of: expected.body)))
        let difference = try names.difference(actual, wanted)
        #expect(difference == nil, "\(place)")
    }

    /// `table` with its number of rows, or `table.column` with the newest row's value.
    private func compareStored(_ what: String, _ value: String) async throws {
        let parts = what.split(separator: ".").map(String.init)
        let sql = SQL(
            name: parts.count == 1
                ? "SELECT COUNT(*) AS found FROM \(parts[0])"
                : "SELECT \(parts[1]) AS found FROM \(parts[0]) ORDER BY \(Self.order(of: parts[0])) DESC LIMIT 1"
        )
        let row = try await server.floor.store.read { try $0.query(sql).first }
        let expected = try names.text(of: value)
        #expect(row.map { Self.text($0.value("found")) } ?? "none" == expected, "\(file.name): \(what)")
    }

    /// The column that tells which row is the newest.
    private static func order(of table: String) -> String {
        switch table {
        case "whatsapp_template", "errand_call": "errand"
        case "agent_state": "presence_since"
        default: "id"
        }
    }

    private static func text(_ value: Value) -> String {
        switch value {
        case .null: "null"
        case .integer(let integer): String(integer)
        case .real(let real): String(real)
        case .text(let text): text.isEmpty ? "(empty)" : text
        case .blob(let bytes): String(decoding: bytes, as: UTF8.self)
        }
    }
}
