// Signing in and out, and the start page that leads there.
import Center
import Hummingbird
import Web

/// What the sign-in page shows.
struct SignInPage {
    let title = "Sign in"
    let base: String
    let assets: String
    let organisation: String
    var login = ""
    /// An empty text counts as true in a template.
    var hasLogin = false
    var problem: String?
    var said: String?
    /// Where to go on after signing in.
    var next: String?
    /// Origins whose pages may frame this one and sign in, parted by spaces; nil for none.
    var embed: String?
}

/// What the start page shows when several workspaces live here.
struct StartPage {
    let title = "Where do you work?"
    let base = AgentDesk.nowhere
    let assets: String
    var asked = ""
    var problem: String?
}

extension AgentDesk {
    private static let signInMaxBytes = 64 << 10

    /// One workspace needs no question; with several the visitor names one, and none is listed.
    func start(_ request: Request, _ context: Context) async throws -> Response {
        let directories = floor.roster.directories
        if directories.count == 1 { return .seeOther(Self.base(directories[0])) }
        guard let asked = try Fields(queryOf: request)["workspace"] else {
            return .html(.ok, templates.render("start", StartPage(assets: files.version)))
        }
        guard let directory = floor.roster.workspace(named: asked.lowercased()) else {
            let page = StartPage(
                assets: files.version, asked: asked, problem: "There is no workspace of this name here.")
            return .html(.notFound, templates.render("start", page))
        }
        return .seeOther(Self.base(directory))
    }

    func workspaceStart(_ request: Request, _ context: Context) async throws -> Response {
        .seeOther(Self.base(try directory(context)))
    }

    func signInPage(_ request: Request, _ context: Context) async throws -> Response {
        let directory = try directory(context)
        let query = try Fields(queryOf: request)
        let next = WayBack(query["next"], Self.base(directory)).path
        if try await seat(request, context) != nil { return .seeOther(next ?? Self.base(directory)) }
        var page = signInPage(directory)
        page.next = next
        switch query["said"].flatMap(Said.init(rawValue:)) {
        case .signedOut: page.said = Said.signedOut.sentence
        case .ended: page.said = Said.ended.sentence
        case .passwordSet: page.said = Said.passwordSet.sentence
        default: break
        }
        var response = Response.html(.ok, templates.render("sign_in", page))
        if page.embed != nil {
            response.set(EmbeddedCookie.set(EmbeddedCookie.probe, "yes", directory, context))
        }
        return response
    }

    func signIn(_ request: Request, _ context: Context) async throws -> Response {
        let directory = try directory(context)
        try refuseForeign(request)
        let fields = try await Fields(form: context.collectBody(request, upTo: Self.signInMaxBytes))
        let login = fields["login_name"] ?? ""
        let next = WayBack(fields["next"], Self.base(directory)).path
        do {
            let signedIn = try await floor.signIn(
                workspace: directory.name, login: login, password: fields["password"] ?? "",
                from: context.client, via: .desk)
            var response = Response.seeOther(next ?? Self.base(directory))
            keepSession(
                signedIn, in: &response, isFramed: request.isFramed && !directory.embedOrigins.isEmpty,
                request,
                directory, context)
            return response
        } catch let refusal as Refusal {
            var page = signInPage(directory)
            page.login = login
            page.hasLogin = !login.isEmpty
            page.problem = refusal.message
            page.next = next
            var response = Response.html(refusal.status, templates.render("sign_in", page))
            if let seconds = refusal.retryAfterS { response.headers[.retryAfter] = String(seconds) }
            return response
        }
    }

    /// Where there is no session yet that could carry a token, the browser itself says where a form comes from.
    func refuseForeign(_ request: Request) throws {
        if let site = request.headers[.fetchSite], site != "same-origin", site != "none" {
            throw Refusal.forbidden("This form came from another site. Use the one on this page.")
        }
    }

    func signOut(_ seat: Seat, _ fields: Fields, _ request: Request, _ context: Context) async throws
        -> Response
    {
        try await floor.signOut(seat.session, token: seat.token, via: .desk)
        var response = Response.seeOther("\(seat.base)/sign-in?said=\(Said.signedOut.rawValue)")
        forgetSession(in: &response, request, seat.directory, context)
        return response
    }

    private func signInPage(_ directory: Directory) -> SignInPage {
        let organisation = directory.organisation.isEmpty ? directory.name : directory.organisation
        return SignInPage(
            base: Self.base(directory), assets: files.version, organisation: organisation,
            embed: directory.embedded)
    }
}
