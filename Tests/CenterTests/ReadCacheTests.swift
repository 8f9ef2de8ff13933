// Reports that nobody changed are told from memory, and never an old one.

import Routing
import Store
import TestStores
import Testing

@testable import Center

@Suite struct ReadCacheTests {
    /// Reads and keeps as a dialect does; what is kept already must say the same.
    private func reads(_ errand: ErrandID, _ stage: CenterStage) async throws -> ErrandReport {
        let (kept, ticket) = stage.floor.keptReport(errand, stage.directory)
        let report = try await stage.floor.errandReport(errand, by: stage.operatorHere)
        let document = document(report)
        #expect(kept == nil || kept == document)
        stage.floor.keep(document, of: errand, isChanged: report.isChanged, stage.directory, ticket)
        return report
    }

    private func document(_ report: ErrandReport) -> [UInt8] {
        Array(
            """
            \(report.errand) \(report.actions) \(report.tags) \(report.isChanged) \(report.hasDraft) \
            \(String(describing: report.sla)) \(String(describing: report.satisfaction))
            """.utf8)
    }

    private func isKept(_ errand: ErrandID, _ stage: CenterStage) -> Bool {
        stage.floor.keptReport(errand, stage.directory).document != nil
    }

    @Test(arguments: EngineKind.tested)
    func `whatever happens to an errand is in its next report`(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind, file: CenterStage.file + "tags: [urgent]\n") { stage in
            try await stage.ready("ana")
            let errand = try await stage.arrives("support")
            #expect(try await reads(errand, stage).isChanged)
            #expect(!isKept(errand, stage), "it was on the list")
            #expect(try await !reads(errand, stage).isChanged)
            #expect(isKept(errand, stage))
            #expect(try await !reads(errand, stage).isChanged)
            let tag = try #require(stage.directory.tags.first).id
            let ana = try stage.by("ana")
            let changes: [(String, () async throws -> Void)] = [
                ("accept", { _ = try await stage.accepts("ana") }),
                ("note", { try await stage.floor.addNote("n", to: errand, by: ana) }),
                ("tag", { try await stage.floor.tagErrand(errand, tag, by: ana) }),
                ("priority", { try await stage.floor.setPriority(7, of: errand, by: ana) }),
                ("mark", { try await stage.floor.markChanged([errand], by: stage.operatorHere) }),
                ("return", { try await stage.floor.returnErrand(errand, by: ana) }),
                ("take", { try await stage.floor.takeErrand(errand, by: ana) }),
                (
                    "close",
                    {
                        try await stage.floor.closeErrand(
                            errand, version: try await stage.version(errand), by: ana)
                    }
                ),
                ("reopen", { try await stage.floor.reopenErrand(errand, to: .queue, by: ana) }),
            ]
            for (name, change) in changes {
                let before = try await reads(errand, stage)
                #expect(isKept(errand, stage), "before \(name)")
                try await change()
                #expect(!isKept(errand, stage), "\(name)")
                let after = try await reads(errand, stage)
                #expect(after.isChanged && !before.isChanged, "\(name)")
                _ = try await reads(errand, stage)
            }
            // What the job finds out changes a report that is on no list.
            #expect(try await reads(errand, stage).sla == nil)
            try await stage.floor.judgeErrands()
            #expect(try await reads(errand, stage).sla != nil)
            // And so do settings.
            _ = try await reads(errand, stage)
            _ = try await stage.floor.provision(
                try ProvisionFile.read("workspace: north\ntags: [later]\n", name: "more.yaml"))
            #expect(!isKept(errand, stage))
            try await stage.restart()
            #expect(!isKept(errand, stage))
        }
    }

    @Test(arguments: EngineKind.tested)
    func `a report tells while its holder writes an answer`(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind) { stage in
            try await stage.ready("ana")
            let errand = try await stage.arrives("support")
            let (ana, cy) = (try stage.by("ana"), try stage.by("cy"))
            let early = await thrown { try await stage.floor.noteDraft(errand, isThere: true, by: ana) }
            #expect(early as? Refusal == .conflict("This errand is not in your hands; take it first."))
            try await stage.accepts("ana")
            _ = try await reads(errand, stage)
            for _ in 0..<2 { try await stage.floor.noteDraft(errand, isThere: true, by: ana) }
            let drafted = try await reads(errand, stage)
            #expect(drafted.hasDraft && drafted.isChanged)
            let foreign = await thrown { try await stage.floor.noteDraft(errand, isThere: true, by: cy) }
            #expect(foreign is Refusal)
            try await stage.floor.noteDraft(errand, isThere: true, by: ana)
            #expect(try await !reads(errand, stage).isChanged, "nothing new")
            try await stage.floor.noteDraft(errand, isThere: false, by: ana)
            #expect(try await !reads(errand, stage).hasDraft)
            // A browser that is gone says nothing.
            try await stage.floor.noteDraft(errand, isThere: true, by: ana)
            stage.clock.pass(ms: DraftLimits.keptMs - 1)
            try await stage.floor.forgetDrafts()
            #expect(try await reads(errand, stage).hasDraft)
            stage.clock.pass(ms: 1)
            try await stage.floor.forgetDrafts()
            let forgotten = try await reads(errand, stage)
            #expect(!forgotten.hasDraft && forgotten.isChanged)
            // Nor is one left behind by an errand that went to other hands.
            try await stage.floor.noteDraft(errand, isThere: true, by: ana)
            try await stage.floor.returnErrand(errand, by: ana)
            #expect(try await !reads(errand, stage).hasDraft)
            stage.clock.pass(ms: DraftLimits.keptMs)
            try await stage.floor.forgetDrafts()
            #expect(try await stage.count("SELECT COUNT(*) AS n FROM draft") == 0)
        }
    }

    @Test(arguments: EngineKind.tested)
    func `a list that was told is a hint, and no more`(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind) { stage in
            var errands: [ErrandID] = []
            for _ in 0..<3 { errands.append(try await stage.arrives("support")) }
            #expect(try await stage.floor.changedErrands(in: stage.workspace) == errands)
            let listed = stage.floor.caches.listed
            for errand in errands {
                #expect(listed.holds(errand, in: stage.workspace))
                #expect(!listed.holds(errand, in: WorkspaceID(stage.workspace.raw + 1)))
                #expect(try await reads(errand, stage).isChanged)
            }
            #expect(!listed.holds(ErrandID(0), in: stage.workspace))
            #expect(!listed.holds(ErrandID(errands[2].raw + 1), in: stage.workspace))
            // On the old list, and no longer on the real one: read as any other, and kept.
            #expect(try await !reads(errands[1], stage).isChanged)
            #expect(isKept(errands[1], stage))
            // Not on the old list, and on the real one.
            let young = try await stage.arrives("support")
            #expect(try await reads(young, stage).isChanged)
            #expect(try await !reads(young, stage).isChanged)
            #expect(try await stage.floor.changedErrands(in: stage.workspace) == [])
            #expect(!listed.holds(errands[0], in: stage.workspace))
            let foreign = await thrown {
                listed.note([ErrandID(999)], in: stage.workspace)
                _ = try await stage.floor.errandReport(ErrandID(999), by: stage.operatorHere)
            }
            #expect(foreign as? Refusal == .notFound("There is no errand 999 here."))
        }
    }

    /// A sender may have thousands: a report looks at none of the others.
    @Test func `what grew out of an errand is found by the errand`() async throws {
        try await CenterStage.run(.sqlite) { stage in
            let errand = try await stage.arrives("support")
            let statement = ErrandReport.rows(stage.directory.workspace, [errand])
            let plan = try await stage.floor.view { reader in
                try reader.query("EXPLAIN QUERY PLAN " + statement).map { $0.text("detail") }
            }
            #expect(plan.contains { $0.contains("errand_child (workspace=? AND parent=?)") }, "\(plan)")
            #expect(!plan.contains { $0.contains("errand_of") || $0.hasPrefix("SCAN") }, "\(plan)")
        }
    }

    @Test func `a report that was read before a change is not taken after it`() async throws {
        try await CenterStage.run(.sqlite) { stage in
            let errand = try await stage.arrives("support")
            /// A report, and how to keep it later.
            func look() async throws -> (report: ErrandReport, keep: () -> Void) {
                let (_, ticket) = stage.floor.keptReport(errand, stage.directory)
                let report = try await stage.floor.errandReport(errand, by: stage.operatorHere)
                return (
                    report,
                    {
                        stage.floor.keep(
                            document(report), of: errand, isChanged: report.isChanged, stage.directory, ticket
                        )
                    }
                )
            }
            _ = try await look()
            let early = try await look()
            try await stage.floor.markChanged([errand], by: stage.operatorHere)
            early.keep()
            #expect(!isKept(errand, stage))
            #expect(try await look().report.isChanged)
            let late = try await look()
            stage.floor.caches.close()
            late.keep()
            try await look().keep()
            #expect(!isKept(errand, stage), "the database is away")
            stage.floor.caches.open()
        }
    }

    @Test func `a full cache lets go of the oldest`() async throws {
        try await CenterStage.run(.sqlite) { stage in
            let directory = stage.directory
            // A place for each of 64 ids: these all share one, with room for three.
            let cache = ReadCache<String>(bytesMax: 64 * 30, thingBytesMax: 20)
            func put(_ id: Int64, bytes: Int = 10) {
                cache.put("thing \(id)", id, bytes: bytes, directory, cache.find(id, directory).ticket)
            }
            func kept() -> [Int64] {
                var found: [Int64] = []
                for id in stride(from: Int64(64), through: 1_280, by: 64) {
                    if cache.find(id, directory).thing != nil { found.append(id) }
                }
                return found
            }
            for id in 1...5 { put(Int64(id) * 64) }
            #expect(kept() == [192, 256, 320])
            put(6 * 64, bytes: 21)
            #expect(kept() == [192, 256, 320], "too large")
            cache.forget(4 * 64, in: directory.workspace)
            put(7 * 64)
            #expect(kept() == [192, 320, 448])
            for _ in 0..<1_000 { put(5 * 64) }
            #expect(cache.find(5 * 64, directory).thing == "thing 320")
            put(8 * 64, bytes: 20)
            let left = kept()
            #expect(left.contains(512) && left.count <= 2)
            cache.empty()
            #expect(kept().isEmpty)
        }
    }

    @Test(arguments: EngineKind.tested)
    func `a question is told as it is after each change`(_ kind: EngineKind) async throws {
        let library = """
            libraries: [{name: Shop, questions: [When?]}]
            library_questions: [{subject: When?, answer: soon}]

            """
        try await CenterStage.run(kind, file: CenterStage.file + library) { stage in
            let root = try stage.by("root")
            let id = try #require(try await stage.rows("SELECT id FROM library_question").first).int("id")
            let node = LibraryNode(.question, id)
            let question = LibraryQuestionID(id)
            /// Reads and keeps as a dialect does; what is kept already must say the same.
            func answer() async throws -> String? {
                let (kept, ticket) = try stage.floor.keptQuestion(question, stage.directory, by: root)
                let answer = try await stage.floor.library(.node(node), by: root).question(id)?.answer
                let document = Array("\(answer ?? "")".utf8)
                #expect(kept == nil || kept == document)
                stage.floor.keep(document, of: question, stage.directory, ticket)
                return answer
            }
            func isKept() -> Bool { stage.floor.caches.questions.find(id, stage.directory).thing != nil }
            for expected in ["soon", "later", "never"] {
                #expect(!isKept())
                for _ in 0..<2 { #expect(try await answer() == expected) }
                #expect(isKept())
                var change = QuestionChange()
                change.answer = expected == "soon" ? "later" : "never"
                try await stage.floor.changeLibraryQuestion(question, change, by: root)
            }
            _ = try await answer()
            _ = try await stage.floor.provision(
                try ProvisionFile.read(
                    "workspace: north\nlibrary_questions: [{subject: When?, answer: now}]\n",
                    name: "more.yaml"))
            #expect(try await answer() == "now")
            try await stage.floor.deleteFromLibrary(node, by: root)
            let gone = await thrown { _ = try await answer() }
            #expect(gone is Refusal)
        }
    }
}
