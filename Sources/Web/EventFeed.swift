// An event stream that is fetched page by page at its client's own pace: nothing is lost, nothing piles up.
public import Hummingbird
import NIOCore
import ServiceLifecycle
import Synchronization

/// Wakes a feed; waking it often before it looks is waking it once.
public final class FeedBell: Sendable {
    fileprivate let wakes: AsyncStream<Void>
    private let wake: AsyncStream<Void>.Continuation
    private let state = Mutex((isOver: false, beats: false))

    public init() {
        (wakes, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// There may be something new.
    public func ring() { wake.yield() }

    /// The feed ends once it has looked.
    public func finish() {
        state.withLock { $0.isOver = true }
        wake.yield()
    }

    fileprivate func beat() {
        state.withLock { $0.beats = true }
        wake.yield()
    }

    fileprivate var isOver: Bool { state.withLock { $0.isOver } }

    fileprivate func takeBeat() -> Bool {
        state.withLock { state in
            defer { state.beats = false }
            return state.beats
        }
    }
}

extension Context {
    /// Streams what `next` gives until it gives nil, the client leaves or the server stops.
    ///
    /// The next page is asked for when the connection has taken the one before: a slow client costs one page.
    /// - Parameters:
    ///   - bell: rung when there may be something new; `next` is asked until it gives an empty page.
    ///   - onEnd: runs once, when the stream has ended.
    public func feed(
        for request: Request, bell: FeedBell, onEnd: @escaping @Sendable () -> Void,
        next: @escaping @Sendable () async throws -> [ServerSentEvent]?
    ) -> Response {
        let heartbeat = Duration.milliseconds(limits.heartbeatMs)
        let meter = meter
        let body = ResponseBody { writer in
            meter?.streamOpened()
            defer {
                onEnd()
                meter?.streamEnded(tooSlow: false)
            }
            do {
                try await request.body.consumeWithCancellationOnInboundClose { _ in
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        group.addTask {
                            while (try? await Task.sleep(for: heartbeat)) != nil { bell.beat() }
                        }
                        defer { group.cancelAll() }
                        try await writer.write(ByteBuffer(string: "retry: \(Context.reconnectMs)\n\n"))
                        try await withGracefulShutdownHandler {
                            bell.ring()
                            for await _ in bell.wakes {
                                var isQuiet = true
                                while true {
                                    guard let events = try await next() else { return }
                                    guard !events.isEmpty else { break }
                                    isQuiet = false
                                    try await writer.write(
                                        ByteBuffer(bytes: events.flatMap(\.encoded)))
                                }
                                if bell.isOver { return }
                                // A comment keeps proxies from closing a quiet stream.
                                if bell.takeBeat(), isQuiet {
                                    try await writer.write(ByteBuffer(string: ":\n\n"))
                                }
                            }
                        } onGracefulShutdown: {
                            bell.finish()
                        }
                    }
                }
                if !Task.isCancelled { try await writer.finish(nil) }
            } catch is CancellationError {
                // The client left: there is nobody to tell.
            }
        }
        return Response(status: .ok, headers: Context.streamHeaders, body: body)
    }
}
