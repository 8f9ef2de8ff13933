// Sends what is due to customers' systems: in order for each errand, no receiver holding up another.

public import Center
import Foundation
public import Logging
public import ServiceLifecycle
import Synchronization

/// Reads deliveries that are due and sends them; each receiver has places of its own.
public struct Deliverer: Service {
    /// Requests under way to one receiver.
    static let atOnceForEachMax = 16
    /// How often the tables are looked at when nothing wakes us.
    static let lookEveryMs: Int64 = 5_000
    /// After the database failed to answer.
    static let troublePauseMs: Int64 = 1_000

    private let floor: Floor
    private let render: @Sendable (AnsweredErrand) -> [UInt8]
    private let sender: CallbackSender
    private let logger: Logger

    /// - Parameter render: the payload on the wire, in the vendor's form.
    public init(
        floor: Floor, logger: Logger, render: @escaping @Sendable (AnsweredErrand) -> [UInt8]
    ) {
        self.floor = floor
        self.render = render
        self.logger = logger
        sender = CallbackSender()
    }

    public func run() async throws {
        let (wakes, wake) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let listening = try floor.bus.listen { events in
            if events.contains(where: { $0.kind == .errandAnswered }) { wake.yield() }
        }
        let lanes = Lanes()
        await withTaskCancellationOrGracefulShutdownHandler {
            await withDiscardingTaskGroup { group in
                group.addTask {
                    while !Task.isShuttingDownGracefully, !Task.isCancelled {
                        try? await Task.sleep(for: .milliseconds(Self.lookEveryMs))
                        wake.yield()
                    }
                }
                wake.yield()
                for await _ in wakes {
                    await look(lanes, &group) { wake.yield() }
                }
                group.cancelAll()
            }
        } onCancelOrGracefulShutdown: {
            wake.finish()
        }
        listening.cancel()
        try await sender.shutdown()
    }

    /// Starts what is due and has a place; `wake` is called when a place is free again or a time has come.
    private func look(
        _ lanes: Lanes, _ group: inout DiscardingTaskGroup, wake: @escaping @Sendable () -> Void
    ) async {
        for directory in floor.roster.directories {
            for callback in directory.callbacks {
                let lane = Lanes.Name(workspace: directory.workspace, callback: callback.id)
                let free = Self.atOnceForEachMax - lanes.count(lane)
                guard free > 0 else { continue }
                do {
                    // More than there are places, because some of those due are under way.
                    let due = try await floor.dueDeliveries(
                        of: callback.id, in: directory.workspace, limit: Self.atOnceForEachMax * 2)
                    var started = 0
                    for delivery in due where started < free && lanes.enter(lane, delivery.errand) {
                        started += 1
                        group.addTask {
                            await send(delivery)
                            lanes.leave(lane, delivery.errand)
                            wake()
                        }
                    }
                    if started == 0, lanes.count(lane) == 0 { try await alarm(lane, lanes, &group, wake) }
                } catch {
                    logger.error("deliveries cannot be read: \(error)")
                    try? await Task.sleep(for: .milliseconds(Self.troublePauseMs))
                }
            }
        }
    }

    /// Wakes the deliverer when the lane's next try is due, if that is soon.
    private func alarm(
        _ lane: Lanes.Name, _ lanes: Lanes, _ group: inout DiscardingTaskGroup,
        _ wake: @escaping @Sendable () -> Void
    ) async throws {
        guard let next = try await floor.nextDelivery(of: lane.callback, in: lane.workspace) else { return }
        let pause = max(next.ms - floor.now.ms, 1)
        guard pause < Self.lookEveryMs, lanes.arm(lane) else { return }
        group.addTask {
            try? await Task.sleep(for: .milliseconds(pause))
            lanes.disarm(lane)
            wake()
        }
    }

    private func send(_ due: DueDelivery) async {
        do {
            guard let (target, answered) = try await floor.deliveryContent(due) else {
                try await floor.deliveryFailed(due, status: nil, problem: "the callback is gone", final: true)
                return
            }
            switch await sender.post(render(answered), to: target) {
            case .heard(let status):
                try await floor.deliverySucceeded(due, status: status)
            case .failed(let status, let problem):
                logger.notice(
                    "callback failed",
                    metadata: [
                        "workspace": "\(due.workspace)", "delivery": "\(due.id)", "errand": "\(due.errand)",
                        "problem": "\(problem)",
                    ])
                try await floor.deliveryFailed(due, status: status, problem: problem)
            }
        } catch {
            // The delivery stays due; a receiver may hear it twice, never not at all.
            logger.error("delivery \(due.id) of workspace \(due.workspace): \(error)")
            try? await Task.sleep(for: .milliseconds(Self.troublePauseMs))
        }
    }
}

/// What is under way for each receiver.
private final class Lanes: Sendable {
    struct Name: Hashable, Sendable {
        var workspace: WorkspaceID
        var callback: CallbackID
    }
    private struct State {
        var busy: [Name: Set<ErrandID>] = [:]
        var armed: Set<Name> = []
    }
    private let state = Mutex(State())

    func count(_ lane: Name) -> Int { state.withLock { $0.busy[lane]?.count ?? 0 } }
    func enter(_ lane: Name, _ errand: ErrandID) -> Bool {
        state.withLock { $0.busy[lane, default: []].insert(errand).inserted }
    }
    func leave(_ lane: Name, _ errand: ErrandID) {
        state.withLock { state in
            state.busy[lane]?.remove(errand)
            if state.busy[lane]?.isEmpty == true { state.busy[lane] = nil }
        }
    }
    func arm(_ lane: Name) -> Bool { state.withLock { $0.armed.insert(lane).inserted } }
    func disarm(_ lane: Name) { state.withLock { _ = $0.armed.remove(lane) } }
}
