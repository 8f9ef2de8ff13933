// JSON:API's answers: documents, errors, and what is said where no route is.
import Center
import HTTPTypes
import Hummingbird
import Web

enum JSONAPI {
    static let mediaType = "application/vnd.api+json"

    static func answer(
        _ status: HTTPResponse.Status, _ headers: HTTPFields = [:], _ body: [UInt8]
    ) -> Response {
        var headers = headers
        headers.append(HTTPField(name: .contentType, value: mediaType))
        return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: body)))
    }

    /// `{"data":{"type":…,"id":…}}`, which is all that a created thing is answered with.
    static func created(_ type: StaticString, _ id: String, location: String? = nil) -> Response {
        var headers = HTTPFields()
        if let location { headers[.location] = location }
        let body = JSONWriter.object { document in
            document.object("data") { data in
                data.member("type", type.description)
                data.member("id", id)
            }
        }
        return answer(.created, headers, body)
    }

    /// Runs a handler; what it throws is answered as a JSON:API error.
    static func answering(_ handler: @escaping Answering) -> Answering {
        Context.answering(handler) { error, _ in
            switch error {
            case let error as WireError: error.response
            case let refusal as Refusal: WireError(refusal).response
            default: nil
            }
        } fault: { sentence, _ in
            WireError(.internalServerError, sentence).response
        }
    }

    /// Answers a request that no route takes.
    static let miss: Fallback = { _, _, miss in
        switch miss {
        case .path:
            return WireError(.notFound, "There is no such resource here; paths are case-sensitive.").response
        case .method(let allowed):
            let methods = allowed.map(\.rawValue).joined(separator: ", ")
            var response = WireError(.methodNotAllowed, "This path is served for \(methods).").response
            response.headers[.allow] = methods
            return response
        }
    }
}
