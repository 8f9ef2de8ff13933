// GET c3_library_questions and their files, c3_library_attachments/<id>. Source: seed 001, lines 1266-1389; cention.md §7.
import Center
import Hummingbird
import Web

extension CentionRoutes {
    @Sendable func libraryQuestions(_ request: Request, _ context: Context) async throws -> Response {
        let ask = try LibraryAsk(self, request, context)
        var search = try ask.search()
        if search.phrase.isEmpty { search.max = LibraryLimits.nodesMax }
        let graph = try await floor.library(.questions(search), by: ask.principal)
        guard !graph.hasMore || !search.phrase.isEmpty else {
            throw Refusal.invalid(
                "The library has more than the \(LibraryLimits.nodesMax) questions, or "
                    + "\(LibraryLimits.answerBytesMax >> 20) MiB of texts, that one answer holds. Search with "
                    + "q_filter[phrase], or ask for the questions of one library.")
        }
        let document = LibraryDocument(graph, ask, pictures: try await pictures(graph, ask))
        return JSONAPI.answer(.ok, [:], document.list())
    }

    @Sendable func libraryQuestion(_ request: Request, _ context: Context) async throws -> Response {
        let ask = try LibraryAsk(self, request, context)
        let id = LibraryQuestionID(try LibraryAsk.id(context, of: .question))
        let (kept, ticket) = try floor.keptQuestion(id, ask.directory, by: ask.principal)
        if ask.isPlain, let kept { return JSONAPI.answer(.ok, [:], kept) }
        let graph = try await floor.library(.node(.question(id)), by: ask.principal)
        let bytes = graph.questions.reduce(0) { $0 + $1.answer.utf8.count + $1.question.utf8.count }
        guard ask.inlinesPictures || bytes > Self.quickMaxTextBytes else {
            let document = LibraryDocument(graph, ask, pictures: nil).one()
            if ask.isPlain { floor.keep(document, of: id, ask.directory, ticket) }
            return JSONAPI.answer(.ok, [:], document)
        }
        return try await offLoop {
            let document = LibraryDocument(graph, ask, pictures: try await pictures(graph, ask))
            return JSONAPI.answer(.ok, [:], document.one())
        }
    }

    /// Larger questions are written away from the event loop.
    private static let quickMaxTextBytes = 32 << 10

    @Sendable func files(
        _ kind: QuestionFiles, _ request: Request, _ context: Context
    ) async throws -> Response {
        let ask = try LibraryAsk(self, request, context)
        let graph = try await question(ask, context)
        let document = JSONWriter.object { document in
            document.array("data") { data in
                for file in kind == .attachments ? graph.attachments : graph.archives {
                    data.object { $0.members(of: file, kind, ask) }
                }
            }
        }
        return JSONAPI.answer(.ok, [:], document)
    }

    @Sendable func fileLinkage(
        _ kind: QuestionFiles, _ request: Request, _ context: Context
    ) async throws -> Response {
        let ask = try LibraryAsk(self, request, context)
        let graph = try await question(ask, context)
        let files = kind == .attachments ? graph.attachments : graph.archives
        let document = JSONWriter.object { document in
            document.linkage(kind.type, files.map(\.id))
            let id = graph.primary.first?.id ?? 0
            document.relationLinks("\(ask.base)/\(LibraryType.questions)/\(id)", kind.relation)
        }
        return JSONAPI.answer(.ok, [:], document)
    }

    private func question(_ ask: LibraryAsk, _ context: Context) async throws -> LibraryGraph {
        let id = LibraryQuestionID(try LibraryAsk.id(context, of: .question))
        return try await floor.library(.node(.question(id)), by: ask.principal)
    }

    /// A question's file, its content as base64 inside the document.
    @Sendable func libraryAttachment(_ request: Request, _ context: Context) async throws -> Response {
        let ask = try LibraryAsk(self, request, context)
        guard let id = context.segment("id").flatMap(WireID.number) else {
            throw Refusal.notFound("There is no such file here.")
        }
        let file = try await floor.libraryAttachment(LibraryAttachmentID(id), by: ask.principal)
        let type = LibraryType.attachments
        let document = FileDocument(file, withContent: !ask.leavesContentOut) { document, content in
            document.object("data") { data in
                data.member("type", type.description)
                data.member("id", String(file.id))
                data.object("attributes") { attributes in
                    if ask.fields.has("attachment", of: type) { content(&attributes) }
                    if ask.fields.has("c3_id", of: type) { attributes.member("c3_id", file.id) }
                }
            }
            document.links(self: "\(ask.base)/\(type)/\(file.id)")
        }
        return try await document.answer(from: floor.blobs, through: fileGate)
    }
}
