// A workspace's settings as they stand: read once, replaced whole after each change, shared by all readers.

public import Routing
import Synchronization

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
    public let rules: AgentRules
    public let telephony: AgentTelephony
    public let profile: AgentProfile
    /// Through the agent's groups. Ascending.
    public internal(set) var areas: [AreaID] = []

    public var hasPassword: Bool { password != nil }
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
    /// The share of the promised response time after which an errand is about to expire, in thousandths.
    public let slaWarningPermille: Int64
    /// What customers are asked with each answer; nil: nothing.
    public let satisfaction: SatisfactionQuestion?
    public internal(set) var settings: QueueSettings
    public let treatments: [QueueTreatment]
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
    /// Those that are deleted included. Empty: every area.
    public internal(set) var areas: Set<AreaID> = []

    public var hasSecret: Bool { secretSealed != nil }
}

public final class Directory: Sendable {
    private static let versions = Atomic<Int64>(0)

    /// Tells this picture from every other of this process.
    let version = versions.add(1, ordering: .relaxed).newValue
    public let workspace: WorkspaceID
    public let name: String
    public let organisation: String
    public let timeZone: String
    public let integrations: [String]
    public let callbackNetworks: [String]
    /// Origins of pages that may embed the desk, as browsers write them.
    public let embedOrigins: [String]
    public let facebookPages: [FacebookPage]
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
    /// Without deleted ones. Ascending by id.
    public let callCenters: [CallCenter]
    public let queueOrder: QueueOrder
    public let calendars: [ServiceCalendar]
    /// Groups, departments and threshold profiles, and who is who for telephony systems.
    public let users: UserDirectory
    public let teniosKeys: [TeniosKey]
    /// Whether TENIOS's retrieve may be a GET, with its key in the query.
    public let teniosGetRetrieve: Bool
    /// The T of each queue's service level.
    let serviceLevelMs: [QueueID: Int64]

    private let agentByID: [AgentID: Int]
    private let agentByLogin: [String: Int]
    /// Of active agents, by the folded address.
    private let agentByEmail: [String: Int]
    private let areaByID: [AreaID: Int]
    private let areaByQueue: [QueueID: Int]
    private let callbackByID: [CallbackID: Int]
    private let reasonByID: [ReasonID: Int]
    private let callCenterByQueue: [QueueID: Int]
    private let callCentersOfAgent: [AgentID: [Int]]

    init(
        workspace: WorkspaceID, name: String, organisation: String, timeZone: String, integrations: [String],
        callbackNetworks: [String], agents: [Agent], groups: [AgentGroup], areas: [Area], skills: [Skill],
        tags: [ErrandTag], reasons: [NotReadyReason], tokens: [AccessToken], callbacks: [CallbackSettings],
        formerAreas: [AreaID: FormerArea] = [:], callCenters: [CallCenter] = [],
        queueOrder: QueueOrder = .oldest, calendars: [ServiceCalendar] = [],
        serviceLevelMs: [QueueID: Int64] = [:], teniosKeys: [TeniosKey] = [], teniosGetRetrieve: Bool = false,
        embedOrigins: [String] = [], facebookPages: [FacebookPage] = [],
        users rows: UserDirectory.Rows = .init()
    ) {
        users = UserDirectory(rows, workspace: name, agents: agents, callCenters: callCenters)
        self.teniosKeys = teniosKeys
        self.teniosGetRetrieve = teniosGetRetrieve
        self.serviceLevelMs = serviceLevelMs
        self.callCenters = callCenters
        self.queueOrder = queueOrder
        self.calendars = calendars
        callCenterByQueue = Dictionary(
            uniqueKeysWithValues: zip(callCenters.map(\.queue), callCenters.indices))
        var joined: [AgentID: [Int]] = [:]
        for (index, center) in callCenters.enumerated() {
            for member in center.agents where member.isJoined {
                joined[member.agent, default: []].append(index)
            }
        }
        callCentersOfAgent = joined
        self.formerAreas = formerAreas
        self.workspace = workspace
        self.name = name
        self.organisation = organisation
        self.timeZone = timeZone
        self.integrations = integrations
        self.callbackNetworks = callbackNetworks
        self.embedOrigins = embedOrigins
        self.facebookPages = facebookPages
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
        var addressed: [String: Int] = [:]
        for (index, agent) in agents.enumerated() where agent.active && !agent.emailAddress.isEmpty {
            addressed[fold(agent.emailAddress)] = index
        }
        agentByEmail = addressed
        areaByID = Dictionary(uniqueKeysWithValues: zip(areas.map(\.id), areas.indices))
        areaByQueue = Dictionary(uniqueKeysWithValues: zip(areas.map(\.queue), areas.indices))
        callbackByID = Dictionary(uniqueKeysWithValues: zip(callbacks.map(\.id), callbacks.indices))
        reasonByID = Dictionary(uniqueKeysWithValues: zip(reasons.map(\.id), reasons.indices))
    }

