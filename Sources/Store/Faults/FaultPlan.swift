// Which statement or commit fails, and how many were seen: for tests of what follows a fault.
import Synchronization

/// What a `FaultEngine` does to the writer's connections, counted over all of them from 1.
///
/// Statements are every call that sends one: queries, each of a fetch, executes, scripts, begins and
/// savepoints; commits are counted apart; rollbacks never fail.
public final class FaultPlan: Sendable {
    private struct State {
        var statement: Int?
        var commit: Int?
        var unknownCommit: Int?
        var flush: Int?
        var flushes = 0
        var statements = 0
        var commits = 0
        /// The batch whose commit happened and was answered with `unknownCommit`.
        var unanswered: Mark?
    }

    struct Mark: Equatable {
        let ownership: Ownership?
        let batch: Int64
    }

    private let state: Mutex<State>

    /// - Parameters:
    ///   - statement: the Nth statement throws `injected` and is not run.
    ///   - commit: the Nth commit throws `injected`; the transaction is still open.
    ///   - unknownCommit: the Nth commit happens, then throws `unknownCommit`, and the connection is dead.
    ///   - flush: the Nth flush of commits that did not wait for the disk fails.
    public init(statement: Int? = nil, commit: Int? = nil, unknownCommit: Int? = nil, flush: Int? = nil) {
        state = Mutex(
            State(statement: statement, commit: commit, unknownCommit: unknownCommit, flush: flush))
    }

    public var statements: Int { state.withLock { $0.statements } }
    public var commits: Int { state.withLock { $0.commits } }
    public var flushes: Int { state.withLock { $0.flushes } }

    /// Counts from 1 again, with other faults.
    public func restart(
        statement: Int? = nil, commit: Int? = nil, unknownCommit: Int? = nil, flush: Int? = nil
    ) {
        state.withLock {
            $0 = State(statement: statement, commit: commit, unknownCommit: unknownCommit, flush: flush)
        }
    }

    func countStatement() throws {
        try state.withLock { state in
            state.statements += 1
            if state.statements == state.statement {
                throw StoreError.injected("statement \(state.statements)")
            }
        }
    }

    /// - Returns: whether the commit, once it has happened, is to be answered with `unknownCommit`.
    func countCommit() throws -> Bool {
        try state.withLock { state in
            state.commits += 1
            if state.commits == state.commit { throw StoreError.injected("commit \(state.commits)") }
            return state.commits == state.unknownCommit
        }
    }

    func countFlush() throws {
        try state.withLock { state in
            state.flushes += 1
            if state.flushes == state.flush { throw StoreError.injected("flush \(state.flushes)") }
        }
    }

    func leaveUnanswered(_ mark: Mark) {
        state.withLock { $0.unanswered = mark }
    }

    func isUnanswered(_ mark: Mark) -> Bool {
        state.withLock { $0.unanswered == mark }
    }
}
