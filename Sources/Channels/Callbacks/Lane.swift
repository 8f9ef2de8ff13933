// One callback's way out: what is due, in order for each errand, beside all other callbacks.

import Center
import Foundation
import Logging
import Synchronization

/// Sends one callback's deliveries; looks at the rows when something may have become due, not for each of them.
final class Lane: Sendable {
    /// Requests under way to one receiver.
    static let atOnceMax = 32
    /// Deliveries read from the rows at once.
    static let pageMax = 256
    /// The longest that a lane sleeps without looking.
    static let sleepMaxMs: Int64 = 60_000
    /// After the database failed to answer.
    static let troublePauseMs: Int64 = 1_000
    /// What is under way when the server stops may end within this.
    static let stopGraceMs: Int64 = 2_000

    private struct State {
        /// Errands with a request under way.
        var busy: Set<ErrandID> = []
        /// Read but not begun, the next one last.
        var waiting: [DueDelivery] = []
        /// Something may be due that `waiting` does not hold.
        var stale = true
        /// A look is under way, and these ended meanwhile: its rows are older than their ends.
        var looking = false
        var ended: Set<DeliveryID> = []
        var alarmAt: Int64?
        var stopping = false
    }

    let workspace: WorkspaceID
    private let callback: CallbackID
    private let floor: Floor
    private let logger: Logger
    private let send: @Sendable (DueDelivery) async -> Void
    private let state = Mutex(State())
    private let wakes: AsyncStream<Void>
    private let waker: AsyncStream<Void>.Continuation
    /// Ends when the lane stops and nothing is under way.
    private let idle: AsyncStream<Void>
    private let idler: AsyncStream<Void>.Continuation

    init(
        _ callback: CallbackID, in workspace: WorkspaceID, floor: Floor, logger: Logger,
        send: @escaping @Sendable (DueDelivery) async -> Void
    ) {
        self.callback = callback
        self.workspace = workspace
        self.floor = floor
        self.logger = logger
        self.send = send
        (wakes, waker) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        (idle, idler) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    /// Something may be due.
    func wake() {
        state.withLock { $0.stale = true }
        waker.yield()
    }

    /// Nothing new is begun.
    func stop() {
        let nothing = state.withLock { state in
            state.stopping = true
            return state.busy.isEmpty
        }
        waker.finish()
        if nothing { idler.finish() }
    }

    /// Returns after `stop`, when what was under way has ended or was cancelled.
    func run() async {
        await withDiscardingTaskGroup { group in
            waker.yield()
            for await _ in wakes { await work(&group) }
            await settle()
            group.cancelAll()
        }
    }

    private func settle() async {
        let idler = idler
        let grace = Task {
            try? await Task.sleep(for: .milliseconds(Self.stopGraceMs))
            idler.finish()
        }
        for await _ in idle {}
        grace.cancel()
    }

    private func work(_ group: inout DiscardingTaskGroup) async {
        while true {
            while let next = begin() {
                group.addTask { [self] in
                    await send(next)
                    end(next)
                }
            }
            guard wantsLook() else { return }
            do {
                let due = try await floor.dueDeliveries(of: callback, in: workspace, limit: Self.pageMax)
                if !take(due) {
                    let next = try await floor.nextDelivery(of: callback, in: workspace)
                    alarm(next.map { $0.ms - floor.now.ms } ?? Self.sleepMaxMs, &group)
                }
            } catch {
                logger.error("deliveries of workspace \(workspace) cannot be read: \(error)")
                _ = take([])
                alarm(Self.troublePauseMs, &group)
            }
        }
    }

    private func begin() -> DueDelivery? {
        state.withLock { state in
            guard !state.stopping, state.busy.count < Self.atOnceMax, let next = state.waiting.popLast()
            else {
                return nil
            }
            state.busy.insert(next.errand)
            return next
        }
    }

    private func end(_ delivery: DueDelivery) {
        let nothing = state.withLock { state in
            state.busy.remove(delivery.errand)
            if state.looking { state.ended.insert(delivery.id) }
            // The errand's next one was hidden behind it, or it is due again later.
            state.stale = true
            return state.stopping && state.busy.isEmpty
        }
        waker.yield()
        if nothing { idler.finish() }
    }

    private func wantsLook() -> Bool {
        state.withLock { state in
            guard !state.stopping, state.stale, state.waiting.isEmpty, state.busy.count < Self.atOnceMax
            else {
                return false
            }
            state.stale = false
            state.looking = true
            state.ended = []
            return true
        }
    }

    /// - Returns: whether there is something to begin.
    private func take(_ due: [DueDelivery]) -> Bool {
        state.withLock { state in
            state.looking = false
            state.waiting = due.reversed().filter {
                !state.busy.contains($0.errand) && !state.ended.contains($0.id)
            }
            if due.count == Self.pageMax { state.stale = true }
            return !state.waiting.isEmpty
        }
    }

    /// Wakes the lane after a pause, unless it is woken before that anyway.
    private func alarm(_ pauseMs: Int64, _ group: inout DiscardingTaskGroup) {
        let pause = min(max(pauseMs, 1), Self.sleepMaxMs)
        let at = floor.now.ms + pause
        let isSet = state.withLock { state in
            guard !state.stopping else { return false }
            if let other = state.alarmAt, other <= at { return false }
            state.alarmAt = at
            return true
        }
        guard isSet else { return }
        group.addTask { [self] in
            try? await Task.sleep(for: .milliseconds(pause))
            state.withLock { if $0.alarmAt == at { $0.alarmAt = nil } }
            wake()
        }
    }
}
