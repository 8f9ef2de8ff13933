// Who may change a workspace's settings.

import Routing

extension Work {
    /// Refuses all but administrators and who sits at the machine itself.
    func requireAdministrator() throws {
        switch principal.actor {
        case .operator, .system: return
        case .agent(let id):
            if let agent = directory.agent(id), agent.active, agent.adminLevel == .administrator { return }
            throw Refusal.forbidden("Only an administrator of this workspace can do that.")
        case .token, .teniosKey: throw Refusal.forbidden("An access token cannot do that.")
        }
    }
}
