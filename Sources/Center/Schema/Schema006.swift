// Desks that are missed, areas that were given up, the journal's floor.

import Store

extension Schema {
    static let desks = Migration(
        number: 6, name: "desks",
        script: [
            "ALTER TABLE agent_state ADD COLUMN desk INTEGER NOT NULL DEFAULT 0",
            "ALTER TABLE agent_state ADD COLUMN desk_until INTEGER",
            // Errands that were closed in a deleted area keep it; `successor` took over its work.
            "ALTER TABLE area ADD COLUMN deleted_at INTEGER",
            "ALTER TABLE area ADD COLUMN successor INTEGER",
            // The highest `seq` that was moved out of the journal.
            "ALTER TABLE workspace ADD COLUMN journal_floor INTEGER NOT NULL DEFAULT 0",
        ])
}
