// What other systems hand in with an errand: WhatsApp templates, foreign closers, customers' names elsewhere.

import Store

extension Schema {
    static let newErrands = Migration(
        number: 2, name: "new errands",
        script: [
            """
            CREATE TABLE whatsapp_template (
                workspace INTEGER NOT NULL, errand INTEGER NOT NULL, element_name TEXT NOT NULL,
                namespace TEXT NOT NULL, params TEXT NOT NULL, state INTEGER NOT NULL, at INTEGER NOT NULL,
                PRIMARY KEY (workspace, errand)) CLUSTERED
            """,
            "ALTER TABLE errand ADD COLUMN closer_type TEXT",
            "ALTER TABLE errand ADD COLUMN closer_id TEXT",
            "CREATE INDEX contact_cuid ON contact (workspace, cuid, id) WHERE cuid IS NOT NULL",
        ])
}
