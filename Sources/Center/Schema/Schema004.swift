// Lists in their order by index, and sign-ins that failed.

import Store

extension Schema {
    /// Each errand stands in one open or one closed index of its area, so a list's page costs what it shows.
    static let lists = Migration(
        number: 3, name: "lists",
        script: [
            "DROP INDEX errand_area",
            "DROP INDEX errand_agent",
            """
            CREATE INDEX errand_new ON errand (workspace, area, arrived_at, id)
                WHERE state = 1 AND agent IS NULL
            """,
            """
            CREATE INDEX errand_taken ON errand (workspace, area, arrived_at, id)
                WHERE state = 1 AND agent IS NOT NULL
            """,
            """
            CREATE INDEX errand_held ON errand (workspace, agent, arrived_at, id)
                WHERE state = 1 AND agent IS NOT NULL
            """,
            "CREATE INDEX errand_closed ON errand (workspace, area, closed_at, id) WHERE state = 2",
            "CREATE INDEX errand_closed_by ON errand (workspace, agent, closed_at, id) WHERE state = 2",
            "CREATE INDEX errand_open_of ON errand (workspace, contact, arrived_at, id) WHERE state = 1",
            "CREATE INDEX errand_closed_of ON errand (workspace, contact, closed_at, id) WHERE state = 2",
            """
            CREATE TABLE sign_in_failure (
                workspace INTEGER NOT NULL, kind INTEGER NOT NULL, digest TEXT NOT NULL,
                clear_at INTEGER NOT NULL, locked_until INTEGER NOT NULL,
                PRIMARY KEY (workspace, kind, digest)) CLUSTERED
            """,
            "CREATE INDEX sign_in_failure_clear ON sign_in_failure (workspace, clear_at)",
        ])
}
