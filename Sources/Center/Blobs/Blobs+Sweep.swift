// Sweeps files that no row refers to: what was stored for a verb that was refused, and what was erased.

import Foundation
import Routing
import Store
import Synchronization

/// Every table whose rows refer to content by `digest`.
enum BlobReferences {
    static let tables = ["attachment", "area_archive", "upload", "library_attachment"]

    /// The digests among these that rows refer to.
    static func query(_ digests: [String], _ workspace: WorkspaceID) -> SQL {
        tables.dropFirst().reduce(one(tables[0], digests, workspace)) {
            $0 + " UNION " + one($1, digests, workspace)
        }
    }

    private static func one(_ table: String, _ digests: [String], _ workspace: WorkspaceID) -> SQL {
        let table = SQL(name: table)
        return
            "SELECT digest FROM \(sql: table) WHERE workspace = \(workspace) AND digest IN \(list: digests)"
    }

    /// True for a row of `blob_chunk AS b` that none refers to.
    static var none: SQL {
        tables.dropFirst().reduce(none(tables[0])) { $0 + " AND " + none($1) }
    }

    private static func none(_ table: String) -> SQL {
        let table = SQL(name: table)
        return """
            NOT EXISTS (SELECT 1 FROM \(sql: table) AS r WHERE r.workspace = b.workspace AND r.digest = b.digest)
            """
    }
}

extension Blobs {
    /// Content is swept by the first byte of its digest.
    static let parts = 256
    /// Parts of one round of housekeeping: a whole sweep takes 256 rounds of this many.
    static let partsAtOnce = 1
    /// Files asked for in one statement, and deleted in one on PostgreSQL.
    static let sweptAtOnceMax = 500

    /// Deletes what is in this part, has not been stored again for a day, and is referred to by no row.
    ///
    /// Safe beside a verb that is about to refer to it: content is stored again (which makes it young)
    /// before such a verb, under the same lock, and no verb comes a day later. A crash loses nothing:
    /// what was deleted was referred to by nobody, and what was not is found by the next sweep.
    func sweep(part: Int, of workspace: WorkspaceID) async throws -> Int {
        let prefix = String(UInt8(part), radix: 16)
        let padded = prefix.count == 1 ? "0" + prefix : prefix
        let cutoff = clock() - Self.unreferencedMs
        switch store.dialect {
        case .sqlite: return try await sweepFiles(padded, workspace, cutoff)
        case .postgres: return try await sweepChunks(padded, workspace, cutoff)
        }
    }

    private func sweepFiles(_ prefix: String, _ workspace: WorkspaceID, _ cutoff: Int64) async throws -> Int {
        let parent = "\(folder)/\(workspace)/\(prefix)"
        let old = try await offLoop {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []
            return names.sorted().filter { Self.storedAt("\(parent)/\($0)").map { $0 < cutoff } ?? false }
        }
        var swept = 0
        for start in stride(from: 0, to: old.count, by: Self.sweptAtOnceMax) {
            let names = Array(old[start..<min(start + Self.sweptAtOnceMax, old.count)])
            let kept = try await store.read { reader in
                Set(try reader.query(BlobReferences.query(names, workspace)).map { $0.text("digest") })
            }
            // A name that is no digest is what a crash left of one that was being written.
            let gone = names.filter { !kept.contains($0) }
            swept += try await offLoop {
                self.files.withLock { _ in
                    gone.count { name in
                        let path = "\(parent)/\(name)"
                        guard let storedAt = Self.storedAt(path), storedAt < cutoff else { return false }
                        return unlink(path) == 0
                    }
                }
            }
        }
        return swept
    }

    /// When the file was stored last, in ms; nil when it is not there.
    private static func storedAt(_ path: String) -> Int64? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return Int64(status.st_mtim.tv_sec) * 1_000 + Int64(status.st_mtim.tv_nsec) / 1_000_000
    }

    private func sweepChunks(_ prefix: String, _ workspace: WorkspaceID, _ cutoff: Int64) async throws -> Int
    {
        // "g" comes after every digit of a digest.
        let end = prefix + "g"
        let gone = try await store.read { reader in
            try reader.query(
                """
                SELECT DISTINCT b.digest FROM blob_chunk AS b WHERE b.workspace = \(workspace)
                    AND b.digest >= \(prefix) AND b.digest < \(end) AND b.stored_at < \(cutoff)
                    AND \(sql: BlobReferences.none) ORDER BY b.digest LIMIT \(Self.sweptAtOnceMax)
                """
            ).map { $0.text("digest") }
        }
        guard !gone.isEmpty else { return 0 }
        try await offLoop {
            try self.chunks.change { connection in
                try connection.execute(
                    """
                    DELETE FROM blob_chunk AS b WHERE b.workspace = \(workspace) AND b.digest IN \(list: gone)
                        AND b.stored_at < \(cutoff) AND \(sql: BlobReferences.none)
                    """)
            }
        }
        return gone.count
    }
}

extension Floor {
    /// Sweeps the next parts of every workspace's files; tells how many files went.
    @discardableResult
    public func sweepBlobs(parts: Int? = nil) async throws -> Int {
        var swept = 0
        for _ in 0..<(parts ?? Blobs.partsAtOnce) {
            let part = blobs.nextPart.withLock { part in
                defer { part = (part + 1) % Blobs.parts }
                return part
            }
            for directory in roster.directories {
                swept += try await blobs.sweep(part: part, of: directory.workspace)
            }
        }
        return swept
    }
}
