// Answers and closes errands, from the desk and from other systems.

import Foundation
import Routing
import Store

extension Floor {
    /// Ends an errand for another system, with or without an answer. A second time changes nothing.
    /// - Throws: `Refusal.notFound` for an errand out of the token's reach.
    public func endErrand(_ id: ErrandID, _ answer: NewAnswer?, by principal: Principal) async throws {
        let plan = Plan(
            "end errand", reads: [Errand.row(principal.workspace, id)], keys: [.errand(id)], checksFirst: true
        )
        try answer?.check()
        try await perform(plan, by: principal) { work in
            try work.requireClaim(.createErrand)
            let errand = try work.errand(0)
            if let answer { try work.check(answer) }
            guard errand.state == .open else { return }
            let author = answer.flatMap(work.answeringAgent)
            if let answer, !answer.isEmpty {
                try work.answer(
                    id, answer, author: author, to: (errand.fromAddress, errand.fromName), area: errand.area)
            }
            try work.close(id, author: author)
            if let answer { try work.noteCloser(id, answer) }
            if work.item(errand.workItem) != nil { work.route(.withdraw(errand.workItem)) }
        }
    }

    /// Sends the agent's answer with files that were uploaded for it, and closes the errand.
    /// - Parameter version: the errand's as the agent saw it.
    public func answerErrand(
        _ id: ErrandID, _ answer: NewAnswer, files: [AttachmentID] = [], version: Int64,
        by principal: Principal
    ) async throws {
        let files = Set(files).sorted()
        guard files.count <= UploadLimits.perAnswerMax else {
            throw Refusal.invalid(
                "An answer has at most \(UploadLimits.perAnswerMax) files; remove some.", pointer: "/upload")
        }
        let plan = Plan(
            "answer errand",
            reads: [
                Errand.row(principal.workspace, id),
                Upload.rows(files, id, of: principal.agent ?? AgentID(0), in: principal.workspace),
            ],
            keys: [.errand(id)], checksFirst: true)
        try await perform(plan, by: principal) { work in
            let errand = try work.inHand(0, version: version)
            let uploads = try work.rows(1)
            guard uploads.count == files.count else {
                throw Refusal.conflict(
                    "A file of this answer is not there any more; look at the list of files, and attach it again."
                )
            }
            guard !answer.isEmpty else { throw Refusal.invalid("An answer needs a text.", pointer: "/body") }
            try work.check(answer)
            let agent = try work.actingAgent().id
            let response = try work.answer(
                id, answer, author: agent, to: (errand.fromAddress, errand.fromName), area: errand.area)
            try work.attach(uploads, to: id, response: response, of: agent)
            try work.close(id, author: agent)
            work.route(.finish(errand.workItem))
        }
    }

    /// Closes the errand without an answer.
    public func closeErrand(_ id: ErrandID, version: Int64, by principal: Principal) async throws {
        let plan = Plan(
            "close errand", reads: [Errand.row(principal.workspace, id)], keys: [.errand(id)],
            checksFirst: true)
        try await perform(plan, by: principal) { work in
            let errand = try work.inHand(0, version: version)
            try work.close(id, author: try work.actingAgent().id)
            work.route(.finish(errand.workItem))
        }
    }
}

extension Work {
    func requireClaim(_ claim: Claim) throws {
        guard case .token(let id) = principal.actor,
            let token = directory.tokens.first(where: { $0.id == id }), !token.revoked,
            token.claims.contains(claim)
        else { throw Refusal.forbidden("This access token lacks the claim \(claim.rawValue).") }
    }

    /// The errand, which must be in the acting agent's hands and as the agent saw it.
    func inHand(_ index: Int, version: Int64?) throws -> Errand {
        let agent = try actingAgent()
        let errand = try errand(index)
        guard errand.state == .open else { throw Refusal.conflict("This errand is closed already.") }
        guard case .active(agent.id, _)? = item(errand.workItem)?.state else {
            throw Refusal.conflict("This errand is not in your hands; take it first.")
        }
        if let version, version != errand.version {
            throw Refusal.conflict("This errand changed since you opened it; look at it again.")
        }
        return errand
    }

