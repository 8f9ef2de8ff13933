// An agent's settings as a telephony system shows them to the agent: where the agent belongs, and what the agent
// says instead of the defaults.

import Routing
import Store

/// What is in force of it is in `AgentRules`; here is also what the agent would have without the defaults.
public struct AgentProfile: Sendable, Hashable {
    /// Of thresholds by which supervisors are warned; there in every workspace.
    public static let defaultThresholdProfile = "Default Agent Threshold Profile"

    /// Empty for none.
    public let group: String
    /// A department of the group; empty for none.
    public let department: String
    public let thresholdProfile: String
    /// The agent's own guard time while it is not in force.
    let ownGuardIsOn: Bool
    let ownGuardS: Int64
    /// nil: the defaults are in force unless the agent has settings of their own.
    let usesDefaultUnavailable: Bool?
    /// The agent's own, in force or not.
    public let forcesOnDoNotDisturb: Bool
    public let forcesOnPersonalCall: Bool
    public let forcesOnNotReachable: Bool
    /// The agent's own limit of bounced calls while it is not in force.
    let ownBouncedForces: Bool
    let ownBouncedNumber: Int64
    /// Whether the agent calls out as a call center, with `outgoing`.
    public let callsAsCenter: Bool
    /// May name what is there no more.
    public let outgoing: OutgoingNumber?

    /// A number of a call center that an agent shows when calling out.
    public struct OutgoingNumber: Sendable, Hashable {
        public let center: CallCenterID
        public let name: String

        public init(center: CallCenterID, name: String) {
            self.center = center
            self.name = name
        }
    }
}

extension AgentProfile {
    init(_ row: Row) {
        group = row.text("user_group")
        department = row.text("department")
        let threshold = row.text("threshold_profile")
        thresholdProfile = threshold.isEmpty ? Self.defaultThresholdProfile : threshold
        ownGuardIsOn = row.bool("own_guard_timer")
        ownGuardS = row.int("own_guard_s")
        usesDefaultUnavailable = row.intOrNil("default_unavailable").map { $0 == 1 }
        forcesOnDoNotDisturb = row.bool("do_not_disturb_forces")
        forcesOnPersonalCall = row.bool("personal_call_forces")
        forcesOnNotReachable = row.bool("not_reachable_forces")
        ownBouncedForces = row.bool("own_bounced_forces")
        ownBouncedNumber = row.int("own_bounced_number")
        callsAsCenter = row.bool("outgoing_as_center")
        outgoing = row.intOrNil("outgoing_center").map {
            OutgoingNumber(center: CallCenterID($0), name: row.text("outgoing_dnis"))
        }
    }
}

extension Agent {
    public var guardTimer: (usesDefault: Bool, isOn: Bool, seconds: Int64) {
        guard let guardMs = rules.settings.guardMs else {
            return (true, profile.ownGuardIsOn, profile.ownGuardS)
        }
        return (false, guardMs > 0, guardMs > 0 ? guardMs / 1_000 : profile.ownGuardS)
    }

    /// Whether what makes others unavailable makes this agent unavailable, and nothing else does.
    public var usesDefaultUnavailable: Bool {
        profile.usesDefaultUnavailable
            ?? (rules.bouncedAfter == nil && !profile.forcesOnDoNotDisturb && !profile.forcesOnPersonalCall
                && !profile.forcesOnNotReachable)
    }

    /// The agent's first name, empty where only the whole name is known.
    public var firstName: String { telephony.firstName }

    /// The agent's last name, or the whole name.
    public var lastName: String {
        telephony.firstName.isEmpty && telephony.lastName.isEmpty ? userName : telephony.lastName
    }
}

extension Directory {
    /// Calls that come back before the agent becomes unavailable, as the agent's own settings say.
    public func bouncedLimit(_ agent: Agent) -> (forces: Bool, number: Int64) {
        let own = (agent.profile.ownBouncedForces, agent.profile.ownBouncedNumber)
        guard !agent.usesDefaultUnavailable else { return own }
        let limit = routerSettings(agent).bouncedLimit
        return (limit > 0, limit > 0 ? limit : own.1)
    }
}
