// What stands around every handler: who is signed in, the form's token, and what errors look like.
import Center
import HTTPTypes
import Hummingbird
import Web

typealias Handler = @Sendable (Request, Context) async throws -> Response

extension AgentDesk {
    /// Largest form: an answer's text, percent-encoded.
    static let formMaxBytes = 8 << 20

    /// A page that needs no signed-in agent.
    func open(_ body: @escaping Handler) -> Handler {
        { request, context in
            try await guarded(request, context) { try await body(request, context) }
        }
    }

    /// A page of a signed-in agent; anybody else is sent to sign in.
    func page(_ body: @escaping @Sendable (Seat, Request, Context) async throws -> Response) -> Handler {
        open { request, context in
            guard let seat = try await seat(request, context) else {
                return try signInFirst(request, context)
            }
            // What our module fetches by itself is no sign of a person.
            if !request.isFetched || request.method == .post { await seen(seat) }
            return try await body(seat, request, context)
        }
    }

    /// A form of a signed-in agent; it must carry the session's token.
    func form(_ body: @escaping @Sendable (Seat, Fields, Request, Context) async throws -> Response)
        -> Handler
    {
        page { seat, request, context in
            let fields = try await Fields(form: context.collectBody(request, upTo: Self.formMaxBytes))
            let token = request.headers[.csrfToken] ?? fields["csrf"] ?? ""
            guard isGenuine(token, seat) else {
                throw Refusal.forbidden(
                    "This form is no longer valid. Go back, load the page again and repeat it.")
            }
            return try await body(seat, fields, request, context)
        }
    }

    /// Whether a form's token is the session's.
    func isGenuine(_ token: String, _ seat: Seat) -> Bool {
        constantTimeEqual(Array(token.utf8), Array(seat.session.csrf.utf8))
    }

    /// A path of the desk that no route took.
    func missed(_ request: Request, _ context: Context, _ miss: Miss) async throws -> Response {
        try await guarded(request, context) {
            switch miss {
            case .path:
                throw Refusal.notFound("There is no page at this address.")
            case .method(let allowed):
                var response = errorPage(
                    .methodNotAllowed, "This address does not take \(request.method.rawValue) requests.",
                    request)
                response.headers[.allow] = allowed.map(\.rawValue).joined(separator: ", ")
                return response
            }
        }
    }

    /// Adds the security headers, and turns what was thrown into a page or, for our module, into a text.
    private func guarded(
        _ request: Request, _ context: Context, _ body: () async throws -> Response
    ) async throws -> Response {
        try await security(for: request).handle(request, context: context) { request, context in
            do {
                return try await body()
            } catch let refusal as Refusal {
                var response = errorPage(refusal.status, refusal.message, request)
                if let seconds = refusal.retryAfterS { response.headers[.retryAfter] = String(seconds) }
                return response
            } catch let fault as WireFault {
                throw fault
            } catch let cancelled as CancellationError {
                throw cancelled
            } catch {
                context.logFault(error)
                return errorPage(
                    .internalServerError,
                    "Something went wrong here. If it happens again, tell your administrator this id: "
                        + context.requestID, request)
            }
        }
    }

    private func errorPage(_ status: HTTPResponse.Status, _ sentence: String, _ request: Request) -> Response
    {
        if request.isFetched { return .text(status, sentence) }
        let base = workspace(ofPath: request).map { Self.base($0) }
        let page = ErrorPage(
            base: base ?? Self.nowhere, assets: files.version, sentence: sentence, status: status.code,
            back: base ?? "/")
        return .html(status, templates.render("error", page))
    }

    private func signInFirst(_ request: Request, _ context: Context) throws -> Response {
        let directory = try directory(context)
        if request.isFetched { return .text(.unauthorized, "Sign in first.") }
        return .seeOther(WayBack(request, Self.base(directory)).signIn(hadSession: hadSession(request)))
    }
}

/// What the error page shows.
struct ErrorPage {
    let title = "Not possible"
    let base: String
    let assets: String
    let sentence: String
    let status: Int
    let back: String
}

extension Request {
    /// Whether our own module asks, which wants fragments and texts instead of pages.
    var isFetched: Bool {
        headers[.requestedWith] == "desk" || headers[.accept] == "text/event-stream"
    }
}

extension Response {
    /// A page or a part of one; it may name people, so nobody keeps a copy.
    static func html(_ status: HTTPResponse.Status, _ text: String) -> Response {
        Response(
            status: status, headers: [.contentType: "text/html; charset=utf-8", .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    static func text(_ status: HTTPResponse.Status, _ text: String) -> Response {
        Response(
            status: status, headers: [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(string: text + "\n")))
    }

    /// Sends the browser on with GET.
    static func seeOther(_ location: String) -> Response {
        Response(status: .seeOther, headers: [.location: location, .cacheControl: "no-store"])
    }

    /// The answer to a form: our module needs no page, a browser is sent on.
    static func done(_ request: Request, goTo location: String) -> Response {
        guard request.isFetched else { return .seeOther(location) }
        return Response(status: .noContent, headers: [.cacheControl: "no-store"])
    }
}

extension HTTPField.Name {
    static let csrfToken = HTTPField.Name("X-CSRF-Token")!
    static let requestedWith = HTTPField.Name("X-Requested-With")!
    static let fetchSite = HTTPField.Name("Sec-Fetch-Site")!
}
