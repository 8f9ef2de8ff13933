// What customers say of their errands and of pages elsewhere, and sign-in from other pages.

import Store

extension Schema {
    static let satisfaction = Migration(
        number: 20, name: "satisfaction",
        script: [
            // The key that made the session; nil for one made with a password.
            "ALTER TABLE session ADD COLUMN access_key INTEGER",
            // The question and its five labels as JSON; nil: nobody is asked.
            "ALTER TABLE area ADD COLUMN satisfaction TEXT",
            // `asked` is what the area asked then; `level` is 1 to 5 once the customer has chosen.
            """
            CREATE TABLE satisfaction (
                workspace INTEGER NOT NULL, errand INTEGER NOT NULL, first_answer INTEGER NOT NULL,
                last_answer INTEGER NOT NULL, asked TEXT NOT NULL, asked_at INTEGER NOT NULL,
                level INTEGER, chosen_at INTEGER, PRIMARY KEY (workspace, errand)) CLUSTERED
            """,
            """
            CREATE TABLE facebook_page (
                workspace INTEGER NOT NULL, id INTEGER NOT NULL, page_id TEXT NOT NULL, area INTEGER NOT NULL,
                secret_sealed BLOB NOT NULL, verify_digest TEXT NOT NULL, created_at INTEGER NOT NULL,
                PRIMARY KEY (workspace, id), UNIQUE (workspace, page_id)) CLUSTERED
            """,
            // `event_at` and `event_verb` tell which of Facebook's messages was the last; `changed` is the journal's
            // position that put it on the list of changed ratings.
            """
            CREATE TABLE facebook_rating (
                workspace INTEGER NOT NULL, id INTEGER NOT NULL, page INTEGER NOT NULL, story TEXT NOT NULL,
                reviewer_id TEXT NOT NULL, reviewer_name TEXT NOT NULL, message TEXT NOT NULL,
                rating INTEGER NOT NULL, created_at INTEGER NOT NULL, event_at INTEGER NOT NULL,
                event_verb INTEGER NOT NULL, changed INTEGER, erased_at INTEGER,
                PRIMARY KEY (workspace, id), UNIQUE (workspace, page, story)) CLUSTERED
            """,
            "CREATE INDEX facebook_rating_changed ON facebook_rating (workspace, id) WHERE changed IS NOT NULL",
            """
            CREATE INDEX facebook_rating_reviewer ON facebook_rating (workspace, reviewer_id)
            WHERE reviewer_id <> ''
            """,
        ])
}
