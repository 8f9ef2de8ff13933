// What TENIOS's wire answers instead of a result: codes, texts and fields. Source: seed 003; tenios.md §3.
import Center
import Hummingbird
import Web

/// One error. Documented ones are 400; the others have the statuses that every dialect gives them.
struct TeniosError: Error {
    var status = HTTPResponse.Status.badRequest
    let code: String
    let message: String
    /// Names of the parameters at fault.
    var fields: [String] = []
    /// One of the documented errors has `success` in its body.
    var hasSuccess = false
    var retryAfterS: Int?
    /// The `Allow` header, with 405.
    var allow: String?

    static let badCredentials = TeniosError(code: "BAD_CREDENTIALS", message: "Bad credentials")
    static let invalidEmail = TeniosError(
        code: "AGENT_STATE_INVALID_EMAIL",
        message: "Invalid email. You can use only valid email of agent which belongs to your account.",
        fields: ["email"])
    static let allSkills = TeniosError(
        code: "ACD_USER_DETAILS_ALL_SKILLS_REQUIRED_ERROR",
        message: "Provide all user skills to use this API.", hasSuccess: true)
    static let notInWrapUp = TeniosError(
        code: "AGENT_NOT_IN_WRAP_UP", message: "Agent is not in wrap-up.", fields: ["agent_email"])

    static func required(_ name: String) -> TeniosError {
        TeniosError(
            code: "FIELD_IS_REQUIRED", message: "Parameter '\(name)' is required", fields: [name])
    }

    static func invalidJSON(_ fields: [String] = []) -> TeniosError {
        TeniosError(
            code: "INVALID_JSON", message: "An invalid JSON object was provided in the request body.",
            fields: fields)
    }

    /// `fields` is empty in the ACD's calls, and names the parameter in those of wrap-up.
    static func agentNotFound(_ fields: [String] = []) -> TeniosError {
        TeniosError(code: "AGENT_NOT_FOUND", message: "Agent not found.", fields: fields)
    }

    /// `name` is what the client calls the parameter.
    static func reasonNotFound(_ name: String) -> TeniosError {
        TeniosError(
            code: "AGENT_NOT_READY_REASON_NOT_FOUND", message: "Agent not ready reason not found.",
            fields: [name])
    }
}

extension TeniosError {
    /// What no document tells of, in the documented form.
    init(_ refusal: Refusal) {
        let code =
            switch refusal {
            case .unauthenticated: "BAD_CREDENTIALS"
            case .forbidden: "FORBIDDEN"
            case .notFound: "NOT_FOUND"
            case .invalid: "INVALID_JSON"
            case .conflict: "CONFLICT"
            case .tooMany: "TOO_MANY_REQUESTS"
            case .tooLarge: "PAYLOAD_TOO_LARGE"
            case .unsupported: "UNSUPPORTED_MEDIA_TYPE"
            case .unavailable: "SERVICE_UNAVAILABLE"
            case .storageFull: "INSUFFICIENT_STORAGE"
            }
        self.init(
            status: refusal.status, code: code, message: refusal.message, retryAfterS: refusal.retryAfterS)
    }

    var response: Response {
        var headers = HTTPFields()
        if let retryAfterS { headers[.retryAfter] = String(retryAfterS) }
        if let allow { headers[.allow] = allow }
        let body = JSONWriter.object { error in
            if hasSuccess { error.member("success", false) }
            error.member("error_code", code)
            error.member("error_message", message)
            error.array("fields") { list in for field in fields { list.element(field) } }
        }
        return TeniosRoutes.answer(status, headers, body)
    }
}
