// Transfer, priority, reopening: who may, where the errand stands then, and that nobody's work is stuck.
import Center
import Hummingbird
import HummingbirdTesting
import Routing
import TestStores
import Testing

@testable import Desk

@Suite struct ErrandMoveTests {
    @Test(arguments: EngineKind.tested)
    func aTransferToAnAreaOffersItThere(_ kind: EngineKind) async throws {
        try await DeskStage.run(kind) { stage in
            let ana = try await stage.signIn("ana")
            let cy = try await stage.signIn("cy")
            try await stage.ready(cy)
            let errand = try await stage.arrives("For the vault")
            try await stage.act("take", errand, as: ana)
            let vault = try stage.area("Vault")
            let moved = try await stage.act("transfer", errand, [("to", "area:\(vault.id)")], as: ana)
            #expect(moved.headers[.location] == "\(ana.base)?said=transferred")
            #expect(try await stage.view(errand, of: "cy").itemState == .offered(try stage.person("cy").id))
            let panel = try await stage.get("\(cy.base)/panel", as: cy).text
            #expect(panel.contains("data-test=\"offer\" data-errand=\"\(errand)\""))
            // Whoever sent it away and serves its new area not, does not see it any more.
            #expect(try await stage.get("\(ana.base)/errands/\(errand)", as: ana).status == .notFound)
            let page = try await stage.page(errand, as: cy)
            #expect(page.contains("Ana Berg moved it to Vault"))
        }
    }

