// Agents as telephony systems know them: names, numbers, groups and departments; keys and settings of their APIs.

import Store

extension Schema {
    static let telephony = Migration(
        number: 14, name: "telephony",
        script: [
            "ALTER TABLE agent ADD COLUMN first_name TEXT NOT NULL DEFAULT ''",
            "ALTER TABLE agent ADD COLUMN last_name TEXT NOT NULL DEFAULT ''",
            "ALTER TABLE agent ADD COLUMN phone_number TEXT NOT NULL DEFAULT ''",
            "ALTER TABLE agent ADD COLUMN extension TEXT NOT NULL DEFAULT ''",
            // Where calls reach the agent, as TENIOS has it.
            "ALTER TABLE agent ADD COLUMN cloud_acd_enabled INTEGER NOT NULL DEFAULT 1",
            "ALTER TABLE agent ADD COLUMN sip_enabled INTEGER NOT NULL DEFAULT 1",
            "ALTER TABLE agent ADD COLUMN external_number_enabled INTEGER NOT NULL DEFAULT 0",
            "ALTER TABLE agent ADD COLUMN external_number TEXT NOT NULL DEFAULT ''",
            // As APIO has them. Empty: none.
            "ALTER TABLE agent ADD COLUMN user_group TEXT NOT NULL DEFAULT ''",
            "ALTER TABLE agent ADD COLUMN department TEXT NOT NULL DEFAULT ''",
            "ALTER TABLE agent ADD COLUMN threshold_profile TEXT NOT NULL DEFAULT ''",
            // What an agent's own settings say while the defaults are in force; see Agents/AgentProfile.
            "ALTER TABLE agent ADD COLUMN own_guard_timer INTEGER NOT NULL DEFAULT 0",
            "ALTER TABLE agent ADD COLUMN own_guard_s INTEGER NOT NULL DEFAULT 5",
            "ALTER TABLE agent ADD COLUMN own_bounced_forces INTEGER NOT NULL DEFAULT 0",
            "ALTER TABLE agent ADD COLUMN own_bounced_number INTEGER NOT NULL DEFAULT 3",
            // NULL: own settings where the agent has any.
            "ALTER TABLE agent ADD COLUMN default_unavailable INTEGER",
            "ALTER TABLE agent ADD COLUMN outgoing_as_center INTEGER NOT NULL DEFAULT 0",
            "ALTER TABLE agent ADD COLUMN outgoing_center INTEGER",
            "ALTER TABLE agent ADD COLUMN outgoing_dnis TEXT NOT NULL DEFAULT ''",
            "ALTER TABLE workspace ADD COLUMN tenios_get_retrieve INTEGER NOT NULL DEFAULT 0",
            "ALTER TABLE workspace ADD COLUMN apio_enrich_cc_info INTEGER NOT NULL DEFAULT 0",
            """
            CREATE TABLE tenios_key (
                workspace INTEGER NOT NULL, id INTEGER NOT NULL, name TEXT NOT NULL, digest TEXT NOT NULL UNIQUE,
                created_at INTEGER NOT NULL, PRIMARY KEY (workspace, id), UNIQUE (workspace, name)) CLUSTERED
            """,
            """
            CREATE TABLE user_group (
                workspace INTEGER NOT NULL, id INTEGER NOT NULL, name TEXT NOT NULL,
                PRIMARY KEY (workspace, id), UNIQUE (workspace, name)) CLUSTERED
            """,
            // `parent` is a department of the same group, by name; empty for none.
            """
            CREATE TABLE department (
                workspace INTEGER NOT NULL, user_group INTEGER NOT NULL, name TEXT NOT NULL,
                parent TEXT NOT NULL, PRIMARY KEY (workspace, user_group, name)) CLUSTERED
            """,
            """
            CREATE TABLE threshold_profile (
                workspace INTEGER NOT NULL, id INTEGER NOT NULL, name TEXT NOT NULL,
                PRIMARY KEY (workspace, id), UNIQUE (workspace, name)) CLUSTERED
            """,
            // Of an integration that steers the ACD: any workspace's, by the token alone.
            """
            CREATE TABLE api_session (
                workspace INTEGER NOT NULL, digest TEXT NOT NULL UNIQUE, agent INTEGER NOT NULL,
                created_at INTEGER NOT NULL, seen_at INTEGER NOT NULL,
                PRIMARY KEY (workspace, digest)) CLUSTERED
            """,
            "CREATE INDEX api_session_agent ON api_session (workspace, agent)",
        ])
}
