// After an erasure: what an engine still keeps of rows that were overwritten.
import Dispatch

extension Store {
    private static let checkpointTriesMax = 40
    private static let checkpointPauseMs = 250

    /// Removes old versions of the tables' rows, as far as the engine can while it serves.
    ///
    /// On SQLite the log is written back and emptied (the file itself has zeros there: `secure_delete`). On
    /// PostgreSQL dead rows are vacuumed away and the statistics, which quote values, are made anew; its own
    /// write-ahead log keeps them until it is recycled.
    public func scrub(tables: [String]) async throws {
        let engine = engine
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            DispatchQueue.global().async {
                continuation.resume(
                    with: Result {
                        let connection = try engine.connect()
                        defer { connection.close() }
                        switch connection.dialect {
                        case .sqlite: try Self.emptyLog(connection)
                        case .postgres:
                            for table in tables { try connection.executeNow("VACUUM (ANALYZE) \(table)") }
                        }
                    })
            }
        }
    }

    /// Waits in small steps, since writers wait while the log waits for a reader.
    private static func emptyLog(_ connection: any Connection) throws {
        try connection.executeNow("PRAGMA busy_timeout = \(checkpointPauseMs)")
        for _ in 0..<checkpointTriesMax {
            let answer = try connection.query("PRAGMA wal_checkpoint(TRUNCATE)").first
            if answer?.int("busy") == 0 { return }
        }
        throw StoreError.unavailable("a long read keeps the log from being emptied")
    }
}
