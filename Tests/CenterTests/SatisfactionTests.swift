// The satisfaction meter: who is asked, whose links are genuine, and that a choice counts once.
import Foundation
import Routing
import TestStores
import Testing

@testable import Center

@Suite struct SatisfactionTests {
    private static let file =
        CenterStage.file.replacingOccurrences(
            of: "- {name: Support, priority: 3, wrap_up_s: 15}",
            with:
                "- {name: Support, satisfaction: {question: How did we do?, labels: [Awful, Bad, Fair, Good, Great]}}"
        )
            + """
            callbacks:
              - {name: c, endpoint: "http://localhost:9/"}
            """

    @Test(arguments: EngineKind.tested)
    func anAnswerAsksAndTheChoiceCountsOnce(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind, file: Self.file) { stage in
            let errand = try await stage.arrives("support")
            try await stage.answers(errand)
            let asked = try #require(try await stage.asked(of: errand))
            #expect(asked.question == "How did we do?")
            #expect(asked.levels.map(\.label) == ["Awful", "Bad", "Fair", "Good", "Great"])
            for level in asked.levels {
                #expect(
                    level.path.wholeMatch(
                        of: /\/errands\/satisfaction\/meter\/-\/answer\/[0-9a-f]+\/[0-9a-f]{32}/) != nil)
            }
            #expect(Set(asked.levels.map(\.path)).count == 5)
            let links = try asked.levels.map { try #require(stage.link($0.path)) }
            #expect(links.map(\.level) == [1, 2, 3, 4, 5])
            #expect(links.allSatisfy { $0.errand == errand && $0.workspace == stage.workspace })

            // Reading the report takes it off the list of changed errands; looking at a link does not bring it back.
            let reader = stage.operatorHere
            _ = try await stage.floor.errandReport(errand, by: reader)
            for link in links {
                let view = try await stage.floor.satisfaction(link)
                #expect(view.state == .open && view.asked.question == "How did we do?")
                #expect(view.organisation == "north")
            }
            #expect(try await stage.floor.changedErrands(in: stage.workspace).isEmpty)
            #expect(try await stage.level(of: errand) == nil)

            #expect(try await stage.floor.chooseSatisfaction(links[3]))
            #expect(try await stage.level(of: errand) == 4)
            #expect(try await stage.floor.changedErrands(in: stage.workspace) == [errand])
            let report = try await stage.floor.errandReport(errand, by: reader)
            #expect(report.satisfaction?.level == 4 && report.satisfaction?.label == "Good")
            #expect(report.actions.last?.kind == .rated && report.actions.last?.names.level == 4)

            // Neither the same nor another level counts again.
            for link in links { #expect(try await stage.floor.chooseSatisfaction(link) == false) }
            #expect(try await stage.floor.satisfaction(links[0]).state == .given(level: 4))
            #expect(try await stage.level(of: errand) == 4)
            #expect(try await stage.floor.changedErrands(in: stage.workspace).isEmpty)
            let events = try await stage.count(
                "SELECT COUNT(*) AS n FROM journal WHERE kind = 'errand.rated' AND data LIKE '%Good%'")
            #expect(events == 0)
        }
    }

