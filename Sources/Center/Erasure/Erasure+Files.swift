// Deletes the stored files that erased rows named, where nobody else names them.

import Store

extension Floor {
    /// Works through the workspace's unwanted files, those of an erasure that was cut short included.
    func deleteUnwantedFiles(by principal: Principal, _ erased: inout ErasedContact) async throws {
        let workspace = principal.workspace
        var last = ""
        while true {
            let after = last
            let digests = try await view { reader in
                try reader.query(
                    """
                    SELECT digest FROM unwanted_blob WHERE workspace = \(workspace) AND digest > \(after)
                    ORDER BY digest LIMIT \(ErasureLimits.filesMax)
                    """
                ).map { $0.text("digest") }
            }
            guard let end = digests.last else { return }
            last = end
            var settled: [String] = []
            for digest in digests {
                switch try await delete(digest, workspace) {
                case .deleted:
                    erased.filesDeleted += 1
                    settled.append(digest)
                case .named:
                    erased.filesKept += 1
                    settled.append(digest)
                case .underWay:
                    // Stays on the list; the next erasure looks again.
                    erased.filesKept += 1
                }
            }
            guard !settled.isEmpty else { continue }
            let done = settled
            try await perform(Plan("unwanted files gone", checksFirst: true), by: principal) { work in
                try work.execute(
                    "DELETE FROM unwanted_blob WHERE workspace = \(workspace) AND digest IN \(list: done)")
            }
        }
    }

    private func delete(_ digest: String, _ workspace: WorkspaceID) async throws -> Blobs.Deletion {
        for _ in 1..<ErasureLimits.fileTriesMax {
            let deletion = try await blobs.deleteUnnamed(digest, in: workspace)
            guard deletion == .underWay else { return deletion }
            try await Task.sleep(for: .milliseconds(ErasureLimits.filePauseMs))
        }
        return try await blobs.deleteUnnamed(digest, in: workspace)
    }
}
