// Who acts, and through which door.

public import Routing

/// The door a change came through. The raw value is what the journal holds.
public enum Via: String, Sendable, Hashable {
    case desk, cention, tenios, apio, api, provision, system
}

/// Who acts. Verbs check their rights at the door to each object.
public struct Principal: Sendable, Hashable {
    public enum Actor: Sendable, Hashable {
        case agent(AgentID)
        case token(TokenID)
        case teniosKey(TeniosKeyID)
        /// Timers, the router, the deliverer.
        case system
        /// A person at the machine itself.
        case `operator`
    }

    public var workspace: WorkspaceID
    public var actor: Actor
    public var via: Via

    public init(workspace: WorkspaceID, actor: Actor, via: Via) {
        self.workspace = workspace
        self.actor = actor
        self.via = via
    }

    public static func system(_ workspace: WorkspaceID) -> Principal {
        Principal(workspace: workspace, actor: .system, via: .system)
    }

    public var agent: AgentID? {
        if case .agent(let id) = actor { id } else { nil }
    }

    /// As the journal and the history hold it: a kind and an id.
    var stored: (kind: String, id: Int64?) {
        switch actor {
        case .agent(let id): ("agent", id.raw)
        case .token(let id): ("token", id.raw)
        case .teniosKey(let id): ("tenios_key", id.raw)
        case .system: ("system", nil)
        case .operator: ("operator", nil)
        }
    }
}

/// What an agent may do beyond working. The raw value is what rows and files hold.
public enum AdminLevel: String, Sendable, Hashable, CaseIterable, Codable {
    case agent, observer, group_administrator, administrator
}
