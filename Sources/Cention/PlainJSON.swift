// Cention's plain JSON answers, outside of JSON:API: documents, and errors as {"error": "…"}.
import Center
import Hummingbird
import Web

enum PlainJSON {
    static let mediaType = "application/json"

    static func answer(_ status: HTTPResponse.Status, _ headers: HTTPFields = [:], body: [UInt8]) -> Response
    {
        var headers = headers
        headers[.contentType] = mediaType
        return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: body)))
    }

    static func error(_ status: HTTPResponse.Status, _ message: String, _ headers: HTTPFields = [:])
        -> Response
    {
        answer(status, headers, body: JSONWriter.object { $0.member("error", message) })
    }

    static func answer(_ refusal: Refusal, _ challenge: String = "Bearer") -> Response {
        var headers = HTTPFields()
        if case .unauthenticated = refusal { headers[.wwwAuthenticate] = challenge }
        if let retryAfterS = refusal.retryAfterS { headers[.retryAfter] = String(retryAfterS) }
        return error(refusal.status, refusal.message, headers)
    }

    /// Runs a handler; what it throws is answered as an error.
    /// - Parameter challenge: how a client may say who it is.
    static func answering(challenge: String, _ handler: @escaping Answering) -> Answering {
        Context.answering(handler) { error, _ in
            (error as? Refusal).map { answer($0, challenge) }
        } fault: { sentence, _ in
            Self.error(.internalServerError, sentence)
        }
    }

    /// Answers a request that no route takes.
    static let miss: Fallback = { _, _, miss in
        switch miss {
        case .path: return error(.notFound, "There is no such resource here; paths are case-sensitive.")
        case .method(let allowed):
            let methods = allowed.map(\.rawValue).joined(separator: ", ")
            return error(.methodNotAllowed, "This path is served for \(methods).", [.allow: methods])
        }
    }
}
