// What queues learn for their estimates, and what becomes of those.

import Store

extension Schema {
    static let estimates = Migration(
        number: 18, name: "estimates",
        script: [
            // What was learned so far counts like the eighth that it was.
            "ALTER TABLE queue_state ADD COLUMN handlings INTEGER NOT NULL DEFAULT 0",
            "UPDATE queue_state SET handlings = 8 WHERE handling_ms > 0",
            "ALTER TABLE queue_state ADD COLUMN waited_ms INTEGER NOT NULL DEFAULT 0",
            "ALTER TABLE queue_state ADD COLUMN abandonments INTEGER NOT NULL DEFAULT 0",
            "ALTER TABLE work_item ADD COLUMN is_wait_learned INTEGER NOT NULL DEFAULT 0",
            "ALTER TABLE work_item ADD COLUMN estimate_median_ms INTEGER",
            "ALTER TABLE work_item ADD COLUMN estimate_ninety_ms INTEGER",
            "ALTER TABLE queue_interval ADD COLUMN estimate_in_median INTEGER NOT NULL DEFAULT 0",
            "ALTER TABLE queue_interval ADD COLUMN estimate_in_ninety INTEGER NOT NULL DEFAULT 0",
            // What the former estimates missed by says nothing of these.
            "UPDATE queue_interval SET estimated = 0, estimate_error_ms = 0, estimate_miss_ms = 0",
        ])
}
