// A piece of the library as one answer shows it: where it begins, and everything that is reached from there.

import Store

/// What a reader of the library asks for.
public enum LibraryAsked: Sendable, Hashable {
    /// The roots of one kind: see `LibraryRoots`.
    case roots(LibraryKind)
    /// Every library that is external, nested or not.
    case externals
    case node(LibraryNode)
    case external(LibraryID)
    /// What the library or category holds of one kind.
    case held(LibraryKind, by: LibraryNode, externalOnly: Bool)
    case questions(QuestionSearch)
}

/// Nodes and links, each once; rings are allowed.
public struct LibraryGraph: Sendable {
    /// What was asked for, in order.
    public internal(set) var primary: [LibraryNode] = []
    /// Everything that was reached, `primary` included. Ascending by id.
    public internal(set) var libraries: [Library] = []
    public internal(set) var categories: [LibraryCategory] = []
    public internal(set) var questions: [LibraryQuestion] = []
    /// Ascending by id; of questions that were reached.
    public internal(set) var attachments: [LibraryFile] = []
    public internal(set) var archives: [LibraryFile] = []
    /// A search found more than it may answer with.
    public internal(set) var hasMore = false

    var held: [LibraryNode: [LibraryKind: [Int64]]] = [:]
    var attached: [LibraryQuestionID: [Int64]] = [:]
    var embedded: [LibraryQuestionID: [Int64]] = [:]

    /// What the node holds of one kind, in its order.
    public func held(_ kind: LibraryKind, by node: LibraryNode) -> [Int64] { held[node]?[kind] ?? [] }

    /// Every node that something in this piece holds.
    public var heldNodes: Set<LibraryNode> {
        Set(held.values.flatMap { $0.flatMap { kind, ids in ids.map { LibraryNode(kind, $0) } } })
    }

    /// Libraries, categories and questions together.
    public var nodeCount: Int { libraries.count + categories.count + questions.count }

    public func library(_ id: Int64) -> Library? { Self.find(id, in: libraries) { $0.id.raw } }
    public func category(_ id: Int64) -> LibraryCategory? { Self.find(id, in: categories) { $0.id.raw } }
    public func question(_ id: Int64) -> LibraryQuestion? { Self.find(id, in: questions) { $0.id.raw } }

    /// Lists ascend by id.
    private static func find<Node>(_ id: Int64, in nodes: [Node], _ idOf: (Node) -> Int64) -> Node? {
        var range = nodes.startIndex..<nodes.endIndex
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            let found = idOf(nodes[middle])
            if found == id { return nodes[middle] }
            range = found < id ? middle + 1..<range.upperBound : range.lowerBound..<middle
        }
        return nil
    }

    /// Ids of the question's attachments.
    public func attachments(of question: LibraryQuestionID) -> [Int64] { attached[question] ?? [] }

    /// Ids of the areas' archives that the question's texts show, in their order.
    public func archives(in question: LibraryQuestionID) -> [Int64] { embedded[question] ?? [] }
}

extension Floor {
    /// - Throws: `Refusal.notFound` for a node that is not there; `Refusal.invalid` for an answer that would be too large.
    public func library(_ asked: LibraryAsked, by principal: Principal) async throws -> LibraryGraph {
        try requireLibraryReader(principal)
        if case .questions(let search) = asked { try search.check() }
        let workspace = principal.workspace
        return try await view { reader in
            var walk = LibraryWalk(reader, workspace)
            return try walk.graph(asked)
        }
    }

    /// What was written of a question, with what it shows and has attached, unless the library or the settings changed
    /// since; or the ticket to keep it with.
    package func keptQuestion(
        _ id: LibraryQuestionID, _ directory: Directory, by principal: Principal
    ) throws -> (document: [UInt8]?, ticket: CacheTicket) {
        try requireLibraryReader(principal)
        let (document, ticket) = caches.questions.find(id.raw, directory)
        return (document, ticket)
    }

