// A change to an agent's profile: what of it differs from what is, checked against what is there.

public import Routing
import Store

/// What is to be different about an agent; nil and absent leave it as it is.
public struct ProfileChange: Sendable, Hashable {
    public var presence: Presence?
    /// A not-ready reason's code, which counts with `unavailable` only. Cleared: none.
    public var reason = Given<String>.absent
    public var thresholdProfile: String?
    /// The queue's guard time instead of the agent's own.
    public var usesDefaultGuard: Bool?
    public var guardIsOn: Bool?
    public var guardS: Int64?
    public var usesDefaultUnavailable: Bool?
    public var forcesOnDoNotDisturb: Bool?
    public var forcesOnPersonalCall: Bool?
    public var forcesOnNotReachable: Bool?
    public var forcesOnBounced: Bool?
    public var bouncedNumber: Int64?
    public var callsAsCenter: Bool?
    /// Cleared: none.
    public var outgoing = Given<Outgoing>.absent
    /// Of call centers that the agent is assigned to.
    public var centers: [Center] = []

    public init() {}

    /// A number of a call center, as the wire names it.
    public struct Outgoing: Sendable, Hashable {
        public var serviceUserID: String
        public var name: String

        public init(serviceUserID: String, name: String) {
            self.serviceUserID = serviceUserID
            self.name = name
        }
    }

    public struct Center: Sendable, Hashable {
        public var serviceUserID: String
        public var isJoined: Bool?
        /// 1 best to 20.
        public var level: Int64?

        public init(serviceUserID: String, isJoined: Bool? = nil, level: Int64? = nil) {
            self.serviceUserID = serviceUserID
            self.isJoined = isJoined
            self.level = level
        }
    }
}

public enum ProfileLimits {
    /// Source: reference apio.md §3.1.
    public static let guardS: ClosedRange<Int64> = 1...QueueLimits.guardMaxS
    public static let bounced: ClosedRange<Int64> = 1...QueueLimits.bouncedMax
}

/// Columns that the change sets: none where all is so already.
struct ProfileRows {
    var agent: [SQL] = []
    var members: [(queue: QueueID, columns: [SQL])] = []

    var isEmpty: Bool { agent.isEmpty && members.isEmpty }
}

extension ProfileChange {
    /// - Throws: `Refusal.invalid` for what cannot be.
    func rows(of agent: Agent, in directory: Directory) throws -> ProfileRows {
        var rows = ProfileRows()
        if let name = thresholdProfile, name != agent.profile.thresholdProfile {
            guard directory.users.thresholdProfiles.contains(name) else {
                throw Refusal.invalid("There is no threshold profile of this name.")
            }
            rows.agent.append("threshold_profile = \(name)")
        }
        rows.agent += try guardColumns(of: agent)
        rows.agent += try unavailableColumns(of: agent, directory)
        rows.agent += try outgoingColumns(of: agent, directory)
        rows.members = try memberColumns(of: agent, directory)
        return rows
    }

    private func guardColumns(of agent: Agent) throws -> [SQL] {
        let now = agent.guardTimer
        let uses = usesDefaultGuard ?? now.usesDefault
        let isOn = guardIsOn ?? now.isOn
        let seconds = guardS ?? now.seconds
        guard ProfileLimits.guardS.contains(seconds) else {
            throw Refusal.invalid("The guard timer takes 1 to \(QueueLimits.guardMaxS) seconds.")
        }
        guard (uses, isOn, seconds) != now else { return [] }
        let effective: Int64 = isOn ? seconds * 1_000 : 0
        return [
            uses ? "guard_ms = NULL" : "guard_ms = \(effective)", "own_guard_timer = \(isOn)",
            "own_guard_s = \(seconds)",
        ]
    }

