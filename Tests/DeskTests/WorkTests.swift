// Offers, errands and lists at the desk: what an agent may do and see, and what nobody may.
import Center
import Foundation
import Hummingbird
import HummingbirdTesting
import TestStores
import Testing

@testable import Desk

@Suite struct WorkTests {
    @Test(arguments: EngineKind.tested)
    func anOfferIsAcceptedAnsweredAndClosed(_ kind: EngineKind) async throws {
        try await DeskStage.run(kind) { stage in
            let ana = try await stage.signIn("ana")
            try await stage.ready(ana)
            let errand = try await stage.arrives(
                "Where is my parcel?", body: "Order 17.\nThanks", name: "Kim")
            let panel = try await stage.get("\(ana.base)/panel", as: ana).text
            #expect(panel.contains("data-test=\"offer\" data-errand=\"\(errand)\""))
            let (item, epoch) = offer(in: panel)
            let accepted = try await stage.post(
                "\(ana.base)/offers/\(item)/accept", ["epoch": epoch], as: ana)
            #expect(accepted.headers[.location] == "\(ana.base)/errands/\(errand)")
            let page = try await stage.get("\(ana.base)/errands/\(errand)", as: ana).text
            #expect(page.contains("data-test=\"message-body\">Order 17.\nThanks</div>"))
            #expect(page.contains("In your hands"))
            #expect(page.contains("Ana Berg took it"))
            #expect(!page.contains("data-test=\"offer\""))
            let version = between("name=\"version\" value=\"", "\"", in: page)
            let answered = try await stage.post(
                "\(ana.base)/errands/\(errand)/answer", ["version": version, "body": "On its way.\r\nAna"],
                as: ana)
            #expect(answered.headers[.location] == "\(ana.base)?said=answered")
            let view = try await view(errand, of: "ana", stage)
            #expect(view.errand.state == .closed)
            #expect(view.answers.map(\.body) == ["On its way.\nAna"])
            #expect(view.answers.map(\.subject) == ["Where is my parcel?"])
            let after = try await stage.get("\(ana.base)/errands/\(errand)", as: ana).text
            #expect(after.contains("Ana Berg answered") && after.contains("Ana Berg closed it"))
            #expect(!after.contains("data-test=\"answer-body\"") && !after.contains("data-test=\"take\""))
        }
    }

    @Test(arguments: EngineKind.tested)
    func anothersOfferCannotBeAccepted(_ kind: EngineKind) async throws {
        try await DeskStage.run(kind) { stage in
            let ana = try await stage.signIn("ana")
            let bo = try await stage.signIn("bo")
            try await stage.ready(ana)
            let errand = try await stage.arrives("One for Ana")
            let (item, epoch) = offer(in: try await stage.get("\(ana.base)/panel", as: ana).text)
            for verb in ["accept", "decline"] {
                let path = "\(bo.base)/offers/\(item)/\(verb)"
                let form = try await stage.post(path, ["epoch": epoch], as: bo)
                #expect(form.headers[.location] == "\(bo.base)?said=offer-over")
                let fetched = try await stage.post(path, ["epoch": epoch], as: bo, fetched: true)
                #expect(fetched.status == .conflict)
                #expect(fetched.text == "This offer is over.\n")
            }
            #expect(try await view(errand, of: "ana", stage).errand.agent == nil)
            let late = try await stage.post("\(ana.base)/offers/\(item)/accept", ["epoch": "999"], as: ana)
            #expect(late.headers[.location] == "\(ana.base)?said=offer-over")
            let right = try await stage.post("\(ana.base)/offers/\(item)/accept", ["epoch": epoch], as: ana)
            #expect(right.headers[.location] == "\(ana.base)/errands/\(errand)")
        }
    }

    @Test(arguments: EngineKind.tested)
    func anErrandOutOfReachIsNotThere(_ kind: EngineKind) async throws {
        try await DeskStage.run(kind) { stage in
            let errand = try await stage.arrives("Not for the vault")
            let cy = try await stage.signIn("cy")
            let page = try await stage.get("\(cy.base)/errands/\(errand)", as: cy)
            #expect(page.status == .notFound)
            #expect(page.text.contains("There is no such errand here."))
            #expect(!page.text.contains("Not for the vault"))
            for verb in ["take", "close", "return", "answer"] {
                let tried = try await stage.post(
                    "\(cy.base)/errands/\(errand)/\(verb)", ["version": "1", "body": "x"], as: cy)
                #expect(tried.status == .notFound)
            }
            let south = try await stage.signIn("ana", workspace: "south")
            #expect(try await stage.get("/s/south/desk/errands/\(errand)", as: south).status == .notFound)
            #expect(try await stage.get("\(cy.base)/errands/none", as: cy).status == .notFound)
            let directory = try #require(stage.floor.roster.workspace(named: "north"))
            let sales = try #require(directory.areas.first { $0.name == "Sales" })
            #expect(try await stage.get("\(cy.base)/areas/\(sales.id)", as: cy).status == .notFound)
        }
    }

