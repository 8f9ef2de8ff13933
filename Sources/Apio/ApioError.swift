// What APIO's wire answers instead of a document, and which refusal is which. Source: apio.md §2.
import Center
import Hummingbird
import Web

/// `{"errors":[{"code":2,…}]}` for invalid parameters, `{"details":…}` for everything else.
struct ApioError: Error {
    /// The one sub-error that the vendor's page names: INVALID_PARAMETERS.
    private static let invalidParameters: Int64 = 2

    var status: HTTPResponse.Status
    var message: String
    var retryAfterS: Int?

    init(_ status: HTTPResponse.Status, _ message: String) {
        self.status = status
        self.message = message
    }

    init(_ refusal: Refusal) {
        // The vendor has no 409 and no 415: what contradicts the rest is an invalid parameter too.
        let status: HTTPResponse.Status =
            switch refusal {
            case .conflict: .badRequest
            case .unsupported: .rangeNotSatisfiable
            case .unauthenticated, .forbidden, .notFound, .invalid, .tooMany, .tooLarge, .unavailable,
                .storageFull:
                refusal.status
            }
        self.init(status, refusal.message)
        retryAfterS = refusal.retryAfterS
    }

    /// A member that is not as it must be.
    static func invalid(_ message: String) -> ApioError { ApioError(.badRequest, message) }

    /// The body is no JSON object. Source: apio.md §2: 416, not 415.
    static func badMedia(_ message: String) -> ApioError { ApioError(.rangeNotSatisfiable, message) }

    var response: Response {
        var headers = HTTPFields()
        if status == .unauthorized { headers[.wwwAuthenticate] = "Bearer" }
        if let retryAfterS { headers[.retryAfter] = String(retryAfterS) }
        let body = JSONWriter.object { document in
            guard status == .badRequest else { return document.member("details", message) }
            document.array("errors") { errors in
                errors.object { error in
                    error.member("code", Self.invalidParameters)
                    error.member("name", "INVALID_PARAMETERS")
                    error.member("message", message)
                }
            }
        }
        return Apio.answer(status, headers, body: body)
    }
}
