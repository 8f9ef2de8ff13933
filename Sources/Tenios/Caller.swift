// Who asks, and about whom: the access key and the e-mail address of a request.
import Center
import Hummingbird
import Web

/// The bearer of an access key.
struct Caller {
    let principal: Principal
    let directory: Directory
}

extension TeniosRoutes {
    /// The caller whose key is `key`; nil and blank are no key at all.
    func caller(_ key: String?, _ context: Context) throws -> Caller {
        guard let key, !key.allSatisfy(\.isWhitespace) else { throw TeniosError.required("access_key") }
        guard let (principal, directory) = floor.bearer(teniosKey: key) else {
            throw TeniosError.badCredentials
        }
        context.notes.workspace = directory.workspace.description
        if case .teniosKey(let id) = principal.actor { context.notes.principal = "tenios key \(id)" }
        return Caller(principal: principal, directory: directory)
    }
}

extension Caller {
    /// The agent of the caller's workspace with that address.
    func agent(email: String?) throws -> Agent {
        guard let email, !email.allSatisfy(\.isWhitespace) else { throw TeniosError.required("email") }
        guard isEmailAddress(email) else { throw TeniosError.invalidEmail }
        guard let agent = directory.agent(email: email) else { throw TeniosError.agentNotFound() }
        return agent
    }

    /// The same in wrap-up's calls, which know one error for every address that is nobody's. Source: tenios.md §3.
    func agent(wrapUpEmail email: String?) throws -> Agent {
        guard let email, !email.allSatisfy(\.isWhitespace) else { throw TeniosError.required("agent_email") }
        guard isEmailAddress(email), let agent = directory.agent(email: email) else {
            throw TeniosError.agentNotFound(["agent_email"])
        }
        return agent
    }
}
