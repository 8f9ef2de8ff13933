// An agent's details as TENIOS changes them, all in one: where calls reach the agent, skills, ready or not.

public import Routing
import Store

/// All of them, as they shall be.
public struct ACDDetails: Sendable, Hashable {
    public struct Skill: Sendable, Hashable {
        public var name: String
        public var has: Bool

        public init(name: String, has: Bool) {
            self.name = name
            self.has = has
        }
    }

    public var cloudACDEnabled: Bool
    public var sipEnabled: Bool
    public var externalNumberEnabled: Bool
    /// In E.164; empty for none.
    public var externalNumber: String
    public var isReady: Bool
    /// Every skill of the workspace, once.
    public var skills: [Skill]

    public init(
        cloudACDEnabled: Bool, sipEnabled: Bool, externalNumberEnabled: Bool, externalNumber: String,
        isReady: Bool, skills: [Skill]
    ) {
        self.cloudACDEnabled = cloudACDEnabled
        self.sipEnabled = sipEnabled
        self.externalNumberEnabled = externalNumberEnabled
        self.externalNumber = externalNumber
        self.isReady = isReady
        self.skills = skills
    }
}

extension Floor {
    /// Sets an agent's details. A skill that the agent has already keeps its level; a new one gets level 1.
    ///
    /// Only what differs is written; what is as it was costs no more than a change of state.
    /// - Throws: as `setReadiness`, and `.invalid` with the pointer `/skills` unless every skill is there once.
    public func setACDDetails(_ agent: AgentID, _ details: ACDDetails, by principal: Principal) async throws {
        let plan = Plan("set agent's state", checksFirst: true)
        let isDone = try await perform(plan, by: principal) { work in
            let known = try work.activeAgent(agent)
            let skills = try details.skills(in: work.directory)
            guard details.areSettings(of: known, skills) else { return false }
            try work.setReadiness(
                of: known, takesCalls: details.cloudACDEnabled, Readiness(isReady: details.isReady))
            return true
        }
        if isDone { return }
        try await perform(Plan("set agent's details", alone: true), by: principal) { work in
            let known = try work.activeAgent(agent)
            try work.setACDDetails(known, details)
        }
    }
}

extension ACDDetails {
    /// The skills that the agent shall have. Ascending.
    fileprivate func skills(in directory: Directory) throws -> [SkillID] {
        var wanted: [String: Bool] = [:]
        for skill in skills { wanted[fold(skill.name)] = skill.has }
        guard skills.count == directory.skills.count, wanted.count == skills.count,
            directory.skills.allSatisfy({ wanted[fold($0.name)] != nil })
        else { throw Refusal.invalid("Name every skill of the workspace once.", pointer: "/skills") }
        return directory.skills.filter { wanted[fold($0.name)] == true }.map(\.id)
    }

    /// Whether the agent's settings are these already, presence apart.
    fileprivate func areSettings(of agent: Agent, _ skills: [SkillID]) -> Bool {
        let now = agent.telephony
        return now.cloudACDEnabled == cloudACDEnabled && now.sipEnabled == sipEnabled
            && now.externalNumberEnabled == externalNumberEnabled && now.externalNumber == externalNumber
            && agent.skills.map(\.skill) == skills
    }
}

extension Work {
    fileprivate func setACDDetails(_ agent: Agent, _ details: ACDDetails) throws {
        let skills = try details.skills(in: directory)
        let readiness = Readiness(isReady: details.isReady)
        // Its refusals come before the first write; its input after those of the settings.
        try setReadiness(of: agent, takesCalls: details.cloudACDEnabled, readiness)
        clearInputs()
        try set(
            "agent", agent.id.raw,
            [
                "cloud_acd_enabled = \(details.cloudACDEnabled)", "sip_enabled = \(details.sipEnabled)",
                "external_number_enabled = \(details.externalNumberEnabled)",
                "external_number = \(details.externalNumber)",
            ])
        let before = Set(agent.skills.map(\.skill))
        for skill in before.subtracting(skills).sorted() {
            try execute(
                """
                DELETE FROM agent_skill
                WHERE workspace = \(workspace) AND agent = \(agent.id) AND skill = \(skill)
                """)
        }
        for skill in skills where !before.contains(skill) {
            try execute(
                """
                INSERT INTO agent_skill (workspace, agent, skill, level)
                VALUES (\(workspace), \(agent.id), \(skill), \(1))
                """)
        }
        try tell(.agentChanged, .agent, agent.id.raw, ["agent": .number(agent.id.raw)])
        try reconfigure(agent: agent.id)
        try setReadiness(of: agent, takesCalls: details.cloudACDEnabled, readiness)
    }
}