    @Test(arguments: EngineKind.tested)
    func manyChoicesAtOnceAreOne(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind, file: Self.file) { stage in
            let errand = try await stage.arrives("support")
            try await stage.answers(errand)
            let asked = try #require(try await stage.asked(of: errand))
            let links = try asked.levels.map { try #require(stage.link($0.path)) }
            let floor = stage.floor
            let counted = try await withThrowingTaskGroup(of: Bool.self) { group in
                for n in 0..<25 { group.addTask { try await floor.chooseSatisfaction(links[n % 5]) } }
                return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(counted == 1)
            let events = try await stage.count(
                "SELECT COUNT(*) AS n FROM journal WHERE kind = 'errand.rated'")
            #expect(events == 1)
        }
    }

    @Test(arguments: EngineKind.tested)
    func onlyGenuineLinksAreRead(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind, file: Self.file) { stage in
            let errand = try await stage.arrives("support")
            let other = try await stage.arrives("support")
            try await stage.answers(errand)
            let path = stage.floor.satisfactionPath(errand, 2, in: stage.workspace)
            let words = stage.words(path)
            let (word, signature) = (words[0], words[1])
            #expect(stage.floor.satisfactionLink(word, signature)?.level == 2)
            // As a mail program may write it.
            #expect(stage.floor.satisfactionLink(word.uppercased(), signature.uppercased())?.level == 2)
            let others = stage.words(stage.floor.satisfactionPath(other, 2, in: stage.workspace))
            let foreign = stage.words(stage.floor.satisfactionPath(errand, 2, in: WorkspaceID(99)))
            let turned = String(signature.dropLast()) + (signature.hasSuffix("0") ? "1" : "0")
            let broken: [(String, String)] = [
                (others[0], signature), (word, others[1]), (foreign[0], signature), (word, foreign[1]),
                (word, turned), (word, ""), ("", signature), (word, String(signature.dropLast(2))),
                (word + "00", signature), (word, signature + "0"), ("zz", signature),
                ("\u{e9}\u{e9}", signature), (String(repeating: "a", count: 4_000), signature), (word, word),
            ]
            for (word, signature) in broken {
                #expect(stage.floor.satisfactionLink(word, signature) == nil, "\(word) \(signature)")
            }
            // A genuine link of an errand that nobody asked about.
            let early = try #require(stage.link(stage.floor.satisfactionPath(other, 1, in: stage.workspace)))
            let missing = Refusal.notFound("There is no such question here.")
            await #expect(throws: missing) { try await stage.floor.satisfaction(early) }
            await #expect(throws: missing) { try await stage.floor.chooseSatisfaction(early) }
            let nowhere = try #require(
                stage.link(stage.floor.satisfactionPath(errand, 1, in: WorkspaceID(99))))
            await #expect(throws: missing) { try await stage.floor.chooseSatisfaction(nowhere) }
        }
    }

    @Test(arguments: EngineKind.tested)
    func itIsOpenForNinetyDaysFromTheLastAnswer(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind, file: Self.file) { stage in
            let day: Int64 = 86_400
            let errand = try await stage.arrives("support")
            try await stage.answers(errand)
            let link = try #require(stage.link(stage.floor.satisfactionPath(errand, 5, in: stage.workspace)))
            stage.clock.pass(s: 60 * day)
            try await stage.floor.reopenErrand(errand, to: .queue, by: try stage.by("cy"))
            try await stage.answers(errand)
            stage.clock.pass(s: 90 * day - 1)
            #expect(try await stage.floor.satisfaction(link).state == .open)
            stage.clock.pass(s: 1)
            #expect(try await stage.floor.satisfaction(link).state == .over)
            #expect(try await stage.floor.chooseSatisfaction(link) == false)
            #expect(try await stage.level(of: errand) == nil)
        }
    }

    @Test(arguments: EngineKind.tested)
    func whoHasSaidItIsNotAskedAgain(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind, file: Self.file) { stage in
            let errand = try await stage.arrives("support")
            try await stage.answers(errand)
            let link = try #require(stage.link(stage.floor.satisfactionPath(errand, 1, in: stage.workspace)))
            #expect(try await stage.floor.chooseSatisfaction(link))
            try await stage.floor.reopenErrand(errand, to: .queue, by: try stage.by("cy"))
            try await stage.answers(errand)
            #expect(try await stage.asked(of: errand) == nil)
            // The first answer, sent again, is as it was.
            #expect(try await stage.asked(of: errand, first: true) != nil)
            #expect(try await stage.level(of: errand) == 1)
        }
    }

    @Test(arguments: EngineKind.tested)
    func areasAskAsTheirSettingsSay(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind, file: Self.file) { stage in
            // German asks nothing, Support asks until it is cleared.
            let german = try await stage.arrives("german")
            try await stage.answers(german)
            #expect(try await stage.asked(of: german) == nil)
            #expect(try await stage.rows("SELECT * FROM satisfaction").isEmpty)
            let before = try await stage.arrives("support")
            try await stage.answers(before)
            _ = try await stage.floor.provision(
                try ProvisionFile.read(
                    "workspace: north\nareas:\n  - {name: Support, satisfaction: null}", name: "off.yaml"))
            let after = try await stage.arrives("support")
            try await stage.answers(after)
            #expect(try await stage.asked(of: after) == nil)
            // What was asked is still open.
            let link = try #require(stage.link(stage.floor.satisfactionPath(before, 3, in: stage.workspace)))
            #expect(try await stage.floor.chooseSatisfaction(link))
            // A change of words is what those read who are asked afterwards.
            _ = try await stage.floor.provision(
                try ProvisionFile.read(
                    """
                    workspace: north
                    areas:
                      - {name: Support, satisfaction: {question: Q?, labels: [a, b, c, d, e]}}
                    """, name: "on.yaml"))
            #expect(try await stage.floor.satisfaction(link).asked.question == "How did we do?")
        }
    }

    @Test(arguments: EngineKind.tested)
    func afterErasureTheLinkIsGone(_ kind: EngineKind) async throws {
        try await CenterStage.run(kind, file: Self.file) { stage in
            let errand = try await stage.arrives("support", from: "gone@example.com")
            let rated = try await stage.arrives("support", from: "gone@example.com")
            for errand in [errand, rated] { try await stage.answers(errand) }
            let link = try #require(stage.link(stage.floor.satisfactionPath(errand, 4, in: stage.workspace)))
            let chosen = try #require(stage.link(stage.floor.satisfactionPath(rated, 4, in: stage.workspace)))
            #expect(try await stage.floor.chooseSatisfaction(chosen))
            _ = try await stage.floor.eraseContact(address: "gone@example.com", by: stage.operatorHere)
            for link in [link, chosen] {
                #expect(try await stage.floor.satisfaction(link).state == .erased)
                #expect(try await stage.floor.chooseSatisfaction(link) == false)
            }
            // A figure stays, as the times do.
            #expect(try await stage.level(of: errand) == nil)
            #expect(try await stage.level(of: rated) == 4)
        }
    }

    @Test(
        arguments: [
            ("[a, b, c, d]", "expected 5 labels"), ("[a, b, c, d, e, f]", "more than 5 labels"),
            ("[a, b, c, d, A]", "already on line"), ("[a, b, c, d, \"\"]", "a label of 1 to 100"),
            ("null", "expected 5 labels"), ("five", "a list of labels"),
        ])
    func fiveLabelsAreNeeded(_ labels: String, _ words: String) throws {
        let text = "workspace: a\nareas:\n  - {name: S, satisfaction: {question: Q, labels: \(labels)}}"
        let problem = try #require(refusal(of: text)).description
        #expect(problem.contains(words), "\(problem)")
    }
}

