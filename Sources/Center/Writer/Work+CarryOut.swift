// Carries out what the router decided: as rows and events, in the verb's own transaction.

import Routing
import Store

/// The router refused an input that the verb had checked: a fault, not a refusal.
struct RouterDisagrees: Error, CustomStringConvertible {
    let refusal: RouterRefusal
    var description: String { "the router refused a checked input: \(refusal)" }
}

extension Work {
    /// Rows of `work_item.state`. Below `done` the router knows the item.
    enum StoredItemState {
        static let waiting: Int64 = 1
        static let offered: Int64 = 2
        static let active: Int64 = 3
        static let wrapUp: Int64 = 4
        static let ringing: Int64 = 5
        static let done: Int64 = 9
    }

    /// Applies the queued inputs in order.
    func applyInputs() throws {
        for input in inputs { try apply(input) }
        clearInputs()
    }

    func apply(_ input: Input) throws {
        // Taken out, because carrying out may apply further inputs.
        var outputs = office.told
        office.told = []
        defer { office.told = outputs }
        office.router.apply(input, at: now, telling: &outputs)
        office.inputs.append(input, at: now, outputs)
        office.note(input, outputs, at: now)
        for output in outputs { try carryOut(output) }
    }

    private func carryOut(_ output: Output) throws {
        switch output {
        case .offered(let item, let agent, let epoch, let deadline, let reason):
            try made(item, agent, epoch, deadline, reason)
        case .offerEnded(let item, let agent, let epoch, let ending):
            try ended(item, agent, epoch, ending)
        case .connected(let item, let agent, let epoch):
            try connected(item, agent, epoch)
        case .returned(let item, let agent):
            try returned(item, agent)
        case .moved(let item, let queue):
            try moved(item, queue)
        case .relocated(let item, let queue):
            try relocated(item, queue)
        case .wrapUpBegan(let item, let agent, let until):
            // From now on its row does not tell any more when it was connected.
            switch matter(of: item) {
            case .errand(let errand): try addHandling(errand, item, releasing: false)
            case .external:
                try addHandling(external: item, releasing: false)
                try callEnded(item)
            }
            try tell(
                .wrapUpBegan, .workItem, item.raw,
                ["agent": .number(agent.raw), "until": .number(until.ms)])
        case .wrapUpExtended(let item, let agent, let until):
            try tell(
                .wrapUpExtended, .workItem, item.raw,
                ["agent": .number(agent.raw), "until": .number(until.ms)])
        case .abandoned(let item, let queue):
            endings[item] = .abandoned
            try tell(.itemAbandoned, .workItem, item.raw, ["queue": .number(queue.raw)])
        case .overflowed(let item, let queue, let cause, let treatment):
            if case .external = matter(of: item) { try overflowed(external: item, queue, cause, treatment) }
            try tell(
                .itemOverflowed, .workItem, item.raw,
                [
                    "queue": .number(queue.raw), "cause": .number(cause.rawValue),
                    "treatment": .word(treatment.word),
                ])
        case .left(let item):
            try left(item)
        case .presencePending(let agent, let presence, let reason):
            try tell(
                .presencePending, .agent, agent.raw,
                [
                    "agent": .number(agent.raw), "presence": .number(presence.rawValue),
                    "reason": .number(reason?.raw ?? 0),
                ])
        case .decided(let decision):
            try store(decision)
        case .blocked(let item, let why):
            blocked.append((item, why))
        case .blockageChanged(let queue, let channel, let skills, let why):
            try store(why, queue, channel, skills)
        case .queueChanged(let record):
            try store(record)
        case .presenceChanged(let agent, let presence, let reason, let cause):
            try presenceChanged(agent, presence, reason, cause)
        case .refused(let refusal):
            throw RouterDisagrees(refusal: refusal)
        case .agentChanged(let record):
            try store(record)
        case .itemChanged(let record):
            try store(record)
        }
    }

    /// An errand that it is of is noted as changed.
    func matter(of item: WorkItemID) -> Matter {
        if let errand = office.errands[item] {
            changedErrands.append(errand)
            return .errand(errand)
        }
        guard office.externals[item] != nil else {
            preconditionFailure("work item \(item.raw) of workspace \(workspace) is of nothing")
        }
        return .external
    }

    /// What events of the item begin with: the errand, where it is of one.
    private func names(_ item: WorkItemID) -> (name: String, id: Int64) {
        switch matter(of: item) {
        case .errand(let errand): ("errand", errand.raw)
        case .external: ("item", item.raw)
        }
    }

    private func made(
        _ item: WorkItemID, _ agent: AgentID, _ epoch: Int64, _ deadline: Instant, _ reason: Reason
    ) throws {
        let matter = matter(of: item)
        let (word, figure) = reason.stored
        let id = next(.offer)
        try execute(
            """
            INSERT INTO offer (workspace, id, work_item, agent, epoch, made_at, deadline_at, reason, reason_value)
            VALUES (\(workspace), \(id), \(item), \(agent), \(epoch), \(now), \(deadline), \(word), \(figure))
            """)
        switch matter {
        case .errand(let errand):
            try tell(
                .offerMade, .offer, id,
                [
                    "errand": .number(errand.raw), "item": .number(item.raw), "agent": .number(agent.raw),
                    "epoch": .number(epoch), "deadline": .number(deadline.ms), "because": .word(word),
                ])
        case .external:
            try tell(
                .offerMade, .offer, id,
                [
                    "item": .number(item.raw), "agent": .number(agent.raw), "epoch": .number(epoch),
                    "deadline": .number(deadline.ms), "because": .word(word),
                ])
        }
    }

