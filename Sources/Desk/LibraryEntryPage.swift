// One library, category or question, as administrators change it.
import Center
import Hummingbird
import Web

struct LibraryEntryPage {
    struct File {
        let keptFileHref: String
        let keptFileName: String
        let keptFileSize: String
        let removeHref: String
    }

    let entryName: String
    let entryNote: String?
    let changeForms: [EntryForm]
    let deleteHref: String
    let deleteWord: String
    let deleteSure: String
    let takesFiles: Bool
    let filesHref: String
    let fileMax: Int
    let keptFiles: [File]
    let hasKeptFiles: Bool

    init(_ view: ShelfView, _ seat: Seat, refused: RefusedForm?) {
        let word = view.node.kind == .library ? "library" : "category"
        let path = Self.path(view.node, seat)
        entryName = view.name
        entryNote = view.shelves.hasMore ? Self.moreNote : nil
        let maker = EntryForm.Maker("shelf", refused)
        var rows: [(String, [EntryForm.Field])] = [("", [maker.line("name", "Name", view.name)])]
        if view.node.kind == .library {
            rows.append(
                ("", [maker.tick("external", "Shown outside of the center too", view.isExternal)]))
        }
        rows += Self.choices(view.shelves, chosen: view.holds, maker, "Libraries in it", "Categories in it")
        if !view.questions.isEmpty {
            let ticks = view.questions.map { held in
                maker.tick(LibraryNode.question(held.id).fieldName, held.subject, true)
            }
            let others = view.questionCount - ticks.count
            let legend =
                "Questions in it; take the tick away to take one out"
                + (others > 0 ? ". The first \(ticks.count) of \(view.questionCount)" : "")
            rows.append((legend, ticks))
        }
        changeForms = [
            maker.form(
                "This \(word)", path, note: "A question is put in at the question’s own page.", rows)
        ]
        deleteHref = "\(path)/delete"
        deleteWord = "Delete this \(word)"
        deleteSure = "Delete the \(word) \(view.name)? What is in it stays."
        takesFiles = false
        filesHref = ""
        fileMax = 0
        keptFiles = []
        hasKeptFiles = false
    }

    init(_ view: QuestionView, _ seat: Seat, refused: RefusedForm?) {
        let question = view.question
        let path = Self.path(.question(question.id), seat)
        entryName = question.subject
        entryNote = view.shelves.hasMore ? Self.moreNote : nil
        let maker = EntryForm.Maker("question", refused)
        var rows: [(String, [EntryForm.Field])] = [
            ("", [maker.line("subject", "Subject", question.subject)]),
            ("", [maker.long("question", "Question", question.question)]),
            ("", [maker.long("answer", "Answer", question.answer)]),
            ("", [maker.tick("toplist", "On the list of the most asked", question.isTop)]),
        ]
        rows += Self.choices(view.shelves, chosen: view.heldBy, maker, "In libraries", "In categories")
        changeForms = [
            maker.form(
                "This question", path,
                note: "Question and answer are HTML. An area’s archive is shown by <img src=\"cid:12\">, "
                    + "12 being its number.",
                rows)
        ]
        deleteHref = "\(path)/delete"
        deleteWord = "Delete this question"
        deleteSure = "Delete the question \(question.subject) with its files?"
        takesFiles = true
        filesHref = "\(path)/files"
        fileMax = LibraryLimits.attachmentBytesMax
        keptFiles = view.attachments.map { file in
            File(
                keptFileHref: "\(seat.base)/library/\(question.id)/files/\(file.id)",
                keptFileName: file.name, keptFileSize: fileSize(file.size),
                removeHref: "\(path)/files/\(file.id)/remove")
        }
        hasKeptFiles = !keptFiles.isEmpty
    }

    private static let moreNote =
        "Only the first \(LibraryShelves.choicesMax) libraries and categories are shown; a provisioning file "
        + "names any of them."

    static func path(_ node: LibraryNode, _ seat: Seat) -> String {
        let kind =
            switch node.kind {
            case .library: "libraries"
            case .category: "categories"
            case .question: "questions"
            }
        return "\(seat.base)/admin/library/\(kind)/\(node.id)"
    }

    private static func choices(
        _ shelves: LibraryShelves, chosen: Set<LibraryNode>, _ maker: EntryForm.Maker, _ libraries: String,
        _ categories: String
    ) -> [(String, [EntryForm.Field])] {
        func row(_ legend: String, _ all: [(LibraryNode, String)]) -> (String, [EntryForm.Field]) {
            (legend, all.map { maker.tick($0.0.fieldName, $0.1, chosen.contains($0.0)) })
        }
        return [
            row(libraries, shelves.libraries.map { (.library($0.id), $0.name) }),
            row(categories, shelves.categories.map { (.category($0.id), $0.name) }),
        ].filter { !$0.1.isEmpty }
    }
}

extension LibraryNode {
    fileprivate var fieldName: String {
        switch kind {
        case .library: "library-\(id)"
        case .category: "category-\(id)"
        case .question: "question-\(id)"
        }
    }
}

