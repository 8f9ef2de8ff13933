// An errand: a customer's matter that persists until closed.

public import Routing
import Store

/// An errand's row.
public struct Errand: Sendable, Hashable {
    /// Legal transitions: open → closed; closed → open (reopened).
    public enum State: Int64, Sendable, Hashable {
        case open = 1
        case closed = 2
    }

    public let id: ErrandID
    public let state: State
    public let area: AreaID
    public let channel: ErrandChannel
    public let workItem: WorkItemID
    public let contact: ContactID
    /// Who has it in hand, or had it last when closed.
    public let agent: AgentID?
    public let priority: Int64
    public let subject: String
    public let fromName: String
    public let fromAddress: String
    public let arrivedAt: Instant
    public let openedAt: Instant?
    public let answeredAt: Instant?
    public let closedAt: Instant?
    public let handlingMs: Int64
    /// Raised with every change; a form that was filled in on an older one is refused.
    public let version: Int64
    /// When the person who wrote it was erased; nothing can be done with the errand since then.
    public let erasedAt: Instant?

    static func row(_ workspace: WorkspaceID, _ id: ErrandID) -> SQL {
        "SELECT * FROM errand WHERE workspace = \(workspace) AND id = \(id)"
    }

    init(_ row: Row) {
        id = ErrandID(row.int("id"))
        guard let state = State(rawValue: row.int("state")),
            let channel = ErrandChannel(rawValue: row.text("channel"))
        else {
            preconditionFailure("errand \(id) has state \(row.int("state")), channel \(row.text("channel"))")
        }
        self.state = state
        self.channel = channel
        area = AreaID(row.int("area"))
        workItem = WorkItemID(row.int("work_item"))
        contact = ContactID(row.int("contact"))
        agent = row.intOrNil("agent").map(AgentID.init)
        priority = row.int("priority")
        subject = row.text("subject")
        fromName = row.text("from_name")
        fromAddress = row.text("from_address")
        arrivedAt = Instant(ms: row.int("arrived_at"))
        openedAt = row.intOrNil("opened_at").map(Instant.init(ms:))
        answeredAt = row.intOrNil("answered_at").map(Instant.init(ms:))
        closedAt = row.intOrNil("closed_at").map(Instant.init(ms:))
        handlingMs = row.int("handling_ms")
        version = row.int("version")
        erasedAt = row.intOrNil("erased_at").map(Instant.init(ms:))
    }
}

extension Directory {
    /// Whether the agent may see work of the area: through a group, or as an administrator.
    public func reaches(_ agent: Agent, _ area: AreaID) -> Bool {
        agent.active && (agent.adminLevel == .administrator || agent.areas.contains(area))
    }
}

extension Work {
    /// The acting agent, who must be active.
    func actingAgent() throws -> Agent {
        guard let id = principal.agent, let agent = directory.agent(id), agent.active else {
            throw Refusal.forbidden("Only an active agent of this workspace can do that.")
        }
        return agent
    }

    /// The errand in the plan's read number `index`, if the principal may reach it.
    func errand(_ index: Int) throws -> Errand {
        let missing = Refusal.notFound("There is no such errand here.")
        guard let row = try rows(index).first else { throw missing }
        let errand = Errand(row)
        switch principal.actor {
        case .agent(let id):
            guard let agent = directory.agent(id), agent.active else { throw missing }
            guard directory.reaches(agent, errand.area) || errand.agent == id else { throw missing }
        case .token(let id):
            guard let token = directory.tokens.first(where: { $0.id == id }), token.reaches(errand) else {
                throw missing
            }
        case .teniosKey: throw missing
        case .system, .operator: break
        }
        guard errand.erasedAt == nil else {
            throw Refusal.conflict("Who wrote this errand was erased; nothing can be done with it any more.")
        }
        return errand
    }
}

extension AccessToken {
    /// Create Errand reaches its own channel and area only. Source: reference cention.md §14.
    func reaches(_ errand: Errand) -> Bool {
        errand.channel == channel && (area == nil || area == errand.area)
    }
}
