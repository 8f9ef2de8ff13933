// What a handler knows of its request besides the request itself.
public import Center
public import Hummingbird
import NIOCore
import Synchronization

/// The context of one request: its id, who asks, and the limits it lives under.
///
/// `Front` fills in what needs the request's headers before any route or middleware runs.
public struct Context: RequestContext {
    public var coreContext: CoreRequestContextStorage
    /// Short, sortable, unique; also the response's `X-Request-Id`.
    public internal(set) var requestID: String
    /// When the request's head was read, on the monotonic clock.
    public let arrival: ContinuousClock.Instant
    /// The other end of the connection, which may be a proxy; nil on a unix socket.
    public let peer: Address?
    /// Who asks, looking through trusted proxies; nil on a unix socket.
    public internal(set) var client: Address?
    /// How the client asks, looking through trusted proxies.
    public internal(set) var scheme: Scheme
    /// What the handler adds to the request's log line.
    public let notes: Notes
    public internal(set) var limits: ServerLimits
    var budget: BodyBudget
    var meter: RequestMeter?
    /// What stands in the path for its route's names.
    var captures: Captures?

    public init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        requestID = RequestID.next()
        arrival = .now
        peer = source.channel.remoteAddress.flatMap { Address($0) }
        client = peer
        scheme = .http
        notes = Notes()
        limits = Context.standardLimits
        budget = Context.standardBudget
    }

    private static let standardLimits = ServerLimits()
    private static let standardBudget = BodyBudget(maxBytes: ServerLimits().bodiesInFlightMaxBytes)

    /// A path parameter with percent-encoding undone; nil when it is missing or no valid UTF-8.
    public func segment(_ name: String) -> String? { captures?.value(name) }

    /// Whether the route has a value of that name, valid or not.
    public func hasSegment(_ name: String) -> Bool { captures?.has(name) ?? false }

    /// The library's own are always empty here: its router is not in use.
    @available(*, unavailable, message: "ask for a segment")
    public var parameters: Parameters { Parameters() }
}

/// What a handler adds to its request's log line: ids only, never a name or a text.
public final class Notes: Sendable {
    private let state = Mutex<(workspace: String?, principal: String?, path: String?)>((nil, nil, nil))

    public var workspace: String? {
        get { state.withLock { $0.workspace } }
        set { state.withLock { $0.workspace = newValue } }
    }

    /// What stands in the line for a path that holds a secret; nil: the path.
    public var path: String? {
        get { state.withLock { $0.path } }
        set { state.withLock { $0.path = newValue } }
    }

    public var principal: String? {
        get { state.withLock { $0.principal } }
        set { state.withLock { $0.principal = newValue } }
    }
}
