// Who asks, and for which user, group or call center: in the order 401, 403, 404.
import Center
import Hummingbird
import Web

/// A session and what its path names.
struct Caller {
    static let cookieName = "sessionid"

    let session: ApiSession
    let token: String
    let directory: Directory
    /// Who signed in.
    let agent: Agent

    var principal: Principal {
        Principal(workspace: session.workspace, actor: .agent(session.agent), via: .apio)
    }

    /// Source: apio.md §1, §7: 0 end user, 8 group administrator, 12 tenant administrator.
    var level: Int64 {
        switch agent.adminLevel {
        case .administrator: 12
        case .group_administrator: 8
        case .agent, .observer: 0
        }
    }

    private static let foreign = Refusal.forbidden("Your level does not reach this resource.")
    private static let noUser = Refusal.notFound("There is no such user in this group.")

    /// The group of the path, which must be the caller's to administer.
    func group(_ context: Context) throws -> String {
        guard context.segment("tenant") == directory.name, level > 0, let group = context.segment("group")
        else { throw Self.foreign }
        guard directory.mayManage(agent, group: group) else { throw Self.foreign }
        guard directory.users.hasGroup(group) else { throw Refusal.notFound("There is no such group.") }
        return group
    }

    /// The user of the path, who must be the caller's to manage.
    func user(_ context: Context) throws -> Agent {
        guard context.segment("tenant") == directory.name, let group = context.segment("group"),
            let userID = context.segment("user")
        else { throw Self.foreign }
        // Its own user is what most ask for, and looked up already.
        let found = userID == directory.userID(agent) ? agent : directory.agent(userID: userID)
        guard found?.id == agent.id || directory.mayManage(agent, group: group) else { throw Self.foreign }
        guard let found, directory.group(of: found) == group else { throw Self.noUser }
        return found
    }

    /// The call center of the path, in any group of the tenant.
    func callCenter(_ context: Context) throws -> CallCenter {
        guard let id = context.segment("center"), let center = directory.callCenter(serviceUserID: id) else {
            throw Refusal.notFound("There is no such call center.")
        }
        return center
    }

    /// The call center of the path, in the path's group.
    func callCenter(inGroup group: String, _ context: Context) throws -> CallCenter {
        let center = try callCenter(context)
        guard directory.group(of: center) == group else {
            throw Refusal.notFound("There is no such call center in this group.")
        }
        return center
    }
}

extension ApioRoutes {
    /// The caller, by the `sessionid` cookie or, for scripts, the same token as a bearer's.
    func caller(_ request: Request, _ context: Context) async throws -> Caller {
        guard let token = Self.token(request.headers), !token.isEmpty,
            let (session, agent, directory) = try await floor.apiSession(token: token)
        else {
            throw Refusal.unauthenticated(
                "Sign in at /api/v1/login/ and send the cookie sessionid with every request.")
        }
        context.notes.workspace = "\(session.workspace)"
        context.notes.principal = "agent \(agent.id.raw)"
        return Caller(session: session, token: token, directory: directory, agent: agent)
    }

    /// The workspace as it is after a change.
    func fresh(_ caller: Caller) throws -> Directory {
        guard let directory = floor.roster.workspace(caller.session.workspace) else {
            throw Refusal.notFound("The tenant is gone.")
        }
        return directory
    }

    private static func token(_ headers: HTTPFields) -> String? {
        if headers[.authorization] != nil { return headers.bearerToken }
        return RequestCookies(headers)[Caller.cookieName]
    }
}
