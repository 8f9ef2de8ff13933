// What one server has answered, and which event streams it has open.
public import Center
import Hummingbird
import Synchronization

/// Counts answers by dialect and status class, from any thread.
public final class RequestMeter: Sendable {
    /// Status classes: 1xx to 5xx.
    static let classes = ["1xx", "2xx", "3xx", "4xx", "5xx"]

    private struct Counts {
        var classes = [Int](repeating: 0, count: RequestMeter.classes.count)
        var seconds = Histogram(Histogram.secondsBounds)
    }
    private let counts: [DialectCounts]
    private let streamsOpen = Atomic<Int>(0)
    private let streamsSlow = Atomic<Int>(0)

    /// One lock each, so that dialects do not wait for one another.
    private final class DialectCounts: Sendable {
        let state = Mutex(Counts())
    }

    public init() {
        counts = DialectName.allCases.map { _ in DialectCounts() }
    }

    /// An answer begins; how long the rest of it takes is the client's affair too.
    func answered(_ dialect: DialectName, status: Int, seconds: Double) {
        let place = min(max(status / 100, 1), Self.classes.count) - 1
        counts[dialect.place].state.withLock {
            $0.classes[place] += 1
            $0.seconds.add(seconds)
        }
    }

    /// The door refused a request before any route saw it.
    func refused(status: Int) {
        answered(.none, status: status, seconds: 0)
    }

    func streamOpened() { streamsOpen.add(1, ordering: .relaxed) }

    func streamEnded(tooSlow: Bool) {
        streamsOpen.subtract(1, ordering: .relaxed)
        if tooSlow { streamsSlow.add(1, ordering: .relaxed) }
    }

    public var metrics: [Metric] {
        var requests: [Metric.Sample] = []
        var seconds: [Metric.Sample] = []
        for (dialect, count) in zip(DialectName.allCases, counts) {
            let label = Metric.Label("dialect", dialect.rawValue)
            let counted = count.state.withLock { $0 }
            for (name, number) in zip(Self.classes, counted.classes) {
                requests.append(.init(Double(number), [label, .init("class", name)]))
            }
            seconds.append(.init(counted.seconds, [label]))
        }
        return [
            Metric(
                .counter, "switchboard_http_requests_total",
                "Requests answered, by dialect and status class.",
                requests),
            Metric(
                .histogram, "switchboard_http_request_seconds",
                "From a request's head to the beginning of its answer.", seconds),
            Metric(
                .gauge, "switchboard_event_streams", "Event streams that are open.",
                streamsOpen.load(ordering: .relaxed)),
            Metric(
                .counter, "switchboard_event_streams_slow_total",
                "Event streams ended because their client read too slowly.",
                streamsSlow.load(ordering: .relaxed)),
        ]
    }
}

/// What a request is counted under; the raw value is the label.
public enum DialectName: String, Sendable, CaseIterable {
    case cention
    case desk
    case tenios, apio
    /// Our own API.
    case api
    /// Outside of every other: health, the start page, unknown addresses.
    case root
    /// Refused at the door, before any dialect saw it.
    case none

    fileprivate var place: Int {
        switch self {
        case .cention: 0
        case .desk: 1
        case .tenios: 2
        case .apio: 3
        case .api: 4
        case .root: 5
        case .none: 6
        }
    }
}
