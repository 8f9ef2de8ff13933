// Files that other systems fetch: those of an answer, and those an area shows inside its answers.

import Store

extension Floor {
    /// A file that went out with an answer of this workspace.
    ///
    /// What customers sent is none: only its errand's agents see it.
    public func responseAttachment(_ id: AttachmentID, by principal: Principal) async throws -> StoredFile {
        try requireClaim(among: [.attachments], principal)
        return try await file(
            """
            SELECT id, name, content_type, size, bytes, digest FROM attachment
            WHERE workspace = \(principal.workspace) AND id = \(id) AND owner_noun = \("response")
            """, principal.workspace)
    }

    /// A file of an area's archive.
    public func areaArchive(_ id: ArchiveID, by principal: Principal) async throws -> StoredFile {
        try requireClaim(among: [.attachments, .library], principal)
        return try await file(
            """
            SELECT id, name, content_type, size, bytes, digest FROM area_archive
            WHERE workspace = \(principal.workspace) AND id = \(id)
            """, principal.workspace)
    }

    private func file(_ sql: SQL, _ workspace: WorkspaceID) async throws -> StoredFile {
        let row = try await view { try $0.query(sql).first }
        guard let row else { throw Refusal.notFound("There is no such file here.") }
        return StoredFile(row, in: workspace)
    }

    private func requireClaim(among claims: Set<Claim>, _ principal: Principal) throws {
        guard case .token(let id) = principal.actor,
            let token = roster.workspace(principal.workspace)?.tokens.first(where: { $0.id == id }),
            !token.revoked, !token.claims.isDisjoint(with: claims)
        else { throw Refusal.forbidden("This access token may not read files.") }
    }
}
