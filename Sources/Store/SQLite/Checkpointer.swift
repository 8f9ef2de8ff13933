// Copies an SQLite database's log back into its file, beside the writer that fills the log.
import Dispatch
import GRDBSQLite
import Synchronization

/// Keeps a writer's log short.
///
/// A thread of its own copies while the writer goes on; the writer then copies the little that it added
/// meanwhile, since the log begins anew only once all of it is in the file.
final class Checkpointer: Sendable {
    /// Pages in the log from which on it is copied.
    static let startPages = 8_000
    /// Pages in the log from which on the writer waits for the copy.
    static let waitPages = 32_000
    /// Pages left to the writer at most, unless the log grows as fast as it is copied.
    static let restPages = 500
    /// Rounds of copying beside the writer; each leaves what came meanwhile.
    static let roundsMax = 3

    private enum State { case idle, copying, copied }

    private let state = Mutex(State.idle)
    private let logPages = Atomic<Int>(0)
    private let queue = DispatchQueue(label: "store.checkpoint")
    private let path: String

    init(path: String) {
        self.path = path
    }

    /// Pages in the log after the last commit; 0 before the first.
    var pages: Int { logPages.load(ordering: .relaxed) }

    /// After each commit, on the writer's thread.
    /// - Parameter rest: copies what the log holds now.
    func committed(logPages: Int, _ rest: () -> Void) {
        self.logPages.store(logPages, ordering: .relaxed)
        let (begins, ends) = state.withLock { state in
            switch state {
            case .idle where logPages >= Self.startPages:
                state = .copying
                return (true, false)
            case .copied:
                state = .idle
                return (false, true)
            case .idle, .copying: return (false, false)
            }
        }
        if begins { queue.async { self.copy() } }
        if ends { rest() }
        if logPages >= Self.waitPages { queue.sync {} }
    }

    /// Waits for a copy under way.
    func stop() { queue.sync {} }

    /// What cannot be copied now (a full disk, say) stays in the log, and is tried again after the next commit.
    private func copy() {
        if let connection = try? SQLiteConnection(path: path, for: .checkpoints) {
            for _ in 0..<Self.roundsMax {
                let copied = connection.checkpoint()
                // Who reaches the log's end flushes the file: the writer, who would wait for all that was copied.
                connection.flushFile()
                if pages - copied < Self.restPages { break }
            }
            connection.close()
        }
        state.withLock { $0 = .copied }
    }
}
