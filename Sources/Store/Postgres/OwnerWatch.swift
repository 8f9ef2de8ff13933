// Who owns a scope, seen from outside: the owner's sign of life, and what a standby asks and does.

/// Questions about the owner of a scope on PostgreSQL. The server's clock counts, never a client's.
public enum OwnerWatch {
    /// Gives a sign of life for the epoch; false when a later owner has begun another.
    public static func pulse(_ connection: any Connection, scope: String, epoch: Int64) throws -> Bool {
        let rows = try connection.query(
            """
            INSERT INTO owner_pulse (scope, epoch, at)
            VALUES (\(scope), \(epoch), CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT))
            ON CONFLICT (scope) DO UPDATE SET epoch = excluded.epoch, at = excluded.at
                WHERE owner_pulse.epoch <= excluded.epoch
            RETURNING (SELECT epoch FROM owner WHERE scope = \(scope)) AS epoch
            """)
        return rows.first?.int("epoch") == epoch
    }

    /// Whether nobody holds the scope now.
    public static func isFree(_ connection: any Connection, scope: String) throws -> Bool {
        guard try connection.query(PostgresFence.tryLock(scope)).first?.bool("locked") == true else {
            return false
        }
        _ = try connection.query("SELECT pg_advisory_unlock(\(PostgresFence.lockKey(scope)))")
        return true
    }

    /// How long the owner has given no sign of life; nil when it never gave one.
    ///
    /// An owner that gives none holds the scope for a moment only: a command that changes something and ends.
    public static func silenceMs(_ connection: any Connection, scope: String) throws -> Int64? {
        let rows = try connection.query(
            """
            SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT) - pulse.at AS silence
            FROM owner_pulse AS pulse JOIN owner ON owner.scope = pulse.scope AND owner.epoch = pulse.epoch
            WHERE pulse.scope = \(scope)
            """)
        return rows.first?.int("silence")
    }

    /// The epoch of the last owner; 0 when there was none.
    public static func epoch(_ connection: any Connection, scope: String) throws -> Int64 {
        try connection.query("SELECT epoch FROM owner WHERE scope = \(scope)").first?.int("epoch") ?? 0
    }

    /// Ends the session that holds the scope, which needs the same role as its own.
    public static func end(_ connection: any Connection, scope: String) throws {
        let key = UInt64(bitPattern: PostgresFence.lockKey(scope))
        let (high, low) = (Int64(key >> 32), Int64(key & 0xFFFF_FFFF))
        _ = try connection.query(
            """
            SELECT pg_terminate_backend(pid, \(PostgresFence.lockMaxMs)) AS ended FROM pg_locks
            WHERE locktype = 'advisory' AND granted AND objsubid = 1
                AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
                AND CAST(classid AS BIGINT) = \(high) AND CAST(objid AS BIGINT) = \(low)
            """)
    }
}
