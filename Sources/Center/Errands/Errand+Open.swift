// Opens an errand: the wire's new errand becomes rows, a work item and, if somebody is free, an offer.

import Foundation
import Routing
import Store

extension Floor {
    /// Opens an errand with an access token that may create them, and answers after the commit.
    ///
    /// The same token, message id and request within 24 hours gives the first errand's id again.
    /// - Throws: `Refusal.forbidden` without the claim, `.invalid` for what is missing or too long.
    public func openErrand(_ new: NewErrand, by principal: Principal) async throws -> ErrandID {
        guard let directory = roster.workspace(principal.workspace),
            case .token(let tokenID) = principal.actor,
            let token = directory.tokens.first(where: { $0.id == tokenID }),
            token.claims.contains(.createErrand), let channel = token.channel
        else { throw Refusal.forbidden("This access token may not create errands.") }
        try new.check()
        let files = try await blobs.keep(new.attachments, in: principal.workspace)
        let folded = Contact.folded(new.from, channel.addressKind)
        let known = KnownRequest(new, token: token.id)
        var plan = Plan(
            "open errand",
            reads: [Contact.holding(channel.addressKind, folded, in: principal.workspace)],
            keys: [.contact(folded)], checksFirst: true)
        if let cuid = new.cuid {
            plan.reads.append(Contact.named(cuid, in: principal.workspace))
            plan.keys.append(.cuid(cuid))
        }
        let callRead = plan.reads.count
        if let call = new.call {
            plan.reads.append(
                Agent.sitting(at: call.deviceID, call.extensionID, in: principal.workspace))
        }
        return try await perform(plan, by: principal) { work in
            if let known, let first = try work.errand(of: known) { return first }
            guard let area = work.directory.landingArea(token) else {
                throw Refusal.conflict("This access token's area is gone; make a new token.")
            }
            if let answer = new.answer { try work.check(answer) }
            let contact = try work.contact(
                new.name, new.from, channel.addressKind, holding: try work.rows(0).first,
                named: new.cuid == nil ? nil : try work.rows(1).first)
            if let cuid = new.cuid { try work.setCUID(cuid, of: contact) }
            let caller =
                new.call == nil ? nil : try work.rows(callRead).first.map { AgentID($0.int("id")) }
            let id = try work.open(
                new, files, token: token, channel: channel, area: area, contact: contact, caller: caller)
            if let known { try work.remember(known, id) }
            return id
        }
    }
}

extension Directory {
    /// Where a token's errands land: its area, or the workspace's first for a token with an account only.
    func landingArea(_ token: AccessToken) -> Area? {
        if let id = token.area { return area(id) }
        return areas.first
    }
}

extension Work {
    /// Writes the errand and hands its work item to the router.
    func open(
        _ new: NewErrand, _ files: [KeptFile], token: AccessToken, channel: ErrandChannel, area: Area,
        contact: ContactID, caller: AgentID?
    ) throws -> ErrandID {
        let id = ErrandID(next(.errand))
        let item = WorkItemID(next(.workItem))
        try execute(
            """
            INSERT INTO errand (workspace, id, state, area, channel, work_item, contact, priority, thread, account,
                token, subject, from_name, from_address, extradata, integration_data, arrived_at, handling_ms,
                changed_at, version)
            VALUES (\(workspace), \(id), \(Errand.State.open.rawValue), \(area.id), \(channel.rawValue), \(item),
                \(contact), \(area.settings.priority), \(id), \(token.account), \(token.id), \(new.subject),
                \(new.name), \(new.from), \(new.extradata), \(new.integrationData), \(now), \(0), \(now), \(1))
            """)
        try addMessage(new, files, to: id, area)
        try record(.arrived, id, ["area": .number(area.id.raw)])
        let seq = try tell(
            .errandArrived, .errand, id.raw,
            ["errand": .number(id.raw), "area": .number(area.id.raw), "channel": .word(channel.rawValue)])
        try dirty(id, seq)
        if let note = new.note { try addNote(note, to: id, agent: nil) }
        let isInHand =
            try new.call.map { try begin($0, of: id, item, new, area: area, agent: caller) } ?? false
        if let answer = new.answer {
            try insertDoneItem(item, id, area)
            let author = answeringAgent(answer)
            if !answer.isEmpty {
                try self.answer(id, answer, author: author, to: (new.from, new.name), area: area.id)
            }
            if let template = new.template { try addTemplate(template, to: id) }
            try close(id, author: author)
            try noteCloser(id, answer)
        } else if !isInHand {
            office.errands[item] = id
            route(
                .arrive(
                    item, queue: area.queue, channel: .errand, priority: nil, creditMs: 0, requiredSkills: [],
                    desiredSkills: []))
        }
        return id
    }

    private func addMessage(_ new: NewErrand, _ files: [KeptFile], to errand: ErrandID, _ area: Area) throws {
        let message = next(.message)
        try execute(
            """
            INSERT INTO message (workspace, errand, id, n, message_id, from_name, from_address, subject, body,
                html_body, at)
            VALUES (\(workspace), \(errand), \(message), \(1), \(new.messageID), \(new.name), \(new.from),
                \(new.subject), \(new.body), \(new.htmlBody), \(now))
            """)
        try addRecipient(errand, owner: ("message", message), address: "", name: area.name)
        for file in files { try add(file, errand, owner: ("message", message)) }
    }

    func addRecipient(
        _ errand: ErrandID, owner: (noun: String, id: Int64), address: String, name: String
    ) throws {
        try execute(
            """
            INSERT INTO recipient (workspace, errand, id, owner_noun, owner, role, address, name)
            VALUES (\(workspace), \(errand), \(next(.recipient)), \(owner.noun), \(owner.id), \("to"), \(address),
                \(name))
            """)
    }

    func add(_ file: KeptFile, _ errand: ErrandID, owner: (noun: String, id: Int64)) throws {
        try execute(
            """
            INSERT INTO attachment (workspace, id, errand, owner_noun, owner, name, content_type, content_id, size,
                bytes, digest)
            VALUES (\(workspace), \(next(.attachment)), \(errand), \(owner.noun), \(owner.id), \(file.name),
                \(file.contentType), \(file.contentID), \(file.size), \(file.bytes), \(file.digest))
            """)
    }

    /// A work item that never waits: its errand was closed when it came.
    private func insertDoneItem(_ item: WorkItemID, _ errand: ErrandID, _ area: Area) throws {
        try execute(
            """
            INSERT INTO work_item (workspace, id, noun, noun_id, queue, channel, priority, credit_ms, entered_at,
                required_skills, desired_skills, state, until_at, epoch, pauses)
            VALUES (\(workspace), \(item), \("errand"), \(errand), \(area.queue), \(Channel.errand.rawValue),
                \(area.settings.priority), \(0), \(now), \(""), \(""), \(StoredItemState.done), \(now), \(0), \(""))
            """)
    }
}
