// Callbacks that wait to be sent, as the rows have them.

import Routing
import Store

struct CallbackBacklog: Sendable {
    /// Counted no further: what is beyond waits just as hopelessly.
    static let countMax: Int64 = 100_000

    var waiting: Int64
    /// When the first of them was, or will be, due.
    var nextAt: Instant?
}

extension Floor {
    /// Reads how many callbacks wait, for `metrics()`; whoever serves those asks for it now and then.
    public func readCallbackBacklog() async throws {
        do {
            let row = try await view { reader in
                try reader.query(
                    """
                    SELECT COUNT(*) AS n, MIN(next_at) AS at FROM (
                        SELECT next_at FROM delivery WHERE state = 1 LIMIT \(CallbackBacklog.countMax)) AS d
                    """)[0]
            }
            meters.backlog.withLock {
                $0 = CallbackBacklog(
                    waiting: row.int("n"), nextAt: row.intOrNil("at").map(Instant.init(ms:)))
            }
        } catch {
            meters.backlog.withLock { $0 = nil }
            throw error
        }
    }
}
