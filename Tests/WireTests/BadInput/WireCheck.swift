// What every answer to a posted document must be, and what it may have stored.
import Foundation
import Testing

/// Posts documents and holds answers and rows against each other.
struct WireCheck {
    let server: WireServer
    let token: String
    private(set) var rows: [String: Int64]

    init(_ server: WireServer, token: String) async throws {
        self.server = server
        self.token = token
        rows = try await server.rows()
    }

    /// The status; the error's pointer, "" where it has none; the id of what was created.
    struct Outcome {
        var status: Int
        var pointer = ""
        var id = ""
    }

    /// Posts a document. A refused one must change no row; an accepted new errand adds one errand, whole.
    mutating func post(_ body: [UInt8], to endpoint: String, _ what: String) async throws -> Outcome {
        let answer = try await server.post(endpoint, body, token: token)
        let outcome = try Self.read(answer, endpoint, what)
        let now = try await server.rows()
        if outcome.status != 201 {
            #expect(now == rows, "\(what): refused with \(outcome.status), and something is stored")
        } else if endpoint == "c3_new_errands" {
            func added(_ table: String) -> Int64 { (now[table] ?? 0) - (rows[table] ?? 0) }
            let errands = added("errand")
            #expect(errands == 0 || errands == 1, "\(what)")
            #expect(added("message") == errands && added("work_item") == errands, "\(what)")
            #expect(added("dirty") == errands, "\(what)")
            #expect(added("answer") == added("response") && added("answer") == added("delivery"), "\(what)")
            #expect(errands == 1 || now == rows, "\(what): the same errand again stored something")
        }
        rows = now
        return outcome
    }

    /// What is not about documents, such as an errand that a test needs, is not checked.
    mutating func catchUp() async throws { rows = try await server.rows() }

    private static let titles = [400: "Bad Request", 403: "Forbidden", 404: "Not Found", 409: "Conflict"]

    private static func read(_ answer: PlainAnswer, _ endpoint: String, _ what: String) throws -> Outcome {
        let text = String(decoding: answer.body, as: UTF8.self)
        #expect(answer.header("Content-Type") == "application/vnd.api+json", "\(what)")
        let document = try #require(
            try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any], "\(what)")
        var outcome = Outcome(status: answer.status)
        if answer.status == 201 {
            let data = try #require(document["data"] as? [String: String], "\(what): \(text)")
            #expect(document.count == 1 && data.count == 2 && data["type"] == endpoint, "\(what): \(text)")
            outcome.id = try #require(data["id"])
            #expect(Int64(outcome.id).map { $0 > 0 } == true, "\(what): \(text)")
            return outcome
        }
        let title = try #require(titles[answer.status], "\(what): \(answer.status) \(text)")
        let errors = try #require(document["errors"] as? [[String: Any]], "\(what): \(text)")
        #expect(document.count == 1 && errors.count == 1, "\(what): \(text)")
        let error = try #require(errors.first, "\(what): \(text)")
        #expect(error["status"] as? String == String(answer.status), "\(what): \(text)")
        #expect(error["title"] as? String == title, "\(what): \(text)")
        #expect((error["detail"] as? String)?.isEmpty == false, "\(what): \(text)")
        #expect(Set(error.keys).isSubset(of: ["status", "title", "detail", "source"]), "\(what): \(text)")
        outcome.pointer = (error["source"] as? [String: String])?["pointer"] ?? ""
        return outcome
    }
}
