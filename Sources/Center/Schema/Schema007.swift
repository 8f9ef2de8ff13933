// Erasure: what was erased and when, and files that nothing may name any more.

import Store

extension Schema {
    static let erasure = Migration(
        number: 4, name: "erasure",
        script: [
            "ALTER TABLE errand ADD COLUMN erased_at INTEGER",
            "ALTER TABLE contact ADD COLUMN erased_at INTEGER",
            """
            CREATE TABLE unwanted_blob (
                workspace INTEGER NOT NULL, digest TEXT NOT NULL,
                PRIMARY KEY (workspace, digest)) CLUSTERED
            """,
        ])
}
