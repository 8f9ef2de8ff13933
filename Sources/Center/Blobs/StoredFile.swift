// A file that is stored, and its content piece by piece: no reader ever holds a large file whole.

import Foundation
import Store

/// A file as its row describes it; content that is too large for the row is read when asked for.
public struct StoredFile: Sendable {
    public let id: Int64
    public let name: String
    public let contentType: String
    /// Bytes.
    public let size: Int
    let workspace: WorkspaceID
    /// The content, when it stands in the row.
    let bytes: [UInt8]?
    /// Else its SHA-256.
    let digest: String?

    init(_ row: Row, in workspace: WorkspaceID) {
        id = row.int("id")
        name = row.text("name")
        contentType = row.text("content_type")
        size = Int(row.int("size"))
        self.workspace = workspace
        bytes = row.blobOrNil("bytes")
        digest = row.textOrNil("digest")
    }

    /// How many pieces the content has; none when it is empty.
    public var pieces: Int { (size + Blobs.chunkBytes - 1) / Blobs.chunkBytes }

    /// The length of piece `n`, from 0.
    func length(ofPiece n: Int) -> Int { min(Blobs.chunkBytes, size - n * Blobs.chunkBytes) }
}

extension Blobs {
    /// Piece `n` of the file's content, from 0; all but the last are as long as each other.
    /// - Throws: `BlobProblem` when what is stored is not what the row says.
    public func piece(_ n: Int, of file: StoredFile) async throws -> [UInt8] {
        let bytes: [UInt8]
        if let row = file.bytes {
            bytes = Array(row.dropFirst(n * Self.chunkBytes).prefix(Self.chunkBytes))
        } else if let digest = file.digest {
            bytes = try await chunk(n, of: digest, in: file.workspace)
        } else {
            bytes = []
        }
        guard bytes.count == file.length(ofPiece: n) else {
            throw BlobProblem(
                description:
                    "piece \(n) of file \(file.id), workspace \(file.workspace), has \(bytes.count) bytes")
        }
        return bytes
    }

    private func chunk(_ n: Int, of digest: String, in workspace: WorkspaceID) async throws -> [UInt8] {
        switch store.dialect {
        case .sqlite:
            let path = path(digest, workspace)
            return try await offLoop { Self.read(path, from: n * Self.chunkBytes) }
        case .postgres:
            do {
                return try await store.read { reader in
                    try reader.query(
                        """
                        SELECT bytes FROM blob_chunk WHERE workspace = \(workspace) AND digest = \(digest)
                            AND n = \(n)
                        """
                    ).first?.blob("bytes") ?? []
                }
            } catch StoreError.unavailable {
                throw Refusal.unavailable("The database is away; retry.", retryAfterS: 2)
            }
        }
    }

    /// What is there of one chunk; nothing when the file cannot be read.
    private static func read(_ path: String, from offset: Int) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { Foundation.close(descriptor) }
        return [UInt8](unsafeUninitializedCapacity: chunkBytes) { buffer, count in
            while count < chunkBytes {
                let more = pread(
                    descriptor, buffer.baseAddress! + count, chunkBytes - count, off_t(offset + count))
                if more <= 0 { break }
                count += more
            }
        }
    }
}
