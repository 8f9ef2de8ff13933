// Work items of other systems, and what clients' keys were answered with.

import Store

extension Schema {
    static let externalItems = Migration(
        number: 15, name: "external items",
        script: [
            // `id` is the work item's. `agent` has it in hand, or had it last; `from_folded` finds a person's.
            """
            CREATE TABLE external_item (
                workspace INTEGER NOT NULL, id INTEGER NOT NULL, channel INTEGER NOT NULL,
                queue INTEGER NOT NULL, external_id TEXT NOT NULL, from_address TEXT NOT NULL,
                from_folded TEXT NOT NULL, subject TEXT NOT NULL, token INTEGER, agent INTEGER,
                created_at INTEGER NOT NULL, connected_at INTEGER, handling_ms INTEGER NOT NULL,
                ended_at INTEGER, ended INTEGER, overflow_cause INTEGER, overflow_action TEXT,
                overflow_number TEXT, erased_at INTEGER, PRIMARY KEY (workspace, id)) CLUSTERED
            """,
            "CREATE INDEX external_item_ended ON external_item (workspace, ended_at) WHERE ended_at > 0",
            "CREATE INDEX external_item_from ON external_item (workspace, from_folded) WHERE from_folded <> ''",
            """
            CREATE INDEX external_item_in_hand ON external_item (workspace, agent)
            WHERE agent > 0 AND ended_at IS NULL
            """,
            // `key` and `digest` are digests of the client's key and request; `answer` tells ids and enumerations. `item` was made by it.
            """
            CREATE TABLE kept_request (
                workspace INTEGER NOT NULL, token INTEGER NOT NULL, key TEXT NOT NULL, digest TEXT NOT NULL,
                answer TEXT NOT NULL, item INTEGER, at INTEGER NOT NULL,
                PRIMARY KEY (workspace, token, key)) CLUSTERED
            """,
            "CREATE INDEX kept_request_at ON kept_request (workspace, at)",
        ])
}
