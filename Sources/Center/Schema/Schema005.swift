// Deliveries that failed: found at once, and sent again by hand.

import Store

extension Schema {
    /// `resent_at` is when an agent sent it again; its 24 hours count from there.
    static let failedDeliveries = Migration(
        number: 5, name: "failed deliveries",
        script: [
            "ALTER TABLE delivery ADD COLUMN resent_at INTEGER",
            "CREATE INDEX delivery_failed ON delivery (workspace, id) WHERE state = 3",
        ])
}
