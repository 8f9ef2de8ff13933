// Tells listeners in this process what was committed, after the commit.

import Synchronization

/// Hands committed events to listeners. A listener must not block: it copies what concerns it and returns.
public final class EventBus: Sendable {
    /// At most this many listeners; one desk is one.
    static let listenersMax = 50_000

    private struct State {
        var next: UInt64 = 0
        var listeners: [UInt64: @Sendable ([Event]) -> Void] = [:]
    }
    private let state = Mutex(State())

    init() {}

    /// Calls `listener` with the events of each commit until `cancel` is called.
    public func listen(_ listener: @escaping @Sendable ([Event]) -> Void) throws -> Listening {
        let id: UInt64? = state.withLock { state in
            guard state.listeners.count < Self.listenersMax else { return nil }
            state.next += 1
            state.listeners[state.next] = listener
            return state.next
        }
        guard let id else {
            throw Refusal.unavailable("Too many desks are listening; try again.", retryAfterS: 5)
        }
        return Listening { [weak self] in
            _ = self?.state.withLock { $0.listeners.removeValue(forKey: id) }
        }
    }

    func publish(_ events: [Event]) {
        guard !events.isEmpty else { return }
        // Which listener hears first does not matter: none can answer back into this commit.
        let listeners = state.withLock { Array($0.listeners.values) }
        for listener in listeners { listener(events) }
    }
}

public struct Listening: Sendable {
    private let end: @Sendable () -> Void
    init(_ end: @escaping @Sendable () -> Void) { self.end = end }
    public func cancel() { end() }
}
