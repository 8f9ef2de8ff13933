// The figures of queues and agents by quarter hour, and what must be kept of live work to count it.

import Store

extension Schema {
    static let statistics = Migration(
        number: 12, name: "statistics",
        script: [
            "ALTER TABLE queue ADD COLUMN service_level_s INTEGER NOT NULL DEFAULT 20",
            // See `Tally.Entry.Standing`.
            "ALTER TABLE work_item ADD COLUMN standing INTEGER NOT NULL DEFAULT 0",
            "ALTER TABLE work_item ADD COLUMN estimate_ms INTEGER",
            // Its entry was not counted, so its end must not be.
            "UPDATE work_item SET standing = 1 WHERE state < 9",
            """
            CREATE TABLE queue_interval (
                workspace INTEGER NOT NULL, queue INTEGER NOT NULL, channel INTEGER NOT NULL,
                starts_at INTEGER NOT NULL,
                entered INTEGER NOT NULL, transferred_in INTEGER NOT NULL, overflowed_in INTEGER NOT NULL,
                balked INTEGER NOT NULL, answered INTEGER NOT NULL, abandoned INTEGER NOT NULL,
                overflowed_holiday INTEGER NOT NULL, overflowed_night INTEGER NOT NULL,
                overflowed_forced_forwarding INTEGER NOT NULL, overflowed_stranded INTEGER NOT NULL,
                overflowed_size INTEGER NOT NULL, overflowed_wait INTEGER NOT NULL,
                overflowed_estimated_wait INTEGER NOT NULL, transferred_out INTEGER NOT NULL,
                withdrawn INTEGER NOT NULL, short_abandoned INTEGER NOT NULL,
                answered_in_time INTEGER NOT NULL, abandoned_in_time INTEGER NOT NULL,
                answered_in_5 INTEGER NOT NULL, answered_in_10 INTEGER NOT NULL,
                answered_in_15 INTEGER NOT NULL, answered_in_20 INTEGER NOT NULL,
                answered_in_30 INTEGER NOT NULL, answered_in_60 INTEGER NOT NULL,
                answered_in_90 INTEGER NOT NULL, answered_in_120 INTEGER NOT NULL,
                answered_in_300 INTEGER NOT NULL, abandoned_in_5 INTEGER NOT NULL,
                abandoned_in_10 INTEGER NOT NULL, abandoned_in_15 INTEGER NOT NULL,
                abandoned_in_20 INTEGER NOT NULL, abandoned_in_30 INTEGER NOT NULL,
                abandoned_in_60 INTEGER NOT NULL, abandoned_in_90 INTEGER NOT NULL,
                abandoned_in_120 INTEGER NOT NULL, abandoned_in_300 INTEGER NOT NULL,
                wait_ms INTEGER NOT NULL, wait_max_ms INTEGER NOT NULL, abandoned_wait_ms INTEGER NOT NULL,
                estimated INTEGER NOT NULL, estimate_error_ms INTEGER NOT NULL,
                estimate_miss_ms INTEGER NOT NULL, returned INTEGER NOT NULL, passed_on INTEGER NOT NULL,
                handled INTEGER NOT NULL, talk_ms INTEGER NOT NULL, wrap_up_ms INTEGER NOT NULL,
                PRIMARY KEY (workspace, queue, channel, starts_at)) CLUSTERED
            """,
            "CREATE INDEX queue_interval_at ON queue_interval (workspace, starts_at)",
            // `told_until`: up to when the row tells the agent's time.
            """
            CREATE TABLE agent_interval (
                workspace INTEGER NOT NULL, agent INTEGER NOT NULL, starts_at INTEGER NOT NULL,
                signed_in_ms INTEGER NOT NULL, available_ms INTEGER NOT NULL,
                unavailable_ms INTEGER NOT NULL, wrap_up_presence_ms INTEGER NOT NULL,
                busy_ms INTEGER NOT NULL, idle_ms INTEGER NOT NULL, offered INTEGER NOT NULL,
                accepted INTEGER NOT NULL, declined INTEGER NOT NULL, unanswered INTEGER NOT NULL,
                handled INTEGER NOT NULL, returned INTEGER NOT NULL, talk_ms INTEGER NOT NULL,
                wrap_up_ms INTEGER NOT NULL, told_until INTEGER NOT NULL,
                PRIMARY KEY (workspace, agent, starts_at)) CLUSTERED
            """,
            "CREATE INDEX agent_interval_at ON agent_interval (workspace, starts_at)",
            // Reason 0: none was given.
            """
            CREATE TABLE agent_reason_interval (
                workspace INTEGER NOT NULL, agent INTEGER NOT NULL, reason INTEGER NOT NULL,
                starts_at INTEGER NOT NULL, unavailable_ms INTEGER NOT NULL,
                PRIMARY KEY (workspace, agent, reason, starts_at)) CLUSTERED
            """,
            "CREATE INDEX agent_reason_interval_at ON agent_reason_interval (workspace, starts_at)",
            """
            CREATE TABLE tally_state (
                workspace INTEGER NOT NULL PRIMARY KEY, booked_until INTEGER NOT NULL)
            """,
            // Time before the figures began is not booked.
            """
            INSERT INTO tally_state (workspace, booked_until)
            SELECT workspace, MAX(at) FROM journal GROUP BY workspace
            """,
        ])
}
