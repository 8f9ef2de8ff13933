// Libraries, their categories and questions, what each holds, and the index that questions are searched by.

import Store

extension Schema {
    static let library = Migration(
        number: 19, name: "library",
        script: [
            """
            CREATE TABLE library (
                workspace INTEGER NOT NULL, id INTEGER NOT NULL, name TEXT NOT NULL, external INTEGER NOT NULL,
                PRIMARY KEY (workspace, id), UNIQUE (workspace, name)) CLUSTERED
            """,
            """
            CREATE TABLE library_category (
                workspace INTEGER NOT NULL, id INTEGER NOT NULL, name TEXT NOT NULL,
                PRIMARY KEY (workspace, id), UNIQUE (workspace, name)) CLUSTERED
            """,
            """
            CREATE TABLE library_question (
                workspace INTEGER NOT NULL, id INTEGER NOT NULL, subject TEXT NOT NULL, question TEXT NOT NULL,
                answer TEXT NOT NULL, toplist INTEGER NOT NULL,
                PRIMARY KEY (workspace, id), UNIQUE (workspace, subject))
            """,
            "CREATE INDEX library_question_top ON library_question (workspace, id) WHERE toplist = 1",
            // Kinds are numbers, so that a walk through all of them compares one type on both engines.
            """
            CREATE TABLE library_link (
                workspace INTEGER NOT NULL, parent_kind INTEGER NOT NULL, parent INTEGER NOT NULL,
                child_kind INTEGER NOT NULL, child INTEGER NOT NULL, place INTEGER NOT NULL,
                PRIMARY KEY (workspace, parent_kind, parent, child_kind, child)) CLUSTERED
            """,
            """
            CREATE INDEX library_link_child
                ON library_link (workspace, child_kind, child, parent_kind, parent)
            """,
            """
            CREATE TABLE library_attachment (
                workspace INTEGER NOT NULL, id INTEGER NOT NULL, question INTEGER NOT NULL, name TEXT NOT NULL,
                content_type TEXT NOT NULL, size INTEGER NOT NULL, bytes BLOB, digest TEXT,
                PRIMARY KEY (workspace, id))
            """,
            "CREATE INDEX library_attachment_question ON library_attachment (workspace, question, id)",
            """
            CREATE INDEX library_attachment_digest ON library_attachment (workspace, digest)
                WHERE digest IS NOT NULL
            """,
            """
            CREATE TABLE library_gram (
                workspace INTEGER NOT NULL, part INTEGER NOT NULL, gram INTEGER NOT NULL, block INTEGER NOT NULL,
                questions BLOB NOT NULL, PRIMARY KEY (workspace, part, gram, block)) CLUSTERED
            """,
        ])
}
