// The desk in a frame of another site's page: who may frame it, which cookies count there, and signing in by key.
// Source: reference cention.md §11, §14.
import Center
import HTTPTypes
import Hummingbird
import Web

/// A cookie that browsers keep in a frame of another site's page, and send along with whatever that page asks of us.
enum EmbeddedCookie {
    static let session = "switchboard_embedded"
    /// Shows that the browser keeps such cookies at all, before a session is made in vain.
    static let probe = "switchboard_kept"

    static func set(
        _ name: String, _ value: String, _ directory: Directory, _ context: Context, maxAgeS: Int? = nil
    ) -> SetCookie {
        SetCookie(
            name, value, for: context, path: "/s/\(directory.name)/", maxAgeS: maxAgeS, sameSite: .none,
            isPartitioned: true)
    }
}

extension Request {
    /// Whether a session of the embedded cookie counts: only for what our own pages ask, and for the frame itself.
    ///
    /// Browsers that know such cookies say where a request comes from; who does not say it is none of them.
    var comesFromTheDesk: Bool {
        switch headers[.fetchSite] {
        case "same-origin", "none": true
        case nil: false
        default: method == .get && headers[.fetchMode] == "navigate" && isFramed
        }
    }

    /// Whether the answer is for a frame.
    var isFramed: Bool { headers[.fetchDest] == "iframe" }

    /// The tokens of the sessions that the browser may have here, the one that counts first.
    var sessionTokens: [String] {
        let cookies = RequestCookies(headers)
        let embedded = comesFromTheDesk ? cookies[EmbeddedCookie.session] : nil
        return [embedded, cookies[AgentDesk.cookieName]].compactMap { $0 }.filter { !$0.isEmpty }
    }
}

extension AgentDesk {
    private static let keySignInMaxBytes = 64 << 10

    /// Headers for pages of the path's workspace: only the origins that it lists may frame them.
    func security(for request: Request) -> PageSecurity {
        guard let origins = workspace(ofPath: request)?.embedOrigins, !origins.isEmpty else {
            return security
        }
        return PageSecurity(frameAncestors: origins)
    }

    /// The workspace that the path names, if it is one of the desk's.
    func workspace(ofPath request: Request) -> Directory? {
        let parts = request.uri.path.split(separator: "/")
        guard parts.count > 1, parts[0] == "s" else { return nil }
        return floor.roster.workspace(named: String(parts[1]))
    }

    /// Our module in the frame asks for it, with what the embedding page sent: the server decides.
    func signInByKey(_ request: Request, _ context: Context) async throws -> Response {
        let directory = try directory(context)
        // Another site's page can send neither this header nor a form that has it.
        guard request.headers[.requestedWith] == "desk",
            request.headers[.fetchSite] ?? "same-origin" == "same-origin"
        else { throw Refusal.forbidden("Only the desk's own page signs in with an access key.") }
        let fields = try await Fields(form: context.collectBody(request, upTo: Self.keySignInMaxBytes))
        let cookies = RequestCookies(request.headers)
        guard cookies[EmbeddedCookie.probe] != nil || !request.sessionTokens.isEmpty else {
            throw Refusal.forbidden(
                "This browser keeps no cookies for the desk in another site's page: serve the desk by https, and "
                    + "allow its cookies.")
        }
        let seat = try await seat(request, context)
        let signedIn = try await floor.signIn(
            workspace: directory.name, accessKey: fields["access_key_id"] ?? "",
            secret: fields["secret_access_key"] ?? "", origin: fields["origin"] ?? "", current: seat?.session,
            from: context.client)
        guard let signedIn else {
            if let seat { await seen(seat) }
            return Response(status: .noContent, headers: [.cacheControl: "no-store"])
        }
        var response = Response(status: .created, headers: [.cacheControl: "no-store"])
        keepSession(signedIn, in: &response, isFramed: true, request, directory, context)
        return response
    }

    /// Sets the session's cookie, and ends what the browser had beside it: the latest sign-in counts.
    func keepSession(
        _ signedIn: SignedIn, in response: inout Response, isFramed: Bool, _ request: Request,
        _ directory: Directory, _ context: Context
    ) {
        let lifetimeS = Int(SessionLimits.lifetimeMs / 1_000)
        let cookies = RequestCookies(request.headers)
        let embedded = { EmbeddedCookie.set(EmbeddedCookie.session, $0, directory, context, maxAgeS: $1) }
        if isFramed {
            response.set(embedded(signedIn.token, lifetimeS))
            if cookies[Self.cookieName] != nil {
                response.set(sessionCookie("", directory, context, maxAgeS: 0))
            }
        } else {
            response.set(sessionCookie(signedIn.token, directory, context, maxAgeS: lifetimeS))
            if cookies[EmbeddedCookie.session] != nil { response.set(embedded("", 0)) }
        }
    }

    /// Ends the cookies of sessions.
    func forgetSession(
        in response: inout Response, _ request: Request, _ directory: Directory, _ context: Context
    ) {
        response.set(sessionCookie("", directory, context, maxAgeS: 0))
        if RequestCookies(request.headers)[EmbeddedCookie.session] != nil {
            response.set(EmbeddedCookie.set(EmbeddedCookie.session, "", directory, context, maxAgeS: 0))
        }
    }
}

extension HTTPField.Name {
    static let fetchMode = HTTPField.Name("Sec-Fetch-Mode")!
    static let fetchDest = HTTPField.Name("Sec-Fetch-Dest")!
}

extension Directory {
    /// The origins that may embed the desk, as its pages' modules read them; nil for none.
    var embedded: String? { embedOrigins.isEmpty ? nil : embedOrigins.joined(separator: " ") }
}
