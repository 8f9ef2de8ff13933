// A person who is erased is nowhere any more, nobody else is touched, and what is cut short can be finished.
import Foundation
import Routing
import Store
import TestStores
import Testing

@testable import Center

@Suite(.timeLimit(.minutes(5))) struct ErasureTests {
    private static let marker = "zebrafinch"

    /// A column that is in no list would keep what it holds for ever.
    @Test(arguments: EngineKind.tested) func everyColumnIsInOneList(_ kind: EngineKind) async throws {
        try await ErasureStage.run(kind) { stage in
            var listed: [String] = []
            for table in [
                PersonalData.errand, PersonalData.contact, PersonalData.externalItem,
                PersonalData.facebookRating,
            ]
                + PersonalData.parts
            {
                listed += table.blanks.map { "\(table.name).\($0.key)" }
            }
            for (table, columns) in PersonalData.byHand { listed += columns.map { "\(table).\($0)" } }
            for (table, columns) in PersonalData.notPersonal { listed += columns.map { "\(table).\($0)" } }
            let textual = try await stage.store.read { try ErasureStage.columns($0, textual: true) }
            let there = textual.flatMap { table, columns in columns.map { "\(table).\($0)" } }
            let twice = Dictionary(grouping: listed, by: { $0 }).filter { $1.count > 1 }.keys.sorted()
            #expect(twice.isEmpty)
            #expect(Set(there).subtracting(listed).sorted().isEmpty, "neither personal nor not personal")
            // Figures may be blanked too.
            #expect(Set(listed).subtracting(there).sorted() == ["attachment.size"])
            // A new table that names files must keep them from being deleted.
            let naming = textual.filter { $1.contains("digest") && $1.contains("content_type") }.keys.sorted()
            #expect(naming == PersonalData.filesNamedBy.sorted())
        }
    }

    @Test(arguments: EngineKind.tested) func theMarkerIsGone(_ kind: EngineKind) async throws {
        try await ErasureStage.run(kind) { stage in
            let marker = Self.marker
            // Enough of it, between others, that pages and free pages had to be moved about.
            for number in 0..<300 {
                let errand = try await stage.arrives(
                    marker, files: number % 20 == 0, words: number * 37 % 500, template: number == 1)
                if number % 2 == 0 { try await stage.answered(errand, marker) }
                if number % 20 == 0 { try await stage.annotated(errand, marker) }
                _ = try await stage.arrives(
                    "magpie\(number)", files: number % 20 == 0, words: number * 13 % 300)
            }
            var card = ContactCard()
            card.addresses[.email] = ["\(marker)@example.com"]
            card.custom = [.init(label: "\(marker) label", value: "\(marker) value")]
            _ = try await stage.floor.upsertContact(card, by: stage.person)
            for _ in 0..<20 { try await stage.calls(marker) }
            try await stage.rates(marker)
            if kind == .postgres {
                let connection = try stage.store.engine.connect()
                try connection.executeNow("ANALYZE")
                connection.close()
            }
            let before = try await stage.places(saying: marker)
            var personal: Set<String> = [
                "contact_address.address", "contact_address.folded", "contact_custom.label",
                "contact_custom.value", "facebook_rating.story",
            ]
            for table in [
                PersonalData.errand, PersonalData.contact, PersonalData.externalItem,
                PersonalData.facebookRating,
            ]
                + PersonalData.parts
            {
                for (column, _) in table.blanks where column != "size" && column != "digest" {
                    personal.insert("\(table.name).\(column)")
                }
            }
            if kind == .postgres { personal.insert("blob_chunk.bytes") }
            #expect(personal.subtracting(before).sorted().isEmpty, "the test plants no marker there")
            #expect(try stage.files(saying: marker).isEmpty == (kind == .postgres))
            let figures = try await Self.figures(stage)

            let erased = try await stage.floor.eraseContact(
                address: " ZebraFinch@Example.com ", by: stage.person)

            #expect(erased.contacts == 1 && erased.addresses == 1 && erased.errands == 300)
            #expect(erased.items == 20 && erased.ratings == 20)
            #expect(erased.errandsClosed == 149 && erased.deliveriesEnded == 151)
            #expect(erased.parts["message"] == 300 && erased.parts["attachment"] == 30)
            #expect(erased.filesDeleted == 1 && erased.filesKept == 0 && !erased.oldCopiesLeft)
            let after = try await stage.places(saying: marker)
            #expect(after.sorted() == [])
            #expect(try stage.files(saying: marker) == [])
            #expect(try await Self.figures(stage) == figures)
            #expect(
                try await stage.count("replay WHERE errand IN (SELECT id FROM errand WHERE erased_at > 0)")
                    == 0)
            // The others are as they were.
            #expect(try await stage.count("errand WHERE erased_at IS NULL AND from_name <> ''") == 300)
            let again = await refused {
                _ = try await stage.floor.eraseContact(address: "\(marker)@example.com", by: stage.person)
            }
            #expect(again == .notFound("Nobody with this address is known here; nothing was erased."))
        }
    }

    /// What reports count, errand by errand; an open errand's end is the erasure's own.
    private static func figures(_ stage: ErasureStage) async throws -> [[Int64?]] {
        try await stage.store.read { reader in
            var figures: [[Int64?]] = []
            for table in [
                "contact", "contact_address", "message", "answer", "response", "recipient", "attachment",
            ] {
                let sql = SQL(name: "SELECT COUNT(*) AS n FROM \(table)")
                figures.append([try reader.query(sql)[0].int("n")])
            }
            let sql: SQL = """
                SELECT id, area, contact, agent, arrived_at, opened_at, answered_at,
                    CASE WHEN answered_at IS NULL THEN 0 ELSE closed_at END AS closed_at, handling_ms
                FROM errand ORDER BY id
                """
            for row in try reader.query(sql) {
                figures.append(
                    [
                        "id", "area", "contact", "agent", "arrived_at", "opened_at", "answered_at",
                        "closed_at",
                        "handling_ms",
                    ].map { row.intOrNil($0) })
            }
            return figures
        }
    }

    @Test(arguments: EngineKind.tested) func otherPeopleKeepWhatTheyShare(_ kind: EngineKind) async throws {
        try await ErasureStage.run(kind) { stage in
            let shared = ErasureStage.largeFile("shared")
            let hers = try await stage.arrives("heron", large: shared)
            let his = try await stage.arrives("ibis", large: shared)
            // The same address in another workspace is another person.
            _ = try await stage.arrives("heron", large: shared, by: stage.southSite)
            let first = try await stage.floor.eraseContact(address: "heron@example.com", by: stage.person)
            #expect(first.filesDeleted == 0 && first.filesKept == 1)
            let digest = sha256Hex(shared)
            #expect(try await stage.floor.blobs.read(digest, in: stage.workspace) == shared)
            let left = try await stage.places(saying: "heron")
            #expect(left.contains("message.body"))
            #expect(try await stage.count("errand WHERE id = \(hers) AND erased_at > 0") == 1)
            #expect(
                try await stage.count("errand WHERE id = \(his) AND erased_at IS NULL AND subject <> ''") == 1
            )

            let second = try await stage.floor.eraseContact(address: "ibis@example.com", by: stage.person)
            #expect(second.filesDeleted == 1)
            #expect(try await stage.count("unwanted_blob") == 0)
            let south = try await stage.floor.blobs.read(digest, in: stage.southSite.workspace)
            #expect(south == shared)
            // Who writes from the address again is somebody new.
            let again = try await stage.arrives("heron")
            let cards = try await stage.count(
                "errand AS a JOIN errand AS b ON a.workspace = b.workspace AND a.contact = b.contact WHERE a.workspace = \(stage.workspace) AND a.id = \(hers) AND b.id = \(again)"
            )
            #expect(cards == 0)
        }
    }

    @Test(arguments: EngineKind.tested) func openErrandsEndAndStayEnded(_ kind: EngineKind) async throws {
        try await ErasureStage.run(kind) { stage in
            let ana = try stage.agent("ana")
            let taken = try await stage.arrives("heron")
            let waiting = try await stage.arrives("heron")
            try await stage.floor.setPresence(try #require(ana.agent), .available, by: ana)
            try await stage.floor.takeErrand(taken, by: ana)
            let erased = try await stage.floor.eraseContact(address: "heron@example.com", by: stage.person)
            #expect(erased.errandsClosed == 2)
            #expect(try await stage.count("work_item WHERE state < 9") == 0)
            let again = await refused {
                try await stage.floor.endErrand(waiting, nil, by: stage.site)
            }
            let take = await refused { try await stage.floor.takeErrand(taken, by: ana) }
            let gone = Refusal.conflict(
                "Who wrote this errand was erased; nothing can be done with it any more.")
            #expect(again == gone && take == gone)
        }
    }

    @Test(arguments: EngineKind.tested) func onlyAdministratorsErase(_ kind: EngineKind) async throws {
        try await ErasureStage.run(kind) { stage in
            _ = try await stage.arrives("heron")
            let system = Principal.system(stage.workspace)
            for principal in [try stage.agent("ana"), stage.site, system] {
                let answer = await refused {
                    _ = try await stage.floor.eraseContact(address: "heron@example.com", by: principal)
                }
                #expect(answer == .forbidden("Only an administrator may erase a person."))
            }
            let unknown = await refused {
                _ = try await stage.floor.eraseContact(address: "nobody@example.com", by: stage.person)
            }
            #expect(unknown == .notFound("Nobody with this address is known here; nothing was erased."))
            #expect(try await stage.count("errand WHERE erased_at IS NULL") == 1)
            let erased = try await stage.floor.eraseContact(
                address: "heron@example.com", by: try stage.agent("eve"))
            #expect(erased.errands == 1)
        }
    }

    /// A statement or a commit fails, at each place in turn: erasing again leaves nothing.
    @Test(arguments: EngineKind.tested, [false, true])
    func anErasureCutShortIsFinished(_ kind: EngineKind, failingCommits: Bool) async throws {
        let plan = FaultPlan()
        try await ErasureStage.run(kind, plan: plan) { stage in
            var cutShort = 0
            for number in 1...500 {
                let marker = "wader\(number)x"
                try await stage.answered(try await stage.arrives(marker), marker)
                _ = try await stage.arrives(marker)
                if failingCommits {
                    plan.restart(commit: number)
                } else {
                    plan.restart(statement: number)
                }
                let address = "\(marker)@example.com"
                let finished = await succeeds {
                    _ = try await stage.floor.eraseContact(address: address, by: stage.person)
                }
                let seen = failingCommits ? plan.commits : plan.statements
                plan.restart()
                if !finished {
                    cutShort += 1
                    // Whether the person is still known decides: only the last steps come after that.
                    let again = await refused {
                        _ = try await stage.floor.eraseContact(address: address, by: stage.person)
                    }
                    if let again {
                        #expect(
                            again == .notFound("Nobody with this address is known here; nothing was erased."))
                    }
                }
                let left = try await stage.places(saying: marker)
                #expect(left.filter { !$0.hasPrefix("statistics") }.sorted() == [], "after fault \(number)")
                #expect(try await stage.count("unwanted_blob") == 0)
                if seen < number { break }
                #expect(number < 500, "an erasure of two errands never came to its end")
            }
            #expect(cutShort > 5)
        }
    }

    /// An errand that arrives after the others were erased keeps the card for one more pass.
    @Test(arguments: EngineKind.tested) func theCardWaitsForTheLastErrand(_ kind: EngineKind) async throws {
        try await ErasureStage.run(kind) { stage in
            let first = try await stage.arrives("heron")
            _ = try await stage.floor.eraseErrandRows([first], by: stage.person)
            let contact = try await stage.store.read { reader in
                ContactID(try reader.query("SELECT id FROM contact")[0].int("id"))
            }
            let late = try await stage.arrives("heron")
            var erased = ErasedContact()
            let isDone = try await stage.floor.eraseCard(contact, by: stage.person, &erased)
            #expect(!isDone && erased == ErasedContact())
            #expect(try await stage.count("contact WHERE erased_at IS NULL AND name <> ''") == 1)
            _ = try await stage.floor.eraseErrandRows([late], by: stage.person)
            let isDoneNow = try await stage.floor.eraseCard(contact, by: stage.person, &erased)
            #expect(isDoneNow && erased.addresses == 1)
        }
    }

    /// What was stored for a verb that has not run yet is not deleted before it.
    @Test(arguments: EngineKind.tested) func aFileUnderWayStays(_ kind: EngineKind) async throws {
        try await ErasureStage.run(kind) { stage in
            let blobs = stage.floor.blobs
            let bytes = ErasureStage.largeFile("heron")
            let digest = sha256Hex(bytes)
            let file = NewAttachment(name: "a", contentType: "text/plain", bytes: bytes)
            var kept = try await blobs.keep([file], in: stage.workspace)
            var keptAgain = try await blobs.keep([file], in: stage.workspace)
            #expect(try await blobs.deleteUnnamed(digest, in: stage.workspace) == .underWay)
            kept = []
            #expect(try await blobs.deleteUnnamed(digest, in: stage.workspace) == .underWay)
            #expect(try await blobs.read(digest, in: stage.workspace) == bytes)
            keptAgain = []
            #expect(kept.isEmpty && keptAgain.isEmpty)
            #expect(try await blobs.deleteUnnamed(digest, in: stage.workspace) == .deleted)
            #expect(try await blobs.deleteUnnamed(digest, in: stage.workspace) == .deleted)
            #expect(try stage.files(saying: digest) == [])
            #expect(try await stage.count("blob_chunk") == 0)
        }
    }

    /// While a person is erased, the person writes on, with the same file.
    @Test(arguments: EngineKind.tested) func whoWritesOnIsSomebodyNew(_ kind: EngineKind) async throws {
        try await ErasureStage.run(kind) { stage in
            let file = ErasureStage.largeFile("shared")
            for _ in 0..<5 { _ = try await stage.arrives("heron", large: file) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        for _ in 0..<15 { _ = try await stage.arrives("heron", large: file) }
                    }
                }
                group.addTask {
                    for _ in 0..<6 {
                        let answer = await refused {
                            _ = try await stage.floor.eraseContact(
                                address: "heron@example.com", by: stage.person)
                        }
                        #expect(
                            answer == nil
                                || answer
                                    == .notFound(
                                        "Nobody with this address is known here; nothing was erased.")
                        )
                    }
                }
                try await group.waitForAll()
            }
            // An errand is erased with its card or not at all, and every file that a row names is there.
            let torn = try await stage.count(
                """
                errand AS e JOIN contact AS c ON c.workspace = e.workspace AND c.id = e.contact
                WHERE (e.erased_at IS NULL) <> (c.erased_at IS NULL)
                """)
            #expect(torn == 0)
            let digests = try await stage.store.read { reader in
                try reader.query("SELECT DISTINCT digest FROM attachment WHERE digest IS NOT NULL")
                    .map { $0.text("digest") }
            }
            for digest in digests {
                #expect(try await stage.floor.blobs.read(digest, in: stage.workspace) == file)
            }
            _ = try await stage.arrives("heron", large: file)
            _ = try await stage.floor.eraseContact(address: "heron@example.com", by: stage.person)
            #expect(try await stage.places(saying: "heron").sorted() == [])
            #expect(try stage.files(saying: "heron") == [])
            #expect(try stage.files(saying: "Large shared") == [])
        }
    }
}

/// The refusal that `body` ends with; nil when it succeeds.
private func refused(_ body: () async throws -> Void) async -> Refusal? {
    do {
        try await body()
        return nil
    } catch let refusal as Refusal {
        return refusal
    } catch {
        Issue.record("no refusal: \(error)")
        return nil
    }
}

private func succeeds(_ body: () async throws -> Void) async -> Bool {
    do {
        try await body()
        return true
    } catch {
        return false
    }
}
