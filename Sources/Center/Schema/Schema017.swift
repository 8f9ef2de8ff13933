// What the minute job found out of each errand's promised times, and how far it has read the journal.

import Store

extension Schema {
    static let errandSLA = Migration(
        number: 17, name: "errand sla",
        script: [
            """
            CREATE TABLE errand_sla (
                workspace INTEGER NOT NULL, errand INTEGER NOT NULL, version INTEGER NOT NULL, expiry INTEGER NOT NULL,
                done_due INTEGER NOT NULL, within_sla INTEGER NOT NULL, handling_s INTEGER NOT NULL,
                response_s INTEGER NOT NULL, next_at INTEGER, PRIMARY KEY (workspace, errand)) CLUSTERED
            """,
            "CREATE INDEX errand_sla_next ON errand_sla (workspace, next_at) WHERE next_at IS NOT NULL",
            """
            CREATE TABLE journal_reader (
                workspace INTEGER NOT NULL, name TEXT NOT NULL, seq INTEGER NOT NULL,
                PRIMARY KEY (workspace, name)) CLUSTERED
            """,
        ])
}
