// The first code of ours that sees a request and the last that sees its answer.
import Center
import HTTPTypes
import Hummingbird
import Logging

/// Wraps the routes: fills in the context, tidies the path, renders what no dialect rendered, logs one line.
struct Front: HTTPResponder {
    let routes: RouteTree
    let misses: Misses
    let limits: ServerLimits
    let budget: BodyBudget
    let trustedProxies: Networks
    /// How our own socket is spoken to.
    let scheme: Scheme
    /// Whether browsers shall come by https only from now on.
    let strictTransport: Bool
    let log: RequestLog
    let meter: RequestMeter?

    func respond(to request: Request, context: Context) async throws -> Response {
        let request = Target.tidied(request)
        let found = routes.find(request.method, request.uri.path)
        let missed = found == nil ? misses.answer(to: request) : nil
        let context = dressed(context, for: request, found?.captures)
        var response: Response
        do {
            response =
                if let found {
                    try await found.endpoint.handler(request, context)
                } else if let missed {
                    try await missed.fallback(request, context, missed.miss)
                } else {
                    Response(status: .notFound)
                }
        } catch {
            response = Front.rendering(error, of: request, context: context)
        }
        meter?.answered(
            found?.endpoint.dialect ?? missed?.dialect ?? .root, status: response.status.code,
            seconds: (ContinuousClock.now - context.arrival) / .seconds(1))
        if request.method == .head { response = response.createHeadResponse() }
        response.headers.append(HTTPField(name: .requestID, value: context.requestID))
        if strictTransport { response.headers[.strictTransportSecurity] = "max-age=31536000" }
        return log.logging(response, to: request, context: context)
    }

    private func dressed(_ context: Context, for request: Request, _ captures: Captures?) -> Context {
        var context = context
        let forwarding = Forwarding(
            peer: context.peer, headers: request.headers, trusted: trustedProxies, own: scheme)
        context.client = forwarding.client
        context.scheme = forwarding.scheme
        if let peer = context.peer, trustedProxies.contains(peer),
            let given = RequestID.given(request.headers[.requestID])
        {
            context.requestID = given
        }
        context.limits = limits
        context.budget = budget
        context.meter = meter
        context.captures = captures
        return context
    }

    /// Plain text for what a dialect let through: its own errors it renders itself.
    private static func rendering(_ error: any Error, of request: Request, context: Context) -> Response {
        switch error {
        case let error as any HTTPResponseError:
            do { return try error.response(from: request, context: context) } catch {
                context.logFault(error)
                return Response(status: .internalServerError)
            }
        case let refusal as Refusal:
            var response = plain(refusal.status, refusal.message)
            if let seconds = refusal.retryAfterS { response.headers[.retryAfter] = String(seconds) }
            return response
        case let fault as WireFault:
            return plain(fault.status, fault.status.reasonPhrase)
        case is CancellationError:
            return plain(.serviceUnavailable, "The server is stopping.")
        default:
            context.logFault(error)
            return plain(
                .internalServerError, "Something went wrong here; the request's id is \(context.requestID).")
        }
    }

    private static func plain(_ status: HTTPResponse.Status, _ text: String) -> Response {
        Response(
            status: status, headers: [.contentType: "text/plain; charset=utf-8"],
            body: .init(byteBuffer: ByteBuffer(string: text + "\n")))
    }
}

extension Context {
    /// Logs a fault with the request's id: its type always, its text, which may quote a person, at debug level.
    public func logFault(_ error: any Error) {
        var logger = logger
        // Hummingbird's own `id` reads this one.
        logger[metadataKey: "hb.request.id"] = "\(requestID)"
        logger.error("fault \(String(reflecting: type(of: error)))")
        logger.debug("fault text: \(error)")
    }
}

extension HTTPField.Name {
    static let requestID = HTTPField.Name("X-Request-Id")!
}
