// Tells customers' systems what happened: a lane for each callback, so that no receiver holds up another.

public import Center
import Foundation
public import Logging
public import ServiceLifecycle
import Synchronization

/// Sends deliveries until the server stops.
public struct Deliverer: Service {
    /// How often new callbacks are looked for when no event tells of them.
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
        self.init(floor: floor, logger: logger, sender: CallbackSender(), render: render)
    }

    init(
        floor: Floor, logger: Logger, sender: CallbackSender,
        render: @escaping @Sendable (AnsweredErrand) -> [UInt8]
    ) {
        self.floor = floor
        self.render = render
        self.logger = logger
        self.sender = sender
    }

    public func run() async throws {
        let (looks, look) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let lanes = Lanes()
        let listening = try floor.bus.listen { events in
            for event in events {
                switch event.kind {
                case .errandAnswered, .deliveryResent: lanes.wake(event.workspace)
                case .provisioned, .callbackDeleted: look.yield()
                default: break
                }
            }
        }
        await withTaskCancellationOrGracefulShutdownHandler {
            await withDiscardingTaskGroup { group in
                let clock = Task {
                    while !Task.isCancelled {
                        look.yield()
                        try? await Task.sleep(for: .milliseconds(Self.lookEveryMs))
                    }
                }
                for await _ in looks {
                    lanes.endGone(floor.roster.directories)
                    for lane in lanes.missing(floor.roster.directories, lane) {
                        group.addTask { await lane.run() }
                    }
                }
                clock.cancel()
            }
        } onCancelOrGracefulShutdown: {
            look.finish()
            lanes.stop()
        }
        listening.cancel()
        await sender.shutdown()
    }

    private func lane(_ callback: CallbackID, _ workspace: WorkspaceID) -> Lane {
        Lane(callback, in: workspace, floor: floor, logger: logger) { await send($0) }
    }

    private func send(_ due: DueDelivery) async {
        do {
            guard let (target, answered) = try await floor.deliveryContent(due) else {
                try await floor.deliveryFailed(due, status: nil, problem: "the callback is gone", final: true)
                return
            }
            switch await sender.post(render(answered), to: target, attempt: due.attempts) {
            case .heard(let status):
                try await floor.deliverySucceeded(due, status: status)
            case .failed(let status, let problem, let retryAfterMs):
                logger.notice(
                    "callback failed",
                    metadata: [
                        "workspace": "\(due.workspace)", "delivery": "\(due.id)", "errand": "\(due.errand)",
                        "problem": "\(problem)",
                    ])
                try await floor.deliveryFailed(
                    due, status: status, problem: problem, retryAfterMs: retryAfterMs)
            case .stopped: break
            }
        } catch {
            // The delivery stays due; a receiver may hear it twice, never not at all.
            logger.error("delivery \(due.id) of workspace \(due.workspace): \(error)")
            try? await Task.sleep(for: .milliseconds(Self.troublePauseMs))
        }
    }
}

/// The lanes that run, by callback.
private final class Lanes: Sendable {
    private struct Name: Hashable {
        var workspace: WorkspaceID
        var callback: CallbackID
    }
    private struct State {
        var lanes: [Name: Lane] = [:]
        var byWorkspace: [WorkspaceID: [Lane]] = [:]
        var isStopped = false
    }
    private let state = Mutex(State())

    /// Makes lanes for callbacks that have none.
    func missing(
        _ directories: [Directory], _ make: (CallbackID, WorkspaceID) -> Lane
    ) -> [Lane] {
        state.withLock { state in
            guard !state.isStopped else { return [] }
            var made: [Lane] = []
            for directory in directories {
                for callback in directory.callbacks {
                    let name = Name(workspace: directory.workspace, callback: callback.id)
                    guard state.lanes[name] == nil else { continue }
                    let lane = make(callback.id, directory.workspace)
                    state.lanes[name] = lane
                    state.byWorkspace[directory.workspace, default: []].append(lane)
                    made.append(lane)
                }
            }
            return made
        }
    }

    /// Stops the lanes of callbacks that were deleted.
    func endGone(_ directories: [Directory]) {
        var known: Set<Name> = []
        for directory in directories {
            for callback in directory.callbacks {
                known.insert(Name(workspace: directory.workspace, callback: callback.id))
            }
        }
        let gone = state.withLock { state in
            var gone: [Lane] = []
            for name in state.lanes.keys where !known.contains(name) {
                guard let lane = state.lanes[name] else { continue }
                gone.append(lane)
                state.lanes[name] = nil
                state.byWorkspace[name.workspace]?.removeAll { $0 === lane }
            }
            return gone
        }
        for lane in gone { lane.stop() }
    }

    func wake(_ workspace: WorkspaceID) {
        for lane in state.withLock({ $0.byWorkspace[workspace] ?? [] }) { lane.wake() }
    }

    func stop() {
        let all = state.withLock { state in
            state.isStopped = true
            return Array(state.lanes.values)
        }
        for lane in all { lane.stop() }
    }
}
