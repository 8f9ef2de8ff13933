// What the desk sets of APIs and agents: invitation links, and the log of callbacks.

import Store

extension Schema {
    /// `digest` is the SHA-256 of the link's key; an agent has one link at most.
    static let invitations = Migration(
        number: 21, name: "invitations",
        script: [
            """
            CREATE TABLE invitation (
                workspace INTEGER NOT NULL, agent INTEGER NOT NULL, digest TEXT NOT NULL,
                created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL,
                PRIMARY KEY (workspace, agent), UNIQUE (workspace, digest)) CLUSTERED
            """,
            // In the order of time: without statistics, SQLite takes a clustered table's own key for everything that
            // is asked for in the order of ids.
            "DROP INDEX delivery_failed",
            "CREATE INDEX delivery_given_up ON delivery (workspace, created_at, id) WHERE state = 3",
            "CREATE INDEX delivery_waiting ON delivery (workspace, created_at, id) WHERE state = 1",
            "CREATE INDEX delivery_callback ON delivery (workspace, callback, created_at, id)",
            // An errand's oldest that waits. It has all columns that are asked for, or it would not be taken.
            """
            CREATE INDEX delivery_order ON delivery (workspace, errand, callback, state, id) WHERE state = 1
            """,
        ])
}
