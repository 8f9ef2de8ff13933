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

typealias Handler = @Sendable (Request, Context) async throws -> Response

extension NeutralRoutes {
    /// A handler for whoever bears a token with the claim `acd` of the path's workspace.
    func calling(
        _ body: @escaping @Sendable (Caller, Request, Context) async throws -> Response
    ) -> Handler {
        Self.answering { request, context in
            try await body(try caller(request, context), request, context)
        }
    }

    private func caller(_ request: Request, _ context: Context) throws -> Caller {
        guard let bearer = Self.token(request.headers[.authorization]) else {
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

    private static func token(_ header: String?) -> String? {
        guard let header = header?.utf8, let space = header.firstIndex(of: UInt8(ascii: " ")),
            header[..<space].elementsEqual("bearer".utf8, by: { $0 | 0x20 == $1 })
        else { return nil }
        let token = header[space...].drop { $0 == UInt8(ascii: " ") }
        return token.isEmpty ? nil : String(Substring(token))
    }

    /// Runs a handler; what it throws is answered as a problem.
    static func answering(_ body: @escaping Handler) -> Handler {
        { request, context in
            do {
                return try await body(request, context)
            } catch let problem as Problem {
                return problem.response(context)
            } catch let refusal as Refusal {
                return Problem(refusal).response(context)
            } catch let precondition as Precondition {
                return Problem(precondition).response(context)
            } catch let fault as WireFault {
                throw fault
            } catch let stop as CancellationError {
                throw stop
            } catch {
                context.logFault(error)
                return Problem(
                    .internalServerError, "internal",
                    "Something went wrong here; the request's id is \(context.requestID)."
                ).response(context)
            }
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
