// The library: what holds what, however deep and in whatever rings, and files that say the same twice.
import Foundation
import Routing
import SeededRandom
import TestStores
import Testing

@testable import Center
@testable import Store

@Suite(.timeLimit(.minutes(5))) struct LibraryTests {
    /// The vendor's samples in one: a category holds the library that it is in.
    static let file = """
        workspace: north
        libraries:
          - {name: second, external: true, categories: [old], questions: [11th title]}
          - {name: services, questions: [help me!, 11th title]}
        library_categories:
          - {name: old, libraries: [services, second]}
          - {name: greeting, categories: [old], questions: [help me!]}
        library_questions:
          - {subject: 11th title, question: "11th body<br/>", answer: ok one, toplist: true}
          - subject: help me!
            question: "<div dir=\\"ltr\\">first HELP me!</div>\\n"
            attachments:
              - {name: a.txt, content: QQ==}
              - {name: b, content_type: text/html, content: Qg==}
        """

    static func apply(_ text: String, _ stage: CenterStage) async throws {
        _ = try await stage.floor.provision(try ProvisionFile.read(text, name: "t.yaml"))
    }

    /// Every row of the library, and the ids that are used up.
    static func rows(_ stage: CenterStage) async throws -> [String] {
        var all: [String] = []
        for table in [
            "library", "library_category", "library_question", "library_link", "library_attachment",
            "library_gram", "high_water",
        ] {
            let sql = SQL(name: "SELECT * FROM \(table)")
            all += try await stage.rows(sql).map { "\(table) \($0.values)" }
                .filter { !$0.contains("history") }.sorted()
        }
        return all
    }

    @Test(arguments: EngineKind.tested) func theSameFileTwiceChangesNothing(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind) { stage in
            try await Self.apply(Self.file, stage)
            let before = try await Self.rows(stage)
            #expect(before.contains { $0.hasPrefix("library_gram") })
            try await Self.apply(Self.file, stage)
            #expect(try await Self.rows(stage) == before)
            // What the file does not say stays; what it says is the whole list.
            try await Self.apply(
                """
                workspace: north
                libraries:
                  - {name: services, questions: [11th title]}
                library_questions:
                  - {subject: help me!, answer: yes, attachments: [{name: b, content: Qw==}, {name: c, content: ""}]}
                """, stage)
            let by = try stage.by("root")
            let graph = try await stage.floor.library(.roots(.category), by: by)
            #expect(graph.libraries.map(\.isExternal) == [true, false])
            let services = LibraryNode(.library, 2)
            #expect(graph.held(.question, by: services) == [1])
            let help = try #require(
                try await stage.floor.findQuestions(QuestionSearch(), by: by).questions.last)
            #expect(help.answer == "yes" && help.question.contains("HELP") && help.subject == "help me!")
            let view = try await stage.floor.questionView(help.id, by: by)
            #expect(view.attachments.map(\.name) == ["b", "c"])
            #expect(view.attachments.map(\.size) == [1, 0])
            // The file that was there keeps its id; what its entry no longer says of it goes by its name.
            #expect(
                view.attachments.map(\.contentType) == Array(repeating: "application/octet-stream", count: 2))
            #expect(view.attachments.first?.id == 2)
        }
    }

    @Test(arguments: EngineKind.tested) func ringsAreWalkedOnce(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind) { stage in
            try await Self.apply(Self.file, stage)
            let by = try stage.by("ana")
            let all = try await stage.floor.library(.roots(.library), by: by)
            // The ring of library 1 and category 1 is held by category 2.
            #expect(all.primary.isEmpty && all.libraries.isEmpty)
            let categories = try await stage.floor.library(.roots(.category), by: by)
            #expect(categories.primary == [LibraryNode(.category, 2)])
            #expect(categories.libraries.map(\.id.raw) == [1, 2])
            #expect(categories.categories.map(\.id.raw) == [1, 2])
            #expect(categories.questions.map(\.id.raw) == [1, 2])
            #expect(categories.attachments.map(\.id) == [1, 2])
            let one = try await stage.floor.library(.node(LibraryNode(.library, 1)), by: by)
            #expect(one.libraries.map(\.id.raw) == [1, 2] && one.categories.map(\.id.raw) == [1])
            let external = try await stage.floor.library(.externals, by: by)
            #expect(external.primary == [LibraryNode(.library, 1)])
            // Without what holds the ring, its lowest library is a root.
            try await stage.floor.deleteFromLibrary(LibraryNode(.category, 2), by: try stage.by("root"))
            let roots = try await stage.floor.library(.roots(.library), by: by)
            #expect(roots.primary == [LibraryNode(.library, 1)])
        }
    }

    @Test func rootsOfEveryShape() {
        func node(_ id: Int64) -> LibraryNode { LibraryNode(.library, id) }
        func roots(_ count: Int64, _ links: [(Int64, Int64)]) -> [Int64] {
            LibraryRoots.roots(
                of: .library, among: (1...count).map(node), links: links.map { (node($0), node($1)) }
            ).map(\.id)
        }
        #expect(roots(3, []) == [1, 2, 3])
        #expect(roots(3, [(2, 1), (1, 3)]) == [2])
        #expect(roots(1, [(1, 1)]) == [1])
        #expect(roots(4, [(2, 1), (1, 2), (2, 3), (4, 3)]) == [1, 4])
        #expect(roots(4, [(4, 2), (2, 1), (1, 2)]) == [3, 4])
        // A ring below a ring.
        #expect(roots(4, [(3, 4), (4, 3), (4, 2), (2, 1), (1, 2)]) == [3])
        // As deep as the library is large, in both directions.
        let deep = (1..<10_000).map { (Int64($0), Int64($0 + 1)) }
        #expect(roots(10_000, deep) == [1])
        #expect(roots(10_000, deep.map { ($0.1, $0.0) }) == [10_000])
        #expect(roots(10_000, deep + [(10_000, 1)]) == [1])
    }

    /// Against the definition itself: nothing holds a root but what it holds too, and from the roots all is reached.
    @Test(arguments: 0..<200) func rootsOfAnything(seed: UInt64) {
        var random = Seeded(seed: seed)
        let count = Int64(1 + random.below(9))
        func node(_ id: Int64) -> LibraryNode { LibraryNode(.library, id) }
        let links = (0..<random.below(14)).map { _ in
            (Int64(1 + random.below(Int(count))), Int64(1 + random.below(Int(count))))
        }
        func reached(_ start: Int64) -> Set<Int64> {
            var all: Set = [start]
            var open = [start]
            while let next = open.popLast() {
                for (parent, child) in links where parent == next && all.insert(child).inserted {
                    open.append(child)
                }
            }
            return all
        }
        let below = Dictionary(uniqueKeysWithValues: (1...count).map { ($0, reached($0)) })
        let expected = (1...count).filter { id in
            (1...count).allSatisfy { other in
                guard below[other]!.contains(id) else { return true }
                return below[id]!.contains(other) && id <= other
            }
        }
        let roots = LibraryRoots.roots(
            of: .library, among: (1...count).map(node), links: links.map { (node($0), node($1)) })
        #expect(roots.map(\.id) == expected)
        #expect(roots.reduce(into: Set<Int64>()) { $0.formUnion(below[$1.id]!) } == Set(1...count))
    }

    @Test(arguments: EngineKind.tested) func aThousandDeep(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind) { stage in
            let depth = 1_000
            var text = "workspace: north\nlibraries:\n"
            for level in 1...depth {
                let next = level < depth ? "libraries: [level \(level + 1)]" : "questions: [end]"
                text += "  - {name: level \(level), \(next)}\n"
            }
            text += "library_questions: [{subject: end, answer: reached}]\n"
            try await Self.apply(text, stage)
            let by = try stage.by("ana")
            for asked in [LibraryAsked.roots(.library), .node(LibraryNode(.library, 1))] {
                let graph = try await stage.floor.library(asked, by: by)
                #expect(graph.primary == [LibraryNode(.library, 1)])
                #expect(graph.libraries.count == depth && graph.questions.map(\.answer) == ["reached"])
            }
            // And round: the last holds the first.
            try await Self.apply(
                "workspace: north\nlibraries: [{name: level \(depth), libraries: [level 1]}]", stage)
            let ring = try await stage.floor.library(.roots(.library), by: by)
            #expect(ring.primary == [LibraryNode(.library, 1)] && ring.libraries.count == depth)
        }
    }

    @Test(arguments: EngineKind.tested) func whatIsTooLargeIsRefused(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind) { stage in
            try await Self.apply("workspace: north\nlibraries: [{name: all}]", stage)
            let connection = try stage.floor.store.engine.connect()
            defer { connection.close() }
            let numbers =
                "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i <= \(LibraryLimits.nodesMax))"
            try connection.executeNow(
                """
                INSERT INTO library_question (workspace, id, subject, question, answer, toplist)
                \(numbers) SELECT \(stage.workspace), i, 's' || i, 'q', 'a', 0 FROM n
                """)
            try connection.executeNow(
                """
                INSERT INTO library_link (workspace, parent_kind, parent, child_kind, child, place)
                \(numbers) SELECT \(stage.workspace), 1, 1, 3, i, i FROM n
                """)
            let by = try stage.by("ana")
            for asked in [LibraryAsked.roots(.library), .node(LibraryNode(.library, 1))] {
                let why = try await refusal { _ = try await stage.floor.library(asked, by: by) }
                guard case .invalid(let sentence, _)? = why else {
                    Issue.record("\(asked): \(String(describing: why))")
                    continue
                }
                #expect(sentence.contains("at most 20000"))
            }
            let held = try await stage.floor.held(
                .question, by: LibraryNode(.library, 1), externalOnly: false, for: by)
            #expect(held.count == LibraryLimits.nodesMax + 1)
            let found = try await stage.floor.findQuestions(QuestionSearch(), by: by)
            #expect(found.questions.count == LibraryLimits.foundMax && found.hasMore)
            #expect(found.questions.map(\.id.raw) == (1...1_000).map { Int64($0) })
        }
    }

    @Test(arguments: EngineKind.tested) func verbsAreForAdministratorsAndRefuseWhatIsWrong(_ kind: EngineKind)
        async throws
    {
        try await CenterStage.run(kind) { stage in
            let (floor, root) = (stage.floor, try stage.by("root"))
            let shop = try await floor.makeLibrary("Shop", isExternal: false, by: root)
            let shoes = try await floor.makeLibraryCategory("Shoes", by: root)
            var asked = QuestionChange()
            asked.subject = "When?"
            asked.heldBy = [.library(shop): true, .category(shoes): true]
            let question = try await floor.makeLibraryQuestion(asked, by: root)
            let before = try await Self.rows(stage)
            let nodes = [LibraryNode.library(shop), .category(shoes), .question(question)]
            for login in ["ana", "ole"] {
                let by = try stage.by(login)
                var tries: [() async throws -> Void] = [
                    { _ = try await floor.makeLibrary("x", isExternal: true, by: by) },
                    { _ = try await floor.makeLibraryCategory("x", by: by) },
                    { _ = try await floor.makeLibraryQuestion(asked, by: by) },
                    { try await floor.changeShelf(nodes[0], ShelfChange(), by: by) },
                    { try await floor.changeLibraryQuestion(question, QuestionChange(), by: by) },
                    {
                        let file = NewAttachment(name: "a", contentType: "b", bytes: [1])
                        _ = try await floor.addLibraryAttachment(file, to: question, by: by)
                    },
                    {
                        try await floor.removeLibraryAttachment(
                            LibraryAttachmentID(1), of: question, by: by)
                    },
                ]
                for node in nodes { tries.append { try await floor.deleteFromLibrary(node, by: by) } }
                for attempt in tries {
                    guard case .forbidden? = try await refusal(attempt) else {
                        Issue.record("\(login) may")
                        continue
                    }
                }
            }
            func wrong(_ what: String, _ body: () async throws -> Void) async throws {
                switch try await refusal(body) {
                case .invalid?, .conflict?, .notFound?: break
                default: Issue.record("\(what) is taken")
                }
            }
            try await wrong("a name twice") {
                _ = try await floor.makeLibrary("Shop", isExternal: false, by: root)
            }
            try await wrong("no name") { _ = try await floor.makeLibrary(" ", isExternal: false, by: root) }
            try await wrong("two lines") { _ = try await floor.makeLibraryCategory("a\nb", by: root) }
            try await wrong("a subject twice") { _ = try await floor.makeLibraryQuestion(asked, by: root) }
            var long = QuestionChange()
            long.subject = String(repeating: "x", count: LibraryLimits.subjectMax + 1)
            try await wrong("a long subject") { _ = try await floor.makeLibraryQuestion(long, by: root) }
            long.subject = "fits"
            long.answer = String(repeating: "x", count: LibraryLimits.textBytesMax + 1)
            try await wrong("a long answer") { _ = try await floor.makeLibraryQuestion(long, by: root) }
            var bad = ShelfChange()
            bad.name = "Renamed"
            bad.holds = [LibraryNode(.question, 99): true]
            try await wrong("a question that is not there") {
                try await floor.changeShelf(.library(shop), bad, by: root)
            }
            bad.holds = [:]
            bad.heldBy = [LibraryNode(.library, 99): true]
            try await wrong("a library that is not there") {
                try await floor.changeShelf(.library(shop), bad, by: root)
            }
            try await wrong("nothing to change") {
                try await floor.changeShelf(LibraryNode(.category, 99), ShelfChange(), by: root)
            }
            #expect(try await Self.rows(stage) == before)
        }
    }

    @Test(arguments: EngineKind.tested) func whatIsDeletedLeavesNothing(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind) { stage in
            try await Self.apply(Self.file, stage)
            let root = try stage.by("root")
            let large = NewAttachment(
                name: "large", contentType: "x/y", bytes: Array(repeating: 7, count: 40_000))
            let file = try await stage.floor.addLibraryAttachment(
                large, to: LibraryQuestionID(1), by: root)
            #expect(try await stage.floor.libraryAttachment(file, by: root).size == 40_000)
            // A file that a row names is swept by nobody.
            stage.clock.pass(ms: 25 * 3_600_000)
            #expect(try await stage.floor.sweepBlobs(parts: Blobs.parts) == 0)
            for kind in LibraryKind.allCases {
                for id in [Int64(1), 2] {
                    try await stage.floor.deleteFromLibrary(LibraryNode(kind, id), by: root)
                }
            }
            for table in [
                "library", "library_category", "library_question", "library_link", "library_attachment",
                "library_gram",
            ] {
                let sql = SQL(name: "SELECT COUNT(*) AS n FROM \(table)")
                #expect(try await stage.count(sql) == 0, "\(table)")
            }
            #expect(try await stage.floor.sweepBlobs(parts: Blobs.parts) == 1)
        }
    }

    @Test(arguments: EngineKind.tested) func workspacesAreSealed(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind) { stage in
            try await Self.apply(Self.file, stage)
            try await Self.apply(
                """
                workspace: south
                agents: [{login_name: zoe, admin_level: administrator}]
                libraries: [{name: elsewhere}]
                """, stage)
            let south = try #require(stage.floor.roster.workspace(named: "south"))
            let zoe = Principal(
                workspace: south.workspace, actor: .agent(try #require(south.agent(login: "zoe")).id),
                via: .desk)
            #expect(try await stage.floor.findQuestions(QuestionSearch(), by: zoe).questions.isEmpty)
            var search = QuestionSearch()
            search.phrase = "help"
            #expect(try await stage.floor.findQuestions(search, by: zoe).questions.isEmpty)
            for node in [LibraryNode(.library, 2), LibraryNode(.category, 1), LibraryNode(.question, 1)] {
                let why = try await refusal { _ = try await stage.floor.library(.node(node), by: zoe) }
                guard case .notFound? = why else {
                    Issue.record("\(node): \(String(describing: why))")
                    continue
                }
            }
            let why = try await refusal {
                _ = try await stage.floor.libraryAttachment(LibraryAttachmentID(1), by: zoe)
            }
            #expect(why == .notFound("There is no such file here."))
            // An agent of there is nobody here.
            let stranger = Principal(workspace: stage.workspace, actor: .agent(AgentID(99)), via: .desk)
            let closed = try await refusal {
                _ = try await stage.floor.library(.roots(.library), by: stranger)
            }
            guard case .forbidden? = closed else {
                Issue.record("a stranger reads")
                return
            }
        }
    }

    @Test(arguments: [
        ("libraries: [{name: a, questions: [b]}]", "2:35", "unknown question 'b'"),
        ("libraries: [{name: a, libraries: [aa]}]", "2:35", "unknown library 'aa'; did you mean 'a'?"),
        ("libraries: [{name: a, categories: [x]}]", "2:36", "unknown category 'x'"),
        ("library_categories: [{name: a, libraries: [x]}]", "2:44", "unknown library 'x'"),
    ])
    func whatIsNotThereIsRefusedInItsPlace(_ text: String, _ place: String, _ reason: String) async throws {
        try await CenterStage.run(.sqlite) { stage in
            let before = try await Self.rows(stage)
            var problem: ProvisionProblem?
            do { try await Self.apply("workspace: north\n" + text, stage) } catch let found
                as ProvisionProblem
            {
                problem = found
            }
            #expect(problem?.description == "t.yaml:\(place): \(reason)")
            #expect(try await Self.rows(stage) == before)
        }
    }
}
