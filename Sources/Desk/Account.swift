// The agent's own account: who is signed in, until when, and the password.
import Center
import Hummingbird
import Web

struct AccountPage {
    let loginName: String
    let groupNames: String
    let sessionOver: Stamp
    let idleRule: String
    let passwordRules: String
    var passwordProblem: String?
}

extension AgentDesk {
    func accountPage(_ seat: Seat, _ request: Request, _ context: Context) async throws -> Response {
        let said = try Fields(queryOf: request)["said"].flatMap(Said.init(rawValue:))
        return try await accountPage(seat, request, said: said)
    }

    func changePassword(
        _ seat: Seat, _ fields: Fields, _ request: Request, _ context: Context
    ) async throws -> Response {
        let new = fields["new"] ?? ""
        do {
            guard new == fields["again"] ?? "" else {
                throw Refusal.invalid("The two new passwords differ. Type the new one twice.")
            }
            try await floor.changePassword(
                seat.session, token: seat.token, old: fields["old"] ?? "", new: new, from: context.client,
                via: .desk)
            return .seeOther("\(seat.base)/account?said=\(Said.passwordChanged.rawValue)")
        } catch let refusal as Refusal {
            if case .unauthenticated = refusal {
                return .seeOther(WayBack("\(seat.base)/account", seat.base).signIn(hadSession: true))
            }
            var response = try await accountPage(
                seat, request, status: refusal.status, problem: refusal.message)
            if let seconds = refusal.retryAfterS { response.headers[.retryAfter] = String(seconds) }
            return response
        }
    }

    /// The agent is there: asked for by the page when somebody types or points.
    func stay(
        _ seat: Seat, _ fields: Fields, _ request: Request, _ context: Context
    ) async throws -> Response {
        .done(request, goTo: seat.base)
    }

    private func accountPage(
        _ seat: Seat, _ request: Request, status: HTTPResponse.Status = .ok, said: Said? = nil,
        problem: String? = nil
    ) async throws -> Response {
        let view = try await floor.desk(seat.agent.id, in: seat.workspace)
        var page = deskPage("Account", seat, view, openErrand: nil)
        page.notice = said?.sentence
        let groups = seat.directory.groups.filter { $0.agents.contains(seat.agent.id) }.map(\.name)
        page.account = AccountPage(
            loginName: seat.agent.loginName,
            groupNames: groups.isEmpty ? "none" : groups.joined(separator: ", "),
            sessionOver: seat.times.stamp(seat.session.overAt),
            idleRule: hours(SessionLimits.idleMs), passwordRules: PasswordRules.sentence,
            passwordProblem: problem)
        return show(page, request, status: status)
    }
}
