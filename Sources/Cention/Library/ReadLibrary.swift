// GET c3_libraries, c3_external_libraries and c3_library_categories. Source: seed 001, lines 877-1264; cention.md §7.
import Center
import Hummingbird
import Web

extension CentionRoutes {
    /// The roots, and external libraries wherever they are.
    @Sendable func shelves(_ path: ShelfPath, _ request: Request, _ context: Context) async throws -> Response
    {
        let ask = try LibraryAsk(self, request, context)
        return try await answer(path.onlyExternal ? .externals : .roots(path.kind), path, ask, isList: true)
    }

    @Sendable func shelf(_ path: ShelfPath, _ request: Request, _ context: Context) async throws -> Response {
        let ask = try LibraryAsk(self, request, context)
        let id = try LibraryAsk.id(context, of: path.kind)
        let asked: LibraryAsked =
            path.onlyExternal ? .external(LibraryID(id)) : .node(LibraryNode(path.kind, id))
        return try await answer(asked, path, ask, isList: false)
    }

    private func answer(
        _ asked: LibraryAsked, _ path: ShelfPath, _ ask: LibraryAsk, isList: Bool
    ) async throws -> Response {
        let graph = try await floor.library(asked, by: ask.principal)
        let document = LibraryDocument(
            graph, ask, pictures: try await pictures(graph, ask),
            primaryType: path.onlyExternal ? LibraryType.externals : nil)
        return JSONAPI.answer(.ok, [:], isList ? document.list() : document.one())
    }

    /// What a library or category holds of one kind; a list of questions can be searched.
    @Sendable func held(
        _ kind: LibraryKind, _ path: ShelfPath, _ request: Request, _ context: Context
    ) async throws -> Response {
        let ask = try LibraryAsk(self, request, context)
        let node = LibraryNode(path.kind, try LibraryAsk.id(context, of: path.kind))
        var search = kind == .question ? try ask.search() : QuestionSearch()
        let isNarrowed = search.topOnly || !search.phrase.isEmpty
        search.heldBy = node
        let graph: LibraryGraph
        if isNarrowed {
            // Whether there is such a library at all.
            _ = try await floor.held(kind, by: node, externalOnly: path.onlyExternal, for: ask.principal)
            graph = try await floor.library(.questions(search), by: ask.principal)
        } else {
            graph = try await floor.library(
                .held(kind, by: node, externalOnly: path.onlyExternal), by: ask.principal)
        }
        let document = LibraryDocument(graph, ask, pictures: try await pictures(graph, ask))
        return JSONAPI.answer(.ok, [:], document.list())
    }

    /// The relation itself: types and ids.
    @Sendable func linkage(
        _ kind: LibraryKind, _ path: ShelfPath, _ request: Request, _ context: Context
    ) async throws -> Response {
        let ask = try LibraryAsk(self, request, context)
        let node = LibraryNode(path.kind, try LibraryAsk.id(context, of: path.kind))
        let ids = try await floor.held(
            kind, by: node, externalOnly: path.onlyExternal, for: ask.principal)
        let document = JSONWriter.object { document in
            document.linkage(kind.type, ids)
            document.relationLinks("\(ask.base)/\(path.rawValue)/\(node.id)", kind.relation)
        }
        return JSONAPI.answer(.ok, [:], document)
    }

    func pictures(_ graph: LibraryGraph, _ ask: LibraryAsk) async throws -> DataURLs? {
        guard ask.inlinesPictures, !graph.archives.isEmpty else { return nil }
        return try await DataURLs(for: graph, from: floor, by: ask.principal)
    }
}
