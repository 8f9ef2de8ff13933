// Every number the server holds clients to, in one place.

/// The limits of one server; all may be set, tests set them small.
public struct ServerLimits: Sendable {
    /// Largest body any route may ask for; one with `Expect: 100-continue` above it gets no go-ahead.
    public var bodyMaxBytes = 32 << 20
    /// Bodies held in memory together; above it requests get 503.
    public var bodiesInFlightMaxBytes = 256 << 20
    /// From a request's first byte to the end of its head.
    public var headMaxMs = 10_000
    /// From the end of a request's head to the end of its body.
    public var bodyMaxMs = 120_000
    /// Longest pause inside a body.
    public var bodyGapMaxMs = 30_000
    /// A connection without a request is closed after this.
    public var idleMaxMs = 60_000
    /// A client that reads nothing of a waiting answer is dropped after this.
    public var writeStallMaxMs = 60_000
    /// How long we still swallow a refused request's rest, so that the client reads the answer.
    public var lingerMaxMs = 2_000
    /// One header field, the request target included.
    public var headFieldMaxBytes = 16 << 10
    /// A whole request head.
    public var headMaxBytes = 64 << 10
    /// Header fields in a request.
    public var headMaxFields = 100
    /// Connections open together; more wait in the kernel's queue.
    public var connectionsMax = 8_192
    /// From the signal to stop until the last connection is cut.
    public var shutdownMaxMs = 4_000
    /// Pause between two heartbeats of an event stream.
    public var heartbeatMs = 15_000
    /// Events waiting in one stream; above it the stream says `reload` and ends.
    public var streamMaxEvents = 256
    /// Bytes waiting in one stream; above it the stream says `reload` and ends.
    public var streamMaxBytes = 1 << 20
    /// What a client that met a full server is told to wait.
    public var retryAfterS = 5

    public init() {}
}
