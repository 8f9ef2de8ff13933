// Why the router did what it did: each decision, why work waited, and the inputs from which it can be played again.

import Store

extension Schema {
    static let why = Migration(
        number: 11, name: "why",
        script: [
            // One row an offer, however many agents it asked.
            """
            CREATE TABLE decision (
                workspace INTEGER NOT NULL, work_item INTEGER NOT NULL, epoch INTEGER NOT NULL,
                batch INTEGER NOT NULL, at INTEGER NOT NULL, queue INTEGER NOT NULL, serving INTEGER NOT NULL,
                available INTEGER NOT NULL, skilled INTEGER NOT NULL, with_room INTEGER NOT NULL,
                candidates INTEGER NOT NULL, winner INTEGER NOT NULL, reason TEXT NOT NULL,
                reason_value INTEGER, runner_up INTEGER, waiting INTEGER NOT NULL,
                PRIMARY KEY (workspace, work_item, epoch)) CLUSTERED
            """,
            "CREATE INDEX decision_age ON decision (workspace, at)",
            // Why the work of a queue that needs these skills waits from then on.
            """
            CREATE TABLE blockage (
                workspace INTEGER NOT NULL, batch INTEGER NOT NULL, ordinal INTEGER NOT NULL,
                at INTEGER NOT NULL, queue INTEGER NOT NULL, channel INTEGER NOT NULL, skills TEXT NOT NULL,
                reason INTEGER NOT NULL, PRIMARY KEY (workspace, batch, ordinal)) CLUSTERED
            """,
            "CREATE INDEX blockage_queue ON blockage (workspace, queue, at)",
            // When it entered its queue and nobody could be offered it, and why: in the item's own row, because
            // under load every item that arrives has one.
            "ALTER TABLE work_item ADD COLUMN blocked_at INTEGER",
            "ALTER TABLE work_item ADD COLUMN blocked_reason INTEGER",
            // `life` is the batch after which the router was last made from rows.
            """
            CREATE TABLE router_input (
                workspace INTEGER NOT NULL, batch INTEGER NOT NULL, at INTEGER NOT NULL, life INTEGER NOT NULL,
                version INTEGER NOT NULL, inputs BLOB NOT NULL, digests BLOB NOT NULL,
                PRIMARY KEY (workspace, batch)) CLUSTERED
            """,
            // `clock` is NULL where the router was made from rows, else the instant of its latest input. The row
            // is written after its chunks.
            """
            CREATE TABLE router_snapshot (
                workspace INTEGER NOT NULL, batch INTEGER NOT NULL, at INTEGER NOT NULL, clock INTEGER,
                version INTEGER NOT NULL, chunks INTEGER NOT NULL, digest BLOB NOT NULL,
                PRIMARY KEY (workspace, batch)) CLUSTERED
            """,
            """
            CREATE TABLE router_snapshot_chunk (
                workspace INTEGER NOT NULL, batch INTEGER NOT NULL, n INTEGER NOT NULL, bytes BLOB NOT NULL,
                PRIMARY KEY (workspace, batch, n))
            """,
        ])
}
