// Where a rolling audit has got to, and what it has learnt on the way.

/// What a step is worth: one look at something small in memory, about ten nanoseconds.
enum AuditSteps {
    static let item = 8
    static let agent = 8
    static let workClass = 4
}

/// Goes round the items, then the agents, then the queues of a router, again and again.
public struct AuditCursor: Sendable {
    enum Part { case items, agents, queues }

    var part = Part.items
    var place = 0
    /// Rounds in which everything was looked at.
    public private(set) var rounds: Int64 = 0
    /// Steps that the last call took.
    public internal(set) var spent = 0
    private var oldestSoFar: [QueueID: Instant] = [:]
    private var oldest: [QueueID: Instant] = [:]

    public init() {}

    /// When the work entered that waited longest in the queue as the last whole round passed it; nil for none.
    public func oldestWaiting(in queue: QueueID) -> Instant? { oldest[queue] }

    var isAtStart: Bool { part == .items && place == 0 }

    mutating func sawWaiting(_ item: WorkItemRecord) {
        if let other = oldestSoFar[item.queue], other <= item.entered { return }
        oldestSoFar[item.queue] = item.entered
    }

    /// True when the round is over.
    mutating func goOn() -> Bool {
        place = 0
        switch part {
        case .items:
            part = .agents
            return false
        case .agents:
            part = .queues
            return false
        case .queues:
            part = .items
            rounds += 1
            oldest = oldestSoFar
            oldestSoFar.removeAll(keepingCapacity: true)
            return true
        }
    }
}
