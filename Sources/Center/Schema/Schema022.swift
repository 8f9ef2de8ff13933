// Presets of exports, and what is known of the call behind an errand.

import Store

extension Schema {
    static let exports = Migration(
        number: 22, name: "exports",
        script: [
            // Ids of areas and tags, names of channels, parted by spaces; empty: all.
            """
            CREATE TABLE export_preset (
                workspace INTEGER NOT NULL, id INTEGER NOT NULL, name TEXT NOT NULL, areas TEXT NOT NULL,
                channels TEXT NOT NULL, tags TEXT NOT NULL,
                PRIMARY KEY (workspace, id), UNIQUE (workspace, name)) CLUSTERED
            """,
            // `item` is the call's work item; NULL when no agent was found. Not clustered: where a clustered table's
            // pages split, copies stay behind that erasing a person does not reach.
            """
            CREATE TABLE errand_call (
                workspace INTEGER NOT NULL, errand INTEGER NOT NULL, item INTEGER, integration TEXT NOT NULL,
                device_id INTEGER NOT NULL, extension_id INTEGER NOT NULL, reference_id TEXT, link TEXT,
                dest_number TEXT NOT NULL, paging_number TEXT, paging_name TEXT, queue_name TEXT NOT NULL,
                queue_number TEXT NOT NULL, call_reason TEXT, appointment TEXT, ended_at INTEGER,
                PRIMARY KEY (workspace, errand))
            """,
            "CREATE INDEX errand_call_live ON errand_call (workspace, item) WHERE ended_at IS NULL",
        ])
}
