// Answers of TENIOS's wire: results, errors, and what is said where no route is.
import Center
import Hummingbird
import Web

extension TeniosRoutes {
    static let mediaType = "application/json;charset=UTF-8"

    static func answer(
        _ status: HTTPResponse.Status = .ok, _ headers: HTTPFields = [:], _ body: [UInt8]
    ) -> Response {
        var headers = headers
        headers[.contentType] = mediaType
        return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: body)))
    }

    /// `{"success":true}`
    static var success: Response {
        answer(JSONWriter.object { $0.member("success", true) })
    }

    private static func answer(_ body: [UInt8]) -> Response { answer(.ok, [:], body) }

    /// Runs a handler; what it throws is answered as an error of the wire.
    func answering(_ handler: @escaping Answering) -> Answering {
        Context.answering(handler) { error, _ in
            switch error {
            case let error as TeniosError: error.response
            case let refusal as Refusal: TeniosError(refusal).response
            default: nil
            }
        } fault: { sentence, _ in
            TeniosError(
                status: .internalServerError, code: "INTERNAL_SERVER_ERROR", message: sentence
            ).response
        }
    }

    /// Answers a request that no route takes. GET is told of only where a workspace takes it.
    func miss(_ request: Request, _ miss: Miss) -> TeniosError {
        switch miss {
        case .path:
            return TeniosError(
                status: .notFound, code: "NOT_FOUND",
                message: "There is no such resource here; paths are case-sensitive.")
        case .method(let allowed): return Self.wrongMethod(allowed.filter { $0 != .get || takesGet })
        }
    }

    /// Whether any workspace takes a GET.
    var takesGet: Bool { floor.roster.directories.contains(where: \.teniosGetRetrieve) }

    static func wrongMethod(_ allowed: [HTTPRequest.Method] = [.post]) -> TeniosError {
        let methods = allowed.map(\.rawValue).joined(separator: ", ")
        return TeniosError(
            status: .methodNotAllowed, code: "METHOD_NOT_ALLOWED",
            message: "This path is served for \(methods).", allow: methods)
    }
}
