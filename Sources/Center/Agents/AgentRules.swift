// What an agent was told of routing: limits, forced unavailability, guard and wrap-up time, interruptions.

public import Routing
import Store

/// An agent's own rules; queues, skills and capacity apart.
public struct AgentRules: Sendable, Hashable {
    /// Without queues, skills, capacity and the limit of bounced calls.
    public let settings: AgentSettings
    /// Calls in a row that came back, after which the agent is made unavailable, 0 for never; nil: as the
    /// agent's call centers have it.
    public let bouncedAfter: Int64?
}

extension AgentRules {
    init(_ row: Row) {
        var settings = AgentSettings()
        settings.unansweredLimit = row.int("unanswered_limit")
        settings.busyLimit = row.int("busy_limit")
        settings.errorLimit = row.int("error_limit")
        settings.bouncedReason = row.intOrNil("bounced_reason").map(ReasonID.init)
        if row.intOrNil("default_unavailable") != 1 {
            settings.forcing.doNotDisturb = Self.forced(row, "do_not_disturb")
            settings.forcing.personalCall = Self.forced(row, "personal_call")
            settings.forcing.notReachable = Self.forced(row, "not_reachable")
        }
        settings.guardMs = row.intOrNil("guard_ms")
        settings.wrapUpMs = row.int("wrap_up_ms")
        settings.interrupts = Interrupts(rawValue: row.int("interrupts"))
        self.settings = settings
        bouncedAfter = row.intOrNil("bounced_after")
    }

    private static func forced(_ row: Row, _ signal: String) -> ForcedUnavailable {
        row.bool("\(signal)_forces") ? .yes(row.intOrNil("\(signal)_reason").map(ReasonID.init)) : .no
    }
}
