// One workspace in the writer's hands: its router, counters and directory. Confined to the writer's thread.

import Routing
import Store

final class Office {
    let workspace: WorkspaceID
    var router: Router
    /// Of the last input; its room is used again.
    var told: [Output] = []
    var directory: Directory {
        didSet { tally.serviceLevelMs = directory.serviceLevelMs }
    }
    /// What each live work item is of: one of our errands,
    var errands: [WorkItemID: ErrandID]
    /// or another system's.
    var externals: [WorkItemID: LiveExternalItem]
    /// Rows of `kept_request`.
    var keptRequests: Int64
    /// Presence as the journal last told it, for login records.
    var presences: [AgentID: Presence]
    /// When calendars may turn queues next: at once after the rows were read, nil where there are none.
    var calendarDue: Instant?
    /// What is counted of queues and agents.
    var tally: Tally
    /// Where the rows of requests are that may come again.
    var knownRequests = KnownRequests()
    private var counters: Counters
    private(set) var seq: Int64
    /// What the router was fed in the batch under way, and where that stands in its journal.
    var inputs: RouterInputs

    init(
        workspace: WorkspaceID, router: Router, directory: Directory, errands: [WorkItemID: ErrandID],
        presences: [AgentID: Presence], tally: Tally = Tally(), highWater: [Noun: Int64], seq: Int64,
        inputs: RouterInputs, externals: [WorkItemID: LiveExternalItem] = [:], keptRequests: Int64 = 0
    ) {
        self.workspace = workspace
        self.router = router
        self.directory = directory
        self.errands = errands
        self.externals = externals
        self.keptRequests = keptRequests
        self.presences = presences
        calendarDue = directory.nextCalendarLook(after: Instant(ms: 0)).map { _ in Instant(ms: 0) }
        self.tally = tally
        self.tally.serviceLevelMs = directory.serviceLevelMs
        counters = Counters(highWater)
        self.seq = seq
        self.inputs = inputs
    }

    func next(_ noun: Noun) -> Int64 { counters.next(noun) }

    /// The highest id of each noun, in the nouns' order.
    var highWater: [Int64] { counters.values }

    /// The router's own next deadline, read where it is: a property of a class is copied to be asked, which counts the
    /// references of all its lists.
    var routerDeadline: Instant? { Self.deadline(of: &router) }

    private static func deadline(of router: inout Router) -> Instant? { router.nextDeadline }

    func nextSeq() -> Int64 {
        seq += 1
        return seq
    }

    /// What a refused verb must give back.
    struct Mark {
        fileprivate var counters: Counters
        fileprivate var seq: Int64
    }

    func mark() -> Mark { Mark(counters: counters, seq: seq) }

    func reset(to mark: Mark) {
        counters = mark.counters
        seq = mark.seq
    }

    /// Writes the counters that the batch moved.
    func flushCounters(_ connection: any Connection) throws {
        for (noun, value) in counters.moved {
            try connection.execute(
                """
                INSERT INTO high_water (workspace, noun, value)
                VALUES (\(workspace), \(noun.rawValue), \(value))
                ON CONFLICT (workspace, noun) DO UPDATE SET value = excluded.value
                """)
        }
        counters.settle()
    }
}

/// The highest id of each noun; in lists by the noun's place, because every row of every verb asks for one.
private struct Counters {
    private(set) var values: [Int64]
    private var stored: [Int64]

    init(_ highWater: [Noun: Int64]) {
        values = Noun.allCases.map { highWater[$0] ?? 0 }
        stored = values
    }

    mutating func next(_ noun: Noun) -> Int64 {
        let value = values[noun.place] + 1
        precondition(value < 1 << 53, "ids of \(noun) ran out: \(value)")
        values[noun.place] = value
        return value
    }

    /// What the rows do not know yet, in the nouns' order.
    var moved: [(noun: Noun, value: Int64)] {
        guard values != stored else { return [] }
        return Noun.allCases.enumerated().filter { values[$0.offset] != stored[$0.offset] }
            .map { ($0.element, values[$0.offset]) }
    }

    mutating func settle() { stored = values }
}

extension Noun {
    /// Where it stands among all: how the compiler numbers cases without values. By name it would be hashed for each row.
    var place: Int { Int(unsafeBitCast(self, to: UInt8.self)) }
}

extension Office {
    /// Of a workspace that is being made.
    static func empty(_ workspace: WorkspaceID) -> Office {
        Office(
            workspace: workspace, router: Router(), directory: .empty(workspace), errands: [:],
            presences: [:],
            highWater: [:], seq: 0, inputs: RouterInputs(life: 0, origin: Snapshot()))
    }
}
