// Files on their way into an answer: stored as they come, attached when the answer is sent.

import Routing
import Store

public enum UploadLimits {
    public static let bytesMax = 24 << 20
    /// Files, pasted pictures among them, of one answer.
    public static let perAnswerMax = 50
    /// Files that one agent may have waiting in all answers together.
    public static let perAgentMax = 500
    /// What is in no answer by then is gone; an hour before its bytes would be swept.
    public static let lifetimeMs = Blobs.unreferencedMs - 3_600_000
    /// Expired uploads ended in one verb.
    static let sweepMax = 500
}

/// A file that waits for its answer. Its id is the id of the attachment that it will be.
public struct Upload: Sendable {
    public let id: AttachmentID
    public let name: String
    public let contentType: String
    /// A picture in the text, as against a file beside it.
    public let isInline: Bool
    public let size: Int64

    init(_ row: Row) {
        id = AttachmentID(row.int("id"))
        name = row.text("name")
        contentType = row.text("content_type")
        isInline = row.bool("is_inline")
        size = row.int("size")
    }
}

extension Floor {
    /// Stores a file for the answer to an errand in the agent's hands.
    public func upload(
        _ file: NewAttachment, isInline: Bool, for id: ErrandID, by principal: Principal
    ) async throws -> Upload {
        try file.check(bytesMax: UploadLimits.bytesMax)
        guard let agent = principal.agent else { throw Refusal.forbidden("Only an agent sends files here.") }
        // Bytes are stored before the verb, so who may is asked before them too.
        let view = try await errand(id, for: agent, in: principal.workspace)
        guard view.itemState == .active(agent) else {
            throw Refusal.conflict("This errand is not in your hands; take it first.")
        }
        guard let kept = try await blobs.keep([file], in: principal.workspace).first else {
            preconditionFailure("one file in, none out")
        }
        let plan = Plan(
            "upload",
            reads: [
                Errand.row(principal.workspace, id),
                """
                SELECT COUNT(*) AS n, COALESCE(SUM(CASE WHEN errand = \(id) THEN 1 ELSE 0 END), 0) AS here
                FROM upload WHERE workspace = \(principal.workspace) AND agent = \(agent)
                """,
            ],
            keys: [.errand(id)], checksFirst: true)
        return try await perform(plan, by: principal) { work in
            _ = try work.inHand(0, version: nil)
            let counts = try work.rows(1)[0]
            guard counts.int("here") < UploadLimits.perAnswerMax else {
                throw Refusal.conflict(
                    "An answer has at most \(UploadLimits.perAnswerMax) files; remove one first.")
            }
            guard counts.int("n") < UploadLimits.perAgentMax else {
                throw Refusal.conflict(
                    "You have \(UploadLimits.perAgentMax) files in answers that are not sent; send or remove some."
                )
            }
            let upload = AttachmentID(work.next(.attachment))
            try work.execute(
                """
                INSERT INTO upload (workspace, id, errand, agent, name, content_type, is_inline, size, bytes, digest,
                    at)
                VALUES (\(work.workspace), \(upload), \(id), \(agent), \(kept.name), \(kept.contentType),
                    \(isInline), \(kept.size), \(kept.bytes), \(kept.digest), \(work.now))
                """)
            return Upload(
                id: upload, name: kept.name, contentType: kept.contentType, isInline: isInline,
                size: Int64(kept.size))
        }
    }

    /// Takes a file out of an answer that is being written; one that is gone already is no error.
    public func removeUpload(_ id: AttachmentID, by principal: Principal) async throws {
        guard let agent = principal.agent else {
            throw Refusal.forbidden("Only an agent removes files here.")
        }
        try await perform(Plan("remove upload", checksFirst: true), by: principal) { work in
            try work.execute(
                """
                DELETE FROM upload WHERE workspace = \(work.workspace) AND id = \(id) AND agent = \(agent)
                """)
        }
    }

    /// Ends uploads that no answer took in their time; their bytes go with the next sweep.
    public func expireUploads() async throws {
        for directory in roster.directories {
            let workspace = directory.workspace
            let before = now - UploadLimits.lifetimeMs
            let expired = try await view { reader in
                try reader.query(
                    """
                    SELECT id FROM upload WHERE workspace = \(workspace) AND at <= \(before)
                    ORDER BY at, id LIMIT \(UploadLimits.sweepMax)
                    """
                ).map { $0.int("id") }
            }
            guard !expired.isEmpty else { continue }
            try await perform(Plan("expire uploads", checksFirst: true), by: .system(workspace)) { work in
                try work.execute(
                    "DELETE FROM upload WHERE workspace = \(workspace) AND id IN \(list: expired)")
            }
        }
    }
}

extension Upload {
    init(id: AttachmentID, name: String, contentType: String, isInline: Bool, size: Int64) {
        self.id = id
        self.name = name
        self.contentType = contentType
        self.isInline = isInline
        self.size = size
    }

    /// The agent's uploads of these ids for the errand, as a verb's read.
    static func rows(
        _ ids: [AttachmentID], _ errand: ErrandID, of agent: AgentID, in workspace: WorkspaceID
    ) -> SQL {
        """
        SELECT * FROM upload WHERE workspace = \(workspace) AND id IN \(list: ids) AND agent = \(agent)
            AND errand = \(errand) ORDER BY id
        """
    }
}

extension Work {
    /// Makes attachments of an answer's uploads, and ends all others of the same agent for the errand.
    func attach(_ uploads: [Row], to errand: ErrandID, response: ResponseID, of agent: AgentID) throws {
        for row in uploads {
            let id = row.int("id")
            let contentID = row.bool("is_inline") ? "attachment_\(id)" : nil
            try execute(
                """
                INSERT INTO attachment (workspace, id, errand, owner_noun, owner, name, content_type, content_id,
                    size, bytes, digest)
                VALUES (\(workspace), \(id), \(errand), \("response"), \(response), \(row.text("name")),
                    \(row.text("content_type")), \(contentID), \(row.int("size")), \(row.blobOrNil("bytes")),
                    \(row.textOrNil("digest")))
                """)
        }
        try execute(
            "DELETE FROM upload WHERE workspace = \(workspace) AND errand = \(errand) AND agent = \(agent)")
    }
}
