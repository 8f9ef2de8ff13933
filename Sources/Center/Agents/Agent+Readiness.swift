// Ready or not ready: all that TENIOS knows of presence. The table of the four views is in docs/vendors/tenios.md.

public import Routing
import Store

/// What an agent is asked to be.
public struct Readiness: Sendable, Hashable {
    public var isReady: Bool
    /// A not-ready reason's code; must be known, and counts only when not ready.
    public var reason: String?

    public init(isReady: Bool, reason: String? = nil) {
        self.isReady = isReady
        self.reason = reason
    }
}

extension Presence {
    /// Wrap-up counts as ready: it ends by itself.
    var isReady: Bool { self == .available || self == .wrapUp }
}

extension Floor {
    /// Whether the agent is ready: what was said last, though it may wait for the end of a call.
    public func isReady(_ agent: Agent, in workspace: WorkspaceID) -> Bool {
        agent.telephony.cloudACDEnabled && presence(of: agent.id, in: workspace).presence.isReady
    }

    /// Makes the agent ready, signed in by it where need be, or not ready, which changes nothing for a signed-out one.
    /// - Throws: `.notFound` for a deleted agent, and for a ready one that takes no calls of the ACD; `.invalid` with
    ///   the pointer `/reason` for a reason that is not known.
    public func setReadiness(_ agent: AgentID, _ readiness: Readiness, by principal: Principal) async throws {
        try await perform(Plan("set readiness", checksFirst: true), by: principal) { work in
            let agent = try work.activeAgent(agent)
            try work.setReadiness(of: agent, takesCalls: agent.telephony.cloudACDEnabled, readiness)
        }
    }
}

extension Work {
    func activeAgent(_ id: AgentID) throws -> Agent {
        guard let agent = directory.agent(id), agent.active else {
            throw Refusal.notFound("There is no such agent.")
        }
        return agent
    }

    /// Checks, then queues the router's input; what is so already queues none.
    /// - Parameter takesCalls: as it will be once the verb is done.
    func setReadiness(of agent: Agent, takesCalls: Bool, _ wanted: Readiness) throws {
        guard takesCalls || !wanted.isReady else {
            throw Refusal.notFound("This agent takes no calls; enable cloud_acd_enabled first.")
        }
        let reason = try wanted.reason.map { code in
            guard let known = directory.reasons.first(where: { $0.code == code }) else {
                throw Refusal.invalid("There is no such not-ready reason.", pointer: "/reason")
            }
            return known.id
        }
        let said =
            agentRecord(agent.id).map(PresenceNow.init) ?? PresenceNow(presence: .signedOut, reason: nil)
        if wanted.isReady {
            guard !said.presence.isReady else { return }
            route(.presence(agent.id, .available, reason: nil))
        } else {
            guard said.presence != .signedOut else { return }
            guard said != PresenceNow(presence: .unavailable, reason: reason) else { return }
            route(.presence(agent.id, .unavailable, reason: reason))
        }
    }
}
