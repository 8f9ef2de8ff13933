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
        ])
}
