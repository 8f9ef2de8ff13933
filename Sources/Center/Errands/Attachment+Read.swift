// A file's content, for those who may see its errand, and for a frame that has no cookie.

import Crypto
import Foundation
public import Routing
import Store

/// A file with its content.
public struct FileContent: Sendable {
    public let name: String
    public let contentType: String
    public let bytes: [UInt8]
}

public enum PictureLinkLimits {
    /// How long the link to a picture in a text works: the frame fetches it at once.
    public static let lifetimeMs: Int64 = 10 * 60_000
}

extension Floor {
    private static let missing = Refusal.notFound("There is no such file here.")

    /// An errand's attachment, for an agent who may see the errand.
    public func attachment(
        _ id: AttachmentID, of errand: ErrandID, for agent: AgentID, in workspace: WorkspaceID
    ) async throws -> FileContent {
        guard let directory = roster.workspace(workspace), let own = directory.agent(agent) else {
            throw Self.missing
        }
        let rows = try await view { reader in
            try reader.fetch([Errand.row(workspace, errand), Self.attachmentRow(id, workspace)])
        }
        guard let found = rows[0].first.map(Errand.init), let row = rows[1].first,
            row.int("errand") == errand.raw,
            directory.reaches(own, found.area) || found.agent == agent
        else { throw Self.missing }
        return try await content(row, in: workspace)
    }

    /// A file that waits for its answer, for the agent who sent it.
    public func uploadContent(
        _ id: AttachmentID, for agent: AgentID, in workspace: WorkspaceID
    ) async throws -> FileContent {
        let row = try await view { reader in
            try reader.query(
                """
                SELECT name, content_type, bytes, digest FROM upload
                WHERE workspace = \(workspace) AND id = \(id) AND agent = \(agent)
                """
            ).first
        }
        guard let row else { throw Self.missing }
        return try await content(row, in: workspace)
    }

    /// A picture in a text, by a signed link that stands for who may see it.
    public func linkedPicture(
        _ id: AttachmentID, until: Instant, signature: String, in workspace: WorkspaceID
    ) async throws -> FileContent {
        let right = pictureSignature(id, until: until, in: workspace)
        guard now < until, constantTimeEqual(Array(right.utf8), Array(signature.utf8)) else {
            throw Self.missing
        }
        let row = try await view { reader in try reader.query(Self.attachmentRow(id, workspace)).first }
        guard let row else { throw Self.missing }
        return try await content(row, in: workspace)
    }

    /// Lower-case hex HMAC of the workspace, the picture and the link's end.
    public func pictureSignature(
        _ id: AttachmentID, until: Instant, in workspace: WorkspaceID
    ) -> String {
        hex(
            Array(
                HMAC<SHA256>.authenticationCode(
                    for: Data("\(workspace)/\(id)/\(until.ms)".utf8), using: master.derived("picture"))))
    }

    private static func attachmentRow(_ id: AttachmentID, _ workspace: WorkspaceID) -> SQL {
        """
        SELECT errand, name, content_type, bytes, digest FROM attachment
        WHERE workspace = \(workspace) AND id = \(id)
        """
    }

    private func content(_ row: Row, in workspace: WorkspaceID) async throws -> FileContent {
        let bytes: [UInt8] =
            if let digest = row.textOrNil("digest") {
                try await blobs.read(digest, in: workspace)
            } else {
                row.blobOrNil("bytes") ?? []
            }
        return FileContent(name: row.text("name"), contentType: row.text("content_type"), bytes: bytes)
    }
}
