// Changes an agent's profile in one verb: presence, settings, and where the agent takes calls.

public import Routing
import Store

extension Floor {
    /// Changes all of it or nothing.
    ///
    /// A change of the presence alone is as cheap as the desk's; settings are read anew after a change of theirs.
    /// - Throws: `Refusal.forbidden` for somebody else's, `.invalid` for what cannot be.
    public func changeProfile(
        _ agent: AgentID, _ change: ProfileChange, by principal: Principal
    ) async throws {
        var plan = Plan("change profile", checksFirst: true)
        // Whoever reads it here may be a commit behind; the verb looks again.
        if let directory = roster.workspace(principal.workspace), let known = directory.agent(agent) {
            plan.alone = (try? change.rows(of: known, in: directory).isEmpty) == false
        }
        while true {
            plan.checksFirst = !plan.alone
            let alone = plan.alone
            let isDone = try await perform(plan, by: principal) { work in
                let known = try work.managed(agent)
                let rows = try change.rows(of: known, in: work.directory)
                let presence = try work.presence(of: agent, after: change)
                guard rows.isEmpty || alone else { return false }
                if !rows.isEmpty { try work.store(rows, of: known) }
                if let presence { work.say(presence, agent) }
                return true
            }
            if isDone { return }
            plan.alone = true
        }
    }

    /// Changes the agent's names and e-mail address; nil leaves one as it is.
    /// - Throws: `Refusal.invalid` for what is none, `.conflict` for an address that another agent has.
    public func changeNames(
        _ agent: AgentID, first: String?, last: String?, email: String?, by principal: Principal
    ) async throws {
        try await perform(Plan("change names", alone: true), by: principal) { work in
            let known = try work.managed(agent)
            var columns: [SQL?] = [
                first.map { "first_name = \($0)" }, last.map { "last_name = \($0)" },
            ]
            if let email, email != known.emailAddress {
                if email.isEmpty {
                    columns.append("email_address = '', email_folded = NULL")
                } else {
                    guard isEmailAddress(email) else {
                        throw Refusal.invalid("This is no e-mail address.", pointer: "/emailAddress")
                    }
                    let others = try work.query(
                        """
                        SELECT id FROM agent WHERE workspace = \(work.workspace) AND active = 1
                            AND email_folded = \(fold(email)) AND id <> \(agent) LIMIT 1
                        """)
                    guard others.isEmpty else {
                        throw Refusal.conflict("Another user has this e-mail address.")
                    }
                    columns.append("email_address = \(email), email_folded = \(fold(email))")
                }
            }
            guard columns.contains(where: { $0 != nil }) else { return }
            try work.set("agent", agent.raw, columns)
            try work.tell(.agentChanged, .agent, agent.raw, ["agent": .number(agent.raw)])
            try work.reconfigure()
        }
    }
}

extension Work {
    fileprivate func store(_ rows: ProfileRows, of agent: Agent) throws {
        try set("agent", agent.id.raw, rows.agent)
        for (queue, columns) in rows.members {
            let list = columns.dropFirst().reduce(columns[0]) { $0 + ", " + $1 }
            try execute(
                """
                UPDATE queue_member SET \(sql: list) WHERE workspace = \(workspace) AND queue = \(queue)
                    AND agent = \(agent.id)
                """)
        }
        try tell(.agentChanged, .agent, agent.id.raw, ["agent": .number(agent.id.raw)])
        // Where the agent takes calls is the call centers' matter; the rest is the agent's own row.
        if rows.members.isEmpty { try reconfigure(agent: agent.id) } else { try reconfigure() }
    }

    /// What the agent says after the change; nil where that is so already. Any presence follows any.
    ///
    /// Source: reference apio.md §3.1: the default reason counts where none is given that is known.
    fileprivate func presence(of agent: AgentID, after change: ProfileChange) throws -> PresenceNow? {
        let now =
            agentRecord(agent).map(PresenceNow.init) ?? PresenceNow(presence: .signedOut, reason: nil)
        let wanted = change.presence ?? now.presence
        var reason: ReasonID?
        if wanted == .unavailable {
            let standard = directory.reasons.first(where: \.isDefault)?.id
            switch change.reason {
            case .absent: reason = now.presence == .unavailable ? now.reason : standard
            case .cleared: reason = nil
            case .value(let code):
                guard let known = directory.reasons.first(where: { $0.code == code })?.id ?? standard else {
                    throw Refusal.invalid("There is no unavailable code of this name, and no default one.")
                }
                reason = known
            }
        }
        let next = PresenceNow(presence: wanted, reason: reason)
        return next == now ? nil : next
    }

    /// Who signs out gives the errands in hand back; a call in hand is talked to its end.
    fileprivate func say(_ presence: PresenceNow, _ agent: AgentID) {
        route(.presence(agent, presence.presence, reason: presence.reason))
        guard presence.presence == .signedOut else { return }
        for id in inHand(of: agent) {
            guard let item = item(id), item.channel != .call, case .active = item.state else { continue }
            route(.returnToQueue(id))
        }
    }
}
