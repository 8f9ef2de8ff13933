// A workspace's settings as they stand: read once, replaced whole after each change, shared by all readers.

public import Routing

public struct Skill: Sendable, Hashable {
    public let id: SkillID
    public let name: String
}

public struct ErrandTag: Sendable, Hashable {
    public let id: Int64
    public let name: String
}

public struct NotReadyReason: Sendable, Hashable {
    public let id: ReasonID
    public let code: String
    public let text: String
    public let isDefault: Bool
}

public struct Agent: Sendable, Hashable {
    public let id: AgentID
    public let loginName: String
    public let userName: String
    public let emailAddress: String
    /// scrypt in PHC form; nil while none is set.
    let password: String?
    public let adminLevel: AdminLevel
    public let language: String
    public let timeZone: String
    public let active: Bool
    public let capacity: Capacity
    public let skills: [AgentSkill]
    /// Through the agent's groups. Ascending.
    public internal(set) var areas: [AreaID] = []
}

public struct AgentGroup: Sendable, Hashable {
    public let id: GroupID
    public let name: String
    public internal(set) var agents: [AgentID] = []
    public internal(set) var areas: [AreaID] = []
}

public struct Area: Sendable, Hashable {
    public let id: AreaID
    public let name: String
    public let externalID: String
    public let queue: QueueID
    public let calendar: CalendarID?
    public let slaResponseS: Int64?
    public let slaDoneS: Int64?
    public internal(set) var settings: QueueSettings
}

/// An area that was deleted: closed errands are still of it.
public struct FormerArea: Sendable, Hashable {
    public let name: String
    let queue: QueueID
    /// Took over its work; may be a former area itself.
    public let successor: AreaID?
}

/// What an access token lets its bearer do. The raw value is what files and rows hold.
public enum Claim: String, Sendable, Hashable, CaseIterable {
    case createErrand = "create_errand"
    case errandData = "errand_data"
    case contacts, library, export, logio, attachments, acd
}

public struct AccessToken: Sendable, Hashable {
    public let id: TokenID
    public let workspace: WorkspaceID
    public let name: String
    /// Lower-case hex SHA-256 of the token.
    let digest: String
    public let claims: Set<Claim>
    public let channel: ErrandChannel?
    public let area: AreaID?
    public let account: String?
    /// Unix seconds; 0 never.
    public let expiresAt: Int64
    public let revoked: Bool
}

public struct CallbackSettings: Sendable, Hashable {
    public let id: CallbackID
    public let name: String
    public let endpoint: String
    let secretSealed: [UInt8]?
    public let event: String
    public internal(set) var areas: Set<AreaID> = []
}

public final class Directory: Sendable {
    public let workspace: WorkspaceID
    public let name: String
    public let organisation: String
    public let timeZone: String
    public let integrations: [String]
    public let callbackNetworks: [String]
    /// Ascending by id.
    public let agents: [Agent]
    public let groups: [AgentGroup]
    /// Without deleted ones.
    public let areas: [Area]
    public let formerAreas: [AreaID: FormerArea]
    public let skills: [Skill]
    public let tags: [ErrandTag]
    public let reasons: [NotReadyReason]
    public let tokens: [AccessToken]
    public let callbacks: [CallbackSettings]
    /// The T of each queue's service level.
    let serviceLevelMs: [QueueID: Int64]

    private let agentByID: [AgentID: Int]
    private let agentByLogin: [String: Int]
    private let areaByID: [AreaID: Int]
    private let areaByQueue: [QueueID: Int]
    private let callbackByID: [CallbackID: Int]
    private let reasonByID: [ReasonID: Int]

    init(
        workspace: WorkspaceID, name: String, organisation: String, timeZone: String, integrations: [String],
        callbackNetworks: [String], agents: [Agent], groups: [AgentGroup], areas: [Area], skills: [Skill],
        tags: [ErrandTag], reasons: [NotReadyReason], tokens: [AccessToken], callbacks: [CallbackSettings],
        formerAreas: [AreaID: FormerArea] = [:], serviceLevelMs: [QueueID: Int64] = [:]
    ) {
        self.serviceLevelMs = serviceLevelMs
        self.formerAreas = formerAreas
        self.workspace = workspace
        self.name = name
        self.organisation = organisation
        self.timeZone = timeZone
        self.integrations = integrations
        self.callbackNetworks = callbackNetworks
        self.agents = agents
        self.groups = groups
        self.areas = areas
        self.skills = skills
        self.tags = tags
        self.reasons = reasons
        self.tokens = tokens
        self.callbacks = callbacks
        agentByID = Dictionary(uniqueKeysWithValues: zip(agents.map(\.id), agents.indices))
        agentByLogin = Dictionary(uniqueKeysWithValues: zip(agents.map(\.loginName), agents.indices))
        areaByID = Dictionary(uniqueKeysWithValues: zip(areas.map(\.id), areas.indices))
        areaByQueue = Dictionary(uniqueKeysWithValues: zip(areas.map(\.queue), areas.indices))
        callbackByID = Dictionary(uniqueKeysWithValues: zip(callbacks.map(\.id), callbacks.indices))
        reasonByID = Dictionary(uniqueKeysWithValues: zip(reasons.map(\.id), reasons.indices))
    }

    public func agent(_ id: AgentID) -> Agent? { agentByID[id].map { agents[$0] } }
    public func agent(login: String) -> Agent? { agentByLogin[login].map { agents[$0] } }
    public func area(_ id: AreaID) -> Area? { areaByID[id].map { areas[$0] } }
    public func area(of queue: QueueID) -> Area? { areaByQueue[queue].map { areas[$0] } }
    /// The area's name, also of a deleted one.
    public func areaName(_ id: AreaID) -> String? { area(id)?.name ?? formerAreas[id]?.name }

    /// The area, or what took over its work since; nil when nothing did. Where an errand of then goes on.
    public func living(_ id: AreaID) -> Area? {
        var id = id
        // A successor was alive when it took over, so the chain has no circle.
        for _ in 0...formerAreas.count {
            if let area = area(id) { return area }
            guard let next = formerAreas[id]?.successor else { return nil }
            id = next
        }
        return nil
    }

    public func callback(_ id: CallbackID) -> CallbackSettings? { callbackByID[id].map { callbacks[$0] } }
    public func reason(_ id: ReasonID) -> NotReadyReason? { reasonByID[id].map { reasons[$0] } }

    /// The agent as the router needs one.
    func routerSettings(_ agent: Agent) -> AgentSettings {
        var settings = AgentSettings()
        if agent.active, agent.adminLevel != .observer {
            settings.queues = agent.areas.compactMap { area($0)?.queue }.sorted()
        }
        settings.skills = agent.skills
        settings.capacity = agent.capacity
        return settings
    }
}

extension Directory {
    /// Of a workspace that is being made: it has no name yet, so nobody finds it.
    static func empty(_ workspace: WorkspaceID) -> Directory {
        Directory(
            workspace: workspace, name: "", organisation: "", timeZone: "UTC", integrations: [],
            callbackNetworks: [], agents: [], groups: [], areas: [], skills: [], tags: [], reasons: [],
            tokens: [], callbacks: [])
    }
}
