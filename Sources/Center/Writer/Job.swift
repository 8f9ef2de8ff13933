// A verb on its way through the writer.

public import Store

/// What a verb reads and changes, so that the batch's reads go in one round trip and none is stale.
public enum RowKey: Sendable, Hashable {
    case errand(ErrandID)
    case contact(String)
    case cuid(String)
    case replay(String)
    case delivery(DeliveryID)
    case session(String)
}

/// What the writer must know of a verb before it runs it.
public struct Plan: Sendable {
    /// For the log and the fault report.
    public var name: StaticString
    /// Fetched for the whole batch in one round trip; `Work.rows(_:)` gives them by index.
    public var reads: [SQL] = []
    /// What those reads depend on, and what the verb changes.
    public var keys: [RowKey] = []
    /// Refuses before its first write, so it needs no savepoint.
    public var checksFirst = false
    /// Changes what everything else reads (settings): runs in a batch of its own.
    public var alone = false

    public init(
        _ name: StaticString, reads: [SQL] = [], keys: [RowKey] = [], checksFirst: Bool = false,
        alone: Bool = false
    ) {
        self.name = name
        self.reads = reads
        self.keys = keys
        self.checksFirst = checksFirst
        self.alone = alone
    }
}

/// A verb with its plan, its principal and the way back to who waits for it.
struct Job: Sendable {
    enum Outcome: Sendable {
        case success
        case failure(any Error)
    }

    var plan: Plan
    var principal: Principal
    /// Runs the verb and keeps its result for `answer`.
    var run: @Sendable (Work) throws -> Void
    var answer: @Sendable (Outcome) -> Void
}
