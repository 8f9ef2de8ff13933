// Another system hands in a work item: it becomes rows and, if somebody is free, an offer.

import Routing
import Store

extension Floor {
    /// Puts an item of another system into a queue, and says after the commit where it stands.
    /// - Throws: `Refusal.invalid` for a queue or a skill that nobody knows, or too long a text.
    public func openItem(
        _ new: NewExternalItem, once: KeptRequest? = nil, by principal: Principal
    ) async throws -> ItemNow {
        try new.check()
        let plan = Plan("open item", checksFirst: true)
        return try await perform(plan, once: once, by: principal) { work in
            try work.requireDirecting()
            guard work.directory.settings(of: new.queue) != nil else {
                throw Refusal.invalid("There is no such queue; GET queues lists them.", pointer: "/queue")
            }
            let required = try work.skills(new.requiredSkills, "/required_skills")
            let desired = try work.skills(new.desiredSkills, "/desired_skills")
            let id = WorkItemID(work.next(.workItem))
            try work.insert(new, id)
            work.route(
                .arrive(
                    id, queue: new.queue, channel: new.channel, priority: new.priority, creditMs: 0,
                    requiredSkills: required, desiredSkills: desired))
            return try work.settled(id)
        }
    }
}

extension NewExternalItem {
    func check() throws {
        func short(_ text: String, _ maxBytes: Int, _ name: String) throws {
            guard text.utf8.count <= maxBytes else {
                throw Refusal.invalid(
                    "\(name) is longer than \(maxBytes) bytes; send less.", pointer: "/\(name)")
            }
        }
        try short(from, ExternalItemLimits.fromMaxBytes, "from")
        try short(subject, ExternalItemLimits.subjectMaxBytes, "subject")
        try short(externalID, ExternalItemLimits.externalIDMaxBytes, "external_id")
        if let priority, !PriorityLimits.range.contains(priority) {
            throw Refusal.invalid(
                "A priority is a number from 0, which goes first, to \(PriorityLimits.range.upperBound).",
                pointer: "/priority")
        }
        for (names, pointer) in [
            (requiredSkills, "/required_skills"), (desiredSkills, "/desired_skills"),
        ] where names.count > ExternalItemLimits.skillsMax {
            throw Refusal.invalid(
                "At most \(ExternalItemLimits.skillsMax) skills are taken here.", pointer: pointer)
        }
    }
}

extension Work {
    /// Refuses who may not direct the work of the whole workspace: a token with the claim, or we ourselves.
    func requireDirecting() throws {
        switch principal.actor {
        case .token(let id):
            guard let token = directory.tokens.first(where: { $0.id == id }), !token.revoked,
                token.claims.contains(.acd)
            else { throw Refusal.forbidden("This access token lacks the claim acd.") }
        case .agent, .teniosKey:
            throw Refusal.forbidden("Only systems with an access token may do that.")
        case .system, .operator: break
        }
    }

    fileprivate func skills(_ names: [String], _ pointer: String) throws -> [SkillID] {
        var found: Set<SkillID> = []
        for (index, name) in names.enumerated() {
            let folded = fold(name)
            guard let skill = directory.skills.first(where: { fold($0.name) == folded }) else {
                throw Refusal.invalid(
                    "There is no such skill in this workspace.", pointer: "\(pointer)/\(index)")
            }
            found.insert(skill.id)
        }
        return found.sorted()
    }

    func insert(_ new: NewExternalItem, _ id: WorkItemID) throws {
        var token: TokenID?
        if case .token(let id) = principal.actor { token = id }
        try execute(
            """
            INSERT INTO external_item (workspace, id, channel, queue, external_id, from_address, from_folded,
                subject, token, created_at, handling_ms)
            VALUES (\(workspace), \(id), \(new.channel.rawValue), \(new.queue), \(new.externalID), \(new.from),
                \(foldedFrom(new.from)), \(new.subject), \(token), \(now), \(0))
            """)
        try tell(
            .itemArrived, .workItem, id.raw,
            [
                "item": .number(id.raw), "queue": .number(new.queue.raw),
                "channel": .word(new.channel.word(1)),
            ])
        office.externals[id] = LiveExternalItem(isStored: false)
    }

    /// Applies what is queued, and says where the item stands then. Nothing may be refused afterwards.
    /// - Parameter before: the item before, where it may be gone.
    func settled(_ id: WorkItemID, before: WorkItemRecord? = nil) throws -> ItemNow {
        let arrival = inputs.lazy.compactMap { input -> WorkItemRecord? in
            guard case .arrive(id, let queue, let channel, let priority, _, _, _, _) = input else {
                return nil
            }
            return WorkItemRecord(
                id: id, queue: queue, channel: channel, priority: priority ?? 0, entered: self.now)
        }.first
        try applyInputs()
        if let record = item(id) {
            return ItemNow(record, office.router, overflow: try storedOverflow(record))
        }
        guard let record = before ?? arrival else {
            preconditionFailure("work item \(id.raw) was never here")
        }
        return ItemNow(ended: record, finished[id] ?? .done, overflow: overflows[id])
    }

    /// What its queue did with an item that rings.
    private func storedOverflow(_ record: WorkItemRecord) throws -> ItemOverflow? {
        guard case .ringing = record.state, office.externals[record.id] != nil else { return nil }
        if let fresh = overflows[record.id] { return fresh }
        return try query(ExternalItem.row(workspace, record.id)).first.flatMap { ExternalItem($0).overflow }
    }
}
