// Files of questions: added, taken away, and fetched.

import Store

extension Floor {
    /// - Throws: `Refusal.tooLarge`, `Refusal.invalid`, `Refusal.conflict`; `Refusal.notFound` for the question.
    public func addLibraryAttachment(
        _ file: NewAttachment, to question: LibraryQuestionID, by principal: Principal
    ) async throws -> LibraryAttachmentID {
        try file.check(bytesMax: LibraryLimits.attachmentBytesMax)
        // Bytes are stored before the verb, so who may is asked before them too.
        guard let agent = principal.agent,
            let own = roster.workspace(principal.workspace)?.agent(agent), own.active,
            own.adminLevel == .administrator
        else { throw Refusal.forbidden("Only an administrator of this workspace can do that.") }
        guard let kept = try await blobs.keep([file], in: principal.workspace).first else {
            preconditionFailure("one file in, none out")
        }
        return try await perform(Plan("add library attachment"), by: principal) { work in
            try work.requireAdministrator()
            try work.require(.question(question))
            let rows = try work.query(
                """
                SELECT COUNT(*) AS n FROM library_attachment
                WHERE workspace = \(work.workspace) AND question = \(question)
                """)
            guard rows[0].int("n") < LibraryLimits.attachmentsMax else {
                throw Refusal.conflict(
                    "A question has at most \(LibraryLimits.attachmentsMax) files; remove one first.")
            }
            let id = try work.attach(kept, to: question, as: nil)
            try work.tell(.libraryChanged, .libraryQuestion, question.raw)
            return id
        }
    }

    /// One that is gone already is no error.
    public func removeLibraryAttachment(
        _ id: LibraryAttachmentID, of question: LibraryQuestionID, by principal: Principal
    ) async throws {
        try await perform(Plan("remove library attachment"), by: principal) { work in
            try work.requireAdministrator()
            try work.require(.question(question))
            try work.execute(
                """
                DELETE FROM library_attachment
                WHERE workspace = \(work.workspace) AND id = \(id) AND question = \(question)
                """)
            try work.tell(.libraryChanged, .libraryQuestion, question.raw)
        }
    }

    /// A question's file; its content is read piece by piece.
    public func libraryAttachment(
        _ id: LibraryAttachmentID, by principal: Principal
    ) async throws -> StoredFile {
        try requireLibraryReader(principal)
        let workspace = principal.workspace
        let row = try await view { reader in
            try reader.query(
                """
                SELECT id, name, content_type, size, bytes, digest FROM library_attachment
                WHERE workspace = \(workspace) AND id = \(id)
                """
            ).first
        }
        guard let row else { throw Refusal.notFound("There is no such file here.") }
        return StoredFile(row, in: workspace)
    }

    /// The archives of these ids that there are, for texts that show them.
    public func embeddedArchives(_ ids: [Int64], by principal: Principal) async throws -> [StoredFile] {
        try requireLibraryReader(principal)
        let workspace = principal.workspace
        return try await view { reader in
            try ids.chunked.flatMap { chunk in
                try reader.query(
                    """
                    SELECT id, name, content_type, size, bytes, digest FROM area_archive
                    WHERE workspace = \(workspace) AND id IN \(list: chunk) ORDER BY id
                    """
                ).map { StoredFile($0, in: workspace) }
            }
        }
    }
}

extension Work {
    /// - Parameter id: of a file that is written again; nil adds one.
    func attach(
        _ file: KeptFile, to question: LibraryQuestionID, as id: LibraryAttachmentID?
    ) throws -> LibraryAttachmentID {
        let id = id ?? LibraryAttachmentID(next(.libraryAttachment))
        try execute(
            """
            INSERT INTO library_attachment (workspace, id, question, name, content_type, size, bytes, digest)
            VALUES (\(workspace), \(id), \(question), \(file.name), \(file.contentType), \(file.size),
                \(file.bytes), \(file.digest))
            ON CONFLICT (workspace, id) DO UPDATE SET name = excluded.name,
                content_type = excluded.content_type, size = excluded.size, bytes = excluded.bytes,
                digest = excluded.digest
            """)
        return id
    }
}
