// Call centers, and everything a queue and an agent can be told of routing.

import Store

extension Schema {
    static let callCenters = Migration(
        number: 10, name: "call centers",
        script: [
            // `oldest`: over all queues of an agent; `priority`: by the queues' priority.
            "ALTER TABLE workspace ADD COLUMN queue_order TEXT NOT NULL DEFAULT 'oldest'",
            "ALTER TABLE queue ADD COLUMN policy INTEGER NOT NULL DEFAULT 1",
            "ALTER TABLE queue ADD COLUMN routing_type INTEGER NOT NULL DEFAULT 1",
            "ALTER TABLE queue ADD COLUMN guard_ms INTEGER NOT NULL DEFAULT 0",
            "ALTER TABLE queue ADD COLUMN offers_in_wrap_up INTEGER NOT NULL DEFAULT 0",
            "ALTER TABLE queue ADD COLUMN overflow_size INTEGER",
            "ALTER TABLE queue ADD COLUMN overflow_wait_ms INTEGER",
            "ALTER TABLE queue ADD COLUMN overflow_estimated_wait_ms INTEGER",
            // What the calendar said last; the writer turns it at each boundary.
            "ALTER TABLE queue ADD COLUMN service INTEGER NOT NULL DEFAULT 0",
            """
            CREATE TABLE queue_treatment (
                workspace INTEGER NOT NULL, queue INTEGER NOT NULL, kind TEXT NOT NULL, action TEXT NOT NULL,
                target INTEGER, keep_wait INTEGER NOT NULL, number TEXT, active INTEGER NOT NULL,
                PRIMARY KEY (workspace, queue, kind)) CLUSTERED
            """,
            // Level 0: none of its own.
            """
            CREATE TABLE queue_member (
                workspace INTEGER NOT NULL, queue INTEGER NOT NULL, agent INTEGER NOT NULL,
                place INTEGER NOT NULL, level INTEGER NOT NULL, weight INTEGER NOT NULL,
                available INTEGER NOT NULL, PRIMARY KEY (workspace, queue, agent)) CLUSTERED
            """,
            """
            CREATE TABLE call_center (
                workspace INTEGER NOT NULL, id INTEGER NOT NULL, service_user_id TEXT NOT NULL UNIQUE,
                name TEXT NOT NULL, group_name TEXT NOT NULL, type TEXT NOT NULL, phone_number TEXT,
                extension TEXT NOT NULL, priority INTEGER NOT NULL, queue_length INTEGER,
                log_off_allowed INTEGER NOT NULL, joinable INTEGER NOT NULL, bounced_after INTEGER,
                calendar INTEGER, queue INTEGER NOT NULL, created_at INTEGER NOT NULL, deleted_at INTEGER,
                PRIMARY KEY (workspace, id)) CLUSTERED
            """,
            """
            CREATE TABLE dnis (
                workspace INTEGER NOT NULL, call_center INTEGER NOT NULL, place INTEGER NOT NULL,
                name TEXT NOT NULL, phone_number TEXT NOT NULL, priority INTEGER NOT NULL,
                allow_outgoing INTEGER NOT NULL, PRIMARY KEY (workspace, call_center, name)) CLUSTERED
            """,
            """
            CREATE TABLE call_center_supervisor (
                workspace INTEGER NOT NULL, call_center INTEGER NOT NULL, agent INTEGER NOT NULL,
                PRIMARY KEY (workspace, call_center, agent)) CLUSTERED
            """,
            """
            CREATE TABLE supervised_agent (
                workspace INTEGER NOT NULL, call_center INTEGER NOT NULL, supervisor INTEGER NOT NULL,
                agent INTEGER NOT NULL, PRIMARY KEY (workspace, call_center, supervisor, agent)) CLUSTERED
            """,
            "ALTER TABLE agent ADD COLUMN unanswered_limit INTEGER NOT NULL DEFAULT 2",
            "ALTER TABLE agent ADD COLUMN busy_limit INTEGER NOT NULL DEFAULT 2",
            "ALTER TABLE agent ADD COLUMN error_limit INTEGER NOT NULL DEFAULT 2",
            // NULL: as the agent's call centers have it.
            "ALTER TABLE agent ADD COLUMN bounced_after INTEGER",
            "ALTER TABLE agent ADD COLUMN bounced_reason INTEGER",
            "ALTER TABLE agent ADD COLUMN do_not_disturb_forces INTEGER NOT NULL DEFAULT 0",
            "ALTER TABLE agent ADD COLUMN do_not_disturb_reason INTEGER",
            "ALTER TABLE agent ADD COLUMN personal_call_forces INTEGER NOT NULL DEFAULT 0",
            "ALTER TABLE agent ADD COLUMN personal_call_reason INTEGER",
            "ALTER TABLE agent ADD COLUMN not_reachable_forces INTEGER NOT NULL DEFAULT 0",
            "ALTER TABLE agent ADD COLUMN not_reachable_reason INTEGER",
            // NULL: the queue's.
            "ALTER TABLE agent ADD COLUMN guard_ms INTEGER",
            "ALTER TABLE agent ADD COLUMN wrap_up_ms INTEGER NOT NULL DEFAULT 60000",
            // Three bits for each channel in hand, errands lowest: the channels that may interrupt it.
            "ALTER TABLE agent ADD COLUMN interrupts INTEGER NOT NULL DEFAULT 319",
        ])
}
