// Deleting a stored file at once, where no row names it and nobody is about to write one.

import Foundation
import Store

extension Blobs {
    enum Deletion: Sendable {
        case deleted
        /// A row names it.
        case named
        /// Somebody has stored it and is about to name it.
        case underWay
    }

    /// Deletes the file, or says why not; one that is gone already counts as deleted.
    ///
    /// Under the lock that storing takes: whoever stored it before is pinned or has committed its row, and
    /// whoever stores it afterwards finds it missing and writes it again.
    func deleteUnnamed(_ digest: String, in workspace: WorkspaceID) async throws -> Deletion {
        let key = BlobPins.Key(workspace: workspace, digest: digest)
        switch store.dialect {
        case .sqlite:
            return try await offLoop {
                try self.files.withLock { _ in
                    if self.pins.isPinned(key) { return .underWay }
                    if try self.chunks.asking({ try Self.isNamed(digest, workspace, $0) }) { return .named }
                    try self.unlink(self.path(digest, workspace))
                    return .deleted
                }
            }
        case .postgres:
            return try await offLoop {
                try self.chunks.asking { connection in
                    if self.pins.isPinned(key) { return .underWay }
                    if try Self.isNamed(digest, workspace, connection) { return .named }
                    try connection.execute(
                        "DELETE FROM blob_chunk WHERE workspace = \(workspace) AND digest = \(digest)")
                    return .deleted
                }
            }
        }
    }

    private static func isNamed(
        _ digest: String, _ workspace: WorkspaceID, _ connection: any Connection
    ) throws -> Bool {
        for table in PersonalData.filesNamedBy {
            let rows = try connection.query(
                """
                SELECT id FROM \(sql: SQL(name: table))
                WHERE workspace = \(workspace) AND digest = \(digest) LIMIT 1
                """)
            if !rows.isEmpty { return true }
        }
        return false
    }

    private func unlink(_ path: String) throws {
        guard Foundation.unlink(path) == 0 || errno == ENOENT else {
            throw StoreError.unavailable("cannot delete a blob: errno \(errno)")
        }
        let parent = open((path as NSString).deletingLastPathComponent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if parent >= 0 {
            fsync(parent)
            Foundation.close(parent)
        }
    }
}
