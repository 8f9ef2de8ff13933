// Who asks, and what stands around every handler: the token, the client's key, and what errors look like.
import Center
import HTTPTypes
import Hummingbird
import Web

/// The other system, by its access token.
struct Caller: Sendable {
    let directory: Directory
    let principal: Principal
    /// The token itself, to be asked again while a stream lasts.
    let bearer: String

    var workspace: WorkspaceID { directory.workspace }
}

extension NeutralRoutes {
    /// A handler for whoever bears a token with the claim `acd` of the path's workspace.
    func calling(
        _ body: @escaping @Sendable (Caller, Request, Context) async throws -> Response
    ) -> Answering {
        Self.answering { request, context in
            try await body(try caller(request, context), request, context)
        }
    }

    private func caller(_ request: Request, _ context: Context) throws -> Caller {
        guard let bearer = request.headers.bearerToken else {
            throw Refusal.unauthenticated("Send the access token in a header: Authorization: Bearer <token>.")
        }
        return try caller(bearer, workspace: context.segment("workspace") ?? "", context)
    }

    /// - Throws: when the token has been taken back meanwhile, too.
    func caller(_ bearer: String, workspace: String, _ context: Context) throws -> Caller {
        let (token, principal, directory) = try floor.bearer(bearer, workspace: workspace, claims: [.acd])
        context.notes.workspace = directory.workspace.description
        context.notes.principal = "token \(token.id)"
        var by = principal
        by.via = .api
        return Caller(directory: directory, principal: by, bearer: bearer)
    }

    /// Runs a handler; what it throws is answered as a problem.
    static func answering(_ handler: @escaping Answering) -> Answering {
        Context.answering(handler) { error, context in
            switch error {
            case let problem as Problem: problem.response(context)
            case let refusal as Refusal: Problem(refusal).response(context)
            case let precondition as Precondition: Problem(precondition).response(context)
            default: nil
            }
        } fault: { sentence, context in
            Problem(.internalServerError, "internal", sentence).response(context)
        }
    }

    /// A request that no route takes.
    static let miss: Fallback = { _, context, miss in
        switch miss {
        case .path:
            return Problem(
                .notFound, "not-found", "There is no such resource here; paths are case-sensitive."
            )
            .response(context)
        case .method(let allowed):
            let methods = allowed.map(\.rawValue).joined(separator: ", ")
            var problem = Problem(
                .methodNotAllowed, "method-not-allowed", "This path is served for \(methods).")
            problem.allow = methods
            return problem.response(context)
        }
    }
}

/// A document, with the tag of what it shows.
func answer(
    _ status: HTTPResponse.Status = .ok, tag: String? = nil, location: String? = nil, _ body: [UInt8]
) -> Response {
    var headers: HTTPFields = [.contentType: "application/json", .cacheControl: "no-store"]
    if let tag { headers[.eTag] = "\"\(tag)\"" }
    if let location { headers[.location] = location }
    return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: body)))
}

/// A document.
func answer(_ body: [UInt8]) -> Response { answer(.ok, body) }