    /// Another picture in which this agent is the only difference. What it is looked up by must be the same.
    init(_ other: Directory, with agent: Agent) {
        guard let place = other.agentByID[agent.id], case let old = other.agents[place],
            old.loginName == agent.loginName, old.emailAddress == agent.emailAddress,
            old.active == agent.active, old.telephony.userID == agent.telephony.userID
        else { preconditionFailure("agent \(agent.id.raw) is looked up by something else now") }
        var agents = other.agents
        agents[place] = agent
        self.agents = agents
        workspace = other.workspace
        name = other.name
        organisation = other.organisation
        timeZone = other.timeZone
        integrations = other.integrations
        callbackNetworks = other.callbackNetworks
        embedOrigins = other.embedOrigins
        facebookPages = other.facebookPages
        groups = other.groups
        areas = other.areas
        formerAreas = other.formerAreas
        skills = other.skills
        tags = other.tags
        reasons = other.reasons
        tokens = other.tokens
        callbacks = other.callbacks
        callCenters = other.callCenters
        queueOrder = other.queueOrder
        calendars = other.calendars
        users = other.users
        teniosKeys = other.teniosKeys
        teniosGetRetrieve = other.teniosGetRetrieve
        serviceLevelMs = other.serviceLevelMs
        agentByID = other.agentByID
        agentByLogin = other.agentByLogin
        agentByEmail = other.agentByEmail
        areaByID = other.areaByID
        areaByQueue = other.areaByQueue
        callbackByID = other.callbackByID
        reasonByID = other.reasonByID
        callCenterByQueue = other.callCenterByQueue
        callCentersOfAgent = other.callCentersOfAgent
    }

    public func agent(_ id: AgentID) -> Agent? { agentByID[id].map { agents[$0] } }
    /// Where the agent stands in `agents`: to look at many without copying each.
    public func place(of id: AgentID) -> Int? { agentByID[id] }
    /// Without a copy of all that is known of the agent.
    public func userName(of id: AgentID) -> String? { agentByID[id].map { agents[$0].userName } }
    public func agent(login: String) -> Agent? { agentByLogin[login].map { agents[$0] } }
    /// The active agent with this address, compared without case.
    public func agent(email: String) -> Agent? { agentByEmail[fold(email)].map { agents[$0] } }
    public func area(_ id: AreaID) -> Area? { areaByID[id].map { areas[$0] } }
    /// Where the area stands in `areas`: to look at one without copying it.
    public func place(of id: AreaID) -> Int? { areaByID[id] }
    public func area(of queue: QueueID) -> Area? { areaByQueue[queue].map { areas[$0] } }
    /// The area's name, also of a deleted one.
    public func areaName(_ id: AreaID) -> String? {
        place(of: id).map { areas[$0].name } ?? formerAreas[id]?.name
    }

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

    public func callCenter(of queue: QueueID) -> CallCenter? {
        callCenterByQueue[queue].map { callCenters[$0] }
    }
    public func callCenter(_ id: CallCenterID) -> CallCenter? { callCenters.first { $0.id == id } }
    public func callCenter(serviceUserID: String) -> CallCenter? {
        users.callCenter(serviceUserID).map { callCenters[$0] }
    }

    /// The call centers whose calls the agent takes now.
    public func callCenters(joinedBy agent: AgentID) -> [CallCenter] {
        (callCentersOfAgent[agent] ?? []).map { callCenters[$0] }
    }

    /// Every queue that is there: the areas', then the call centers'.
    public var queues: [(id: QueueID, settings: QueueSettings)] {
        areas.map { ($0.queue, $0.settings) } + callCenters.map { ($0.queue, $0.settings) }
    }

    public func settings(of queue: QueueID) -> QueueSettings? {
        area(of: queue)?.settings ?? callCenter(of: queue)?.settings
    }

    /// What the queue does with work that it does not take, forced forwarding that is off included.
    public func treatments(of queue: QueueID) -> [QueueTreatment] {
        area(of: queue)?.treatments ?? callCenter(of: queue)?.treatments ?? []
    }

    /// The queues that send work on to this one, or would.
    func sources(of queue: QueueID) -> [QueueID] {
        queues.map(\.id).filter { treatments(of: $0).contains { $0.action.target == queue } }
    }

    /// The name of the queue's area or call center.
    public func queueName(_ queue: QueueID) -> String {
        area(of: queue)?.name ?? callCenter(of: queue)?.name ?? "queue \(queue.raw)"
    }

    /// The agent as the router needs one.
    func routerSettings(_ agent: Agent) -> AgentSettings {
        var settings = agent.rules.settings
        let takesCalls = agent.telephony.cloudACDEnabled
        let centers = takesCalls ? callCenters(joinedBy: agent.id) : []
        if agent.active, agent.adminLevel != .observer {
            settings.queues = (agent.areas.compactMap { area($0)?.queue } + centers.map(\.queue)).sorted()
        }
        settings.bouncedLimit = agent.rules.bouncedAfter ?? centers.compactMap(\.bouncedAfter).min() ?? 0
        settings.skills = agent.skills
        settings.capacity = agent.capacity
        // Also an area may have calls.
        if !takesCalls { settings.capacity.call = 0 }
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
