// Signing in and out, and what a session says of its user. Source: apio.md §1, §7.
import Center
import Hummingbird
import Web

extension ApioRoutes {
    private static let usernameLengths = 1...300
    private static let passwordLengths = 1...8_192
    private static let nameLengths = 0...200
    private static let emailLengths = 0...254

    @Sendable func login(_ request: Request, _ context: Context) async throws -> Response {
        let members = try await Members(request, context)
        let user = try members.required("username", Self.usernameLengths)
        // A password may hold anything; it is compared, never stored.
        guard let password = try members.text("password") else { throw Members.missing("password") }
        guard Self.passwordLengths.contains(password.unicodeScalars.count) else {
            throw Members.wrong("password", "a password")
        }
        let (token, session) = try await floor.apiSignIn(
            user: user, password: password, from: context.client, via: .apio)
        guard let directory = floor.roster.workspace(session.workspace),
            let agent = directory.agent(session.agent)
        else { throw Refusal.unauthenticated("The user is gone.") }
        let caller = Caller(session: session, token: token, directory: directory, agent: agent)
        context.notes.workspace = "\(session.workspace)"
        context.notes.principal = "agent \(agent.id.raw)"
        var response = Apio.answer(
            body: JSONWriter.object { document in
                caller.writeIDs(to: &document)
                document.object("profile") { profile in
                    profile.member("user_level", caller.level)
                    profile.member("is_first_login", false)
                    caller.writeNames(to: &profile)
                }
            })
        response.set(SetCookie(Caller.cookieName, token, for: context))
        return response
    }

    @Sendable func logout(_ request: Request, _ context: Context) async throws -> Response {
        let caller = try await caller(request, context)
        _ = try await Members(request, context)
        try await floor.apiSignOut(caller.session, token: caller.token, via: .apio)
        var response = Apio.answer(body: Apio.empty)
        response.set(SetCookie(Caller.cookieName, "", for: context, maxAgeS: 0))
        return response
    }

    @Sendable func loginInfo(_ request: Request, _ context: Context) async throws -> Response {
        let caller = try await caller(request, context)
        _ = try await Members(request, context)
        return caller.loginInfo
    }

    @Sendable func changeLoginInfo(_ request: Request, _ context: Context) async throws -> Response {
        let caller = try await caller(request, context)
        let members = try await Members(request, context)
        try await floor.changeNames(
            caller.agent.id, first: members.text("first_name", Self.nameLengths),
            last: members.text("last_name", Self.nameLengths),
            email: members.text("emailAddress", Self.emailLengths), by: caller.principal)
        let directory = try fresh(caller)
        guard let agent = directory.agent(caller.agent.id) else {
            throw Refusal.notFound("The user is gone.")
        }
        return Caller(session: caller.session, token: caller.token, directory: directory, agent: agent)
            .loginInfo
    }
}

extension Caller {
    fileprivate func writeIDs(to document: inout JSONWriter) {
        document.object("ids") { ids in
            ids.member("tenant_id", directory.name)
            ids.member("group_id", directory.group(of: agent))
            ids.member("user_id", directory.userID(agent))
        }
    }

    fileprivate func writeNames(to profile: inout JSONWriter) {
        profile.member("first_name", agent.firstName)
        profile.member("last_name", agent.lastName)
        profile.member("emailAddress", agent.emailAddress)
    }

    fileprivate var loginInfo: Response {
        Apio.answer(
            body: JSONWriter.object { document in
                writeIDs(to: &document)
                document.object("profile") { profile in
                    profile.member("user_level", level)
                    writeNames(to: &profile)
                }
                document.member("username", directory.userID(agent))
            })
    }
}
