// How often a queue's work is done: what tells a lower rank how much goes before it.

import Store

extension Schema {
    static let paces = Migration(
        number: 26, name: "paces",
        script: [
            "ALTER TABLE queue_state ADD COLUMN handled_at INTEGER",
            "ALTER TABLE queue_state ADD COLUMN handled_channel INTEGER",
            "ALTER TABLE queue_state ADD COLUMN handled_every_us INTEGER NOT NULL DEFAULT 0",
        ])
}
