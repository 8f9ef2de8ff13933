// A search finds exactly the questions whose text holds the phrase, whatever the phrase, on both engines.
import Foundation
import SeededRandom
import Store
import TestStores
import Testing

@testable import Center

@Suite(.timeLimit(.minutes(5))) struct LibrarySearchTests {
    private static let words = [
        "Skor", "SKO", "straße", "STRASSE", "Örebro", "ö", "O\u{308}rebro", "100 %", "_under_", "a'b",
        "\"ord\"",
        "naïve", "日本語", "日本", "😀", "👩‍👩‍👧", "<b>fett</b>", "&amp;", "\\n", "a", "ΟΔΟΣ", "İstanbul", "x", "cid:1",
    ]

    private static func text(_ random: inout Seeded) -> String {
        (0..<random.below(8)).map { _ in words[random.below(words.count)] }.joined(
            separator: random.below(3) == 0 ? "" : " ")
    }

    /// What the search promises, said without an index.
    private static func expected(_ search: QuestionSearch, among all: [LibraryQuestion]) -> [LibraryQuestion]
    {
        func holds(_ text: String) -> Bool {
            let folded = { (text: String) in text.lowercased().precomposedStringWithCanonicalMapping }
            let (text, phrase) = (Array(folded(text).utf8), Array(folded(search.phrase).utf8))
            guard phrase.count <= text.count else { return false }
            return (0...(text.count - phrase.count)).contains {
                text[$0..<($0 + phrase.count)].elementsEqual(phrase)
            }
        }
        return all.filter { question in
            if search.topOnly, !question.isTop { return false }
            let inQuestion = holds(question.subject) || holds(question.question)
            switch search.option {
            case .all: return inQuestion || holds(question.answer)
            case .question: return inQuestion
            case .answer: return holds(question.answer)
            }
        }
    }

    @Test(arguments: EngineKind.tested) func findsWhatIsThereAndNothingElse(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind) { stage in
            var random = Seeded(seed: 7)
            let (floor, root) = (stage.floor, try stage.by("root"))
            var all: [LibraryQuestionID: LibraryQuestion] = [:]
            func check(_ phrase: String, _ place: String) async throws {
                var search = QuestionSearch()
                search.phrase = phrase
                search.option = QuestionSearch.Option.allCases[random.below(3)]
                search.topOnly = random.below(4) == 0
                let found = try await floor.findQuestions(search, by: root)
                let wanted = Self.expected(search, among: all.values.sorted { $0.id < $1.id })
                #expect(
                    found.questions == wanted && !found.hasMore,
                    "\(place): '\(phrase)' in \(search.option), top \(search.topOnly)")
            }
            for round in 0..<120 {
                var change = QuestionChange()
                change.subject = "\(round) " + Self.text(&random)
                change.question = Self.text(&random)
                change.answer = Self.text(&random)
                change.isTop = random.below(3) == 0
                let known = all.keys.sorted()
                if random.below(4) == 0, let id = known.isEmpty ? nil : known[random.below(known.count)] {
                    if random.below(3) == 0 {
                        try await floor.deleteFromLibrary(.question(id), by: root)
                        all[id] = nil
                    } else {
                        if random.below(2) == 0 { change.subject = nil }
                        if random.below(2) == 0 { change.answer = nil }
                        try await floor.changeLibraryQuestion(id, change, by: root)
                        let old = try #require(all[id])
                        all[id] = LibraryQuestion(
                            id: id, subject: change.subject ?? old.subject, question: change.question ?? "",
                            answer: change.answer ?? old.answer, isTop: change.isTop ?? false)
                    }
                } else {
                    let id = try await floor.makeLibraryQuestion(change, by: root)
                    all[id] = LibraryQuestion(
                        id: id, subject: change.subject ?? "", question: change.question ?? "",
                        answer: change.answer ?? "", isTop: change.isTop ?? false)
                }
                try await check(Self.words[random.below(Self.words.count)], "round \(round)")
                // A piece of what is there, cut anywhere between its scalars.
                let ids = all.keys.sorted()
                let whole = Array(
                    ids.isEmpty ? [] : Array(all[ids[random.below(ids.count)]]!.answer.unicodeScalars))
                guard !whole.isEmpty else { continue }
                let start = random.below(whole.count)
                let length = 1 + random.below(min(6, whole.count - start))
                var piece = String.UnicodeScalarView()
                piece.append(contentsOf: whole[start..<(start + length)])
                try await check(String(piece), "round \(round)")
            }
            for odd in [
                "%", "_", "\\", "'", "\"", "''; DROP TABLE library", " ", "\0", "\u{308}", "zzzz",
                "SKOR skor",
            ] {
                try await check(odd, "odd")
            }
            try await check(String(repeating: "skor ", count: 190), "long")
        }
    }

    @Test(arguments: EngineKind.tested) func ofManyItTellsTheFirstAndThatThereAreMore(_ kind: EngineKind)
        async throws
    {
        try await CenterStage.run(kind) { stage in
            var text =
                "workspace: north\nlibraries: [{name: odd, questions: [q1, q3, q5]}]\nlibrary_questions:\n"
            // More than two blocks of the index.
            for number in 1...9_000 { text += "  - {subject: q\(number), answer: same}\n" }
            try await LibraryTests.apply(text, stage)
            let by = try stage.by("ana")
            var search = QuestionSearch()
            search.phrase = "same"
            let first = try await stage.floor.findQuestions(search, by: by)
            #expect(first.hasMore && first.questions.map(\.id.raw) == (1...1_000).map { Int64($0) })
            search.max = 7
            search.after = LibraryQuestionID(4_093)
            let page = try await stage.floor.findQuestions(search, by: by)
            #expect(page.hasMore && page.questions.map(\.id.raw) == (4_094...4_100).map { Int64($0) })
            search.after = LibraryQuestionID(8_995)
            let last = try await stage.floor.findQuestions(search, by: by)
            #expect(!last.hasMore && last.questions.count == 5)
            search = QuestionSearch()
            search.phrase = "q8999"
            #expect(try await stage.floor.findQuestions(search, by: by).questions.map(\.id.raw) == [8_999])
            search.phrase = "SAME"
            search.heldBy = LibraryNode(.library, 1)
            #expect(try await stage.floor.findQuestions(search, by: by).questions.map(\.id.raw) == [1, 3, 5])
            search = QuestionSearch()
            search.after = LibraryQuestionID(8_998)
            #expect(
                try await stage.floor.findQuestions(search, by: by).questions.map(\.id.raw) == [8_999, 9_000])
            // Deleting one takes it out of the full rows of the index.
            try await stage.floor.deleteFromLibrary(LibraryNode(.question, 4_096), by: try stage.by("root"))
            search = QuestionSearch()
            search.phrase = "same"
            search.after = LibraryQuestionID(4_094)
            search.max = 2
            #expect(
                try await stage.floor.findQuestions(search, by: by).questions.map(\.id.raw) == [4_095, 4_097])
        }
    }

    /// The quick way for western letters says what the slow one says.
    @Test func foldsAlikeBothWays() {
        func slow(_ text: String) -> [UInt8] {
            Array(text.lowercased().precomposedStringWithCanonicalMapping.utf8)
        }
        for value in (0..<0x3000 as Range<UInt32>) {
            guard let scalar = Unicode.Scalar(value) else { continue }
            for text in [String(scalar), "A\(scalar)É", "\(scalar)\u{308}"] {
                #expect(Grams.folded(text) == slow(text), "U+\(String(value, radix: 16))")
            }
        }
        var random = Seeded(seed: 11)
        for _ in 0..<2_000 {
            let text = (0..<random.below(12)).map { _ in
                Self.words[random.below(Self.words.count)] + ["", "’", "–", "…", "ÀÞ×ß"][random.below(5)]
            }.joined()
            #expect(Grams.folded(text) == slow(text))
        }
    }

    @Test func setsComeBackAsTheyWere() {
        var random = Seeded(seed: 3)
        for count in [0, 1, 2, 255, 256, 257, 3_000, 4_096] {
            var set = QuestionSet()
            for _ in 0..<count { set.insert(Int64(random.below(4_096)) + 8_192) }
            #expect(QuestionSet(set.stored) == set)
            #expect(set.stored.count <= 512 && set.places == set.places.sorted())
            for place in set.places { set.remove(place) }
            #expect(set.isEmpty && set.stored.isEmpty)
        }
    }

    @Test(arguments: [
        ("", []), ("cid:1", []), ("<img src=\"cid:1\">", [1]),
        ("<img src='cid:12'><img src='cid:3'>", [12, 3]),
        ("<img src=cid:7 alt=x>", [7]), ("\"cid:\"", []), ("\"cid:1x\"", []), ("\"acid:1\"", []),
        ("\"cid:99999999999999999999\"", []), ("cid:cid:\"cid:5\"", [5]), ("::::\"cid:8\"", [8]),
        ("\"cid:9", []), ("\"cid:4\"\"cid:4\"", [4]),
    ])
    func archivesInTexts(_ text: String, _ ids: [Int64]) {
        let question = LibraryQuestion(
            id: LibraryQuestionID(1), subject: "", question: text, answer: text, isTop: false)
        #expect(EmbeddedArchives.ids(in: question) == ids)
        #expect(Set(EmbeddedArchives.places(in: text).map(\.archive)) == Set(ids))
    }
}
