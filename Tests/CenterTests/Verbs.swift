// Every verb that exists, as steps of a story that two suites tell: each finds the state it needs.

import Foundation
import Routing
import Testing

@testable import Center

/// One verb with its name.
struct Step {
    let name: String
    let run: (CenterStage) async throws -> Void
}

/// What steps leave for later ones.
final class Story {
    var first = ErrandID(0)
    var second = ErrandID(0)
    var third = ErrandID(0)
    var due: [DueDelivery] = []
    var call: ItemNow?
    /// Of a session that was signed in with a password.
    var token = ""

    static let password = "correct horse battery"

    static let file =
        CenterStage.file.replacingOccurrences(
            of: "  - {login_name: root,",
            with: "  - {login_name: dee, password: \(password)}\n  - {login_name: root,")
            + """
            integrations: [aventa]
            exports: [{name: all}]
            callbacks:
              - {name: c, endpoint: "http://localhost:9/"}
            """

    /// In an order in which each verb has work to do.
    var steps: [Step] {
        [
            Step(name: "provision") { stage in
                _ = try await stage.floor.provision(
                    try ProvisionFile.read(
                        """
                        workspace: north
                        tags: [urgent]
                        embed_origins: ["https://crm.example"]
                        facebook:
                          - {page_id: "111", app_secret: 0123456789abcdef, verify_token: meatyhamhock, area: Sales}
                        agents:
                          - {login_name: eva, skills: [french]}
                        areas:
                          - {name: Late, required_skills: [french]}
                          - {name: Spare}
                          - {name: Support, satisfaction: {question: Well?, labels: [a, b, c, d, e]}}
                        agent_groups:
                          - {name: sellers, agents: [ana, bo, dee, eva], areas: [Sales, Late]}
                        """, name: "more.yaml"))
            },
            Step(name: "sign in") { [self] stage in
                token = try await stage.floor.signIn(
                    workspace: "north", login: "dee", password: Self.password, via: .desk
                ).token
            },
            Step(name: "sign in by an access key, which is revoked") { stage in
                let (eva, root) = (try stage.agent("eva"), try stage.by("root"))
                let key = try await stage.floor.mintAccessKey(for: eva, expiry: 0, by: root)
                let signedIn = try await stage.floor.signIn(
                    workspace: "north", accessKey: key.id, secret: key.secret, origin: "https://crm.example")
                #expect(signedIn?.agent == eva)
                try await stage.floor.revokeAccessKey(key.id, of: eva, by: root)
            },
            Step(name: "set presence, signing in") { stage in try await stage.ready("ana") },
            Step(name: "open errand, offered") { [self] stage in first = try await stage.arrives("support") },
            Step(name: "decline offer") { stage in
                let offer = try #require(try await stage.offer(to: "ana"))
                try await stage.floor.declineOffer(offer.id, epoch: offer.epoch, by: try stage.by("ana"))
            },
            Step(name: "set presence, offered at once") { stage in try await stage.ready("cy") },
            Step(name: "accept offer") { stage in _ = try #require(try await stage.accepts("cy")) },
            Step(name: "open errand with a file, again a contact") { [self] stage in
                second = try await stage.arrives("support", file: Array(repeating: 7, count: 40_000))
            },
            Step(name: "an offer runs out") { stage in
                if try await stage.offer(to: "ana") != nil { stage.clock.pass(s: 20) }
                _ = try await stage.record("ana")
            },
            Step(name: "take errand, offered to another") { [self] stage in
                try await stage.floor.takeErrand(second, by: try stage.by("cy"))
            },
            Step(name: "note drafts") { [self] stage in
                try await stage.floor.noteDraft(second, isThere: true, by: try stage.by("cy"))
                try await stage.floor.noteDraft(second, isThere: false, by: try stage.by("cy"))
                try await stage.floor.noteDraft(second, isThere: true, by: try stage.by("cy"))
            },
            Step(name: "return errand") { [self] stage in
                try await stage.floor.returnErrand(second, by: try stage.by("cy"))
            },
            Step(name: "answer errand, wrap-up begins") { [self] stage in
                var answer = NewAnswer()
                answer.body = "Yes."
                try await stage.floor.answerErrand(
                    first, answer, version: try await stage.version(first), by: try stage.by("cy"))
            },
            Step(name: "choose satisfaction") { [self] stage in
                let path = stage.floor.satisfactionPath(first, 4, in: stage.workspace)
                _ = try await stage.floor.chooseSatisfaction(try #require(stage.link(path)))
                if try await stage.level(of: first) != 4 { throw StoryHitch() }
            },
            Step(name: "note ratings") { stage in
                let page = try #require(stage.directory.facebookPages.first).id
                let at = stage.floor.now
                try await stage.floor.noteFacebookRatings(
                    [
                        FacebookRatingChange(page: page, verb: .add, story: "1", rating: 5, at: at),
                        FacebookRatingChange(page: page, verb: .edit, story: "1", rating: 2, at: at),
                    ], in: stage.workspace)
            },
            Step(name: "read rating") { stage in
                _ = try await stage.floor.facebookRating(FacebookRatingID(1), by: stage.operatorHere)
            },
            Step(name: "extend wrap-up") { stage in
                try await stage.floor.extendWrapUp(
                    try stage.agent("cy"), until: stage.floor.now + 3_600_000, by: stage.operatorHere)
            },
            Step(name: "set readiness") { stage in
                try await stage.floor.setReadiness(
                    try stage.agent("bo"), Readiness(isReady: true), by: stage.operatorHere)
            },
            Step(name: "set agent's details") { stage in
                let skills = stage.directory.skills.map { ACDDetails.Skill(name: $0.name, has: true) }
                let details = ACDDetails(
                    cloudACDEnabled: true, sipEnabled: false, externalNumberEnabled: true,
                    externalNumber: "+4922155400300", isReady: false, skills: skills)
                try await stage.floor.setACDDetails(
                    try stage.agent("bo"), details, by: stage.operatorHere)
            },
            Step(name: "end wrap-up") { stage in
                try await stage.floor.endWrapUp(try stage.agent("cy"), by: try stage.by("cy"))
            },
            Step(name: "delivery failed") { [self] stage in
                let callback = try #require(stage.directory.callbacks.first)
                due = try await stage.floor.dueDeliveries(of: callback.id, in: stage.workspace, limit: 9)
                try await stage.floor.deliveryFailed(
                    try #require(due.first), status: 500, problem: "no", final: false)
            },
            Step(name: "delivery sent") { [self] stage in
                try await stage.floor.deliverySucceeded(try #require(due.first), status: 200)
            },
            Step(name: "close errand") { [self] stage in
                try await stage.floor.takeErrand(second, by: try stage.by("cy"))
                try await stage.floor.closeErrand(
                    second, version: try await stage.version(second), by: try stage.by("cy"))
            },
            Step(name: "a desk opens") { stage in
                try await stage.hasDesk("ana", true)
                if try await stage.record("ana").desk != .open { throw StoryHitch() }
            },
            Step(name: "a desk is missed") { stage in
                try await stage.hasDesk("ana", true)
                try await stage.ready("ana")
                try await stage.hasDesk("ana", false)
                // A writer that had to come back gives the desk its minute from then.
                _ = try await stage.record("ana")
                stage.clock.pass(s: 60)
                // The desk is also told of in a task of its own; a writer that comes back in that one gives another.
                if try await stage.record("ana").presence == .available { stage.clock.pass(s: 60) }
                if try await stage.record("ana").presence == .available { throw StoryHitch() }
            },
            Step(name: "open errand, closed by its answer") { stage in
                let site = try #require(stage.directory.tokens.first { $0.name == "sales" })
                var new = NewErrand()
                new.from = "lea@example.com"
                (new.messageID, new.requestDigest) = ("m", sha256Hex("m".utf8))
                new.answer = NewAnswer()
                new.answer?.body = "Done."
                _ = try await stage.floor.openErrand(
                    new, by: Principal(workspace: stage.workspace, actor: .token(site.id), via: .cention))
            },
            Step(name: "open errand, waiting") { [self] stage in third = try await stage.arrives("sales") },
            Step(name: "end errand") { [self] stage in
                let site = try #require(stage.directory.tokens.first { $0.name == "sales" })
                try await stage.floor.endErrand(
                    third, nil,
                    by: Principal(workspace: stage.workspace, actor: .token(site.id), via: .cention))
            },
            Step(name: "delete area, its work moved") { [self] stage in
                try await stage.ready("cy")
                third = try await stage.arrives("german")
                try await stage.floor.deleteArea(
                    try stage.area("German").id, movingTo: try stage.area("Support").id,
                    by: try stage.by("root"))
            },
            Step(name: "delete skill") { stage in
                try await stage.floor.deleteSkill(try stage.skill("german"), by: try stage.by("root"))
            },
            Step(name: "delete agent with an offer or work") { stage in
                try await stage.floor.deleteAgent(try stage.agent("cy"), by: try stage.by("root"))
            },
            Step(name: "revive agent") { stage in
                try await stage.floor.reviveAgent(try stage.agent("cy"), by: try stage.by("root"))
            },
            Step(name: "open item of another system") { [self] stage in
                try await stage.ready("ana")
                let queue = try stage.area("Support").queue
                call = try await stage.floor.openItem(
                    NewExternalItem(queue: queue, channel: .call), once: KeptRequest(key: "k", request: []),
                    by: try stage.pbx)
            },
            Step(name: "accept, end and abandon items") { [self] stage in
                let by = try stage.pbx
                if let offer = try await stage.offer(to: "ana") {
                    _ = try await stage.floor.accept(
                        OfferName(item: offer.id, epoch: offer.epoch, agent: try stage.agent("ana")), by: by)
                }
                let item = try await stage.look { [id = WorkItemID(self.call?.id ?? 0)] in $0.item(id) }
                guard let item else { return }
                if item.state.holder == nil {
                    _ = try await stage.floor.abandonItem(item.id, by: by)
                } else {
                    _ = try await stage.floor.endItem(item.id, by: by)
                }
            },
            Step(name: "open errand with its call, end the call") { stage in
                try await stage.ready("bo")
                _ = try await stage.comesWithCall("sales", extensionID: 2)
                var ended = EndedCall()
                (ended.integration, ended.deviceID, ended.extensionID) = ("aventa", 1, 2)
                let errand = try await stage.floor.endCall(ended, by: try stage.site("sales"))
                if errand == nil { throw StoryHitch() }
            },
            Step(name: "open errand whose call ended, in place of a call") { stage in
                try await stage.ready("bo")
                _ = try await stage.comesWithCall("sales", extensionID: 2)
                _ = try await stage.comesWithCall("sales", extensionID: 2) { $0.hasEnded = true }
            },
            Step(name: "trigger export") { stage in
                guard let row = try await stage.rows("SELECT id FROM export_preset").first else {
                    throw StoryHitch()
                }
                let token = try #require(stage.directory.tokens.first { $0.claims.contains(.export) })
                let by = Principal(workspace: stage.workspace, actor: .token(token.id), via: .cention)
                var export = try await stage.floor.export(
                    ExportPresetID(row.int("id")), ExportPeriod(), by: by)
                while try await export.piece() != nil {}
            },
            Step(name: "provision a library") { stage in
                _ = try await stage.floor.provision(
                    try ProvisionFile.read(
                        """
                        workspace: north
                        libraries: [{name: Shop, categories: [Shoes], questions: [When?]}]
                        library_categories: [{name: Shoes, libraries: [Shop]}]
                        library_questions:
                          - {subject: When?, answer: soon, attachments: [{name: f, content: QQ==}]}
                        """, name: "library.yaml"))
            },
            Step(name: "change a library") { stage in
                guard let shop = try await stage.rows("SELECT id FROM library").first else { return }
                var change = ShelfChange()
                change.isExternal = true
                change.holds = [LibraryNode(.library, shop.int("id")): true]
                try await stage.floor.changeShelf(
                    LibraryNode(.library, shop.int("id")), change, by: try stage.by("root"))
            },
            Step(name: "change a question") { stage in
                guard let row = try await stage.rows("SELECT id FROM library_question").first else { return }
                let id = LibraryQuestionID(row.int("id"))
                var change = QuestionChange()
                change.answer = "later"
                try await stage.floor.changeLibraryQuestion(id, change, by: try stage.by("root"))
            },
            Step(name: "delete a question") { stage in
                guard let row = try await stage.rows("SELECT id FROM library_question").first else { return }
                try await stage.floor.deleteFromLibrary(
                    LibraryNode(.question, row.int("id")), by: try stage.by("root"))
            },
            Step(name: "sign out") { [self] stage in
                guard let session = try await stage.floor.session(workspace: "north", token: token) else {
                    return
                }
                try await stage.floor.signOut(session, token: token, via: .desk)
            },
            Step(name: "expire sessions") { stage in
                let bo = try stage.agent("bo")
                if try await stage.count("SELECT COUNT(*) AS n FROM session") == 0 {
                    try await stage.ready("bo")
                    try await stage.plantSession(of: bo)
                }
                stage.clock.pass(s: 3_601)
                try await stage.floor.expireSessions()
                if try await stage.record("bo").presence != .signedOut { throw StoryHitch() }
            },
            Step(name: "forget drafts") { stage in try await stage.floor.forgetDrafts() },
            Step(name: "trim replays") { stage in
                stage.clock.pass(s: 24 * 3_600 + 1)
                try await stage.floor.trimReplays()
            },
            Step(name: "trim journal") { stage in try await stage.floor.trimJournal(keptMs: 1) },
        ]
    }
}

/// A step that tells of its failure by having no effect.
struct StoryHitch: Error {}

extension CenterStage {
    /// Opens or closes the agent's only stream, and has the router told.
    func hasDesk(_ login: String, _ wanted: Bool) async throws {
        let agent = try agent(login)
        let isOpen =
            if case .open? = floor.desks.listening(.init(workspace: workspace, agent: agent)) { true } else {
                false
            }
        if wanted, !isOpen { floor.deskOpened(agent, in: workspace) }
        if !wanted, isOpen { floor.deskClosed(agent, in: workspace) }
        await floor.reviewDesks()
    }
}
