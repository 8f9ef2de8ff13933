// Requests that may come again, in the order of their errands: each next one lies beside the last.

import Store

extension Schema {
    static let replays = Migration(
        number: 25, name: "replays",
        script: [
            """
            CREATE TABLE errand_replay (
                workspace INTEGER NOT NULL, errand INTEGER NOT NULL, token INTEGER NOT NULL,
                digest TEXT NOT NULL, at INTEGER NOT NULL,
                PRIMARY KEY (workspace, errand)) CLUSTERED
            """,
            """
            INSERT INTO errand_replay (workspace, errand, token, digest, at)
            SELECT workspace, errand, MAX(token), MAX(digest), MAX(at) FROM replay GROUP BY workspace, errand
            """,
            "DROP TABLE replay",
            "ALTER TABLE errand_replay RENAME TO replay",
        ])
}