    @Test(arguments: EngineKind.tested)
    func aRefusedAnswerComesBackWithItsText(_ kind: EngineKind) async throws {
        try await DeskStage.run(kind) { stage in
            let ana = try await stage.signIn("ana")
            let errand = try await stage.arrives("Old page")
            let path = "\(ana.base)/errands/\(errand)"
            #expect(try await stage.post("\(path)/take", [:], as: ana).headers[.location] == path)
            let stale = try await stage.post(
                "\(path)/answer", ["version": "1", "body": "\nMy <text>"], as: ana)
            #expect(stale.status == .conflict)
            #expect(stale.text.contains("This errand changed since you opened it; look at it again."))
            #expect(stale.text.contains(">\n\nMy &lt;text&gt;</textarea>"))
            let version = between("name=\"version\" value=\"", "\"", in: stale.text)
            let empty = try await stage.post(
                "\(path)/answer", ["version": version, "body": " \r\n"], as: ana)
            #expect(empty.status == .badRequest)
            #expect(try await view(errand, of: "ana", stage).answers.isEmpty)
            let bo = try await stage.signIn("bo")
            let taken = try await stage.post("\(bo.base)/errands/\(errand)/take", [:], as: bo)
            #expect(taken.status == .conflict)
            #expect(taken.text.contains("Ana Berg has this errand in hand."))
            let back = try await stage.post("\(path)/return", ["version": version], as: ana)
            #expect(back.headers[.location] == "\(ana.base)?said=returned")
            #expect(try await view(errand, of: "ana", stage).itemState == .waiting)
        }
    }

    @Test(arguments: EngineKind.tested)
    func whatCustomersWriteIsTextOnEveryPage(_ kind: EngineKind) async throws {
        try await DeskStage.run(kind) { stage in
            let ana = try await stage.signIn("ana")
            // The accent makes one character of itself and the quote or bracket before it.
            let hostile = "<script>alert(1)</script>\"\u{301} onfocus=alert(2) <\u{301}b>"
            let errand = try await stage.arrives(
                hostile,
                html: "<p>Hello<br>there &lt;i&gt; <script>alert(3)</script><img src=x onerror=alert(4)>",
                name: hostile)
            let directory = try #require(stage.floor.roster.workspace(named: "north"))
            let sales = try #require(directory.areas.first { $0.name == "Sales" })
            let list = try await stage.get("\(ana.base)/areas/\(sales.id)", as: ana).text
            try await stage.ready(ana)
            let panel = try await stage.get("\(ana.base)/panel", as: ana).text
            #expect(panel.contains("data-test=\"offer\""))
            let page = try await stage.get("\(ana.base)/errands/\(errand)", as: ana).text
            for text in [list, panel, page] {
                #expect(text.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
                #expect(!text.contains("<script>"))
                #expect(!Array(text.utf8).contains(sequence: Array("\"\u{301}".utf8)))
                #expect(!Array(text.utf8).contains(sequence: Array("<\u{301}".utf8)))
            }
            #expect(page.contains("data-test=\"message-body\">Hello\nthere &lt;i&gt;</div>"))
            #expect(!page.contains("onerror"))
        }
    }

    @Test(arguments: EngineKind.tested)
    func notReadyShowsItsReason(_ kind: EngineKind) async throws {
        try await DeskStage.run(kind) { stage in
            let ana = try await stage.signIn("ana")
            let path = "\(ana.base)/presence"
            let quiet = try await stage.post(
                path, ["to": "not-ready", "reason": "meet"], as: ana, fetched: true)
            #expect(quiet.status == .noContent)
            let panel = try await stage.get("\(ana.base)/panel", as: ana).text
            #expect(panel.contains("<span data-test=\"presence\">Not ready · Meeting</span>"))
            #expect(panel.contains("<option value=\"meet\" selected>"))
            _ = try await stage.post(path, ["to": "not-ready", "reason": ""], as: ana)
            #expect(try await stage.get("\(ana.base)/panel", as: ana).text.contains(">Not ready</span>"))
            #expect(
                try await stage.post(path, ["to": "not-ready", "reason": "x"], as: ana).status == .badRequest)
            #expect(try await stage.post(path, ["to": "dancing"], as: ana).status == .badRequest)
        }
    }

    @Test(arguments: EngineKind.tested)
    func aDeskHearsOnlyOfItsAgentsWork(_ kind: EngineKind) async throws {
        try await DeskStage.run(kind) { stage in
            let directory = try #require(stage.floor.roster.workspace(named: "north"))
            let heard = Heard()
            for login in ["ana", "bo", "cy"] {
                let agent = try #require(directory.agent(login: login))
                let interest = Interest(
                    workspace: directory.workspace, agent: agent.id, errand: nil, floor: stage.floor)
                _ = try stage.floor.bus.listen { events in
                    heard.add(
                        login, interest.pings(events).map(\.0),
                        last: events.contains { $0.kind == .signedOut })
                }
            }
            let ana = try await stage.signIn("ana")
            try await stage.ready(ana)
            _ = try await stage.arrives("For Ana")
            let (item, epoch) = offer(in: try await stage.get("\(ana.base)/panel", as: ana).text)
            _ = try await stage.post("\(ana.base)/offers/\(item)/accept", ["epoch": epoch], as: ana)
            _ = try await stage.post("\(ana.base)/sign-out", [:], as: ana)
            await heard.everybodySawTheEnd(3)
            #expect(heard.pings("ana").isSuperset(of: [.own, .signedOut]))
            #expect(heard.pings("bo") == [.counts])
            #expect(heard.pings("cy").isEmpty)
        }
    }

    private func offer(in panel: String) -> (item: String, epoch: String) {
        let key = between("data-offer=\"", "\"", in: panel).split(separator: ":").map(String.init)
        return key.count == 2 ? (key[0], key[1]) : ("none", "none")
    }

    private func view(_ errand: ErrandID, of login: String, _ stage: DeskStage) async throws -> ErrandView {
        let directory = try #require(stage.floor.roster.workspace(named: "north"))
        let agent = try #require(directory.agent(login: login))
        return try await stage.floor.errand(errand, for: agent.id, in: directory.workspace)
    }
}
