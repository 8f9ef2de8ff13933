// What Cention's wire answers instead of a document, and which refusal is which.
import Center
import Hummingbird
import Web

/// One error as JSON:API shows it.
struct WireError: Error {
    var status: HTTPResponse.Status
    var detail: String
    /// A JSON pointer to the offending member of the request.
    var pointer: String?
    var retryAfterS: Int?

    init(_ status: HTTPResponse.Status, _ detail: String, pointer: String? = nil) {
        self.status = status
        self.detail = detail
        self.pointer = pointer
    }

    /// Each refusal has the status that every dialect gives it.
    init(_ refusal: Refusal) {
        self.init(refusal.status, refusal.message)
        retryAfterS = refusal.retryAfterS
        if case .invalid(_, let pointer) = refusal { self.pointer = pointer }
    }

    var response: Response {
        var headers = HTTPFields()
        if status == .unauthorized { headers[.wwwAuthenticate] = "Bearer" }
        if let retryAfterS { headers[.retryAfter] = String(retryAfterS) }
        let body = JSONWriter.object { document in
            document.array("errors") { errors in
                errors.object { error in
                    error.member("status", String(status.code))
                    error.member("title", status.reasonPhrase)
                    error.member("detail", detail)
                    if let pointer { error.object("source") { $0.member("pointer", pointer) } }
                }
            }
        }
        return JSONAPI.answer(status, headers, body)
    }
}
