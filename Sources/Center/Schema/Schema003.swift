// What agents add to errands: notes, tags, and files on their way into an answer.

import Store

extension Schema {
    /// An upload's id is the id that its attachment will have, so that a text can name it before it is sent.
    static let errandDesk = Migration(
        number: 3, name: "errand desk",
        script: [
            """
            CREATE TABLE note (
                workspace INTEGER NOT NULL, errand INTEGER NOT NULL, id INTEGER NOT NULL, agent INTEGER,
                body TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (workspace, errand, id))
            """,
            """
            CREATE TABLE errand_tag (
                workspace INTEGER NOT NULL, errand INTEGER NOT NULL, tag INTEGER NOT NULL, at INTEGER NOT NULL,
                PRIMARY KEY (workspace, errand, tag)) CLUSTERED
            """,
            "CREATE INDEX errand_tag_tag ON errand_tag (workspace, tag, errand)",
            """
            CREATE TABLE upload (
                workspace INTEGER NOT NULL, id INTEGER NOT NULL, errand INTEGER NOT NULL, agent INTEGER NOT NULL,
                name TEXT NOT NULL, content_type TEXT NOT NULL, is_inline INTEGER NOT NULL, size INTEGER NOT NULL,
                bytes BLOB, digest TEXT, at INTEGER NOT NULL, PRIMARY KEY (workspace, id))
            """,
            "CREATE INDEX upload_agent ON upload (workspace, agent, errand, id)",
            "CREATE INDEX upload_at ON upload (workspace, at)",
            "CREATE INDEX upload_digest ON upload (workspace, digest) WHERE digest IS NOT NULL",
        ])
}
