// APIO's answers: documents, errors, and what is said where no route is.
import Center
import Hummingbird
import Web

enum Apio {
    static func answer(
        _ status: HTTPResponse.Status = .ok, _ headers: HTTPFields = [:], body: [UInt8]
    ) -> Response {
        var headers = headers
        headers[.contentType] = "application/json"
        headers[.cacheControl] = "no-store"
        return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: body)))
    }

    static let empty = Array("{}".utf8)

    /// Runs a handler; what it throws is answered in the vendor's form.
    static func answering(_ handler: @escaping Answering) -> Answering {
        Context.answering(handler) { error, _ in
            switch error {
            case let error as ApioError: error.response
            case let refusal as Refusal: ApioError(refusal).response
            default: nil
            }
        } fault: { sentence, _ in
            ApioError(.internalServerError, sentence).response
        }
    }

    /// Answers a request that no route takes.
    static let miss: Fallback = { _, _, miss in
        switch miss {
        case .path:
            return ApioError(.notFound, "There is no such resource here; paths are case-sensitive.").response
        case .method(let allowed):
            let methods = Set(allowed.map(\.rawValue)).sorted().joined(separator: ", ")
            var response = ApioError(.methodNotAllowed, "This path is served for \(methods).").response
            response.headers[.allow] = methods
            return response
        }
    }
}
