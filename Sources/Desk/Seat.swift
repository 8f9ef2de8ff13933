// Who sits at the desk: the signed-in agent of one request.
import Center
import Hummingbird
import Routing
import Web

/// A signed-in agent with all that pages need to know of them.
struct Seat: Sendable {
    let directory: Directory
    let agent: Agent
    let session: Session
    /// The cookie's value.
    let token: String
    /// The desk's path, without a slash at its end.
    let base: String
    let times: Times

    var workspace: WorkspaceID { directory.workspace }
    var principal: Principal { Principal(workspace: workspace, actor: .agent(agent.id), via: .desk) }
}

extension AgentDesk {
    static let cookieName = "switchboard_session"

    /// Where pages outside every workspace find their styles: no workspace's name begins with a dash.
    static let nowhere = "/s/-/desk"

    /// Workspaces' names are made of `a-z`, `0-9` and `-`, so they need no encoding.
    static func base(_ directory: Directory) -> String { "/s/\(directory.name)/desk" }

    /// The workspace that the path names.
    func directory(_ context: Context) throws -> Directory {
        guard let name = context.segment("workspace"), let directory = floor.roster.workspace(named: name)
        else {
            throw Refusal.notFound("There is no workspace of this name here.")
        }
        return directory
    }

    /// The agent whom the request's cookie names; nil when nobody is signed in.
    func seat(_ request: Request, _ context: Context) async throws -> Seat? {
        let directory = try directory(context)
        for token in request.sessionTokens {
            guard let session = try await floor.session(workspace: directory.name, token: token),
                session.workspace == directory.workspace, let agent = directory.agent(session.agent)
            else { continue }
            context.notes.workspace = "\(directory.workspace)"
            context.notes.principal = "agent \(agent.id.raw)"
            return Seat(
                directory: directory, agent: agent, session: session, token: token,
                base: Self.base(directory),
                times: Times(zones: [agent.timeZone, directory.timeZone], now: floor.now))
        }
        return nil
    }

    /// Whether the browser was signed in once.
    func hadSession(_ request: Request) -> Bool {
        !request.sessionTokens.isEmpty
    }

    /// Notes that somebody is at the desk; a page is shown although that cannot be stored now.
    func seen(_ seat: Seat) async {
        try? await floor.touch(seat.session, token: seat.token)
    }

    func sessionCookie(_ value: String, _ directory: Directory, _ context: Context, maxAgeS: Int) -> SetCookie
    {
        SetCookie(Self.cookieName, value, for: context, path: "/s/\(directory.name)/", maxAgeS: maxAgeS)
    }
}
