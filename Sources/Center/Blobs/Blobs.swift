// Large files: content-addressed inside the workspace, stored before the verb that refers to them.

import Crypto
import Foundation
import Store
import Synchronization

/// A file that is stored or small enough for its row.
public struct KeptFile: Sendable {
    let name: String
    let contentType: String
    let contentID: String?
    let size: Int
    /// The content, when it fits the row.
    let bytes: [UInt8]?
    /// Else its SHA-256 in lower-case hex.
    let digest: String?
    /// Keeps the file until the verb that names it is done.
    var pin: BlobPin?
}

/// Files under `data/blobs` with SQLite, rows of 1 MiB on a connection of their own with PostgreSQL.
public final class Blobs: Sendable {
    /// Content up to this size stands in the row.
    public static let inRowMax = 16 << 10
    static let chunkBytes = 1 << 20
    /// What no row refers to is kept this long.
    static let unreferencedMs: Int64 = 24 * 3_600_000

    let store: Store
    let folder: String
    let clock: @Sendable () -> Int64
    /// Held while a file is put or swept, so that a sweep never takes what was just put again.
    let files = Mutex(())
    let pins = BlobPins()
    let chunks: ChunkConnection
    /// Where the next sweep goes on.
    let nextPart = Mutex(0)
    private let queue = DispatchQueue(label: "blobs", attributes: .concurrent)

    init(store: Store, folder: String, clock: @escaping @Sendable () -> Int64) {
        self.store = store
        self.folder = folder + "/blobs"
        self.clock = clock
        chunks = ChunkConnection(store)
    }

    /// Stores what is too large for a row, durably.
    func keep(_ attachments: [NewAttachment], in workspace: WorkspaceID) async throws -> [KeptFile] {
        var kept: [KeptFile] = []
        for attachment in attachments {
            let small = attachment.bytes.count <= Self.inRowMax
            let digest = small ? nil : sha256Hex(attachment.bytes)
            let pin = digest.map { pins.pin(.init(workspace: workspace, digest: $0)) }
            if let digest { try await put(attachment.bytes, digest, workspace) }
            kept.append(
                KeptFile(
                    name: attachment.name, contentType: attachment.contentType,
                    contentID: attachment.contentID,
                    size: attachment.bytes.count, bytes: small ? attachment.bytes : nil, digest: digest,
                    pin: pin))
        }
        return kept
    }

    private func put(_ bytes: [UInt8], _ digest: String, _ workspace: WorkspaceID) async throws {
        do {
            switch store.dialect {
            case .sqlite: try await offLoop { try self.writeFile(bytes, digest, workspace) }
            case .postgres:
                try await offLoop { try self.writeChunks(bytes, digest, workspace) }
            }
        } catch let problem as StoreError {
            switch problem {
            case .unavailable: throw Refusal.unavailable("The database is away; retry.", retryAfterS: 2)
            case .full:
                throw Refusal.storageFull("The disk is full; nothing was stored. Free space and retry.")
            default: throw problem
            }
        }
    }

    /// The content of a stored file.
    public func read(_ digest: String, in workspace: WorkspaceID) async throws -> [UInt8] {
        switch store.dialect {
        case .sqlite:
            let path = path(digest, workspace)
            return try await offLoop {
                guard let data = FileManager.default.contents(atPath: path) else {
                    throw BlobProblem(description: "blob \(digest) of workspace \(workspace) is missing")
                }
                return [UInt8](data)
            }
        case .postgres:
            return try await store.read { reader in
                var bytes: [UInt8] = []
                try reader.forEach(
                    """
                    SELECT bytes FROM blob_chunk WHERE workspace = \(workspace) AND digest = \(digest) ORDER BY n
                    """
                ) { bytes += $0.blob("bytes") }
                return bytes
            }
        }
    }

    func close() { chunks.close() }

    /// Stored twice is stored once: whether an answer that was lost was a yes need not be known.
    private func writeChunks(_ bytes: [UInt8], _ digest: String, _ workspace: WorkspaceID) throws {
        do {
            try chunks.write(bytes, digest, workspace, at: clock())
        } catch StoreError.unknownCommit {
            try chunks.write(bytes, digest, workspace, at: clock())
        }
    }

