// An agent as the router has it, in figures and enumerations only, and what other systems set of it.

public import Routing

public struct AgentNow: Sendable, Hashable, Codable {
    public struct Offer: Sendable, Hashable, Codable {
        public let name: OfferName
        public let deadlineMs: Int64
    }

    public let id: Int64
    /// The raw values of `Presence`, of a not-ready reason's id and of `RoutingStatus`.
    public let presence: Int64
    public let reason: Int64?
    public let presenceSinceMs: Int64
    public let status: Int64
    /// Asked for during a call, not so yet.
    public let pendingPresence: Int64?
    public let pendingReason: Int64?
    public let wrapUpUntilMs: Int64?
    public let guardUntilMs: Int64?
    /// The bits of `Signal`.
    public let signals: Int64
    public let offer: Offer?
    /// Work items in hand and in wrap-up. Ascending.
    public let inHand: [Int64]
    /// Changes with what can be set: presence, signals and the wrap-up.
    public let tag: String

    init?(_ id: AgentID, _ router: Router) {
        guard let record = router.agent(id) else { return nil }
        self.id = id.raw
        presence = record.presence.rawValue
        reason = record.reason?.raw
        presenceSinceMs = record.presenceSince.ms
        status = (router.routingStatus(of: id) ?? .free).rawValue
        pendingPresence = record.pending?.presence.rawValue
        pendingReason = record.pending?.reason?.raw
        wrapUpUntilMs = (record.wrapUpUntil ?? record.presenceUntil)?.ms
        guardUntilMs = record.guardUntil?.ms
        signals = record.signals.rawValue
        var deadline: Instant?
        let offered = router.offer(to: id)
        switch offered?.state {
        case .offered(_, _, let until), .offeredToGroup(_, _, let until): deadline = until
        default: break
        }
        if let offered, let deadline {
            let name = OfferName(item: offered.id, epoch: offered.epoch, agent: id)
            offer = Offer(name: name, deadlineMs: deadline.ms)
        } else {
            offer = nil
        }
        inHand = router.inHand(of: id).map(\.raw)
        tag = Self.tag(of: record)
    }

    static func tag(of record: AgentRecord) -> String {
        let pending = record.pending.map { "\($0.presence.rawValue).\($0.reason?.raw ?? 0)" } ?? "0"
        return
            "\(record.presence.rawValue)-\(record.reason?.raw ?? 0)-\(record.presenceSince.ms)-\(pending)"
            + "-\(record.signals.rawValue)-\(record.wrapUpUntil?.ms ?? 0)-\(record.presenceUntil?.ms ?? 0)"
    }
}

extension Floor {
    /// Agents as they are now; those who are deleted are left out.
    public func agentsNow(_ agents: [AgentID], in workspace: WorkspaceID) async throws -> [AgentNow] {
        try await perform(Plan("look at agents", checksFirst: true), by: .system(workspace)) { work in
            agents.compactMap { AgentNow($0, work.office.router) }
        }
    }

    /// Sets what an agent says, for another system.
    /// - Parameter tag: of the agent as the client saw it; nil for any.
    /// - Throws: `Precondition.tagDiffers`.
    public func setPresence(
        _ agent: AgentID, _ presence: Presence, reason: String?, tag: String?, by principal: Principal
    ) async throws -> AgentNow {
        try await perform(Plan("set presence", checksFirst: true), by: principal) { work in
            try work.requireDirecting()
            try work.requireTag(agent, tag)
            try work.routePresence(agent, presence, reason)
            return try work.settled(agent)
        }
    }

    /// Ends the agent's wrap-up before its time, for another system.
    /// - Throws: `Refusal.conflict` for an agent who is in none.
    public func endWrapUp(
        of agent: AgentID, tag: String? = nil, once: KeptRequest? = nil, by principal: Principal
    ) async throws -> AgentNow {
        try await perform(Plan("end wrap-up", checksFirst: true), once: once, by: principal) { work in
            try work.requireDirecting()
            try work.requireTag(agent, tag)
            guard let record = work.agentRecord(agent),
                record.wrapUpUntil != nil || record.presence == .wrapUp
            else { throw Refusal.conflict("This agent is in no wrap-up.") }
            work.route(.endWrapUp(agent))
            return try work.settled(agent)
        }
    }

    /// What the agent's telephone tells. A signal that is so already changes nothing.
    public func signal(
        _ agent: AgentID, _ signal: Signal, on isOn: Bool, tag: String? = nil, once: KeptRequest? = nil,
        by principal: Principal
    ) async throws -> AgentNow {
        try await perform(Plan("signal", checksFirst: true), once: once, by: principal) { work in
            try work.requireDirecting()
            try work.requireTag(agent, tag)
            if work.agentRecord(agent)?.signals.contains(Signals(signal)) != isOn {
                try work.tell(
                    .signalChanged, .agent, agent.raw,
                    [
                        "agent": .number(agent.raw), "signal": .number(signal.rawValue),
                        "on": .number(isOn ? 1 : 0),
                    ])
                work.route(.signal(agent, signal, on: isOn))
            }
            return try work.settled(agent)
        }
    }
}

extension Work {
    /// Queues what the agent says; nothing where it is so already.
    func routePresence(_ agent: AgentID, _ presence: Presence, _ reason: String?) throws {
        guard directory.agent(agent)?.active == true else {
            throw Refusal.notFound("There is no such agent.")
        }
        var id: ReasonID?
        if presence == .unavailable, let reason {
            guard let known = directory.reasons.first(where: { $0.code == reason }) else {
                throw Refusal.invalid("There is no not-ready reason \(reason).", pointer: "/reason")
            }
            id = known.id
        }
        if let record = agentRecord(agent), record.presence == presence, record.reason == id,
            record.pending == nil
        {
            return
        }
        route(.presence(agent, presence, reason: id))
    }

    fileprivate func requireTag(_ agent: AgentID, _ tag: String?) throws {
        guard directory.agent(agent)?.active == true, let record = agentRecord(agent) else {
            throw Refusal.notFound("There is no such agent.")
        }
        if let tag, tag != AgentNow.tag(of: record) { throw Precondition.tagDiffers }
    }

    fileprivate func settled(_ agent: AgentID) throws -> AgentNow {
        try applyInputs()
        guard let now = AgentNow(agent, office.router) else {
            preconditionFailure("agent \(agent.raw) is not in the router")
        }
        return now
    }
}
