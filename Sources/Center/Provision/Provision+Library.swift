// Libraries, categories and questions of a plan.

import Store

extension ProvisionPlan {
    /// Names one attachment of a plan.
    struct InlineFile: Hashable {
        let subject: String
        let name: String
    }

    /// Attachments whose content stands in the plan itself.
    var inlineFiles: [InlineFile: NewAttachment] {
        var files: [InlineFile: NewAttachment] = [:]
        for entry in libraryQuestions {
            for attachment in entry.attachments ?? [] {
                guard let bytes = attachment.content else { continue }
                files[InlineFile(subject: entry.subject.value, name: attachment.name.value)] = NewAttachment(
                    name: attachment.name.value, contentType: attachment.mediaType, bytes: bytes)
            }
        }
        return files
    }
}

extension LibraryAttachmentEntry {
    fileprivate var mediaType: String {
        self.contentType ?? Center.contentType(of: name.value)
    }
}

extension ProvisionRun {
    func applyLibrary() throws {
        guard !(plan.libraries.isEmpty && plan.libraryCategories.isEmpty && plan.libraryQuestions.isEmpty)
        else { return }
        var shelves: [LibraryKind: [String: Int64]] = [:]
        for kind in [LibraryKind.library, .category] {
            let table = SQL(name: "\(kind.table)")
            for row in try work.query("SELECT id, name FROM \(sql: table) WHERE workspace = \(workspace)") {
                shelves[kind, default: [:]][row.text("name")] = row.int("id")
            }
        }
        shelves[.question] = try knownQuestions()
        for entry in plan.libraries where shelves[.library]?[entry.name.value] == nil {
            try requireRoom(.library, shelves[.library]?.count ?? 0, entry.position)
            let id = try work.addLibrary(entry.name.value, isExternal: entry.isExternal ?? false)
            shelves[.library, default: [:]][entry.name.value] = id.raw
        }
        for entry in plan.libraryCategories where shelves[.category]?[entry.name.value] == nil {
            try requireRoom(.category, shelves[.category]?.count ?? 0, entry.position)
            shelves[.category, default: [:]][entry.name.value] = try work.addCategory(entry.name.value).raw
        }
        try applyQuestions(&shelves)
        for entry in plan.libraries {
            guard let id = shelves[.library]?[entry.name.value] else { preconditionFailure("not made") }
            try work.set("library", id, [entry.isExternal.map { "external = \($0)" }])
            let node = LibraryNode(.library, id)
            try setHeld(.category, entry.categories, by: node, shelves)
            try setHeld(.library, entry.libraries, by: node, shelves)
            try setHeld(.question, entry.questions, by: node, shelves)
        }
        for entry in plan.libraryCategories {
            guard let id = shelves[.category]?[entry.name.value] else { preconditionFailure("not made") }
            let node = LibraryNode(.category, id)
            try setHeld(.library, entry.libraries, by: node, shelves)
            try setHeld(.category, entry.categories, by: node, shelves)
            try setHeld(.question, entry.questions, by: node, shelves)
        }
    }

    /// Those that the plan names, by subject: a workspace may have very many.
    private func knownQuestions() throws -> [String: Int64] {
        var subjects = Set(plan.libraryQuestions.map(\.subject.value))
        for list in plan.libraries.map(\.questions) + plan.libraryCategories.map(\.questions) {
            subjects.formUnion((list ?? []).map(\.value))
        }
        var known: [String: Int64] = [:]
        for chunk in subjects.sorted().chunked {
            for row in try work.query(
                """
                SELECT id, subject FROM library_question
                WHERE workspace = \(workspace) AND subject IN \(list: chunk)
                """)
            {
                known[row.text("subject")] = row.int("id")
            }
        }
        return known
    }

    private func applyQuestions(_ shelves: inout [LibraryKind: [String: Int64]]) throws {
        guard !plan.libraryQuestions.isEmpty else { return }
        var index = QuestionIndex()
        var count = try work.count(.question)
        for entry in plan.libraryQuestions {
            var change = QuestionChange()
            change.subject = entry.subject.value
            change.question = entry.question
            change.answer = entry.answer
            change.isTop = entry.isTop
            let old = try shelves[.question]?[entry.subject.value].map {
                try work.libraryQuestion(LibraryQuestionID($0))
            }
            if old == nil {
                try requireRoom(.question, count, entry.position)
                count += 1
            }
            let id = try work.store(change, of: old, &index)
            shelves[.question, default: [:]][entry.subject.value] = id.raw
            if let attachments = entry.attachments { try setAttachments(attachments, of: id, entry) }
        }
        try index.write(work)
    }

    private func requireRoom(_ kind: LibraryKind, _ count: Int, _ position: Position) throws {
        guard count < kind.max else {
            throw plan.problem(
                at: position, "the workspace would have more than \(kind.max) entries of this kind")
        }
    }

    private func setHeld(
        _ kind: LibraryKind, _ names: [Located<String>]?, by node: LibraryNode,
        _ shelves: [LibraryKind: [String: Int64]]
    ) throws {
        guard let names else { return }
        let known = shelves[kind] ?? [:]
        let ids = try names.map { name in
            guard let id = known[name.value] else {
                throw plan.unknown(kind.word, name, among: known.keys.sorted())
            }
            return id
        }
        try work.setHeld(kind, by: node, to: ids)
    }

    /// The question's files as the plan lists them; one that is there by name keeps its id.
    private func setAttachments(
        _ attachments: [LibraryAttachmentEntry], of question: LibraryQuestionID, _ entry: LibraryQuestionEntry
    ) throws {
        var known: [String: LibraryAttachmentID] = [:]
        var surplus: [Int64] = []
        let wanted = Set(attachments.map(\.name.value))
        for row in try work.query(
            """
            SELECT id, name FROM library_attachment
            WHERE workspace = \(workspace) AND question = \(question) ORDER BY id
            """)
        {
            let name = row.text("name")
            // Several of one name can only have come from the desk.
            if wanted.contains(name), known[name] == nil {
                known[name] = LibraryAttachmentID(row.int("id"))
            } else {
                surplus.append(row.int("id"))
            }
        }
        for attachment in attachments {
            let name = attachment.name.value
            let kept =
                attachment.file.map { prepared.files[$0.value] }
                ?? prepared.inline[ProvisionPlan.InlineFile(subject: entry.subject.value, name: name)]
            guard let kept else { preconditionFailure("file not prepared") }
            let file = KeptFile(
                name: name, contentType: attachment.mediaType, contentID: nil, size: kept.size,
                bytes: kept.bytes, digest: kept.digest, pin: kept.pin)
            _ = try work.attach(file, to: question, as: known[name])
        }
        guard !surplus.isEmpty else { return }
        try work.execute(
            """
            DELETE FROM library_attachment
            WHERE workspace = \(workspace) AND question = \(question) AND id IN \(list: surplus)
            """)
    }
}
