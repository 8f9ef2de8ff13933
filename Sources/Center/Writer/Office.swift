// One workspace in the writer's hands: its router, counters and directory. Confined to the writer's thread.

import Routing
import Store

final class Office {
    let workspace: WorkspaceID
    var router: Router
    var directory: Directory
    /// What each live work item is of.
    var errands: [WorkItemID: ErrandID]
    /// Presence as the journal last told it, for login records.
    var presences: [AgentID: Presence]
    private var highWater: [Noun: Int64]
    private var touched: Set<Noun> = []
    private(set) var seq: Int64

    init(
        workspace: WorkspaceID, router: Router, directory: Directory, errands: [WorkItemID: ErrandID],
        presences: [AgentID: Presence], highWater: [Noun: Int64], seq: Int64
    ) {
        self.workspace = workspace
        self.router = router
        self.directory = directory
        self.errands = errands
        self.presences = presences
        self.highWater = highWater
        self.seq = seq
    }

    func next(_ noun: Noun) -> Int64 {
        let value = (highWater[noun] ?? 0) + 1
        precondition(value < 1 << 53, "ids of \(noun) ran out: \(value)")
        highWater[noun] = value
        touched.insert(noun)
        return value
    }

    func nextSeq() -> Int64 {
        seq += 1
        return seq
    }

    /// What a refused verb must give back.
    struct Mark {
        var highWater: [Noun: Int64]
        var touched: Set<Noun>
        var seq: Int64
    }

    func mark() -> Mark { Mark(highWater: highWater, touched: touched, seq: seq) }

    func reset(to mark: Mark) {
        highWater = mark.highWater
        touched = mark.touched
        seq = mark.seq
    }

    /// Writes the counters that the batch moved.
    func flushCounters(_ connection: any Connection) throws {
        for noun in Noun.allCases where touched.contains(noun) {
            try connection.execute(
                """
                INSERT INTO high_water (workspace, noun, value)
                VALUES (\(workspace), \(noun.rawValue), \(highWater[noun] ?? 0))
                ON CONFLICT (workspace, noun) DO UPDATE SET value = excluded.value
                """)
        }
        touched = []
    }
}

extension Office {
    /// Of a workspace that is being made.
    static func empty(_ workspace: WorkspaceID) -> Office {
        Office(
            workspace: workspace, router: Router(), directory: .empty(workspace), errands: [:],
            presences: [:],
            highWater: [:], seq: 0)
    }
}
