// Libraries and categories are made, changed and deleted.

import Store

/// What a library or a category is told to be. nil, and nodes that are not named: as it was.
public struct ShelfChange: Sendable, Hashable {
    public var name: String?
    /// Of libraries only.
    public var isExternal: Bool?
    /// Whether it holds each of these.
    public var holds: [LibraryNode: Bool] = [:]
    /// Whether each of these holds it.
    public var heldBy: [LibraryNode: Bool] = [:]

    public init() {}
}

extension Floor {
    /// - Throws: `Refusal.invalid` for a name that none can have, `Refusal.conflict` for one that is taken.
    public func makeLibrary(
        _ name: String, isExternal: Bool, by principal: Principal
    ) async throws -> LibraryID {
        try await perform(Plan("make library"), by: principal) { work in
            try work.requireAdministrator()
            try work.requireFree(name, .library, but: nil)
            try work.requireRoom(.library, for: 1)
            let id = try work.addLibrary(name, isExternal: isExternal)
            try work.tell(.libraryMade, .library, id.raw)
            return id
        }
    }

    /// - Throws: as `makeLibrary`.
    public func makeLibraryCategory(_ name: String, by principal: Principal) async throws -> LibraryCategoryID
    {
        try await perform(Plan("make library category"), by: principal) { work in
            try work.requireAdministrator()
            try work.requireFree(name, .category, but: nil)
            try work.requireRoom(.category, for: 1)
            let id = try work.addCategory(name)
            try work.tell(.libraryMade, .libraryCategory, id.raw)
            return id
        }
    }

    /// Changes a library or a category, all of it or nothing.
    /// - Throws: as `makeLibrary`; `Refusal.notFound`; `Refusal.invalid` for what there is not to hold.
    public func changeShelf(_ node: LibraryNode, _ change: ShelfChange, by principal: Principal) async throws
    {
        precondition(node.kind != .question, "a question holds nothing")
        try await perform(Plan("change library"), by: principal) { work in
            try work.requireAdministrator()
            try work.require(node)
            if let name = change.name {
                try work.requireFree(name, node.kind, but: node.id)
                try work.set(node.kind.table, node.id, ["name = \(name)"])
            }
            if node.kind == .library, let isExternal = change.isExternal {
                try work.set("library", node.id, ["external = \(isExternal)"])
            }
            try work.link(node, change.holds, change.heldBy)
            try work.tell(.libraryChanged, node.kind.noun, node.id)
        }
    }

    /// Deletes a library, a category, or a question with its files; what it held stays.
    /// - Throws: `Refusal.notFound`.
    public func deleteFromLibrary(_ node: LibraryNode, by principal: Principal) async throws {
        try await perform(Plan("delete from library"), by: principal) { work in
            try work.requireAdministrator()
            try work.require(node)
            if node.kind == .question { try work.emptyQuestion(LibraryQuestionID(node.id)) }
            try work.execute(
                """
                DELETE FROM library_link WHERE workspace = \(work.workspace) AND (
                    (parent_kind = \(node.kind.rawValue) AND parent = \(node.id))
                    OR (child_kind = \(node.kind.rawValue) AND child = \(node.id)))
                """)
            try work.execute(
                """
                DELETE FROM \(sql: SQL(name: "\(node.kind.table)"))
                WHERE workspace = \(work.workspace) AND id = \(node.id)
                """)
            try work.tell(.libraryDeleted, node.kind.noun, node.id)
        }
    }
}

extension LibraryKind {
    var table: StaticString {
        switch self {
        case .library: "library"
        case .category: "library_category"
        case .question: "library_question"
        }
    }

    var noun: Noun {
        switch self {
        case .library: .library
        case .category: .libraryCategory
        case .question: .libraryQuestion
        }
    }

    /// As sentences say it.
    var word: String {
        switch self {
        case .library: "library"
        case .category: "category"
        case .question: "question"
        }
    }

    private var column: SQL { self == .question ? "subject" : "name" }

    var max: Int {
        switch self {
        case .library: LibraryLimits.librariesMax
        case .category: LibraryLimits.categoriesMax
        case .question: LibraryLimits.questionsMax
        }
    }

    /// The row with that name or subject.
    func named(_ name: String, in workspace: WorkspaceID) -> SQL {
        """
        SELECT id FROM \(sql: SQL(name: "\(table)"))
        WHERE workspace = \(workspace) AND \(sql: column) = \(name)
        """
    }
}

extension Work {
    func require(_ node: LibraryNode) throws {
        try LibraryWalk(connection, workspace).require(node, externalOnly: false)
    }

    /// - Throws: `Refusal.invalid` for a name or subject that none can have, `Refusal.conflict` for one that is taken.
    func requireFree(_ name: String, _ kind: LibraryKind, but id: Int64?) throws {
        let max = kind == .question ? LibraryLimits.subjectMax : LibraryLimits.nameMax
        let member = kind == .question ? "subject" : "name"
        guard name.contains(where: { !$0.isWhitespace }), name.unicodeScalars.count <= max,
            !name.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        else {
            throw Refusal.invalid(
                "A \(kind.word) needs a \(member) of 1 to \(max) characters, on one line.",
                pointer: "/\(member)")
        }
        let taken = try query(kind.named(name, in: workspace)).first?.int("id")
        guard taken == nil || taken == id else {
            throw Refusal.conflict("Another \(kind.word) has this \(member); choose one of its own.")
        }
    }

    /// - Throws: `Refusal.conflict`.
    func requireRoom(_ kind: LibraryKind, for more: Int) throws {
        guard try count(kind) + more <= kind.max else {
            throw Refusal.conflict(
                "A workspace has at most \(kind.max) of these; delete a \(kind.word) that nobody needs.")
        }
    }

    func count(_ kind: LibraryKind) throws -> Int {
        let rows = try query(
            """
            SELECT COUNT(*) AS n FROM \(sql: SQL(name: "\(kind.table)")) WHERE workspace = \(workspace)
            """)
        return Int(rows[0].int("n"))
    }

    func addLibrary(_ name: String, isExternal: Bool) throws -> LibraryID {
        let id = LibraryID(next(.library))
        try execute(
            """
            INSERT INTO library (workspace, id, name, external)
            VALUES (\(workspace), \(id), \(name), \(isExternal))
            """)
        return id
    }

    func addCategory(_ name: String) throws -> LibraryCategoryID {
        let id = LibraryCategoryID(next(.libraryCategory))
        try execute(
            "INSERT INTO library_category (workspace, id, name) VALUES (\(workspace), \(id), \(name))")
        return id
    }
}
