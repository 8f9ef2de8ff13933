// Who is writing an answer, and when an area's errands are about to expire.

import Store

extension Schema {
    static let drafts = Migration(
        number: 23, name: "drafts",
        script: [
            // The text itself stays in the agent's browser.
            """
            CREATE TABLE draft (
                workspace INTEGER NOT NULL, errand INTEGER NOT NULL, agent INTEGER NOT NULL,
                until_at INTEGER NOT NULL, PRIMARY KEY (workspace, errand, agent)) CLUSTERED
            """,
            "CREATE INDEX draft_until ON draft (workspace, until_at)",
            "ALTER TABLE area ADD COLUMN sla_warning_permille INTEGER NOT NULL DEFAULT 800",
        ])
}