    private func ended(_ item: WorkItemID, _ agent: AgentID, _ epoch: Int64, _ ending: OfferEnd) throws {
        let (name, id) = names(item)
        try execute(
            """
            UPDATE offer SET ended_at = \(now), ending = \(ending.rawValue)
            WHERE workspace = \(workspace) AND work_item = \(item) AND epoch = \(epoch) AND agent = \(agent)
            """)
        try tell(
            .offerEnded, .workItem, item.raw,
            [
                name: .number(id), "agent": .number(agent.raw), "epoch": .number(epoch),
                "ending": .number(ending.rawValue),
            ])
    }

    private func connected(_ item: WorkItemID, _ agent: AgentID, _ epoch: Int64?) throws {
        guard case .errand(let errand) = matter(of: item) else {
            return try connected(external: item, agent)
        }
        try execute(
            """
            UPDATE errand SET agent = \(agent), opened_at = COALESCE(opened_at, \(now)), changed_at = \(now),
                version = version + 1
            WHERE workspace = \(workspace) AND id = \(errand)
            """)
        try record(.opened, errand, ["agent": .number(agent.raw)])
        let seq = try tell(
            .itemConnected, .workItem, item.raw,
            ["errand": .number(errand.raw), "agent": .number(agent.raw)])
        try dirty(errand, seq)
    }

    /// Adds the span that ends now to the errand's handling time; runs before the item's row changes.
    private func addHandling(_ errand: ErrandID, _ item: WorkItemID, releasing: Bool) throws {
        try execute(
            """
            UPDATE errand SET changed_at = \(now), version = version + 1,
                agent = CASE WHEN \(releasing) = 1 THEN NULL ELSE agent END,
                handling_ms = handling_ms + COALESCE((
                    SELECT \(now) - since_at FROM work_item
                    WHERE workspace = \(workspace) AND id = \(item) AND state = \(StoredItemState.active)), 0)
            WHERE workspace = \(workspace) AND id = \(errand)
            """)
    }

    private func returned(_ item: WorkItemID, _ agent: AgentID) throws {
        guard case .errand(let errand) = matter(of: item) else {
            return try returned(external: item, agent)
        }
        try addHandling(errand, item, releasing: true)
        try record(.returned, errand, ["agent": .number(agent.raw)])
        let seq = try tell(
            .errandReturned, .errand, errand.raw,
            ["errand": .number(errand.raw), "agent": .number(agent.raw)])
        try dirty(errand, seq)
    }

    private func moved(_ item: WorkItemID, _ queue: QueueID) throws {
        guard case .errand(let errand) = matter(of: item) else {
            return try moved(external: item, queue, released: true)
        }
        try addHandling(errand, item, releasing: true)
        try setArea(errand, queue)
    }

    /// Into another area, in the hands that have it.
    private func relocated(_ item: WorkItemID, _ queue: QueueID) throws {
        guard case .errand(let errand) = matter(of: item) else {
            return try moved(external: item, queue, released: false)
        }
        try execute(
            """
            UPDATE errand SET changed_at = \(now), version = version + 1
            WHERE workspace = \(workspace) AND id = \(errand)
            """)
        try setArea(errand, queue)
    }

    private func setArea(_ errand: ErrandID, _ queue: QueueID) throws {
        guard let area = directory.area(of: queue) else {
            preconditionFailure("queue \(queue.raw) of workspace \(workspace) is of no area")
        }
        try execute(
            "UPDATE errand SET area = \(area.id) WHERE workspace = \(workspace) AND id = \(errand)")
        try record(.moved, errand, ["area": .number(area.id.raw)])
        let seq = try tell(
            .errandMoved, .errand, errand.raw,
            ["errand": .number(errand.raw), "area": .number(area.id.raw)])
        try dirty(errand, seq)
    }

    private func left(_ item: WorkItemID) throws {
        let matter = matter(of: item)
        switch matter {
        case .errand(let errand): try addHandling(errand, item, releasing: false)
        case .external: try ending(external: item)
        }
        try execute(
            """
            UPDATE work_item SET state = \(StoredItemState.done), agent = NULL, since_at = NULL,
                until_at = \(now), pauses = ''
            WHERE workspace = \(workspace) AND id = \(item)
            """)
        switch matter {
        case .errand(let errand):
            try tell(.itemLeft, .workItem, item.raw, ["errand": .number(errand.raw)])
            office.errands[item] = nil
        case .external: try gone(external: item)
        }
        endings[item] = nil
    }

    private func presenceChanged(
        _ agent: AgentID, _ presence: Presence, _ reason: ReasonID?, _ cause: PresenceCause
    ) throws {
        let before = office.presences[agent] ?? .signedOut
        office.presences[agent] = presence
        try execute(
            """
            UPDATE agent_state SET presence_cause = \(cause.rawValue)
            WHERE workspace = \(workspace) AND agent = \(agent)
            """)
        try tell(
            .presenceChanged, .agent, agent.raw,
            [
                "agent": .number(agent.raw), "presence": .number(presence.rawValue),
                "reason": .number(reason?.raw ?? 0), "cause": .number(cause.rawValue),
            ])
        if before == .signedOut, presence != .signedOut {
            try login(agent, "Login", .signedIn)
        } else if before != .signedOut, presence == .signedOut {
            try login(agent, "Logout", .signedOut)
        }
    }

    private func login(_ agent: AgentID, _ action: String, _ kind: EventKind) throws {
        try execute(
            """
            INSERT INTO login_record (workspace, id, agent, at, action, via)
            VALUES (\(workspace), \(next(.loginRecord)), \(agent), \(now), \(action), \(principal.via.rawValue))
            """)
        try tell(kind, .agent, agent.raw, ["agent": .number(agent.raw)])
    }
}