    /// - Parameter ticket: taken before the question was read.
    package func keep(
        _ document: [UInt8], of id: LibraryQuestionID, _ directory: Directory, _ ticket: CacheTicket
    ) {
        caches.questions.put(document, id.raw, bytes: document.count, directory, ticket)
    }

    /// The ids that the node holds of one kind, in its order.
    public func held(
        _ kind: LibraryKind, by node: LibraryNode, externalOnly: Bool, for principal: Principal
    ) async throws -> [Int64] {
        try requireLibraryReader(principal)
        let workspace = principal.workspace
        return try await view { reader in
            let walk = LibraryWalk(reader, workspace)
            try walk.require(node, externalOnly: externalOnly)
            return try walk.held(kind, by: node)
        }
    }
}

/// Reads one graph in one snapshot. No statement is asked level by level, so depth costs nothing.
struct LibraryWalk {
    let reader: any Reading
    let workspace: WorkspaceID

    init(_ reader: any Reading, _ workspace: WorkspaceID) {
        self.reader = reader
        self.workspace = workspace
    }

    mutating func graph(_ asked: LibraryAsked) throws -> LibraryGraph {
        var graph = LibraryGraph()
        switch asked {
        case .node(let node) where node.kind == .question:
            return try question(node.id)
        case .node(let node):
            try require(node, externalOnly: false)
            graph.primary = [node]
            try fill(&graph, links(from: "SELECT \(node.kind.rawValue) AS kind, \(node.id) AS id"))
        case .external(let id):
            try require(.library(id), externalOnly: true)
            graph.primary = [.library(id)]
            try fill(&graph, links(from: "SELECT \(LibraryKind.library.rawValue) AS kind, \(id) AS id"))
        case .held(let kind, let parent, let externalOnly):
            try require(parent, externalOnly: externalOnly)
            graph.primary = try held(kind, by: parent).map { LibraryNode(kind, $0) }
            let anchor: SQL = """
                SELECT child_kind AS kind, child AS id FROM library_link
                WHERE workspace = \(workspace) AND parent_kind = \(parent.kind.rawValue)
                    AND parent = \(parent.id) AND child_kind = \(kind.rawValue)
                """
            try fill(&graph, kind == .question ? [] : links(from: anchor))
        case .externals:
            graph.primary = try reader.query(
                """
                SELECT id FROM library WHERE workspace = \(workspace) AND external = 1 ORDER BY id
                LIMIT \(LibraryLimits.nodesMax + 1)
                """
            ).map { LibraryNode(.library, $0.int("id")) }
            let anchor: SQL = """
                SELECT \(LibraryKind.library.rawValue) AS kind, id FROM library
                WHERE workspace = \(workspace) AND external = 1
                """
            try fill(&graph, links(from: anchor))
        case .roots(let kind): try roots(kind, &graph)
        case .questions(let search):
            let found = try search.found(in: workspace, reader)
            graph.hasMore = found.hasMore
            graph.questions = found.questions
            graph.primary = found.questions.map { .question($0.id) }
            try addFiles(&graph)
        }
        return graph
    }

    /// The way that is asked most: one statement where the question has no files.
    private func question(_ id: Int64) throws -> LibraryGraph {
        let rows = try reader.query(
            """
            SELECT \(sql: LibraryQuestion.columns), EXISTS (
                SELECT 1 FROM library_attachment AS a WHERE a.workspace = \(workspace) AND a.question = \(id)
            ) AS has_files
            FROM library_question WHERE workspace = \(workspace) AND id = \(id)
            """)
        guard let row = rows.first else { throw Self.missing(.question) }
        var graph = LibraryGraph()
        graph.primary = [LibraryNode(.question, id)]
        graph.questions = [LibraryQuestion(row)]
        if row.bool("has_files") { try addFiles(&graph) } else { try addArchives(&graph) }
        return graph
    }

