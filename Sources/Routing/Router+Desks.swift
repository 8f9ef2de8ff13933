// Desks: an agent whose desk has gone takes no more offers; what is in hand stays there.

extension Router {
    mutating func openDesk(_ id: AgentID) {
        guard let agent = agentByID[id.raw] else { return refuse(.unknownAgent(id)) }
        setDesk(agent, .open)
    }

    mutating func closeDesk(_ id: AgentID, _ until: Instant) {
        guard let agent = agentByID[id.raw] else { return refuse(.unknownAgent(id)) }
        guard agents[agent].record.desk == .open else { return }
        setDesk(agent, .closed(until: until))
        // A clock that was put back, or a patience of nothing: missed at once, not with the next input.
        if until.ms <= now { missDesk(agent) }
    }

    /// The desk's time is over: whoever would be offered work here would not see it.
    mutating func missDesk(_ agent: Handle<AgentSlot>) {
        setDesk(agent, .none)
        // What would make it available later is given up, too.
        if agents[agent].record.pending?.presence == .available {
            agents[agent].record.pending = nil
            changed(agent)
        }
        guard [.available, .wrapUp].contains(agents[agent].record.presence) else { return }
        change(agent, to: .unavailable, nil, .deskGone)
        reviewOffer(agent)
        refresh(agent)
    }

    /// Streams do not outlive a server: every desk that was there has until then to come back.
    mutating func missDesks(at until: Instant) {
        let missed = agents.handles.filter { agents[$0].record.desk != .none }
            .sorted { agents[$0].record.id < agents[$1].record.id }
        for agent in missed {
            setDesk(agent, .closed(until: until))
            if until.ms <= now { missDesk(agent) }
        }
    }

    private mutating func setDesk(_ agent: Handle<AgentSlot>, _ desk: DeskState) {
        disarm(agent, .desk)
        if case .closed(let until) = desk { arm(agent, .desk, at: until.ms) }
        guard agents[agent].record.desk != desk else { return }
        agents[agent].record.desk = desk
        changed(agent)
    }
}