    @Test(arguments: EngineKind.tested)
    func aTransferGoesOnlyWhereSomebodyIs(_ kind: EngineKind) async throws {
        try await DeskStage.run(kind) { stage in
            let ana = try await stage.signIn("ana")
            let errand = try await stage.arrives("For Bo")
            try await stage.act("take", errand, as: ana)
            let bo = try stage.person("bo").id
            let away = try await stage.act("transfer", errand, [("to", "agent:\(bo.raw)")], as: ana)
            #expect(away.status == .conflict)
            #expect(away.text.contains("Bo Lind is signed out"))
            for target in [try stage.person("cy").id, try stage.person("ole").id, AgentID(999)] {
                let refused = try await stage.act(
                    "transfer", errand, [("to", "agent:\(target.raw)")], as: ana)
                #expect(refused.status == .badRequest)
            }
            for target in ["", "area:", "area:999", "area:\(try stage.area("Sales").id)", "nobody:1"] {
                #expect(
                    try await stage.act("transfer", errand, [("to", target)], as: ana).status == .badRequest)
            }
            #expect(try await stage.view(errand, of: "ana").itemState == .active(try stage.person("ana").id))
            let desk = try await stage.signIn("bo")
            #expect(try await stage.page(errand, as: ana).contains("value=\"agent:\(bo.raw)\""))
            try await stage.act("transfer", errand, [("to", "agent:\(bo.raw)")], as: ana)
            #expect(try await stage.view(errand, of: "bo").itemState == .active(bo))
            let page = try await stage.page(errand, as: desk)
            #expect(page.contains("Ana Berg gave it to Bo Lind"))
            #expect(!page.contains("Bo Lind took it") && !page.contains("Went back to the queue"))
            #expect(page.contains("data-test=\"answer-body\""))
        }
    }

    @Test(arguments: EngineKind.tested)
    func onlyTheHolderOrAnAdministratorMovesWorkInHand(_ kind: EngineKind) async throws {
        try await DeskStage.run(kind) { stage in
            let ana = try await stage.signIn("ana")
            let bo = try await stage.signIn("bo")
            let ada = try await stage.signIn("ada")
            let ole = try await stage.signIn("ole")
            let errand = try await stage.arrives("Whose is it?")
            let vault = "area:\(try stage.area("Vault").id)"
            // Their pages have no such form; what counts is what the server says to one.
            let waiting = try await stage.page(errand, as: ana)
            let looking = try await stage.act("transfer", errand, [("to", vault)], as: ole, on: waiting)
            #expect(looking.status == .forbidden)
            try await stage.act("take", errand, as: ana)
            let held = try await stage.page(errand, as: ana)
            let others = try await stage.act("transfer", errand, [("to", vault)], as: bo, on: held)
            #expect(others.status == .conflict)
            #expect(others.text.contains("Ana Berg has this errand in hand"))
            #expect(!(try await stage.page(errand, as: bo)).contains("data-test=\"transfer\""))
            let own = try stage.person("ada").id
            let over = try await stage.act("transfer", errand, [("to", "agent:\(own.raw)")], as: ada)
            #expect(over.headers[.location] == "\(ada.base)/errands/\(errand)")
            #expect(try await stage.view(errand, of: "ada").itemState == .active(own))
            #expect(try await stage.page(errand, as: ada).contains("Ada Lund took it over"))
        }
    }

    @Test(arguments: EngineKind.tested)
    func aPriorityCountsAtOnce(_ kind: EngineKind) async throws {
        try await DeskStage.run(kind) { stage in
            let ana = try await stage.signIn("ana")
            let first = try await stage.arrives("First")
            let second = try await stage.arrives("Second")
            let set = try await stage.act("priority", second, [("priority", "0")], as: ana)
            #expect(set.status == .seeOther)
            for wrong in ["-1", "1000001", "high", ""] {
                #expect(
                    try await stage.act("priority", first, [("priority", wrong)], as: ana).status
                        == .badRequest)
            }
            #expect(try await stage.view(second, of: "ana").errand.priority == 0)
            try await stage.ready(ana)
            #expect(try await stage.view(second, of: "ana").itemState == .offered(try stage.person("ana").id))
            #expect(try await stage.page(second, as: ana).contains("Ana Berg set the priority to 0"))
        }
    }

    @Test(arguments: EngineKind.tested)
    func reopeningGoesToTheQueueOrIntoOnesHands(_ kind: EngineKind) async throws {
        try await DeskStage.run(kind) { stage in
            let ana = try await stage.signIn("ana")
            let bo = try await stage.signIn("bo")
            try await stage.ready(bo)
            let errand = try await stage.arrives("Again")
            // It is offered to Bo; Ana takes it all the same, answers and closes.
            try await stage.act("take", errand, as: ana)
            try await stage.act("answer", errand, [("body", "One")], as: ana)
            let mine = try await stage.act("reopen", errand, [("to", "hands")], as: ana)
            #expect(mine.headers[.location] == "\(ana.base)/errands/\(errand)")
            #expect(try await stage.view(errand, of: "ana").itemState == .active(try stage.person("ana").id))
            // Nobody else was asked for a moment.
            #expect(!(try await stage.get("\(bo.base)/panel", as: bo).text.contains("data-test=\"offer\"")))
            #expect(try await stage.act("reopen", errand, as: ana).status == .conflict)
            try await stage.act("answer", errand, [("body", "Two")], as: ana)
            #expect(try await stage.view(errand, of: "ana").answers.map(\.body) == ["One", "Two"])
            let queue = try await stage.act("reopen", errand, [("to", "queue")], as: ana)
            #expect(queue.headers[.location] == "\(ana.base)/errands/\(errand)?said=reopened")
            let again = try await stage.view(errand, of: "bo")
            #expect(again.itemState == .offered(try stage.person("bo").id))
            #expect(again.errand.state == .open && again.errand.closedAt == nil && again.errand.agent == nil)
            #expect(again.errand.answeredAt != nil)
            #expect(try await stage.page(errand, as: ana).contains("Ana Berg reopened it"))
            let ole = try await stage.signIn("ole")
            try await stage.act("take", errand, as: bo)
            try await stage.act("close", errand, as: bo)
            #expect(try await stage.act("reopen", errand, as: ole).status == .forbidden)
        }
    }

    @Test(arguments: EngineKind.tested)
    func theSecondAnswerIsToldWhatChanged(_ kind: EngineKind) async throws {
        try await DeskStage.run(kind) { stage in
            let ana = try await stage.signIn("ana")
            let ada = try await stage.signIn("ada")
            let errand = try await stage.arrives("Two answers")
            try await stage.act("take", errand, as: ana)
            let old = try await stage.page(errand, as: ana)
            try await stage.act(
                "transfer", errand, [("to", "agent:\(try stage.person("ada").id.raw)")], as: ada)
            try await stage.act("answer", errand, [("body", "From Ada")], as: ada)
            let late = try await stage.act("answer", errand, [("body", "From <Ana>")], as: ana, on: old)
            #expect(late.status == .conflict)
            let changes = between("data-test=\"what-changed\"", "</section>", in: late.text)
            #expect(changes.contains("Ada Lund took it over"))
            #expect(changes.contains("Ada Lund answered") && changes.contains("Ada Lund closed it"))
            #expect(!changes.contains("Arrived") && !changes.contains("Ana Berg took it"))
            #expect(late.text.contains("data-test=\"unsent\">\nFrom &lt;Ana&gt;</textarea>"))
            #expect(try await stage.view(errand, of: "ana").answers.map(\.body) == ["From Ada"])
        }
    }
}
