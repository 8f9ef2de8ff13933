// The pages of administrators: who gets them, and what they do.
import Center
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import TestStores
import Testing

@testable import Desk

@Suite struct AdministrationTests {
    @Test(arguments: EngineKind.tested)
    func anAdministratorErasesACustomerOnPurposeOnly(_ kind: EngineKind) async throws {
        try await DeskStage.run(kind) { stage in
            try await stage.addLevels()
            let errand = try await stage.arrives("My secret", body: "Kim's matter", name: "Kim Kimsson")
            let other = try await stage.arrives("Keep me", from: "lee@example.com")
            let ed = try await stage.signIn("ed")
            let path = "\(ed.base)/admin/contacts"
            #expect(try await stage.get(ed.base, as: ed).text.contains("href=\"\(path)\""))
            let unticked = try await stage.post("\(path)/erase", ["address": "kim@example.com"], as: ed)
            #expect(unticked.status == .badRequest && unticked.text.contains("Tick the box"))
            #expect(unticked.text.contains("value=\"kim@example.com\""))
            let unknown = try await stage.post(
                "\(path)/erase", ["address": "nobody@example.com", "sure": "yes"], as: ed)
            #expect(unknown.status == .notFound)
            #expect(unknown.text.contains("Nobody with this address is known here; nothing was erased."))
            #expect(try await stage.view(errand, of: "ana").errand.subject == "My secret")

            let done = try await stage.post(
                "\(path)/erase", ["address": " KIM@example.com ", "sure": "yes"], as: ed)
            #expect(done.status == .ok && done.text.contains("data-test=\"erased\""))
            #expect(done.text.contains("<dt>errands</dt><dd>1</dd>"))
            #expect(done.text.contains("<dt>of those were open and are closed now</dt><dd>1</dd>"))
            let erased = try await stage.view(errand, of: "ana")
            #expect(erased.errand.subject.isEmpty && erased.errand.state == .closed)
            #expect(try await stage.view(other, of: "ana").errand.subject == "Keep me")
        }
    }

    @Test(arguments: EngineKind.tested)
    func nobodyElseGetsThere(_ kind: EngineKind) async throws {
        try await DeskStage.run(kind) { stage in
            try await stage.addLevels()
            let errand = try await stage.arrives("Not yours to erase")
            for login in ["ana", "di"] {
                let browser = try await stage.signIn(login)
                let path = "\(browser.base)/admin/contacts"
                #expect(!(try await stage.get(browser.base, as: browser).text.contains("/admin/")))
                #expect(try await stage.get(path, as: browser).status == .forbidden)
                let tried = try await stage.post(
                    "\(path)/erase", ["address": "kim@example.com", "sure": "yes"], as: browser)
                #expect(tried.status == .forbidden)
            }
            #expect(try await stage.view(errand, of: "ana").errand.subject == "Not yours to erase")
            let stranger = try await stage.post(
                "/s/north/desk/admin/contacts/erase", ["address": "kim@example.com", "sure": "yes"])
            #expect(stranger.headers[.location] == "/s/north/desk/sign-in")
        }
    }

    @Test(arguments: EngineKind.tested)
    func aFailedCallbackIsSeenAndSentAgain(_ kind: EngineKind) async throws {
        try await DeskStage.run(kind) { stage in
            try await stage.addLevels()
            let file = """
                workspace: north
                callbacks:
                  - {name: crm, endpoint: "https://crm.example.com/hook", event: answer_errand}
                """
            _ = try await stage.floor.provision(try ProvisionFile.read(file, name: "callback.yaml"))
            let errand = try await stage.arrives("Answered <b>elsewhere</b>")
            let ana = try await stage.signIn("ana")
            let errandPath = "\(ana.base)/errands/\(errand)"
            _ = try await stage.post("\(errandPath)/take", [:], as: ana)
            let version = between(
                "name=\"version\" value=\"", "\"", in: try await stage.get(errandPath, as: ana).text)
            _ = try await stage.post("\(errandPath)/answer", ["version": version, "body": "Yes."], as: ana)
            let ed = try await stage.signIn("ed")
            let path = "\(ed.base)/admin/callbacks"
            #expect(try await stage.get(path, as: ed).text.contains("No callback has failed."))
            let directory = try stage.agent("ed").directory
            let crm = try #require(directory.callbacks.first)
            let due = try await stage.floor.dueDeliveries(of: crm.id, in: directory.workspace, limit: 10)
            let delivery = try #require(due.first)
            try await stage.floor.deliveryFailed(
                delivery, status: 500, problem: "answered 500 <script>", final: true)
            let page = try await stage.get(path, as: ed).text
            #expect(page.contains("Answered &lt;b&gt;elsewhere&lt;/b&gt;") && page.contains(">crm</td>"))
            #expect(page.contains("answered 500 &lt;script&gt;") && page.contains("(1 try)"))
            #expect(try await stage.get(path, as: ana).status == .forbidden)
            let resend = "\(path)/\(delivery.id)/resend"
            #expect(try await stage.post(resend, [:], as: ana).status == .forbidden)
            let sent = try await stage.post(resend, [:], as: ed)
            #expect(sent.headers[.location] == "\(path)?said=resent")
            #expect(try await stage.get("\(path)?said=resent", as: ed).text.contains("on its way again"))
            let again = try await stage.floor.dueDeliveries(of: crm.id, in: directory.workspace, limit: 10)
            #expect(again.map(\.id) == [delivery.id])
            let twice = try await stage.post(resend, [:], as: ed)
            #expect(twice.status == .conflict && twice.text.contains("has not failed"))
        }
    }
}
