// Files that were stored, and whose rows are still to be written.

import Synchronization

/// Counts who is about to name a stored file, so that it is not deleted before the row is there.
final class BlobPins: Sendable {
    struct Key: Hashable, Sendable {
        let workspace: WorkspaceID
        let digest: String
    }

    private let counts = Mutex<[Key: Int]>([:])

    /// Take it before the file is put; it ends with its last holder, the verb included.
    func pin(_ key: Key) -> BlobPin {
        counts.withLock { $0[key, default: 0] += 1 }
        return BlobPin { [self] in
            counts.withLock { counts in
                guard let count = counts[key] else { preconditionFailure("a pin was released twice") }
                counts[key] = count > 1 ? count - 1 : nil
            }
        }
    }

    func isPinned(_ key: Key) -> Bool { counts.withLock { $0[key] != nil } }
}

/// Held by a `KeptFile`, and so by the verb that writes its row.
final class BlobPin: Sendable {
    private let release: @Sendable () -> Void
    init(_ release: @escaping @Sendable () -> Void) { self.release = release }
    deinit { release() }
}
