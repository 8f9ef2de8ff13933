// Standby: whether the owner lives, and which master key the secrets are sealed with.

import Store

extension Schema {
    static let standby = Migration(
        number: 8, name: "standby",
        script: [
            // A row of its own: the owner's is locked while a batch runs.
            """
            CREATE TABLE owner_pulse (
                scope TEXT NOT NULL PRIMARY KEY,
                epoch INTEGER NOT NULL,
                at INTEGER NOT NULL) CLUSTERED
            """,
            """
            CREATE TABLE master_key (
                number INTEGER NOT NULL PRIMARY KEY,
                fingerprint TEXT NOT NULL) CLUSTERED
            """,
        ])
}