    private func unavailableColumns(of agent: Agent, _ directory: Directory) throws -> [SQL] {
        let own = agent.profile
        let bounced = directory.bouncedLimit(agent)
        let uses = usesDefaultUnavailable ?? agent.usesDefaultUnavailable
        let signals = [
            forcesOnDoNotDisturb ?? own.forcesOnDoNotDisturb,
            forcesOnPersonalCall ?? own.forcesOnPersonalCall,
            forcesOnNotReachable ?? own.forcesOnNotReachable,
        ]
        let forces = forcesOnBounced ?? bounced.forces
        let number = bouncedNumber ?? bounced.number
        guard ProfileLimits.bounced.contains(number) else {
            throw Refusal.invalid("The limit of bounced calls is 1 to \(QueueLimits.bouncedMax).")
        }
        let isAsBefore =
            uses == agent.usesDefaultUnavailable && (forces, number) == bounced
            && signals == [own.forcesOnDoNotDisturb, own.forcesOnPersonalCall, own.forcesOnNotReachable]
        guard !isAsBefore else { return [] }
        let effective: Int64 = forces ? number : 0
        return [
            "default_unavailable = \(uses)", "do_not_disturb_forces = \(signals[0])",
            "personal_call_forces = \(signals[1])", "not_reachable_forces = \(signals[2])",
            uses ? "bounced_after = NULL" : "bounced_after = \(effective)", "own_bounced_forces = \(forces)",
            "own_bounced_number = \(number)",
        ]
    }

    private func outgoingColumns(of agent: Agent, _ directory: Directory) throws -> [SQL] {
        let now = directory.outgoingNumber(of: agent).map {
            AgentProfile.OutgoingNumber(center: $0.center.id, name: $0.dnis.name)
        }
        let chosen: AgentProfile.OutgoingNumber?
        switch outgoing {
        case .absent: chosen = now
        case .cleared: chosen = nil
        case .value(let wanted):
            let found = directory.outgoingNumbers(of: agent).first {
                $0.center.serviceUserID == wanted.serviceUserID && $0.dnis.name == wanted.name
            }
            guard let found else {
                throw Refusal.invalid("There is no such DNIS that the user may show when calling out.")
            }
            chosen = .init(center: found.center.id, name: found.dnis.name)
        }
        let calls = callsAsCenter ?? agent.profile.callsAsCenter
        var isSaid = callsAsCenter != nil
        if case .absent = outgoing {} else { isSaid = true }
        if isSaid, calls, chosen == nil {
            // Source: seed 004, line 90.
            throw Refusal.invalid(
                "Outgoing Call Center is required when make outgoing call as call center is enabled.")
        }
        var columns: [SQL] = []
        if calls != agent.profile.callsAsCenter { columns.append("outgoing_as_center = \(calls)") }
        if isSaid, chosen != agent.profile.outgoing {
            columns += [
                chosen.map { "outgoing_center = \($0.center)" } ?? "outgoing_center = NULL",
                "outgoing_dnis = \(chosen?.name ?? "")",
            ]
        }
        return columns
    }

    private func memberColumns(
        of agent: Agent, _ directory: Directory
    ) throws -> [(queue: QueueID, columns: [SQL])] {
        guard !centers.isEmpty else { return [] }
        var assigned: [String: (center: CallCenter, member: CallCenter.Member)] = [:]
        for (center, member) in directory.callCenters(assignedTo: agent.id) {
            assigned[center.serviceUserID] = (center, member)
        }
        var found: [(queue: QueueID, columns: [SQL])] = []
        for wanted in centers {
            guard let (center, member) = assigned.removeValue(forKey: wanted.serviceUserID) else {
                throw Refusal.invalid(
                    "The user is not assigned to the call center \(wanted.serviceUserID), or it is named twice."
                )
            }
            var columns: [SQL] = []
            if let isJoined = wanted.isJoined, isJoined != member.isJoined {
                guard isJoined || center.logOffAllowed else {
                    throw Refusal.invalid("\(center.serviceUserID) does not allow its agents to log off.")
                }
                columns.append("available = \(isJoined)")
            }
            // What was read may be sent again as it is.
            if let level = wanted.level, level != member.level {
                guard center.usesLevels else {
                    throw Refusal.invalid(
                        "\(center.serviceUserID) has no skill levels: it is not Premium and skill based.")
                }
                guard (1...QueueLimits.levelMax).contains(level) else {
                    throw Refusal.invalid("A skill level is 1 to \(QueueLimits.levelMax).")
                }
                columns.append("level = \(level)")
            }
            if !columns.isEmpty { found.append((center.queue, columns)) }
        }
        return found
    }
}
