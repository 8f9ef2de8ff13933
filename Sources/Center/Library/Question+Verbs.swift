// Questions are made and changed; the index that they are searched by goes along.

import Store

/// What a question is told to be. nil, and nodes that are not named: as it was.
public struct QuestionChange: Sendable, Hashable {
    public var subject: String?
    public var question: String?
    public var answer: String?
    public var isTop: Bool?
    /// Whether each of these libraries and categories holds it.
    public var heldBy: [LibraryNode: Bool] = [:]

    public init() {}
}

extension Floor {
    /// - Throws: `Refusal.invalid` for texts that none can have, `Refusal.conflict` for a subject that is taken.
    public func makeLibraryQuestion(
        _ change: QuestionChange, by principal: Principal
    ) async throws -> LibraryQuestionID {
        try await perform(Plan("make library question"), by: principal) { work in
            try work.requireAdministrator()
            try work.requireFree(change.subject ?? "", .question, but: nil)
            try work.requireRoom(.question, for: 1)
            var index = QuestionIndex()
            let id = try work.store(change, of: nil, &index)
            try index.write(work)
            try work.link(.question(id), [:], change.heldBy)
            try work.tell(.libraryMade, .libraryQuestion, id.raw)
            return id
        }
    }

    /// - Throws: as `makeLibraryQuestion`; `Refusal.notFound`.
    public func changeLibraryQuestion(
        _ id: LibraryQuestionID, _ change: QuestionChange, by principal: Principal
    ) async throws {
        try await perform(Plan("change library question"), by: principal) { work in
            try work.requireAdministrator()
            let old = try work.libraryQuestion(id)
            if let subject = change.subject { try work.requireFree(subject, .question, but: id.raw) }
            var index = QuestionIndex()
            _ = try work.store(change, of: old, &index)
            try index.write(work)
            try work.link(.question(id), [:], change.heldBy)
            try work.tell(.libraryChanged, .libraryQuestion, id.raw)
        }
    }
}

extension Work {
    /// - Throws: `Refusal.notFound`.
    func libraryQuestion(_ id: LibraryQuestionID) throws -> LibraryQuestion {
        let rows = try query(
            """
            SELECT \(sql: LibraryQuestion.columns) FROM library_question
            WHERE workspace = \(workspace) AND id = \(id)
            """)
        guard let row = rows.first else { throw LibraryWalk.missing(.question) }
        return LibraryQuestion(row)
    }

    /// Writes what is different; the subject has been checked.
    /// - Parameter old: nil makes a new one.
    func store(
        _ change: QuestionChange, of old: LibraryQuestion?, _ index: inout QuestionIndex
    ) throws -> LibraryQuestionID {
        let new = LibraryQuestion(
            id: old?.id ?? LibraryQuestionID(next(.libraryQuestion)),
            subject: change.subject ?? old?.subject ?? "",
            question: try text(change.question, "question") ?? old?.question ?? "",
            answer: try text(change.answer, "answer") ?? old?.answer ?? "",
            isTop: change.isTop ?? old?.isTop ?? false)
        guard new != old else { return new.id }
        index.change(new.id, from: old, to: new)
        try execute(
            """
            INSERT INTO library_question (workspace, id, subject, question, answer, toplist)
            VALUES (\(workspace), \(new.id), \(new.subject), \(new.question), \(new.answer), \(new.isTop))
            ON CONFLICT (workspace, id) DO UPDATE SET subject = excluded.subject, question = excluded.question,
                answer = excluded.answer, toplist = excluded.toplist
            """)
        return new.id
    }

    private func text(_ text: String?, _ member: String) throws -> String? {
        guard let text else { return nil }
        guard text.utf8.count <= LibraryLimits.textBytesMax else {
            throw Refusal.invalid(
                "The \(member) is longer than \(LibraryLimits.textBytesMax >> 10) KiB; shorten it.",
                pointer: "/\(member)")
        }
        // What no engine stores.
        guard text.utf8.contains(0) else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.map { $0 == "\0" ? "\u{FFFD}" : $0 }))
    }

    /// Takes the question out of the index, and its files with it.
    func emptyQuestion(_ id: LibraryQuestionID) throws {
        var index = QuestionIndex()
        index.change(id, from: try libraryQuestion(id), to: nil)
        try index.write(self)
        try execute(
            "DELETE FROM library_attachment WHERE workspace = \(workspace) AND question = \(id)")
    }
}
