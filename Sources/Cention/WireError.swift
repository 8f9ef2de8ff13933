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
    /// The offending parameter of the request's query.
    var parameter: String?
    var retryAfterS: Int?

    /// Characters of what a client sent that an error repeats.
    static let quotedMax = 100

    init(
        _ status: HTTPResponse.Status, _ detail: String, pointer: String? = nil, parameter: String? = nil
    ) {
        self.status = status
        self.detail = detail
        self.pointer = pointer
        self.parameter = parameter
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
                    if let parameter { error.object("source") { $0.member("parameter", parameter) } }
                    if let pointer { error.object("source") { $0.member("pointer", pointer) } }
                }
            }
        }
        return JSONAPI.answer(status, headers, body)
    }
}
