// The answer that keeps talking: a subscription as text/event-stream.
public import Hummingbird
import NIOCore
import ServiceLifecycle

extension Context {
    /// What the browser waits before it comes back, in milliseconds.
    static let reconnectMs = 2_000

    static let streamHeaders: HTTPFields = [
        .contentType: "text/event-stream", .cacheControl: "no-store",
        .init("X-Accel-Buffering")!: "no",
        // Watching for the client's end may have read into a next request.
        .connection: "close",
    ]

    /// Streams a subscription until it finishes, the client leaves or the server stops.
    ///
    /// The request must be the one the server handed in: its connection is watched for the client leaving.
    public func stream(_ subscription: Subscription, for request: Request) -> Response {
        let heartbeat = Duration.milliseconds(limits.heartbeatMs)
        let meter = meter
        let body = ResponseBody { writer in
            meter?.streamOpened()
            defer {
                subscription.end()
                meter?.streamEnded(tooSlow: subscription.wasTooSlow)
            }
            do {
                try await request.body.consumeWithCancellationOnInboundClose { _ in
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        group.addTask {
                            while (try? await Task.sleep(for: heartbeat)) != nil { subscription.beat() }
                        }
                        defer { group.cancelAll() }
                        try await writer.write(ByteBuffer(string: "retry: \(Context.reconnectMs)\n\n"))
                        try await withGracefulShutdownHandler {
                            try await subscription.drain { try await writer.write($0) }
                        } onGracefulShutdown: {
                            subscription.finish()
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