    private func roots(_ kind: LibraryKind, _ graph: inout LibraryGraph) throws {
        let table = SQL(name: kind == .library ? "library" : "library_category")
        let all = try reader.query("SELECT id FROM \(sql: table) WHERE workspace = \(workspace) ORDER BY id")
        let links = try reader.query(
            """
            SELECT parent_kind, parent, child_kind, child FROM library_link WHERE workspace = \(workspace)
            ORDER BY parent_kind, parent, child_kind, place, child LIMIT \(LibraryLimits.linksMax + 1)
            """
        ).map(Link.init)
        try Self.require(links.count <= LibraryLimits.linksMax)
        let shelves = links.filter { $0.child.kind != .question }
        graph.primary = LibraryRoots.roots(
            of: kind, among: all.map { LibraryNode(kind, $0.int("id")) },
            links: shelves.map { ($0.parent, $0.child) })
        var below: [LibraryNode: [LibraryNode]] = [:]
        for link in links { below[link.parent, default: []].append(link.child) }
        var reached = Set(graph.primary)
        var open = graph.primary
        while let node = open.popLast() {
            for child in below[node] ?? [] where reached.insert(child).inserted { open.append(child) }
        }
        try fill(&graph, links.filter { reached.contains($0.parent) })
    }

    // MARK: - Links

    struct Link {
        let parent: LibraryNode
        let child: LibraryNode

        init(_ row: Row) {
            func node(_ kind: String, _ id: String) -> LibraryNode {
                guard let kind = LibraryKind(rawValue: row.int(kind)) else {
                    preconditionFailure("a link of an unknown kind")
                }
                return LibraryNode(kind, row.int(id))
            }
            parent = node("parent_kind", "parent")
            child = node("child_kind", "child")
        }
    }

    /// Every link that is reached from the anchor, which selects `kind` and `id`; rings end by themselves.
    private func links(from anchor: SQL) throws -> [Link] {
        let links = try reader.query(
            """
            WITH RECURSIVE reached (kind, id) AS (
                \(sql: anchor)
                UNION
                SELECT l.child_kind, l.child FROM reached AS r JOIN library_link AS l
                    ON l.workspace = \(workspace) AND l.parent_kind = r.kind AND l.parent = r.id)
            SELECT l.parent_kind, l.parent, l.child_kind, l.child FROM reached AS r JOIN library_link AS l
                ON l.workspace = \(workspace) AND l.parent_kind = r.kind AND l.parent = r.id
            ORDER BY l.parent_kind, l.parent, l.child_kind, l.place, l.child
            LIMIT \(LibraryLimits.linksMax + 1)
            """
        ).map(Link.init)
        try Self.require(links.count <= LibraryLimits.linksMax)
        return links
    }

    func held(_ kind: LibraryKind, by node: LibraryNode) throws -> [Int64] {
        try reader.query(
            """
            SELECT child FROM library_link WHERE workspace = \(workspace)
                AND parent_kind = \(node.kind.rawValue) AND parent = \(node.id)
                AND child_kind = \(kind.rawValue) ORDER BY place, child
            """
        ).map { $0.int("child") }
    }

    // MARK: - Nodes

