// Finds questions by a phrase: exactly those whose text holds it, whatever its case, the same on both engines.

import Store

/// Which questions are asked for.
public struct QuestionSearch: Sendable, Hashable {
    /// The raw value is what wires say.
    public enum Option: String, Sendable, Hashable, CaseIterable {
        /// Subject, question or answer.
        case all
        /// Subject or question.
        case question
        case answer
    }

    /// Empty: every question.
    public var phrase = ""
    public var option = Option.all
    /// Only those on the list of the most asked.
    public var topOnly = false
    /// Only those that the library or category holds.
    public var heldBy: LibraryNode?
    /// Goes on after this question.
    public var after: LibraryQuestionID?
    /// Most that are told.
    public var max = LibraryLimits.foundMax

    public init() {}
}

/// What a search found, ascending by id.
public struct FoundQuestions: Sendable {
    public let questions: [LibraryQuestion]
    public let hasMore: Bool
}

extension Floor {
    public func findQuestions(_ search: QuestionSearch, by principal: Principal) async throws
        -> FoundQuestions
    {
        try requireLibraryReader(principal)
        try search.check()
        let workspace = principal.workspace
        return try await view { try search.found(in: workspace, $0) }
    }
}

extension QuestionSearch {
    /// Candidates whose texts are read together.
    private static let readAtOnce = 250

    func check() throws {
        guard phrase.utf8.count <= LibraryLimits.phraseBytesMax else {
            throw Refusal.invalid("A phrase has at most \(LibraryLimits.phraseBytesMax) bytes; shorten it.")
        }
    }

    /// Whether the question's texts hold the phrase.
    func matches(_ question: LibraryQuestion, folded phrase: [UInt8]) -> Bool {
        if topOnly, !question.isTop { return false }
        if phrase.isEmpty { return true }
        func holds(_ text: String) -> Bool { Grams.contains(Grams.folded(text), phrase) }
        if option != .answer, holds(question.subject) || holds(question.question) { return true }
        return option != .question && holds(question.answer)
    }

    func found(in workspace: WorkspaceID, _ reader: any Reading) throws -> FoundQuestions {
        let folded = Grams.folded(phrase)
        guard !folded.isEmpty || heldBy != nil else { return try listed(in: workspace, reader) }
        var candidates = try heldBy.map { try Self.held(by: $0, in: workspace, reader) }
        if !folded.isEmpty {
            let sets = try candidateSets(folded, in: workspace, reader)
            candidates =
                candidates.map { list in
                    list.filter { id in sets[QuestionSet.block(of: id)]?.contains(id) ?? false }
                }
                ?? sets.sorted { $0.key < $1.key }.flatMap { block, set in
                    set.places.map { $0 + block * QuestionSet.size }
                }
        }
        // A phrase that is one piece is in every candidate.
        let isSure = (1...Grams.longest).contains(folded.count)
        return try read(candidates ?? [], isSure ? [] : folded, in: workspace, reader)
    }

    /// Without a phrase: the next of all, or of the top list.
    private func listed(in workspace: WorkspaceID, _ reader: any Reading) throws -> FoundQuestions {
        let top: SQL = topOnly ? "AND toplist = 1" : ""
        var questions: [LibraryQuestion] = []
        var bytes = 0
        var hasMore = false
        try reader.forEach(
            """
            SELECT \(sql: LibraryQuestion.columns) FROM library_question
            WHERE workspace = \(workspace) AND id > \(after?.raw ?? 0) \(sql: top) ORDER BY id LIMIT \(max + 1)
            """
        ) { row in
            guard !hasMore else { return }
            let question = LibraryQuestion(row)
            bytes += question.bytes
            hasMore = questions.count >= max || bytes > LibraryLimits.answerBytesMax
            if !hasMore { questions.append(question) }
        }
        return FoundQuestions(questions: questions, hasMore: hasMore)
    }

    /// Of the candidates those that match, as many as may be told.
    private func read(
        _ candidates: [Int64], _ phrase: [UInt8], in workspace: WorkspaceID, _ reader: any Reading
    ) throws -> FoundQuestions {
        var questions: [LibraryQuestion] = []
        var bytes = 0
        var hasMore = false
        var rest = candidates[...].drop { $0 <= after?.raw ?? 0 }
        while !rest.isEmpty, !hasMore {
            // A small answer reads few.
            let chunk = Array(rest.prefix(min(Self.readAtOnce, max + 1)))
            rest = rest.dropFirst(chunk.count)
            // One by one: texts may be large.
            try reader.forEach(
                """
                SELECT \(sql: LibraryQuestion.columns) FROM library_question
                WHERE workspace = \(workspace) AND id IN \(list: chunk) ORDER BY id
                """
            ) { row in
                guard !hasMore else { return }
                let question = LibraryQuestion(row)
                guard matches(question, folded: phrase) else { return }
                bytes += question.bytes
                hasMore = questions.count >= max || bytes > LibraryLimits.answerBytesMax
                if !hasMore { questions.append(question) }
            }
        }
        return FoundQuestions(questions: questions, hasMore: hasMore)
    }

    /// By block, the questions that have every piece of the phrase: all that hold it, and few that do not.
    private func candidateSets(
        _ phrase: [UInt8], in workspace: WorkspaceID, _ reader: any Reading
    ) throws -> [Int64: QuestionSet] {
        let grams = Grams.of(phrase: phrase)
        let parts: [QuestionPart] =
            switch option {
            case .all: [.question, .answer]
            case .question: [.question]
            case .answer: [.answer]
            }
        var candidates: [Int64: QuestionSet] = [:]
        for part in parts {
            // Of each block how many pieces were seen: one that misses a piece has no question with all of them.
            var blocks: [Int64: (set: QuestionSet, pieces: Int)] = [:]
            try reader.forEach(
                """
                SELECT block, questions FROM library_gram WHERE workspace = \(workspace)
                    AND part = \(part.rawValue) AND gram IN \(list: grams)
                """
            ) { row in
                let set = QuestionSet(row.blob("questions"))
                let block = row.int("block")
                if blocks[block]?.set.formIntersection(set) == nil {
                    blocks[block] = (set, 1)
                } else {
                    blocks[block]?.pieces += 1
                }
            }
            for (block, found) in blocks where found.pieces == grams.count {
                if candidates[block]?.formUnion(found.set) == nil { candidates[block] = found.set }
            }
        }
        guard topOnly else { return candidates }
        var top: [Int64: QuestionSet] = [:]
        for row in try reader.query(
            "SELECT id FROM library_question WHERE workspace = \(workspace) AND toplist = 1 ORDER BY id")
        {
            let id = row.int("id")
            top[QuestionSet.block(of: id), default: QuestionSet()].insert(id)
        }
        for block in candidates.keys { candidates[block]?.formIntersection(top[block] ?? QuestionSet()) }
        return candidates
    }

    private static func held(
        by node: LibraryNode, in workspace: WorkspaceID, _ reader: any Reading
    ) throws -> [Int64] {
        try reader.query(
            """
            SELECT child FROM library_link WHERE workspace = \(workspace)
                AND parent_kind = \(node.kind.rawValue) AND parent = \(node.id)
                AND child_kind = \(LibraryKind.question.rawValue) ORDER BY child
            """
        ).map { $0.int("child") }
    }
}

extension QuestionSet {
    fileprivate func contains(_ id: Int64) -> Bool {
        let place = Int(id % Self.size)
        return bits[place / 64] >> UInt64(place % 64) & 1 == 1
    }
}
