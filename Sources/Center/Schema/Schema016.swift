// What other systems note on contact cards.

import Store

extension Schema {
    static let contactNotes = Migration(
        number: 16, name: "contact custom",
        script: [
            """
            CREATE TABLE contact_custom (
                workspace INTEGER NOT NULL, contact INTEGER NOT NULL, n INTEGER NOT NULL, label TEXT NOT NULL,
                value TEXT NOT NULL, PRIMARY KEY (workspace, contact, n)) CLUSTERED
            """
        ])
}
