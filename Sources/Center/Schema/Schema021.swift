// Facebook's pages and ratings, and what the desk sets of APIs: invitation links, the log of callbacks.

import Store

extension Schema {
    /// `digest` is the SHA-256 of the link's key; an agent has one link at most.
    static let ratings = Migration(
        number: 21, name: "ratings",
        script: [
            """
            CREATE TABLE invitation (
                workspace INTEGER NOT NULL, agent INTEGER NOT NULL, digest TEXT NOT NULL,
                created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL,
                PRIMARY KEY (workspace, agent), UNIQUE (workspace, digest)) CLUSTERED
            """,
            "CREATE INDEX delivery_waiting ON delivery (workspace, id) WHERE state = 1",
            "CREATE INDEX delivery_callback ON delivery (workspace, callback, id)",
            "CREATE INDEX access_key_agent ON access_key (workspace, agent)",
        ])
}
