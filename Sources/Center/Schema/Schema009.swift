// What the router knows since it has policies, timers and overflow: of agents, of work items, of queues.

import Store

extension Schema {
    static let acd = Migration(
        number: 9, name: "acd",
        script: [
            "ALTER TABLE agent_state ADD COLUMN busy_failures INTEGER NOT NULL DEFAULT 0",
            "ALTER TABLE agent_state ADD COLUMN error_failures INTEGER NOT NULL DEFAULT 0",
            "ALTER TABLE agent_state ADD COLUMN bounced INTEGER NOT NULL DEFAULT 0",
            "ALTER TABLE agent_state ADD COLUMN pending_presence INTEGER",
            "ALTER TABLE agent_state ADD COLUMN pending_reason INTEGER",
            "ALTER TABLE agent_state ADD COLUMN presence_until INTEGER",
            "ALTER TABLE agent_state ADD COLUMN guard_until INTEGER",
            "ALTER TABLE agent_state ADD COLUMN signals INTEGER NOT NULL DEFAULT 0",
            "ALTER TABLE agent_state ADD COLUMN handled INTEGER NOT NULL DEFAULT 0",
            "ALTER TABLE agent_state ADD COLUMN talk_ms INTEGER NOT NULL DEFAULT 0",
            // NULL in rows that are older than the column: they entered their queue when their wait began.
            "ALTER TABLE work_item ADD COLUMN queued_at INTEGER",
            "ALTER TABLE work_item ADD COLUMN preferred_agent INTEGER",
            "ALTER TABLE work_item ADD COLUMN preferred_until INTEGER",
            "ALTER TABLE work_item ADD COLUMN is_return_call INTEGER NOT NULL DEFAULT 0",
            "ALTER TABLE work_item ADD COLUMN has_overflowed INTEGER NOT NULL DEFAULT 0",
            // The agents of a group that is asked at once.
            "ALTER TABLE work_item ADD COLUMN offered_to TEXT NOT NULL DEFAULT ''",
            """
            CREATE TABLE queue_state (
                workspace INTEGER NOT NULL, queue INTEGER NOT NULL, handling_ms INTEGER NOT NULL,
                last_answered INTEGER,
                PRIMARY KEY (workspace, queue)) CLUSTERED
            """,
            // Several agents may be asked in one offer.
            """
            CREATE TABLE agent_offer (
                workspace INTEGER NOT NULL, id INTEGER NOT NULL, work_item INTEGER NOT NULL,
                agent INTEGER NOT NULL, epoch INTEGER NOT NULL, made_at INTEGER NOT NULL,
                deadline_at INTEGER NOT NULL, reason TEXT NOT NULL, reason_value INTEGER,
                ended_at INTEGER, ending INTEGER, PRIMARY KEY (workspace, work_item, epoch, agent)) CLUSTERED
            """,
            """
            INSERT INTO agent_offer (workspace, id, work_item, agent, epoch, made_at, deadline_at, reason,
                reason_value, ended_at, ending)
            SELECT workspace, id, work_item, agent, epoch, made_at, deadline_at, reason, reason_value, ended_at,
                ending FROM offer
            """,
            "DROP TABLE offer",
            "ALTER TABLE agent_offer RENAME TO offer",
            "CREATE INDEX offer_live ON offer (workspace, agent) WHERE ended_at IS NULL",
        ])
}
