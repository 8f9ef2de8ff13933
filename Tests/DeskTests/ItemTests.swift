// Calls of another system at the desk: who may see, end and transfer them, and what strangers' words do there.
import Center
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Routing
import TestStores
import Testing

@testable import Desk

@Suite struct ItemTests {
    private func calls(_ stage: DeskStage, _ subject: String = "Order <b>7</b>") async throws -> Int64 {
        let directory = try #require(stage.floor.roster.workspace(named: "north"))
        let sales = try #require(directory.areas.first { $0.name == "Sales" })
        var new = NewExternalItem(queue: sales.queue, channel: .call)
        new.from = "+49 30 \"555\""
        new.subject = subject
        let by = Principal(workspace: directory.workspace, actor: .operator, via: .system)
        return try await stage.floor.openItem(new, by: by).id
    }

    private func offer(in panel: String) -> (item: String, epoch: String) {
        let key = between("data-offer=\"", "\"", in: panel).split(separator: ":").map(String.init)
        return key.count == 2 ? (key[0], key[1]) : ("none", "none")
    }

    @Test(arguments: EngineKind.tested)
    func aCallIsAcceptedAndEndedWithoutAnErrandsPage(_ kind: EngineKind) async throws {
        try await DeskStage.run(kind) { stage in
            let ana = try await stage.signIn("ana")
            try await stage.ready(ana)
            let call = try await calls(stage)
            let panel = try await stage.get("\(ana.base)/panel", as: ana).text
            #expect(panel.contains("data-test=\"offer\" data-errand=\"\""))
            #expect(panel.contains("Order &lt;b&gt;7&lt;/b&gt;") && panel.contains("+49 30 &quot;555&quot;"))
            #expect(panel.contains("A call is offered to you"))
            let (item, epoch) = offer(in: panel)
            #expect(item == "\(call)")
            let accepted = try await stage.post(
                "\(ana.base)/offers/\(item)/accept", ["epoch": epoch], as: ana)
            #expect(accepted.headers[.location] == "\(ana.base)/items/\(call)")
            let page = try await stage.get("\(ana.base)/items/\(call)", as: ana).text
            #expect(page.contains("Call, in hand") && page.contains("data-test=\"my-item\""))
            #expect(page.contains("<option value=\"agent-") == false, "nobody else is signed in")
            let why = try await stage.get("\(ana.base)/items/\(call)/why", as: ana).text
            #expect(why.contains("the router chose Ana Berg"))

            // Another agent sees it, because she serves the queue, but may do nothing with it.
            let bo = try await stage.signIn("bo")
            #expect(try await stage.get("\(bo.base)/items/\(call)", as: bo).status == .ok)
            for verb in ["end", "transfer"] {
                let tried = try await stage.post(
                    "\(bo.base)/items/\(call)/\(verb)", ["to": "queue-1"], as: bo)
                #expect(tried.status == .forbidden, "\(verb)")
            }
            // Whoever does not serve the queue, and whoever is of another workspace, sees nothing.
            let cy = try await stage.signIn("cy")
            let hidden = try await stage.get("\(cy.base)/items/\(call)", as: cy)
            #expect(hidden.status == .notFound && !hidden.text.contains("Order"))
            let south = try await stage.signIn("ana", workspace: "south")
            #expect(try await stage.get("/s/south/desk/items/\(call)", as: south).status == .notFound)

            let ended = try await stage.post("\(ana.base)/items/\(call)/end", [:], as: ana, fetched: true)
            #expect(ended.status == .noContent)
            let again = try await stage.post("\(ana.base)/items/\(call)/end", [:], as: ana, fetched: true)
            #expect(again.status == .conflict && again.text == "This work item is over already.\n")
            let over = try await stage.get("\(ana.base)/items/\(call)", as: ana).text
            #expect(over.contains("Call, over") && !over.contains("data-test=\"transfer-item\""))
        }
    }

    @Test(arguments: EngineKind.tested)
    func aTransferNamesAQueueOrAnAgentWhoIsThere(_ kind: EngineKind) async throws {
        try await DeskStage.run(kind) { stage in
            let ana = try await stage.signIn("ana")
            try await stage.ready(ana)
            let call = try await calls(stage)
            let (item, epoch) = offer(in: try await stage.get("\(ana.base)/panel", as: ana).text)
            _ = try await stage.post("\(ana.base)/offers/\(item)/accept", ["epoch": epoch], as: ana)
            let path = "\(ana.base)/items/\(call)/transfer"
            for wrong in ["", "queue", "queue-x", "desk-1", "agent-9999"] {
                #expect(try await stage.post(path, ["to": wrong], as: ana).status == .badRequest, "\(wrong)")
            }
            let directory = try #require(stage.floor.roster.workspace(named: "north"))
            let bo = try #require(directory.agent(login: "bo")).id.raw
            #expect(try await stage.post(path, ["to": "agent-\(bo)"], as: ana).status == .conflict)
            let vault = try #require(directory.areas.first { $0.name == "Vault" }).queue.raw
            let moved = try await stage.post(path, ["to": "queue-\(vault)"], as: ana)
            #expect(moved.headers[.location] == "\(ana.base)?said=item-transferred")
            #expect(
                !(try await stage.get("\(ana.base)/panel", as: ana).text.contains("data-test=\"my-item\"")))
            let unsigned = try await stage.post(path, ["to": "queue-1"], as: ana, csrf: false)
            #expect(unsigned.status == .forbidden)
        }
    }
}
