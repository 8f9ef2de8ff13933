// The fence: no batch of an owner who has lost its scope can commit.

/// The statements around the `owner` row of a scope.
enum PostgresFence {
    /// How long a question about a batch waits for the transaction of a lost connection to end.
    static let lockMaxMs = 5000
    /// How often a claim asks for the scope: for a second.
    static let claimTriesMax = 40
    static let claimPauseS = 0.025

    /// Marks the batch as this owner's, or **raises** (division by zero) when the epoch is another's:
    /// an update that merely touches no row would let the stale owner's work be committed.
    static func statement(_ ownership: Ownership, batch: Int64) -> SQL {
        """
        WITH fenced AS (
            UPDATE owner SET batch = \(batch)
            WHERE scope = \(ownership.scope) AND epoch = \(ownership.epoch) RETURNING 1)
        SELECT 1 / (SELECT count(*) FROM fenced)
        """
    }

    /// Begins the next epoch; the previous owner's marker is gone with it.
    static func claim(_ scope: String) -> SQL {
        """
        INSERT INTO owner (scope, epoch, batch, at)
        VALUES (\(scope), 1, 0, CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT))
        ON CONFLICT (scope) DO UPDATE SET epoch = owner.epoch + 1, batch = 0, at = excluded.at
        RETURNING epoch
        """
    }

    /// Takes the scope's lock if nobody has it; `locked` tells.
    static func tryLock(_ scope: String) -> SQL { "SELECT pg_try_advisory_lock(\(lockKey(scope))) AS locked" }

    /// The advisory lock's key: one of 2⁶⁴, so that scopes do not meet by accident.
    static func lockKey(_ scope: String) -> Int64 {
        Int64(bitPattern: StableHash.of("switchboard scope " + scope))
    }
}
