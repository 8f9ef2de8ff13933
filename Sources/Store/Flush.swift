// A commit that is made but not yet on the disk, and what waits until it is.
import Dispatch
import Synchronization

/// Brings one commit, and all before it on its connection, to the disk. Ends with `run` or with `abandon`.
public struct Flush: Sendable {
    private let body: @Sendable () throws -> Void
    private let giveUp: @Sendable (String) -> Void

    init(run: @escaping @Sendable () throws -> Void, abandon: @escaping @Sendable (String) -> Void) {
        body = run
        giveUp = abandon
    }

    /// Blocks until the commit is durable; on any thread, one flush after the other.
    /// - Throws: when the disk refused; what it holds is not known then, and nothing can be made durable any more.
    public func run() throws { try body() }

    /// The commit will not be flushed: who read it gets `unavailable`.
    public func abandon(_ why: String) { giveUp(why) }
}

/// Holds back what snapshots read until it is durable: a commit can be read before it is flushed, and what was told
/// from it could not be taken back when the power fails.
final class FlushGate: Sendable {
    /// Reads that are held back; more are refused.
    static let waitingMax = 4_096
    /// For a disk that neither takes nor refuses.
    static let waitMaxMs = 10_000
    private static let sweepMs = 500

    private struct Waiter: Sendable {
        let commit: UInt64
        let deadline: ContinuousClock.Instant
        let go: @Sendable (StoreError?) -> Void
    }

    private struct State: Sendable {
        var last: UInt64 = 0
        /// Commits that are announced and not flushed, oldest first: as many as the writer lets wait.
        var pending: [UInt64] = []
        /// In the order they came, and so of their deadlines, too.
        var waiters: [Waiter] = []
        var isSweeping = false
        var broken: String?

        /// Who waits for nothing any more.
        mutating func takeFree() -> [Waiter] {
            let oldest = pending.first ?? .max
            let free = waiters.filter { $0.commit < oldest }
            if !free.isEmpty { waiters.removeAll { $0.commit < oldest } }
            return free
        }
    }

    private let state = Mutex(State())

    /// How many reads are held back now.
    var held: Int { state.withLock { $0.waiters.count } }

    /// Before a commit that is to be flushed later: from now on snapshots may see it.
    func announce() -> UInt64 {
        state.withLock {
            $0.last += 1
            $0.pending.append($0.last)
            return $0.last
        }
    }

    /// The announced commit did not happen.
    func withdraw(_ commit: UInt64) {
        let free = state.withLock {
            $0.pending.removeAll { $0 == commit }
            return $0.takeFree()
        }
        for waiter in free { waiter.go(nil) }
    }

    /// The commit and all before it are durable.
    func flushed(_ commit: UInt64) {
        let free = state.withLock {
            $0.pending.removeAll { $0 <= commit }
            return $0.takeFree()
        }
        for waiter in free { waiter.go(nil) }
    }

    /// What was committed may not be durable, ever: nothing is told of this database any more.
    func shut(_ why: String) {
        let waiters = state.withLock { state in
            state.broken = state.broken ?? why
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.go(.unavailable(why)) }
    }

    private enum Admission {
        case go(StoreError?)
        case wait(sweep: Bool)
    }

    /// Calls `go` once all that a snapshot can have seen is durable; the snapshot has ended, or has begun at least.
    /// `unavailable` when that takes too long, or too many wait.
    func pass(_ go: @escaping @Sendable (StoreError?) -> Void) {
        let admission: Admission = state.withLock { state in
            if let broken = state.broken { return .go(.unavailable(broken)) }
            guard let newest = state.pending.last else { return .go(nil) }
            guard state.waiters.count < Self.waitingMax else {
                return .go(.unavailable("too many reads wait for the disk"))
            }
            state.waiters.append(
                Waiter(commit: newest, deadline: .now + .milliseconds(Self.waitMaxMs), go: go))
            defer { state.isSweeping = true }
            return .wait(sweep: !state.isSweeping)
        }
        switch admission {
        case .go(let error): go(error)
        case .wait(let sweep): if sweep { sweepLater() }
        }
    }

    /// While reads wait, looks now and then whether the first of them has waited too long.
    private func sweepLater() {
        DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(Self.sweepMs)) {
            if self.sweep(at: .now) { self.sweepLater() }
        }
    }

    /// - Returns: whether others still wait.
    func sweep(at now: ContinuousClock.Instant) -> Bool {
        let (expired, again) = state.withLock { state in
            let count = state.waiters.prefix { $0.deadline < now }.count
            defer { state.waiters.removeFirst(count) }
            state.isSweeping = state.waiters.count > count
            return (Array(state.waiters.prefix(count)), state.isSweeping)
        }
        for waiter in expired { waiter.go(.unavailable("the disk takes too long")) }
        return again
    }
}
