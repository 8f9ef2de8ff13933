// The library as administrators keep it: what there is, and making more of it.
import Center
import Hummingbird
import Web

struct LibraryAdminPage {
    struct Shelf {
        let shelfHref: String
        let shelfName: String
        let shelfIsExternal: Bool
    }

    let keptLibraries: [Shelf]
    let hasKeptLibraries: Bool
    let keptCategories: [Shelf]
    let hasKeptCategories: Bool
    let hasMoreShelves: Bool
    let makeForms: [EntryForm]

    init(_ shelves: LibraryShelves, _ seat: Seat, refused: RefusedForm?) {
        let path = "\(seat.base)/admin/library"
        keptLibraries = shelves.libraries.map {
            Shelf(
                shelfHref: "\(path)/libraries/\($0.id)", shelfName: $0.name, shelfIsExternal: $0.isExternal)
        }
        hasKeptLibraries = !keptLibraries.isEmpty
        keptCategories = shelves.categories.map {
            Shelf(shelfHref: "\(path)/categories/\($0.id)", shelfName: $0.name, shelfIsExternal: false)
        }
        hasKeptCategories = !keptCategories.isEmpty
        hasMoreShelves = shelves.hasMore
        let question = EntryForm.Maker("new-question", refused)
        let library = EntryForm.Maker("new-library", refused)
        let category = EntryForm.Maker("new-category", refused)
        makeForms = [
            question.form(
                "Add a question", "\(path)/questions", button: "Add",
                [("", [question.line("subject", "Subject", "", hint: "How do I send it back?")])]),
            library.form(
                "Add a library", "\(path)/libraries", button: "Add",
                [
                    ("", [library.line("name", "Name", "", hint: "Returns")]),
                    ("", [library.tick("external", "Shown outside of the center too", false)]),
                ]),
            category.form(
                "Add a category", "\(path)/categories", button: "Add",
                [("", [category.line("name", "Name", "", hint: "Shoes")])]),
        ]
    }
}

extension AgentDesk {
    func libraryAdminPage(_ seat: Seat, _ request: Request, _ context: Context) async throws -> Response {
        try await libraryAdminPage(seat, request, refused: nil)
    }

    func addLibrary(
        _ seat: Seat, _ fields: Fields, _ request: Request, _ context: Context
    ) async throws -> Response {
        try await added(seat, "new-library", "libraries", fields, request) {
            try await floor.makeLibrary(
                TypedEntry(fields).value("name"), isExternal: fields["external"] != nil, by: seat.principal
            ).raw
        }
    }

    func addLibraryCategory(
        _ seat: Seat, _ fields: Fields, _ request: Request, _ context: Context
    ) async throws -> Response {
        try await added(seat, "new-category", "categories", fields, request) {
            try await floor.makeLibraryCategory(TypedEntry(fields).value("name"), by: seat.principal).raw
        }
    }

    func addLibraryQuestion(
        _ seat: Seat, _ fields: Fields, _ request: Request, _ context: Context
    ) async throws -> Response {
        try await added(seat, "new-question", "questions", fields, request) {
            var change = QuestionChange()
            change.subject = TypedEntry(fields).value("subject")
            return try await floor.makeLibraryQuestion(change, by: seat.principal).raw
        }
    }

    /// Goes on at what was made, or says beside the field why it was not.
    private func added(
        _ seat: Seat, _ formID: String, _ kind: String, _ fields: Fields, _ request: Request,
        _ make: () async throws -> Int64
    ) async throws -> Response {
        guard try administers(seat).erases else { throw Self.notAnAdministrator }
        do {
            let id = try await make()
            return .seeOther("\(seat.base)/admin/library/\(kind)/\(id)")
        } catch let refusal as Refusal {
            guard let refused = RefusedForm(formID, fields, refusal) else { throw refusal }
            return try await libraryAdminPage(seat, request, refused: refused)
        }
    }

    private func libraryAdminPage(
        _ seat: Seat, _ request: Request, refused: RefusedForm?
    ) async throws -> Response {
        guard try administers(seat).erases else { throw Self.notAnAdministrator }
        let query = try Fields(queryOf: request)
        let asked = AskedQuestions(query)
        let found = try await floor.findQuestions(asked.search, by: seat.principal)
        let shelves = try await floor.libraryShelves(by: seat.principal)
        let view = try await floor.desk(seat.agent.id, in: seat.workspace)
        let title = "Library’s content"
        var page = deskPage(title, seat, view, openErrand: nil)
        page.notice = query["said"].flatMap(Said.init(rawValue:))?.sentence
        let path = "\(seat.base)/admin/library"
        page.library = LibraryPage(title, asked, found, path: path, leadsTo: "\(path)/questions")
        page.libraryAdmin = LibraryAdminPage(shelves, seat, refused: refused)
        return show(page, request, status: refused == nil ? .ok : RefusedForm.status)
    }
}

extension RefusedForm {
    /// Nil for what is wrong with more than the form.
    init?(_ formID: String, _ typed: Fields, _ refusal: Refusal) {
        switch refusal {
        case .invalid(let sentence, let pointer):
            let field = pointer.map { String($0.drop { $0 == "/" }) } ?? ""
            self.init(formID: formID, typed: typed, problem: .init(field: field, sentence: sentence))
        case .conflict(let sentence):
            self.init(formID: formID, typed: typed, problem: .init(sentence: sentence))
        default: return nil
        }
    }
}
