// Wrap-up that an agent's systems make longer, or end.

public import Routing

extension Floor {
    /// How far ahead a wrap-up may be made to end; who is away for longer is not in wrap-up.
    public static let wrapUpAheadMaxMs: Int64 = 24 * 3_600_000

    /// Lets the agent's wrap-up end at `until`, later or earlier than it would.
    /// - Throws: `.notFound` for a deleted agent, `.conflict` for one who is not in wrap-up, `.invalid` for an instant
    ///   that is past or further ahead than `wrapUpAheadMaxMs`.
    public func extendWrapUp(_ agent: AgentID, until: Instant, by principal: Principal) async throws {
        try await perform(Plan("extend wrap-up", checksFirst: true), by: principal) { work in
            try work.requireWrapUp(agent)
            guard until > work.now, until - work.now <= Self.wrapUpAheadMaxMs else {
                throw Refusal.invalid("A wrap-up ends within 24 hours from now.", pointer: "/until")
            }
            work.route(.extendWrapUp(agent, until: until))
        }
    }

    /// Ends the agent's wrap-up now.
    /// - Throws: `.notFound` for a deleted agent, `.conflict` for one who is not in wrap-up.
    public func cancelWrapUp(_ agent: AgentID, by principal: Principal) async throws {
        try await perform(Plan("cancel wrap-up", checksFirst: true), by: principal) { work in
            try work.requireWrapUp(agent)
            work.route(.endWrapUp(agent))
        }
    }
}

extension Work {
    /// Wrap-up after work, or asked for.
    fileprivate func requireWrapUp(_ id: AgentID) throws {
        _ = try activeAgent(id)
        guard let record = agentRecord(id), record.wrapUpUntil != nil || record.presence == .wrapUp else {
            throw Refusal.conflict("This agent is not in wrap-up.")
        }
    }
}