    // MARK: - Files

    func path(_ digest: String, _ workspace: WorkspaceID) -> String {
        "\(folder)/\(workspace)/\(digest.prefix(2))/\(digest)"
    }

    private func writeFile(_ bytes: [UInt8], _ digest: String, _ workspace: WorkspaceID) throws {
        try files.withLock { _ in
            let path = path(digest, workspace)
            if touch(path) { return }
            let parent = (path as NSString).deletingLastPathComponent
            do {
                try FileManager.default.createDirectory(
                    atPath: parent, withIntermediateDirectories: true,
                    attributes: [.posixPermissions: 0o700])
            } catch CocoaError.fileWriteOutOfSpace {
                throw Self.unwritten(ENOSPC)
            }
            let temporary = path + ".new"
            let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { throw Self.unwritten(errno) }
            var isKept = false
            defer {
                Foundation.close(descriptor)
                if !isKept { unlink(temporary) }
            }
            var offset = 0
            while offset < bytes.count {
                let count = bytes[offset...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
                guard count > 0 else { throw Self.unwritten(errno) }
                offset += count
            }
            // Some file systems find room only now.
            guard fsync(descriptor) == 0, rename(temporary, path) == 0 else { throw Self.unwritten(errno) }
            isKept = true
            _ = touch(path)
            // The name must survive too: the folder, and the folder that holds it.
            for folder in [parent, (parent as NSString).deletingLastPathComponent, self.folder] {
                let handle = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
                if handle >= 0 {
                    fsync(handle)
                    Foundation.close(handle)
                }
            }
        }
    }

    private static func unwritten(_ problem: Int32) -> StoreError {
        problem == ENOSPC || problem == EDQUOT
            ? .full("no room for a blob") : .unavailable("cannot write a blob: errno \(problem)")
    }

    /// Makes a file young, by our clock; false when it is not there.
    private func touch(_ path: String) -> Bool {
        let ms = clock()
        let time = timeval(tv_sec: Int(ms / 1_000), tv_usec: Int(ms % 1_000) * 1_000)
        return utimes(path, [time, time]) == 0
    }

    func offLoop<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try body() }) }
        }
    }
}

struct BlobProblem: Error, CustomStringConvertible {
    let description: String
}

/// The connection that writes chunks on PostgreSQL, so that the writer is not held up.
final class ChunkConnection: Sendable {
    private struct Box: @unchecked Sendable { var connection: (any Connection)? }
    private let store: Store
    private let box = Mutex(Box())

    init(_ store: Store) { self.store = store }

    func write(_ bytes: [UInt8], _ digest: String, _ workspace: WorkspaceID, at: Int64) throws {
        try change { connection in
            for (n, start) in stride(from: 0, to: bytes.count, by: Blobs.chunkBytes).enumerated() {
                let chunk = Array(bytes[start..<min(start + Blobs.chunkBytes, bytes.count)])
                try connection.execute(
                    """
                    INSERT INTO blob_chunk (workspace, digest, n, stored_at, bytes)
                    VALUES (\(workspace), \(digest), \(n), \(at), \(chunk))
                    ON CONFLICT (workspace, digest, n) DO UPDATE SET stored_at = excluded.stored_at
                    """)
            }
        }
    }

    /// Runs a transaction; one at a time, so that a sweep never crosses what is just put again.
    func change(_ body: (any Connection) throws -> Void) throws {
        try box.withLock { box in
            let connection = try box.connection ?? store.engine.connect()
            box.connection = connection
            do {
                try connection.begin()
                try body(connection)
                try connection.commit()
            } catch {
                connection.rollback()
                if !connection.isAlive { box.connection = nil }
                throw error
            }
        }
    }

    /// Nothing is put meanwhile. What `body` executes counts at once.
    func asking<T: Sendable>(_ body: (any Connection) throws -> T) throws -> T {
        try box.withLock { box in
            let connection = try box.connection ?? store.engine.connect()
            box.connection = connection
            do {
                return try body(connection)
            } catch {
                if !connection.isAlive { box.connection = nil }
                throw error
            }
        }
    }

    func close() {
        box.withLock { box in
            box.connection?.close()
            box.connection = nil
        }
    }
}
