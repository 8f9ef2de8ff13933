// One listener of an event stream: a bounded buffer between who pushes and one connection.
import NIOCore
import Synchronization

/// What one connected client is to be told; pushing never waits.
///
/// States: open → finished (by us, by overflow, by shutdown) → ended; or open → ended when the client leaves.
public final class Subscription: Sendable {
    private struct State {
        var bytes: [UInt8] = []
        var events = 0
        var isFinished = false
        var wasTooSlow = false
        var hasEnded = false
    }

    private let maxEvents: Int
    private let maxBytes: Int
    private let state = Mutex(State())
    private let onTermination: @Sendable () -> Void
    private let wake: AsyncStream<Void>.Continuation
    private let wakes: AsyncStream<Void>

    /// - Parameter onTermination: runs once, when the client has left or the stream has ended.
    public init(limits: ServerLimits = .init(), onTermination: @escaping @Sendable () -> Void = {}) {
        self.maxEvents = limits.streamMaxEvents
        self.maxBytes = limits.streamMaxBytes
        self.onTermination = onTermination
        (wakes, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    deinit {
        end()
    }

    /// More waited than the stream may hold.
    var wasTooSlow: Bool { state.withLock { $0.wasTooSlow } }

    /// Queues an event; when too many wait, drops them all, says `reload` and ends the stream.
    public func push(_ event: ServerSentEvent) {
        let encoded = event.encoded
        state.withLock { state in
            guard !state.isFinished, !state.hasEnded else { return }
            if state.events < maxEvents, state.bytes.count + encoded.count <= maxBytes {
                state.bytes += encoded
                state.events += 1
            } else {
                state.bytes = ServerSentEvent.reload.encoded
                state.isFinished = true
                state.wasTooSlow = true
            }
        }
        wake.yield()
    }

    /// Ends the stream after what is queued; with `reload` the page is told to fetch everything anew first.
    public func finish(reload: Bool = false) {
        state.withLock { state in
            guard !state.isFinished, !state.hasEnded else { return }
            if reload { state.bytes += ServerSentEvent.reload.encoded }
            state.isFinished = true
        }
        wake.yield()
    }

    /// A comment line, which keeps proxies from closing a quiet stream; nothing when events wait anyway.
    func beat() {
        state.withLock { state in
            guard !state.isFinished, state.bytes.isEmpty else { return }
            state.bytes = Array(":\n\n".utf8)
        }
        wake.yield()
    }

    /// Hands over all that waits, as it comes, until the stream is finished or the task is cancelled.
    func drain(_ write: (ByteBuffer) async throws -> Void) async throws {
        for await _ in wakes {
            let (bytes, isLast) = state.withLock { state in
                defer {
                    state.bytes = []
                    state.events = 0
                }
                return (state.bytes, state.isFinished)
            }
            if !bytes.isEmpty { try await write(ByteBuffer(bytes: bytes)) }
            if isLast { return }
        }
    }

    /// The connection is done with this.
    func end() {
        let isFirst = state.withLock { state in
            defer {
                state.hasEnded = true
                state.bytes = []
            }
            return !state.hasEnded
        }
        guard isFirst else { return }
        wake.finish()
        onTermination()
    }
}
