// A work item as the router has it, in figures and enumerations only: what verbs answer and keys remember.

public import Routing

public struct ItemNow: Sendable, Hashable, Codable {
    public enum State: String, Sendable, Hashable, Codable, CaseIterable {
        case waiting, offered, active
        case wrapUp = "wrap_up"
        case done, abandoned, overflowed, withdrawn
    }

    public struct Offer: Sendable, Hashable, Codable {
        public let name: OfferName
        public let madeMs: Int64
        public let deadlineMs: Int64
    }

    public let id: Int64
    public let state: State
    public let queue: Int64
    public let channel: Int64
    public let priority: Int64
    /// When it entered its queue, and when the wait began that counts for its place.
    public let queuedMs: Int64
    public let enteredMs: Int64
    /// Has it in hand or in wrap-up.
    public let agent: Int64?
    /// Since when it is in hand, or until when in wrap-up at the latest.
    public let activeSinceMs: Int64?
    public let wrapUpUntilMs: Int64?
    /// To each of a group that is asked at once.
    public let offers: [Offer]
    /// In its queue, from 1, while it waits.
    public let position: Int64?
    public let estimatedWaitMs: Int64?
    /// Set when a queue did not keep it.
    public private(set) var overflow: ItemOverflow?
    /// Changes with everything above but position and estimate.
    public let tag: String
}

/// Names one offer to one agent: the item, the item's how-manieth offer, and the agent.
public struct OfferName: Sendable, Hashable, Codable, CustomStringConvertible {
    public let item: WorkItemID
    public let epoch: Int64
    public let agent: AgentID

    public init(item: WorkItemID, epoch: Int64, agent: AgentID) {
        self.item = item
        self.epoch = epoch
        self.agent = agent
    }

    /// `12-1-7`; nil for anything else.
    public init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { Int64($0) }
        guard parts.count == 3, let item = parts[0], let epoch = parts[1], let agent = parts[2],
            "\(item)-\(epoch)-\(agent)" == text
        else { return nil }
        self.init(item: WorkItemID(item), epoch: epoch, agent: AgentID(agent))
    }

    public var description: String { "\(item.raw)-\(epoch)-\(agent.raw)" }

    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let name = OfferName(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "no offer: \(text)"))
        }
        self = name
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension ItemNow {
    /// A live item.
    init(_ record: WorkItemRecord, _ router: Router, overflow: ItemOverflow?) {
        id = record.id.raw
        queue = record.queue.raw
        channel = record.channel.rawValue
        priority = record.priority
        queuedMs = record.queued.ms
        enteredMs = record.entered.ms
        agent = record.state.holder?.raw
        var offers: [Offer] = []
        var since: Int64?
        var until: Int64?
        switch record.state {
        case .waiting: state = .waiting
        case .offered(let agent, let made, let deadline):
            state = .offered
            offers = [Offer(record, agent, made, deadline)]
        case .offeredToGroup(let group, let made, let deadline):
            state = .offered
            offers = group.map { Offer(record, $0, made, deadline) }
        // The other system lets it ring, or hang up; nobody is offered it.
        case .ringing: state = .overflowed
        case .active(_, let at):
            state = .active
            since = at.ms
        case .wrapUp(_, let at):
            state = .wrapUp
            until = at.ms
        }
        self.offers = offers
        activeSinceMs = since
        wrapUpUntilMs = until
        let isWaiting = state == .waiting
        position = isWaiting ? router.position(of: record.id).map { Int64($0) } : nil
        estimatedWaitMs = isWaiting ? router.estimatedWaitMs(of: record.id) : nil
        self.overflow = overflow
        tag = Self.tag(of: record)
    }

    /// One that is gone.
    init(ended record: WorkItemRecord, _ ending: ExternalItem.Ending, overflow: ItemOverflow?) {
        self.init(
            id: record.id, ending, queue: record.queue, channel: record.channel, priority: record.priority,
            queued: record.queued, entered: record.entered, overflow: overflow)
    }

    init(
        id: WorkItemID, _ ending: ExternalItem.Ending, queue: QueueID, channel: Channel, priority: Int64,
        queued: Instant, entered: Instant, overflow: ItemOverflow?
    ) {
        self.id = id.raw
        state =
            switch ending {
            case .done: .done
            case .abandoned: .abandoned
            case .overflowed: .overflowed
            case .withdrawn: .withdrawn
            }
        self.queue = queue.raw
        self.channel = channel.rawValue
        self.priority = priority
        queuedMs = queued.ms
        enteredMs = entered.ms
        agent = nil
        activeSinceMs = nil
        wrapUpUntilMs = nil
        offers = []
        position = nil
        estimatedWaitMs = nil
        self.overflow = overflow
        tag = "ended-\(ending.rawValue)"
    }

    func with(_ overflow: ItemOverflow) -> ItemNow {
        var now = self
        now.overflow = overflow
        return now
    }

    static func tag(of record: WorkItemRecord) -> String {
        let (state, _, _, until) = record.state.stored
        return
            "\(state)-\(record.queue.raw)-\(record.epoch)-\(record.priority)-\(record.state.holder?.raw ?? 0)"
            + "-\(until?.ms ?? 0)"
    }
}

extension ItemNow.Offer {
    fileprivate init(_ record: WorkItemRecord, _ agent: AgentID, _ made: Instant, _ deadline: Instant) {
        name = OfferName(item: record.id, epoch: record.epoch, agent: agent)
        madeMs = made.ms
        deadlineMs = deadline.ms
    }
}
