// What a client asks besides the document itself: its key, the tag it saw, its page of a list.
import Center
import HTTPTypes
import Hummingbird
import Web

/// A request's body and headers, read once.
struct Asked: Sendable {
    /// Bytes of a request's document.
    static let bodyMaxBytes = 64 << 10

    let body: BodyObject
    /// The client's key, with what makes this another request.
    let once: KeptRequest?
    /// The tag that the client saw; nil for any.
    let tag: String?

    /// - Parameter members: those that the document may have; none: it may be left out.
    init(_ request: Request, _ context: Context, members: [String]) async throws {
        let body = try await context.collectBody(request, upTo: Self.bodyMaxBytes)
        if body.count > 0 { try Self.checkType(request.headers[.contentType]) }
        self.body = try BodyObject(body.buffer, members: members)
        tag = try Self.tag(request.headers)
        let key = request.headers[.idempotencyKey]
        if let key {
            guard (1...KeptRequestLimits.keyMaxBytes).contains(key.utf8.count) else {
                throw Problem.parameter(
                    "Idempotency-Key",
                    "An Idempotency-Key has 1 to \(KeptRequestLimits.keyMaxBytes) characters.")
            }
            let asked = Array("\(request.method.rawValue) \(request.uri.path)\n".utf8) + body.bytes
            once = KeptRequest(key: key, request: asked)
        } else {
            once = nil
        }
    }

    private static func checkType(_ header: String?) throws {
        let type = header?.prefix { $0 != ";" && $0 != " " }.lowercased()
        guard type == "application/json" else {
            throw Refusal.unsupported("Send the body as Content-Type: application/json.")
        }
    }

    private static func tag(_ headers: HTTPFields) throws -> String? {
        guard let header = headers[.ifMatch] else { return nil }
        if header == "*" { return nil }
        guard header.utf8.count > 2, header.hasPrefix("\""), header.hasSuffix("\"") else {
            throw Problem.parameter(
                "If-Match", "If-Match takes one strong entity tag as ETag gave it, or an asterisk.")
        }
        return String(header.dropFirst().dropLast())
    }
}

/// A place in a list, as a query names it: `?after=<cursor>&limit=<number>`.
struct ListPlace: Sendable {
    let after: Int64?
    let limit: Int

    init(_ request: Request, defaultLimit: Int, limitMax: Int, also names: [String] = []) throws {
        let fields = try Fields(queryOf: request)
        let known = ["after", "limit"] + names
        for field in fields.list where !known.contains(field.name) {
            throw Problem.parameter(
                String(field.name.prefix(60)), "This list takes \(known.joined(separator: ", ")).")
        }
        if let text = fields["after"] {
            guard let number = Int64(text), number >= 0, number < 1 << 53 else {
                throw Problem.parameter("after", "after is a cursor that an earlier page gave as next.")
            }
            after = number
        } else {
            after = nil
        }
        if let text = fields["limit"] {
            guard let number = Int(text), (1...limitMax).contains(number) else {
                throw Problem.parameter("limit", "limit is a number from 1 to \(limitMax).")
            }
            limit = number
        } else {
            limit = defaultLimit
        }
    }
}

/// A number in a path.
func number(_ name: String, _ context: Context, _ what: String) throws -> Int64 {
    guard let text = context.segment(name), let number = Int64(text), number > 0, number < 1 << 53,
        String(number) == text
    else { throw Refusal.notFound("There is no such \(what) here.") }
    return number
}

extension HTTPField.Name {
    static let idempotencyKey = HTTPField.Name("Idempotency-Key")!
}
