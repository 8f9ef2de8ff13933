// The first schema: workspaces, agents, queues, errands, offers, deliveries, the journal.

import Store

extension Schema {
    /// Every key starts with the workspace; times are ms; booleans 0/1; JSON is TEXT, never queried inside.
    static let first = Migration(
        number: 1, name: "thread",
        script: [
            """
            CREATE TABLE workspace (
                id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, organisation TEXT NOT NULL,
                time_zone TEXT NOT NULL, integrations TEXT NOT NULL, callback_networks TEXT NOT NULL,
                embed_origins TEXT NOT NULL, created_at INTEGER NOT NULL)
            """,
            """
            CREATE TABLE high_water (
                workspace INTEGER NOT NULL, noun TEXT NOT NULL, value INTEGER NOT NULL,
                PRIMARY KEY (workspace, noun)) CLUSTERED
            """,
            """
            CREATE TABLE skill (
                workspace INTEGER NOT NULL, id INTEGER NOT NULL, name TEXT NOT NULL, folded TEXT NOT NULL,
                PRIMARY KEY (workspace, id), UNIQUE (workspace, folded)) CLUSTERED
            """,
            """
            CREATE TABLE tag (
                workspace INTEGER NOT NULL, id INTEGER NOT NULL, name TEXT NOT NULL, folded TEXT NOT NULL,
                PRIMARY KEY (workspace, id), UNIQUE (workspace, folded)) CLUSTERED
            """,
            """
            CREATE TABLE not_ready_reason (
                workspace INTEGER NOT NULL, id INTEGER NOT NULL, code TEXT NOT NULL, text TEXT NOT NULL,
                is_default INTEGER NOT NULL, PRIMARY KEY (workspace, id), UNIQUE (workspace, code)) CLUSTERED
            """,
            """
            CREATE TABLE calendar (
                workspace INTEGER NOT NULL, id INTEGER NOT NULL, name TEXT NOT NULL, time_zone TEXT,
                hours TEXT NOT NULL, holidays TEXT NOT NULL,
                PRIMARY KEY (workspace, id), UNIQUE (workspace, name)) CLUSTERED
            """,
            """
            CREATE TABLE agent (
                workspace INTEGER NOT NULL, id INTEGER NOT NULL, login_name TEXT NOT NULL,
                user_name TEXT NOT NULL, email_address TEXT NOT NULL, email_folded TEXT, password TEXT,
                admin_level TEXT NOT NULL, language TEXT NOT NULL, time_zone TEXT NOT NULL,
                external_id TEXT NOT NULL, bright_reference_code TEXT NOT NULL,
                signature_name TEXT NOT NULL, chat_name TEXT NOT NULL, list_size INTEGER NOT NULL,
                user_id TEXT UNIQUE, device_id INTEGER, extension_id INTEGER,
                capacity_errand INTEGER NOT NULL, capacity_chat INTEGER NOT NULL,
                capacity_call INTEGER NOT NULL, active INTEGER NOT NULL, created_at INTEGER NOT NULL,
                PRIMARY KEY (workspace, id), UNIQUE (workspace, login_name)) CLUSTERED
            """,
            "CREATE UNIQUE INDEX agent_email ON agent (workspace, email_folded) WHERE active = 1",
            "CREATE UNIQUE INDEX agent_device ON agent (workspace, device_id, extension_id) WHERE active = 1",
            """
            CREATE TABLE agent_skill (
                workspace INTEGER NOT NULL, agent INTEGER NOT NULL, skill INTEGER NOT NULL,
                level INTEGER NOT NULL, PRIMARY KEY (workspace, agent, skill)) CLUSTERED
            """,
            """
            CREATE TABLE agent_state (
                workspace INTEGER NOT NULL, agent INTEGER NOT NULL, presence INTEGER NOT NULL,
                reason INTEGER, presence_since INTEGER NOT NULL, presence_cause INTEGER NOT NULL DEFAULT 1,
                idle_since INTEGER NOT NULL,
                idle_order INTEGER NOT NULL, unanswered INTEGER NOT NULL, wrap_up_until INTEGER,
                PRIMARY KEY (workspace, agent)) CLUSTERED
            """,
            """
            CREATE TABLE agent_group (
                workspace INTEGER NOT NULL, id INTEGER NOT NULL, name TEXT NOT NULL,
                description TEXT NOT NULL, PRIMARY KEY (workspace, id), UNIQUE (workspace, name)) CLUSTERED
            """,
            """
            CREATE TABLE agent_group_agent (
                workspace INTEGER NOT NULL, agent_group INTEGER NOT NULL, agent INTEGER NOT NULL,
                PRIMARY KEY (workspace, agent_group, agent)) CLUSTERED
            """,
            """
            CREATE TABLE agent_group_area (
                workspace INTEGER NOT NULL, agent_group INTEGER NOT NULL, area INTEGER NOT NULL,
                PRIMARY KEY (workspace, agent_group, area)) CLUSTERED
            """,
            """
            CREATE TABLE queue (
                workspace INTEGER NOT NULL, id INTEGER NOT NULL, kind TEXT NOT NULL,
                priority INTEGER NOT NULL, offer_timeout_ms INTEGER NOT NULL,
                reoffer_pause_ms INTEGER NOT NULL, wrap_up_ms INTEGER NOT NULL,
                desired_timeout_ms INTEGER NOT NULL, PRIMARY KEY (workspace, id)) CLUSTERED
            """,
            """
            CREATE TABLE queue_skill (
                workspace INTEGER NOT NULL, queue INTEGER NOT NULL, skill INTEGER NOT NULL,
                required INTEGER NOT NULL, PRIMARY KEY (workspace, queue, skill, required)) CLUSTERED
            """,
            """
            CREATE TABLE area (
                workspace INTEGER NOT NULL, id INTEGER NOT NULL, name TEXT NOT NULL,
                external_id TEXT NOT NULL, queue INTEGER NOT NULL, calendar INTEGER,
                sla_response_s INTEGER, sla_done_s INTEGER,
                PRIMARY KEY (workspace, id), UNIQUE (workspace, name)) CLUSTERED
            """,
            """
            CREATE TABLE area_archive (
                workspace INTEGER NOT NULL, id INTEGER NOT NULL, area INTEGER NOT NULL, name TEXT NOT NULL,
                content_type TEXT NOT NULL, size INTEGER NOT NULL, bytes BLOB, digest TEXT,
                PRIMARY KEY (workspace, id), UNIQUE (workspace, area, name))
            """,
            """
            CREATE TABLE contact (
                workspace INTEGER NOT NULL, id INTEGER NOT NULL, name TEXT NOT NULL, cuid TEXT,
                created_at INTEGER NOT NULL, PRIMARY KEY (workspace, id)) CLUSTERED
            """,
            """
            CREATE TABLE contact_address (
                workspace INTEGER NOT NULL, id INTEGER NOT NULL, contact INTEGER NOT NULL,
                kind TEXT NOT NULL, address TEXT NOT NULL, folded TEXT NOT NULL,
                PRIMARY KEY (workspace, kind, folded)) CLUSTERED
            """,
            "CREATE INDEX contact_address_contact ON contact_address (workspace, contact)",
            """
            CREATE TABLE errand (
                workspace INTEGER NOT NULL, id INTEGER NOT NULL, state INTEGER NOT NULL,
                area INTEGER NOT NULL, channel TEXT NOT NULL, work_item INTEGER NOT NULL,
                contact INTEGER NOT NULL, agent INTEGER, priority INTEGER NOT NULL,
                thread INTEGER NOT NULL, parent INTEGER, grouped_with INTEGER, account TEXT,
                token INTEGER, subject TEXT NOT NULL, from_name TEXT NOT NULL, from_address TEXT NOT NULL,
                extradata TEXT, integration_data TEXT,
                arrived_at INTEGER NOT NULL, opened_at INTEGER, answered_at INTEGER, closed_at INTEGER,
                handling_ms INTEGER NOT NULL, changed_at INTEGER NOT NULL, version INTEGER NOT NULL,
                PRIMARY KEY (workspace, id)) CLUSTERED
            """,
            "CREATE INDEX errand_area ON errand (workspace, area, state, id)",
            "CREATE INDEX errand_agent ON errand (workspace, agent, state, id)",
            "CREATE INDEX errand_contact ON errand (workspace, contact, id)",
            """
            CREATE TABLE message (
                workspace INTEGER NOT NULL, errand INTEGER NOT NULL, id INTEGER NOT NULL,
                n INTEGER NOT NULL, message_id TEXT NOT NULL, from_name TEXT NOT NULL,
                from_address TEXT NOT NULL, subject TEXT NOT NULL, body TEXT NOT NULL,
                html_body TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (workspace, errand, id))
            """,
            """
            CREATE TABLE answer (
                workspace INTEGER NOT NULL, errand INTEGER NOT NULL, id INTEGER NOT NULL, agent INTEGER,
                user_type TEXT NOT NULL, user_id TEXT NOT NULL, response INTEGER NOT NULL,
                at INTEGER NOT NULL, PRIMARY KEY (workspace, errand, id)) CLUSTERED
            """,
            """
            CREATE TABLE response (
                workspace INTEGER NOT NULL, errand INTEGER NOT NULL, id INTEGER NOT NULL,
                answer INTEGER NOT NULL, subject TEXT NOT NULL, body TEXT NOT NULL,
                html_body TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (workspace, errand, id))
            """,
            """
            CREATE TABLE recipient (
                workspace INTEGER NOT NULL, errand INTEGER NOT NULL, id INTEGER NOT NULL,
                owner_noun TEXT NOT NULL, owner INTEGER NOT NULL, role TEXT NOT NULL,
                address TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (workspace, errand, id)) CLUSTERED
            """,
            """
            CREATE TABLE attachment (
                workspace INTEGER NOT NULL, id INTEGER NOT NULL, errand INTEGER NOT NULL,
                owner_noun TEXT NOT NULL, owner INTEGER NOT NULL, name TEXT NOT NULL,
                content_type TEXT NOT NULL, content_id TEXT, size INTEGER NOT NULL, bytes BLOB, digest TEXT,
                PRIMARY KEY (workspace, id))
            """,
            "CREATE INDEX attachment_errand ON attachment (workspace, errand, id)",
            "CREATE INDEX attachment_digest ON attachment (workspace, digest) WHERE digest IS NOT NULL",
            """
            CREATE TABLE blob_chunk (
                workspace INTEGER NOT NULL, digest TEXT NOT NULL, n INTEGER NOT NULL,
                stored_at INTEGER NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (workspace, digest, n))
            """,
            """
            CREATE TABLE history (
                workspace INTEGER NOT NULL, errand INTEGER NOT NULL, id INTEGER NOT NULL,
                at INTEGER NOT NULL, kind TEXT NOT NULL, actor_kind TEXT NOT NULL, actor INTEGER,
                via TEXT NOT NULL, data TEXT NOT NULL, PRIMARY KEY (workspace, errand, id)) CLUSTERED
            """,
            """
            CREATE TABLE work_item (
                workspace INTEGER NOT NULL, id INTEGER NOT NULL, noun TEXT NOT NULL,
                noun_id INTEGER NOT NULL, queue INTEGER NOT NULL, channel INTEGER NOT NULL,
                priority INTEGER NOT NULL, credit_ms INTEGER NOT NULL, entered_at INTEGER NOT NULL,
                required_skills TEXT NOT NULL, desired_skills TEXT NOT NULL, state INTEGER NOT NULL,
                agent INTEGER, since_at INTEGER, until_at INTEGER, epoch INTEGER NOT NULL,
                first_offered_at INTEGER, pauses TEXT NOT NULL, PRIMARY KEY (workspace, id)) CLUSTERED
            """,
            "CREATE INDEX work_item_live ON work_item (workspace, id) WHERE state < 9",
            "CREATE INDEX work_item_queue ON work_item (workspace, queue, id) WHERE state < 9",
            """
            CREATE TABLE offer (
                workspace INTEGER NOT NULL, id INTEGER NOT NULL, work_item INTEGER NOT NULL,
                agent INTEGER NOT NULL, epoch INTEGER NOT NULL, made_at INTEGER NOT NULL,
                deadline_at INTEGER NOT NULL, reason TEXT NOT NULL, reason_value INTEGER,
                ended_at INTEGER, ending INTEGER, PRIMARY KEY (workspace, work_item, epoch)) CLUSTERED
            """,
            "CREATE INDEX offer_live ON offer (workspace, agent) WHERE ended_at IS NULL",
            """
            CREATE TABLE session (
                workspace INTEGER NOT NULL, digest TEXT NOT NULL, agent INTEGER NOT NULL,
                csrf TEXT NOT NULL, via TEXT NOT NULL, created_at INTEGER NOT NULL,
                seen_at INTEGER NOT NULL, expires_at INTEGER NOT NULL,
                PRIMARY KEY (workspace, digest)) CLUSTERED
            """,
            "CREATE INDEX session_agent ON session (workspace, agent)",
            """
            CREATE TABLE login_record (
                workspace INTEGER NOT NULL, id INTEGER NOT NULL, agent INTEGER NOT NULL,
                at INTEGER NOT NULL, action TEXT NOT NULL, via TEXT NOT NULL,
                PRIMARY KEY (workspace, id)) CLUSTERED
            """,
            "CREATE INDEX login_record_at ON login_record (workspace, at)",
            """
            CREATE TABLE access_token (
                workspace INTEGER NOT NULL, id INTEGER NOT NULL, name TEXT NOT NULL,
                key_field TEXT NOT NULL, digest TEXT NOT NULL UNIQUE, claims TEXT NOT NULL, channel TEXT,
                area INTEGER, account TEXT, expires_at INTEGER NOT NULL, created_at INTEGER NOT NULL,
                revoked_at INTEGER, PRIMARY KEY (workspace, id), UNIQUE (workspace, name)) CLUSTERED
            """,
            """
            CREATE TABLE access_key (
                workspace INTEGER NOT NULL, id INTEGER NOT NULL, name TEXT NOT NULL, agent INTEGER NOT NULL,
                key_id TEXT NOT NULL, secret_sealed BLOB NOT NULL, expires_at INTEGER NOT NULL,
                created_at INTEGER NOT NULL, revoked_at INTEGER,
                PRIMARY KEY (workspace, id), UNIQUE (workspace, key_id)) CLUSTERED
            """,
            """
            CREATE TABLE callback (
                workspace INTEGER NOT NULL, id INTEGER NOT NULL, name TEXT NOT NULL, endpoint TEXT NOT NULL,
                secret_sealed BLOB, event TEXT NOT NULL,
                PRIMARY KEY (workspace, id), UNIQUE (workspace, name)) CLUSTERED
            """,
            """
            CREATE TABLE callback_area (
                workspace INTEGER NOT NULL, callback INTEGER NOT NULL, area INTEGER NOT NULL,
                PRIMARY KEY (workspace, callback, area)) CLUSTERED
            """,
            """
            CREATE TABLE delivery (
                workspace INTEGER NOT NULL, id INTEGER NOT NULL, callback INTEGER NOT NULL,
                errand INTEGER NOT NULL, answer INTEGER NOT NULL, state INTEGER NOT NULL,
                attempts INTEGER NOT NULL, created_at INTEGER NOT NULL, next_at INTEGER NOT NULL,
                done_at INTEGER, status INTEGER, problem TEXT, PRIMARY KEY (workspace, id)) CLUSTERED
            """,
            "CREATE INDEX delivery_due ON delivery (workspace, callback, next_at) WHERE state = 1",
            "CREATE INDEX delivery_errand ON delivery (workspace, errand, id)",
            """
            CREATE TABLE dirty (
                workspace INTEGER NOT NULL, errand INTEGER NOT NULL, seq INTEGER NOT NULL,
                PRIMARY KEY (workspace, errand)) CLUSTERED
            """,
            """
            CREATE TABLE replay (
                workspace INTEGER NOT NULL, token INTEGER NOT NULL, digest TEXT NOT NULL,
                errand INTEGER NOT NULL, at INTEGER NOT NULL,
                PRIMARY KEY (workspace, token, digest)) CLUSTERED
            """,
            "CREATE INDEX replay_at ON replay (at)",
            """
            CREATE TABLE journal (
                workspace INTEGER NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL, kind TEXT NOT NULL,
                version INTEGER NOT NULL, actor_kind TEXT NOT NULL, actor INTEGER, via TEXT NOT NULL,
                noun TEXT NOT NULL, noun_id INTEGER NOT NULL, data TEXT NOT NULL,
                PRIMARY KEY (workspace, seq)) CLUSTERED
            """,
        ])
}