    /// Refuses an answer of an agent who is not known.
    func check(_ answer: NewAnswer) throws {
        guard answer.subject.utf8.count <= ErrandLimits.subjectMax else {
            throw Refusal.invalid(
                "subject is longer than \(ErrandLimits.subjectMax) bytes",
                pointer: "/data/attributes/answer/subject")
        }
        guard answer.body.utf8.count <= ErrandLimits.bodyBytesMax,
            answer.htmlBody.utf8.count <= ErrandLimits.bodyBytesMax
        else {
            throw Refusal.invalid(
                "an answer has at most \(ErrandLimits.bodyBytesMax) bytes", pointer: "/data/attributes/answer"
            )
        }
        if answer.userType == .cention, !answer.userID.isEmpty, answeringAgent(answer) == nil {
            throw Refusal.invalid(
                "user_id names no agent of this workspace", pointer: "/data/attributes/answer/user_id")
        }
    }

    /// The agent whom a door names as the answer's author; nil for the system and for foreign users.
    func answeringAgent(_ answer: NewAnswer) -> AgentID? {
        guard answer.userType == .cention, let raw = Int64(answer.userID) else { return nil }
        return directory.agent(AgentID(raw))?.id
    }

    /// Writes an answer and what must be told of it.
    @discardableResult
    func answer(
        _ errand: ErrandID, _ new: NewAnswer, author: AgentID?, to: (address: String, name: String),
        area: AreaID
    ) throws -> ResponseID {
        let answer = AnswerID(next(.answer))
        let response = ResponseID(next(.response))
        try execute(
            """
            INSERT INTO answer (workspace, errand, id, agent, user_type, user_id, response, at)
            VALUES (\(workspace), \(errand), \(answer), \(author), \(new.userType.rawValue), \(new.userID),
                \(response), \(now))
            """)
        try execute(
            """
            INSERT INTO response (workspace, errand, id, answer, subject, body, html_body, at)
            VALUES (\(workspace), \(errand), \(response), \(answer), \(new.subject), \(new.body), \(new.htmlBody),
                \(now))
            """)
        try addRecipient(errand, owner: ("response", response.raw), address: to.address, name: to.name)
        try execute(
            """
            UPDATE errand SET answered_at = COALESCE(answered_at, \(now)), changed_at = \(now),
                version = version + 1
            WHERE workspace = \(workspace) AND id = \(errand)
            """)
        try record(.answered, errand, ["answer": .number(answer.raw), "agent": .number(author?.raw ?? 0)])
        let seq = try tell(
            .errandAnswered, .errand, errand.raw,
            [
                "errand": .number(errand.raw), "answer": .number(answer.raw), "area": .number(area.raw),
                "agent": .number(author?.raw ?? 0),
            ])
        try dirty(errand, seq)
        try ask(errand, with: answer, area)
        try queueDeliveries(errand, answer, area)
        return response
    }

    /// Marks the errand closed; its work item is the caller's to finish or withdraw.
    func close(_ errand: ErrandID, author: AgentID?) throws {
        try execute(
            """
            UPDATE errand SET state = \(Errand.State.closed.rawValue), closed_at = \(now), changed_at = \(now),
                agent = COALESCE(\(author), agent), closer_type = NULL, closer_id = NULL, version = version + 1
            WHERE workspace = \(workspace) AND id = \(errand)
            """)
        try record(.closed, errand, ["agent": .number(author?.raw ?? 0)])
        let seq = try tell(
            .errandClosed, .errand, errand.raw,
            ["errand": .number(errand.raw), "agent": .number(author?.raw ?? 0)])
        try dirty(errand, seq)
    }
}
