// A work item of another system: a call, a chat or an errand that lives there and is only distributed here.

public import Routing
import Store

public enum ExternalItemLimits {
    /// Bytes of the caller's number or the customer's address.
    public static let fromMaxBytes = 320
    public static let subjectMaxBytes = 1_000
    /// Bytes of the other system's own name for it.
    public static let externalIDMaxBytes = 255
    /// Skills of one kind that an item may name.
    public static let skillsMax = 20
    /// Rows of items that have ended are kept this long; figures are kept longer, as those of queues.
    public static let keptMs: Int64 = 90 * 24 * 3_600_000
}

/// What another system hands in.
public struct NewExternalItem: Sendable, Hashable {
    public var queue: QueueID
    public var channel: Channel
    /// 0 goes first; nil takes the queue's.
    public var priority: Int64?
    /// By name.
    public var requiredSkills: [String] = []
    public var desiredSkills: [String] = []
    /// The caller's number or the customer's address; personal.
    public var from = ""
    public var subject = ""
    public var externalID = ""

    public init(queue: QueueID, channel: Channel) {
        self.queue = queue
        self.channel = channel
    }
}

/// Its row.
public struct ExternalItem: Sendable, Hashable {
    /// How it ended. The raw value is what rows hold.
    public enum Ending: Int64, Sendable, Hashable, Codable {
        case done = 1
        case abandoned = 2
        case overflowed = 3
        /// Taken away by hand: its person was erased.
        case withdrawn = 4

        var word: String {
            switch self {
            case .done: "done"
            case .abandoned: "abandoned"
            case .overflowed: "overflowed"
            case .withdrawn: "withdrawn"
            }
        }
    }

    public let id: WorkItemID
    public let channel: Channel
    /// That it came to first.
    public let queue: QueueID
    public let externalID: String
    public let from: String
    public let subject: String
    /// Has it in hand, or had it last.
    public let agent: AgentID?
    public let createdAt: Instant
    public let connectedAt: Instant?
    /// In conversations that have ended.
    public let handlingMs: Int64
    public let endedAt: Instant?
    public let ending: Ending?
    public let overflow: ItemOverflow?
    public let erasedAt: Instant?

    init(_ row: Row) {
        id = WorkItemID(row.int("id"))
        guard let channel = Channel(rawValue: row.int("channel")) else {
            preconditionFailure("external item \(id.raw) has channel \(row.int("channel"))")
        }
        self.channel = channel
        queue = QueueID(row.int("queue"))
        externalID = row.text("external_id")
        from = row.text("from_address")
        subject = row.text("subject")
        agent = row.intOrNil("agent").map(AgentID.init)
        createdAt = Instant(ms: row.int("created_at"))
        connectedAt = row.intOrNil("connected_at").map(Instant.init(ms:))
        handlingMs = row.int("handling_ms")
        endedAt = row.intOrNil("ended_at").map(Instant.init(ms:))
        ending = row.intOrNil("ended").flatMap(Ending.init(rawValue:))
        overflow = row.intOrNil("overflow_cause").flatMap(OverflowCause.init(rawValue:)).map {
            ItemOverflow(
                cause: $0.word, action: row.textOrNil("overflow_action") ?? "",
                number: row.textOrNil("overflow_number"))
        }
        erasedAt = row.intOrNil("erased_at").map(Instant.init(ms:))
    }

    static func row(_ workspace: WorkspaceID, _ id: WorkItemID) -> SQL {
        "SELECT * FROM external_item WHERE workspace = \(workspace) AND id = \(id)"
    }
}

/// Why a queue did not keep an item, and what the other system is to do with it.
public struct ItemOverflow: Sendable, Hashable, Codable {
    /// `night`, `size` and so on.
    public let cause: String
    /// `number`, `busy` or `ringing`.
    public let action: String
    /// In E.164, where the action is `number`.
    public let number: String?
}

extension OverflowCause {
    /// As other systems are told it.
    public var word: String {
        switch self {
        case .holiday: "holiday"
        case .night: "night"
        case .forcedForwarding: "forced_forwarding"
        case .stranded: "stranded"
        case .size: "size"
        case .wait: "wait"
        case .estimatedWait: "estimated_wait"
        case .ringingEnded: "ringing_ended"
        }
    }

    /// Which of a queue's treatments it is.
    var treatmentKind: TreatmentKind {
        switch self {
        case .holiday: .holiday
        case .night: .night
        case .forcedForwarding: .forcedForwarding
        case .stranded: .stranded
        case .size, .wait, .estimatedWait, .ringingEnded: .overflow
        }
    }
}

/// An address as erasing looks for it: a phone number without what people write between its digits.
func foldedFrom(_ address: String) -> String {
    let folded = fold(address)
    let between: Set<Character> = [" ", "-", "/", ".", "(", ")"]
    let bare = folded.filter { !between.contains($0) }
    let digits = bare.hasPrefix("+") ? bare.dropFirst() : bare[...]
    return !digits.isEmpty && digits.utf8.allSatisfy { (0x30...0x39).contains($0) } ? bare : folded
}
