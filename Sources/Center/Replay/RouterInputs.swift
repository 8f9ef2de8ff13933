// The journal of a router's inputs: one row a batch, in the batch's own commit.

import Routing
import Store

/// What an office's router is fed. Confined to the writer's thread.
struct RouterInputs {
    /// The batch after which the router was made from rows: with it a new stretch of the journal begins.
    let life: Int64
    /// The latest batch that has a row.
    private(set) var batch: Int64
    /// What the router was made from, until somebody has written it down.
    var origin: Snapshot?
    private var log = InputLog()
    /// Its snapshot was put off.
    var owesSnapshot = false
    /// Counts what is told in one batch.
    private var ordinal: Int64 = 0

    init(life: Int64, origin: Snapshot) {
        self.life = life
        batch = life
        self.origin = origin
    }

    /// The latest batch of which anything is stored. Trimming always leaves something.
    static func latest(_ workspace: WorkspaceID) -> SQL {
        """
        SELECT MAX(batch) AS batch FROM (
            SELECT 0 AS batch
            UNION ALL SELECT MAX(batch) FROM router_input WHERE workspace = \(workspace)
            UNION ALL SELECT MAX(batch) FROM router_snapshot WHERE workspace = \(workspace)) AS kept
        """
    }

    /// The number of the batch under way.
    var current: Int64 { batch + 1 }

    mutating func nextOrdinal() -> Int64 {
        ordinal += 1
        return ordinal
    }

    mutating func append(_ input: Input, at now: Instant, _ outputs: [Output]) {
        log.append(input, at: now, outputs)
    }

    /// The batch's row, nil when the router was fed nothing; the next batch begins.
    fileprivate mutating func take() -> InputLog? {
        guard !log.isEmpty else { return nil }
        let taken = log
        batch += 1
        log = InputLog()
        ordinal = 0
        return taken
    }
}

extension Office {
    /// Writes what the batch fed to the router; false when that was nothing.
    func flushInputs(_ connection: any Connection) throws -> Bool {
        guard let log = inputs.take() else { return false }
        try connection.execute(
            """
            INSERT INTO router_input (workspace, batch, at, life, version, inputs, digests)
            VALUES (\(workspace), \(inputs.batch), \(log.at), \(inputs.life), \(Router.version),
                \(log.inputs), \(log.digests))
            """)
        return true
    }
}

extension RouterInputs {
    /// When the router was last fed; what was due by then is done.
    static func clock(_ workspace: WorkspaceID) -> SQL {
        "SELECT at FROM router_input WHERE workspace = \(workspace) ORDER BY batch DESC LIMIT 1"
    }
}