extension Fields {
    /// Of the nodes that the page shows, those whose tick was changed.
    fileprivate func changed(_ shown: [LibraryNode], from chosen: Set<LibraryNode>) -> [LibraryNode: Bool] {
        var changed: [LibraryNode: Bool] = [:]
        for node in shown {
            let isTicked = self[node.fieldName] != nil
            if isTicked != chosen.contains(node) { changed[node] = isTicked }
        }
        return changed
    }
}

extension LibraryShelves {
    fileprivate var nodes: [LibraryNode] {
        libraries.map { .library($0.id) } + categories.map { .category($0.id) }
    }
}

extension AgentDesk {
    func shelfPage(_ kind: LibraryKind) -> @Sendable (Seat, Request, Context) async throws -> Response {
        { seat, request, context in
            guard try administers(seat).erases else { throw Self.notAnAdministrator }
            let view = try await floor.shelfView(Self.shelf(kind, context), by: seat.principal)
            return try await entryPage(LibraryEntryPage(view, seat, refused: nil), seat, request)
        }
    }

    func changeShelf(
        _ kind: LibraryKind
    ) -> @Sendable (Seat, Fields, Request, Context) async throws -> Response {
        { seat, fields, request, context in
            guard try administers(seat).erases else { throw Self.notAnAdministrator }
            let node = try Self.shelf(kind, context)
            let view = try await floor.shelfView(node, by: seat.principal)
            var change = ShelfChange()
            change.name = TypedEntry(fields).value("name")
            change.isExternal = fields["external"] != nil
            let questions = Set(view.questions.map { LibraryNode.question($0.id) })
            change.holds = fields.changed(
                view.shelves.nodes + questions, from: view.holds.union(questions))
            do {
                try await floor.changeShelf(node, change, by: seat.principal)
            } catch let refusal as Refusal {
                guard let refused = RefusedForm("shelf", fields, refusal) else { throw refusal }
                return try await entryPage(
                    LibraryEntryPage(view, seat, refused: refused), seat, request,
                    status: RefusedForm.status)
            }
            return Self.saved(node, seat)
        }
    }

    func questionEntryPage(_ seat: Seat, _ request: Request, _ context: Context) async throws -> Response {
        guard try administers(seat).erases else { throw Self.notAnAdministrator }
        let view = try await floor.questionView(Self.libraryQuestion(context), by: seat.principal)
        return try await entryPage(LibraryEntryPage(view, seat, refused: nil), seat, request)
    }

    func changeLibraryQuestion(
        _ seat: Seat, _ fields: Fields, _ request: Request, _ context: Context
    ) async throws -> Response {
        guard try administers(seat).erases else { throw Self.notAnAdministrator }
        let id = try Self.libraryQuestion(context)
        let view = try await floor.questionView(id, by: seat.principal)
        var change = QuestionChange()
        change.subject = TypedEntry(fields).value("subject")
        // A browser sends line ends as two characters.
        change.question = fields["question"]?.replacing("\r\n", with: "\n")
        change.answer = fields["answer"]?.replacing("\r\n", with: "\n")
        change.isTop = fields["toplist"] != nil
        change.heldBy = fields.changed(view.shelves.nodes, from: view.heldBy)
        do {
            try await floor.changeLibraryQuestion(id, change, by: seat.principal)
        } catch let refusal as Refusal {
            guard let refused = RefusedForm("question", fields, refusal) else { throw refusal }
            return try await entryPage(
                LibraryEntryPage(view, seat, refused: refused), seat, request, status: RefusedForm.status)
        }
        return Self.saved(.question(id), seat)
    }

    func deleteFromLibrary(
        _ kind: LibraryKind
    ) -> @Sendable (Seat, Fields, Request, Context) async throws -> Response {
        { seat, fields, request, context in
            guard try administers(seat).erases else { throw Self.notAnAdministrator }
            try await floor.deleteFromLibrary(Self.shelf(kind, context), by: seat.principal)
            return .seeOther("\(seat.base)/admin/library?said=\(Said.libraryDeleted.rawValue)")
        }
    }

    private static func saved(_ node: LibraryNode, _ seat: Seat) -> Response {
        .seeOther("\(LibraryEntryPage.path(node, seat))?said=\(Said.librarySaved.rawValue)")
    }

    private static func shelf(_ kind: LibraryKind, _ context: Context) throws -> LibraryNode {
        guard let id = context.segment(kind == .question ? "question" : "shelf").flatMap({ Int64($0) })
        else { throw Refusal.notFound("There is nothing at this address.") }
        return LibraryNode(kind, id)
    }

    private func entryPage(
        _ entry: LibraryEntryPage, _ seat: Seat, _ request: Request, status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let said = try Fields(queryOf: request)["said"].flatMap(Said.init(rawValue:))
        let view = try await floor.desk(seat.agent.id, in: seat.workspace)
        var page = deskPage(entry.entryName, seat, view, openErrand: nil)
        page.notice = status == .ok ? said?.sentence : nil
        page.libraryEntry = entry
        return show(page, request, status: status)
    }
}
