// What the API answers instead of a document: RFC 9457 problem details.
import Center
import HTTPTypes
import Hummingbird
import Web

/// One problem; its type is stable, its detail says what to change.
struct Problem: Error {
    static let mediaType = "application/problem+json"

    let status: HTTPResponse.Status
    /// The last part of the type's URN.
    let type: String
    let detail: String
    /// A JSON pointer to the offending member of the request.
    var pointer: String?
    /// The offending parameter of the request's query, or header.
    var parameter: String?
    var retryAfterS: Int?
    /// The methods that the path takes.
    var allow: String?

    init(_ status: HTTPResponse.Status, _ type: String, _ detail: String) {
        self.status = status
        self.type = type
        self.detail = detail
    }

    init(_ refusal: Refusal) {
        self.init(refusal.status, refusal.type, refusal.message)
        retryAfterS = refusal.retryAfterS
        if case .invalid(_, let pointer) = refusal { self.pointer = pointer }
    }

    init(_ precondition: Precondition) {
        switch precondition {
        case .tagDiffers:
            self.init(
                .preconditionFailed, "precondition-failed",
                "It has changed since you read it; read it again and decide anew.")
        case .keyIsAnothers:
            self.init(
                .unprocessableContent, "idempotency-key-reused",
                "This Idempotency-Key came with another request; use a new key for a new request.")
        }
        parameter =
            switch precondition {
            case .tagDiffers: "If-Match"
            case .keyIsAnothers: "Idempotency-Key"
            }
    }

    static func parameter(_ name: String, _ detail: String) -> Problem {
        var problem = Problem(.badRequest, "invalid", detail)
        problem.parameter = name
        return problem
    }

    func response(_ context: Context) -> Response {
        var headers: HTTPFields = [.contentType: Self.mediaType, .cacheControl: "no-store"]
        if status == .unauthorized { headers[.wwwAuthenticate] = "Bearer" }
        if let retryAfterS { headers[.retryAfter] = String(retryAfterS) }
        if let allow { headers[.allow] = allow }
        let body = JSONWriter.object { problem in
            problem.member("type", "urn:switchboard:problem:\(type)")
            problem.member("title", status.reasonPhrase)
            problem.member("status", Int64(status.code))
            problem.member("detail", detail)
            problem.member("instance", "urn:switchboard:request:\(context.requestID)")
            if let pointer { problem.member("pointer", pointer) }
            if let parameter { problem.member("parameter", parameter) }
        }
        return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: body)))
    }
}

extension Refusal {
    fileprivate var type: String {
        switch self {
        case .unauthenticated: "unauthenticated"
        case .forbidden: "forbidden"
        case .notFound: "not-found"
        case .invalid: "invalid"
        case .conflict: "conflict"
        case .tooMany: "too-many"
        case .tooLarge: "too-large"
        case .unsupported: "unsupported-media-type"
        case .unavailable: "unavailable"
        case .storageFull: "storage-full"
        }
    }
}
