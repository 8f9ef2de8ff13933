// Invitation links: an administrator makes one, its agent sets a password with it.
import Center
import HTTPTypes
import Hummingbird
import Routing
import Web

/// What the page behind a link shows.
struct InvitationPage {
    let title = "Set your password"
    let base: String
    let assets: String
    let organisation: String
    let invitedName: String
    let invitedLogin: String
    let invitationKey: String
    let passwordRules: String
    var problem: String?
}

extension AgentDesk {
    private static let invitationMaxBytes = 64 << 10

    /// Makes a link for an agent; the agent's page shows it this once.
    func inviteAgent(
        _ seat: Seat, _ fields: Fields, _ request: Request, _ context: Context
    ) async throws -> Response {
        let agent = try administeredAgent(seat, context)
        let invitation = try await floor.invite(agent.id, by: seat.principal)
        // In the query, which no log has.
        let link = "\(publicURL())\(seat.base)/invitation?key=\(invitation.key)"
        let minted = Minted(
            "A link for \(agent.displayName) is made.",
            "Send it to nobody else. It can be used once, until \(seat.times.stamp(invitation.expiresAt).clock); "
                + "an older link of this agent has ended.",
            ["Link": link])
        return try await agentPage(agent, seat, request, minted: minted)
    }

    func invitationPage(_ request: Request, _ context: Context) async throws -> Response {
        let directory = try directory(context)
        let key = try Fields(queryOf: request)["key"] ?? ""
        return try await invitationPage(key, directory)
    }

    func acceptInvitation(_ request: Request, _ context: Context) async throws -> Response {
        let directory = try directory(context)
        try refuseForeign(request)
        let fields = try await Fields(form: context.collectBody(request, upTo: Self.invitationMaxBytes))
        let key = fields["key"] ?? ""
        do {
            let new = fields["new"] ?? ""
            guard new == fields["again"] ?? "" else {
                throw Refusal.invalid("The two passwords differ. Type it twice.")
            }
            try await floor.setPassword(new, with: key, to: directory.workspace, via: .desk)
            return .seeOther("\(Self.base(directory))/sign-in?said=\(Said.passwordSet.rawValue)")
        } catch Refusal.invalid(let sentence, _) {
            return try await invitationPage(
                key, directory, status: RefusedForm.status, problem: sentence)
        }
    }

    private func invitationPage(
        _ key: String, _ directory: Directory, status: HTTPResponse.Status = .ok, problem: String? = nil
    ) async throws -> Response {
        let agent = try await floor.invited(by: key, to: directory.workspace)
        let organisation = directory.organisation.isEmpty ? directory.name : directory.organisation
        let page = InvitationPage(
            base: Self.base(directory), assets: files.version, organisation: organisation,
            invitedName: agent.displayName, invitedLogin: agent.loginName, invitationKey: key,
            passwordRules: PasswordRules.sentence, problem: problem)
        var response = Response.html(status, templates.render("invitation", page))
        // Its address is the key.
        response.headers[.init("Referrer-Policy")!] = "no-referrer"
        return response
    }
}