    /// Reads what the primary nodes and the links name.
    private func fill(_ graph: inout LibraryGraph, _ links: [Link]) throws {
        var ids: [LibraryKind: Set<Int64>] = [:]
        for node in graph.primary { ids[node.kind, default: []].insert(node.id) }
        for link in links {
            graph.held[link.parent, default: [:]][link.child.kind, default: []].append(link.child.id)
            ids[link.child.kind, default: []].insert(link.child.id)
        }
        try Self.require(ids.values.reduce(0) { $0 + $1.count } <= LibraryLimits.nodesMax)
        for chunk in (ids[.library] ?? []).sorted().chunked {
            graph.libraries += try reader.query(
                """
                SELECT id, name, external FROM library WHERE workspace = \(workspace) AND id IN \(list: chunk)
                ORDER BY id
                """
            ).map(Library.init)
        }
        for chunk in (ids[.category] ?? []).sorted().chunked {
            graph.categories += try reader.query(
                """
                SELECT id, name FROM library_category WHERE workspace = \(workspace) AND id IN \(list: chunk)
                ORDER BY id
                """
            ).map(LibraryCategory.init)
        }
        var bytes = 0
        for chunk in (ids[.question] ?? []).sorted().chunked {
            let questions = try reader.query(
                """
                SELECT \(sql: LibraryQuestion.columns) FROM library_question
                WHERE workspace = \(workspace) AND id IN \(list: chunk) ORDER BY id
                """
            ).map(LibraryQuestion.init)
            bytes += questions.reduce(0) { $0 + $1.bytes }
            try Self.require(bytes <= LibraryLimits.answerBytesMax)
            graph.questions += questions
        }
        try addFiles(&graph)
    }

    private func addFiles(_ graph: inout LibraryGraph) throws {
        for chunk in graph.questions.map(\.id).chunked {
            for row in try reader.query(
                """
                SELECT id, question, name, content_type, size FROM library_attachment
                WHERE workspace = \(workspace) AND question IN \(list: chunk) ORDER BY id
                """)
            {
                graph.attachments.append(LibraryFile(row))
                graph.attached[LibraryQuestionID(row.int("question")), default: []].append(row.int("id"))
            }
        }
        graph.attachments.sort { $0.id < $1.id }
        try Self.require(graph.attachments.count <= LibraryLimits.nodesMax)
        try addArchives(&graph)
    }

    private func addArchives(_ graph: inout LibraryGraph) throws {
        var asked: Set<Int64> = []
        var shown: [LibraryQuestionID: [Int64]] = [:]
        for question in graph.questions {
            let ids = EmbeddedArchives.ids(in: question)
            guard !ids.isEmpty else { continue }
            shown[question.id] = ids
            asked.formUnion(ids)
        }
        guard !asked.isEmpty else { return }
        try Self.require(asked.count <= LibraryLimits.nodesMax)
        for chunk in asked.sorted().chunked {
            graph.archives += try reader.query(
                """
                SELECT id, name, content_type, size FROM area_archive
                WHERE workspace = \(workspace) AND id IN \(list: chunk) ORDER BY id
                """
            ).map(LibraryFile.init)
        }
        // A picture that is gone is in the text only.
        let there = Set(graph.archives.map(\.id))
        for (question, ids) in shown {
            let found = ids.filter(there.contains)
            if !found.isEmpty { graph.embedded[question] = found }
        }
    }

    // MARK: - Refusals

    /// - Throws: `Refusal.notFound`.
    func require(_ node: LibraryNode, externalOnly: Bool) throws {
        let table: SQL =
            switch node.kind {
            case .library: "library"
            case .category: "library_category"
            case .question: "library_question"
            }
        var sql: SQL = "SELECT id FROM \(sql: table) WHERE workspace = \(workspace) AND id = \(node.id)"
        if externalOnly { sql = sql + " AND external = 1" }
        guard try !reader.query(sql).isEmpty else { throw Self.missing(node.kind) }
    }

    static func missing(_ kind: LibraryKind) -> Refusal {
        switch kind {
        case .library: .notFound("There is no such library here.")
        case .category: .notFound("There is no such category here.")
        case .question: .notFound("There is no such question here.")
        }
    }

    private static func require(_ fits: Bool) throws {
        guard fits else {
            throw Refusal.invalid(
                "This answer would be too large: one reaches at most \(LibraryLimits.nodesMax) libraries, "
                    + "categories and questions, and \(LibraryLimits.answerBytesMax >> 20) MiB of their texts. "
                    + "Ask for one library, category or question, or search.")
        }
    }
}
