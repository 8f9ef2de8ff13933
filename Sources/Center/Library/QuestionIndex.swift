// Keeps the index of questions' texts: for each piece of three bytes or fewer, who has it.

import Store

/// Which texts a piece stands in. The raw value is what rows hold.
enum QuestionPart: Int64, Sendable, CaseIterable {
    /// Subject and question.
    case question = 1
    case answer = 2
}

/// Changes of the index, gathered over one verb and written once.
struct QuestionIndex {
    private struct Key: Hashable {
        let part: QuestionPart
        let block: Int64
        let gram: Int64
    }

    private struct Change {
        var added: [Int64] = []
        var removed: [Int64] = []
    }

    private var changes: [Key: Change] = [:]

    /// - Parameter old: nil for a question that was not there; `new` is nil for one that goes.
    mutating func change(_ id: LibraryQuestionID, from old: LibraryQuestion?, to new: LibraryQuestion?) {
        let block = QuestionSet.block(of: id.raw)
        for part in QuestionPart.allCases {
            let before = Self.grams(of: old, part)
            let after = Self.grams(of: new, part)
            guard before != after else { continue }
            let (was, now) = (Set(before), Set(after))
            for gram in after where !was.contains(gram) {
                changes[Key(part: part, block: block, gram: gram), default: Change()].added.append(id.raw)
            }
            for gram in before where !now.contains(gram) {
                changes[Key(part: part, block: block, gram: gram), default: Change()].removed.append(id.raw)
            }
        }
    }

    private static func grams(of question: LibraryQuestion?, _ part: QuestionPart) -> [Int64] {
        guard let question else { return [] }
        let texts =
            switch part {
            case .question: [question.subject, question.question]
            case .answer: [question.answer]
            }
        return Grams.all(of: texts.map(Grams.folded))
    }

    mutating func write(_ work: Work) throws {
        defer { changes = [:] }
        var grams: [QuestionPart: [Int64: [Int64]]] = [:]
        for key in changes.keys { grams[key.part, default: [:]][key.block, default: []].append(key.gram) }
        for part in QuestionPart.allCases {
            for (block, list) in (grams[part] ?? [:]).sorted(by: { $0.key < $1.key }) {
                for chunk in list.sorted().chunked { try write(chunk, part, block, work) }
            }
        }
    }

    private func write(_ grams: [Int64], _ part: QuestionPart, _ block: Int64, _ work: Work) throws {
        let workspace = work.workspace
        var sets: [Int64: QuestionSet] = [:]
        for row in try work.query(
            """
            SELECT gram, questions FROM library_gram WHERE workspace = \(workspace) AND part = \(part.rawValue)
                AND gram IN \(list: grams) AND block = \(block)
            """)
        {
            sets[row.int("gram")] = QuestionSet(row.blob("questions"))
        }
        for gram in grams {
            guard let change = changes[Key(part: part, block: block, gram: gram)] else { continue }
            var set = sets[gram] ?? QuestionSet()
            change.removed.forEach { set.remove($0) }
            change.added.forEach { set.insert($0) }
            if set.isEmpty {
                try work.execute(
                    """
                    DELETE FROM library_gram WHERE workspace = \(workspace) AND part = \(part.rawValue)
                        AND gram = \(gram) AND block = \(block)
                    """)
            } else {
                try work.execute(
                    """
                    INSERT INTO library_gram (workspace, part, gram, block, questions)
                    VALUES (\(workspace), \(part.rawValue), \(gram), \(block), \(set.stored))
                    ON CONFLICT (workspace, part, gram, block) DO UPDATE SET questions = excluded.questions
                    """)
            }
        }
    }
}
