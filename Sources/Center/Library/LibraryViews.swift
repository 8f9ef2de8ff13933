// The library as administrators' pages show it: what there is, and what holds what.

import Store

/// Libraries and categories to choose from, by name.
public struct LibraryShelves: Sendable {
    /// Of each kind, besides those that are chosen already.
    public static let choicesMax = 500

    public internal(set) var libraries: [Library]
    public internal(set) var categories: [LibraryCategory]
    /// There are others than these.
    public internal(set) var hasMore: Bool
}

/// A library or a category with what it holds.
public struct ShelfView: Sendable {
    /// Questions that are listed; there may be more.
    public static let questionsMax = 200

    public struct Held: Sendable, Hashable {
        public let id: LibraryQuestionID
        public let subject: String
    }

    public let node: LibraryNode
    public let name: String
    public let isExternal: Bool
    public let shelves: LibraryShelves
    /// Libraries and categories that it holds.
    public let holds: Set<LibraryNode>
    public let questions: [Held]
    public let questionCount: Int
}

/// A question with its files and with what holds it.
public struct QuestionView: Sendable {
    public let question: LibraryQuestion
    public let attachments: [LibraryFile]
    public let shelves: LibraryShelves
    public let heldBy: Set<LibraryNode>
}

extension Floor {
    public func libraryShelves(by principal: Principal) async throws -> LibraryShelves {
        try requireLibraryReader(principal)
        let workspace = principal.workspace
        return try await view { try LibraryShelves($0, workspace, and: []) }
    }

    /// - Throws: `Refusal.notFound`.
    public func shelfView(_ node: LibraryNode, by principal: Principal) async throws -> ShelfView {
        try requireLibraryReader(principal)
        let workspace = principal.workspace
        return try await view { reader in
            let walk = LibraryWalk(reader, workspace)
            try walk.require(node, externalOnly: false)
            let held: SQL = """
                FROM library_link AS l JOIN library_question AS q ON q.workspace = l.workspace AND q.id = l.child
                WHERE l.workspace = \(workspace) AND l.parent_kind = \(node.kind.rawValue)
                    AND l.parent = \(node.id) AND l.child_kind = \(LibraryKind.question.rawValue)
                """
            let name: SQL =
                node.kind == .library
                ? "SELECT name, external FROM library" : "SELECT name, 0 AS external FROM library_category"
            let rows = try reader.fetch([
                "\(sql: name) WHERE workspace = \(workspace) AND id = \(node.id)",
                "SELECT q.id, q.subject \(sql: held) ORDER BY l.place, q.id LIMIT \(ShelfView.questionsMax)",
                "SELECT COUNT(*) AS n \(sql: held)",
            ])
            let holds = Set(
                try [LibraryKind.library, .category].flatMap { kind in
                    try walk.held(kind, by: node).map { LibraryNode(kind, $0) }
                })
            return ShelfView(
                node: node, name: rows[0][0].text("name"), isExternal: rows[0][0].int("external") != 0,
                shelves: try LibraryShelves(reader, workspace, and: holds), holds: holds,
                questions: rows[1].map {
                    ShelfView.Held(id: LibraryQuestionID($0.int("id")), subject: $0.text("subject"))
                }, questionCount: Int(rows[2][0].int("n")))
        }
    }

    /// - Throws: `Refusal.notFound`.
    public func questionView(
        _ id: LibraryQuestionID, by principal: Principal
    ) async throws -> QuestionView {
        try requireLibraryReader(principal)
        let workspace = principal.workspace
        return try await view { reader in
            var walk = LibraryWalk(reader, workspace)
            let graph = try walk.graph(.node(.question(id)))
            let rows = try reader.query(
                """
                SELECT parent_kind, parent FROM library_link WHERE workspace = \(workspace)
                    AND child_kind = \(LibraryKind.question.rawValue) AND child = \(id)
                LIMIT \(LibraryShelves.choicesMax * 2)
                """)
            let heldBy = Set(
                rows.compactMap { row in
                    LibraryKind(rawValue: row.int("parent_kind")).map { LibraryNode($0, row.int("parent")) }
                })
            return QuestionView(
                question: graph.questions[0], attachments: graph.attachments,
                shelves: try LibraryShelves(reader, workspace, and: heldBy), heldBy: heldBy)
        }
    }
}

extension LibraryShelves {
    /// - Parameter chosen: are there in any case.
    fileprivate init(
        _ reader: any Reading, _ workspace: WorkspaceID, and chosen: Set<LibraryNode>
    ) throws {
        func ids(_ kind: LibraryKind) -> [Int64] {
            chosen.filter { $0.kind == kind }.map(\.id).sorted()
        }
        let max = Self.choicesMax + 1
        let rows = try reader.fetch([
            "SELECT id, name, external FROM library WHERE workspace = \(workspace) ORDER BY name LIMIT \(max)",
            "SELECT id, name FROM library_category WHERE workspace = \(workspace) ORDER BY name LIMIT \(max)",
        ])
        hasMore = rows.contains { $0.count == max }
        libraries = rows[0].prefix(Self.choicesMax).map(Library.init)
        categories = rows[1].prefix(Self.choicesMax).map(LibraryCategory.init)
        let known = (Set(libraries.map(\.id.raw)), Set(categories.map(\.id.raw)))
        for chunk in ids(.library).filter({ !known.0.contains($0) }).chunked {
            libraries += try reader.query(
                """
                SELECT id, name, external FROM library
                WHERE workspace = \(workspace) AND id IN \(list: chunk) ORDER BY name
                """
            ).map(Library.init)
        }
        for chunk in ids(.category).filter({ !known.1.contains($0) }).chunked {
            categories += try reader.query(
                """
                SELECT id, name FROM library_category
                WHERE workspace = \(workspace) AND id IN \(list: chunk) ORDER BY name
                """
            ).map(LibraryCategory.init)
        }
    }
}
