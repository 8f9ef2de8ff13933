// The library on one screen: which path is served by which function. Source: seed 001, lines 866-1389; cention.md §7.
import Center
import Hummingbird
import Web

extension CentionRoutes {
    /// Adds the library's routes below a prefix of `json/`.
    func addLibrary(to capi: Dialect) {
        for shelf in ShelfPath.allCases {
            let path = "json/\(shelf.rawValue)"
            let collection = JSONAPI.answering { try await shelves(shelf, $0, $1) }
            capi.get(path, use: collection)
            capi.get("\(path)/:id", use: JSONAPI.answering { try await self.shelf(shelf, $0, $1) })
            for kind in LibraryKind.allCases {
                let relation = kind.relation
                capi.get(
                    "\(path)/:id/\(relation)",
                    use: JSONAPI.answering { try await held(kind, shelf, $0, $1) })
                capi.get(
                    "\(path)/:id/relationships/\(relation)",
                    use: JSONAPI.answering { try await linkage(kind, shelf, $0, $1) })
            }
        }
        let questions = "json/\(LibraryType.questions)"
        capi.get(questions, use: JSONAPI.answering(libraryQuestions))
        capi.on(.get, "\(questions)/:id", quick: true, use: JSONAPI.answering(libraryQuestion))
        for files in QuestionFiles.allCases {
            capi.get(
                "\(questions)/:id/\(files.relation)",
                use: JSONAPI.answering { try await self.files(files, $0, $1) })
            capi.get(
                "\(questions)/:id/relationships/\(files.relation)",
                use: JSONAPI.answering { try await fileLinkage(files, $0, $1) })
        }
        capi.get("json/\(LibraryType.attachments)/:id", use: JSONAPI.answering(libraryAttachment))
    }
}

/// The library's resource types, as the wire names them.
enum LibraryType {
    static let libraries: StaticString = "c3_libraries"
    static let externals: StaticString = "c3_external_libraries"
    static let categories: StaticString = "c3_library_categories"
    static let questions: StaticString = "c3_library_questions"
    static let attachments: StaticString = "c3_library_attachments"
    static let archives: StaticString = "c3_area_archives"
}

/// A path below which libraries or categories are.
enum ShelfPath: String, CaseIterable {
    case libraries = "c3_libraries"
    case externals = "c3_external_libraries"
    case categories = "c3_library_categories"

    var kind: LibraryKind { self == .categories ? .category : .library }
    var onlyExternal: Bool { self == .externals }
}

/// The files of a question: those beside it, and those that its texts show.
enum QuestionFiles: String, CaseIterable {
    case attachments, archives

    var relation: StaticString { self == .attachments ? "attachments" : "embedded_archives" }
    var type: StaticString { self == .attachments ? LibraryType.attachments : LibraryType.archives }
}

extension LibraryKind {
    var relation: StaticString {
        switch self {
        case .library: "libraries"
        case .category: "categories"
        case .question: "questions"
        }
    }

    /// What an included node of the kind is.
    var type: StaticString {
        switch self {
        case .library: LibraryType.libraries
        case .category: LibraryType.categories
        case .question: LibraryType.questions
        }
    }
}
