// What a request for a piece of the library may say besides its path.
import Center
import Hummingbird
import Web

/// Who asks, and how the answer is to look.
struct LibraryAsk {
    let principal: Principal
    let directory: Directory
    let fields: LibraryFields
    /// `…/s/<workspace>/capi/json`
    let base: String
    /// Pictures of texts inside the texts.
    let inlinesPictures: Bool

    private let query: Fields

    init(_ routes: CentionRoutes, _ request: Request, _ context: Context) throws {
        let bearer = try routes.bearer(request, context, claims: .library)
        try Negotiation.checkAnswer(request.headers)
        principal = bearer.principal
        directory = bearer.directory
        base = "\(routes.publicURL())/s/\(bearer.directory.name)/capi/json"
        // Most requests say nothing.
        query = try request.uri.query.map { try Fields(encoded: Array($0.utf8)) } ?? Fields(encoded: [])
        fields = try query.list.isEmpty ? .all : LibraryFields(request)
        inlinesPictures = Self.isYes(query["data_url"])
    }

    /// Nothing in particular: every attribute, texts as they are.
    var isPlain: Bool { query.list.isEmpty }

    var leavesContentOut: Bool { Self.isYes(query["without_content"]) }

    /// What a list of questions is narrowed by.
    /// - Throws: 400 for an option that there is not.
    func search() throws -> QuestionSearch {
        var search = QuestionSearch()
        search.topOnly = Self.isYes(query["filter[toplist]"])
        search.phrase = query["q_filter[phrase]"] ?? ""
        if search.phrase.utf8.count > LibraryLimits.phraseBytesMax {
            throw WireError(
                .badRequest, "A phrase has at most \(LibraryLimits.phraseBytesMax) bytes; shorten it.",
                parameter: "q_filter[phrase]")
        }
        if let option = query["q_filter[option]"] {
            guard let known = QuestionSearch.Option(rawValue: option) else {
                throw WireError(
                    .badRequest,
                    "\"\(option.prefix(WireError.quotedMax))\" is no option; it is all, question or answer.",
                    parameter: "q_filter[option]")
            }
            search.option = known
        }
        return search
    }

    private static func isYes(_ value: String?) -> Bool { value == "true" || value == "1" }

    /// The path's id. What no id can be is not there.
    static func id(_ context: Context, of kind: LibraryKind) throws -> Int64 {
        if let id = context.segment("id").flatMap(WireID.number) { return id }
        switch kind {
        case .library: throw Refusal.notFound("There is no such library here.")
        case .category: throw Refusal.notFound("There is no such category here.")
        case .question: throw Refusal.notFound("There is no such question here.")
        }
    }
}

/// Which attributes of each type are wanted, in `data` and in `included`.
struct LibraryFields {
    static let all = LibraryFields()

    private var byType: [String: SparseFields] = [:]

    private init() {}

    private static let known: [(type: StaticString, fields: Set<String>)] = [
        (LibraryType.libraries, ["c3_id", "external", "name"]),
        (LibraryType.externals, ["c3_id", "name"]),
        (LibraryType.categories, ["c3_id", "name"]),
        (LibraryType.questions, ["answer", "c3_id", "question", "subject"]),
        (LibraryType.attachments, ["attachment", "c3_id"]),
        (LibraryType.archives, ["attachment", "c3_id"]),
    ]

    /// - Throws: 400 for an attribute that its type does not have.
    init(_ request: Request) throws {
        for (type, fields) in Self.known {
            byType[type.description] = try SparseFields(request, type, of: fields)
        }
    }

    func has(_ name: String, of type: StaticString) -> Bool {
        byType.isEmpty || byType[type.description]?.has(name) ?? true
    }
}