extension CenterStage {
    /// Cy takes it and answers.
    func answers(_ errand: ErrandID) async throws {
        try await floor.takeErrand(errand, by: try by("cy"))
        var answer = NewAnswer()
        answer.body = "Yes."
        let row = try await rows("SELECT version FROM errand WHERE id = \(errand)")
        try await floor.answerErrand(errand, answer, version: row[0].int("version"), by: try by("cy"))
    }

    /// What the callback of the errand's newest answer asks, or of its first.
    func asked(of errand: ErrandID, first: Bool = false) async throws -> AnsweredErrand.Asked? {
        let found = try await rows(
            "SELECT id, callback, answer FROM delivery WHERE errand = \(errand) ORDER BY id")
        let row = try #require(first ? found.first : found.last)
        let due = DueDelivery(
            workspace: workspace, id: DeliveryID(row.int("id")), callback: CallbackID(row.int("callback")),
            errand: errand, answer: AnswerID(row.int("answer")), attempts: 0)
        return try await floor.deliveryContent(due)?.1.asks
    }

    /// The link's two words of hex.
    func words(_ path: String) -> [String] { path.split(separator: "/").suffix(2).map(String.init) }

    func link(_ path: String) -> SatisfactionLink? {
        let words = words(path)
        return floor.satisfactionLink(words[0], words[1])
    }

    /// As an export reads it.
    func level(of errand: ErrandID) async throws -> Int64? {
        try await rows(
            """
            SELECT s.level FROM errand AS e LEFT JOIN satisfaction AS s
                ON s.workspace = e.workspace AND s.errand = e.id
            WHERE e.workspace = \(workspace) AND e.id = \(errand)
            """
        ).first?.intOrNil("level")
    }
}
