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
            let path = "\(ed.base)/admin/api/deliveries"
            let failures = "\(path)?state=failed"
            #expect(try await stage.get(failures, as: ed).text.contains("No delivery is like that."))
            let directory = try stage.agent("ed").directory
            let crm = try #require(directory.callbacks.first)
            let due = try await stage.floor.dueDeliveries(of: crm.id, in: directory.workspace, limit: 10)
            let delivery = try #require(due.first)
            try await stage.floor.deliveryFailed(
                delivery, status: 500, problem: "answered 500 <script>", final: true)
            let page = try await stage.get(failures, as: ed).text
            #expect(page.contains("Answered &lt;b&gt;elsewhere&lt;/b&gt;") && page.contains(">crm</td>"))
            #expect(page.contains("answered 500 &lt;script&gt;") && page.contains("(1 try)"))
            #expect(try await stage.get(path, as: ana).status == .forbidden)
            let resend = "\(path)/\(delivery.id)/resend?state=failed"
            #expect(page.contains("action=\"\(resend)\""))
            #expect(try await stage.post(resend, [:], as: ana).status == .forbidden)
            let sent = try await stage.post(resend, [:], as: ed)
            #expect(sent.headers[.location] == "\(failures)&said=resent")
            #expect(try await stage.get("\(path)?said=resent", as: ed).text.contains("on its way again"))
            let again = try await stage.floor.dueDeliveries(of: crm.id, in: directory.workspace, limit: 10)
            #expect(again.map(\.id) == [delivery.id])
            let twice = try await stage.post(resend, [:], as: ed)
            #expect(twice.status == .conflict && twice.text.contains("has not failed"))
        }
    }

    @Test(arguments: EngineKind.tested)
    func agentsAreasAndSkillsAreDeletedWithoutStrandingWork(_ kind: EngineKind) async throws {
        try await DeskStage.run(kind) { stage in
            try await stage.addLevels()
            let file = "workspace: north\nskills: [german]\nareas: [{name: Returns}]"
            _ = try await stage.floor.provision(try ProvisionFile.read(file, name: "more.yaml"))
            let errand = try await stage.arrives("Where is it?")
            let ana = try await stage.signIn("ana")
            _ = try await stage.post("\(ana.base)/errands/\(errand)/take", [:], as: ana)
            let ed = try await stage.signIn("ed")
            let path = "\(ed.base)/admin/workforce"
            let page = try await stage.get(path, as: ed).text
            #expect(page.contains("Ana Berg") && page.contains("german") && page.contains("Returns"))
            #expect(try await stage.get(path, as: ana).status == .forbidden)
            let directory = try stage.agent("ed").directory
            let anaID = try stage.agent("ana").agent.id
            let sales = try #require(directory.areas.first { $0.name == "Sales" }).id
            let returns = try #require(directory.areas.first { $0.name == "Returns" }).id
            let german = try #require(directory.skills.first { $0.name == "german" }).id
            let anaPath = "\(ed.base)/admin/agents/\(anaID.raw)"
            #expect(try await stage.post("\(anaPath)/delete", [:], as: ana).status == .forbidden)

            let deleted = try await stage.post("\(anaPath)/delete", [:], as: ed)
            #expect(deleted.headers[.location] == "\(path)?said=agent-deleted")
            #expect(try await stage.view(errand, of: "ed").itemState == .waiting)
            #expect(try await stage.get(ana.base, as: ana).status == .seeOther)
            #expect(try await stage.get(path, as: ed).text.contains("data-test=\"revive\""))
            let revived = try await stage.post("\(anaPath)/revive", [:], as: ed)
            #expect(revived.headers[.location] == "\(path)?said=agent-revived")

            let areaPath = "\(ed.base)/admin/areas/\(sales.raw)/delete"
            let full = try await stage.post(areaPath, ["to": ""], as: ed)
            #expect(full.status == .conflict && full.text.contains("has 1 open errand"))
            let wrong = try await stage.post(areaPath, ["to": "x"], as: ed)
            #expect(wrong.status == .badRequest && wrong.text.contains("Name another area"))
            let gone = try await stage.post(areaPath, ["to": "\(returns.raw)"], as: ed)
            #expect(gone.headers[.location] == "\(path)?said=area-deleted")
            #expect(try await stage.view(errand, of: "ed").errand.area == returns)

            let skill = try await stage.post("\(ed.base)/admin/skills/\(german.raw)/delete", [:], as: ed)
            #expect(skill.headers[.location] == "\(path)?said=skill-deleted")
            #expect(try stage.agent("ed").directory.skills.isEmpty)
            #expect(try await stage.post("\(ed.base)/admin/skills/9/delete", [:], as: ed).status == .notFound)
        }
    }

    @Test(arguments: EngineKind.tested)
    func aTemplateIsShownAsUnsent(_ kind: EngineKind) async throws {
        try await DeskStage.run(kind) { stage in
            try await stage.addLevels()
            var new = NewErrand()
            new.from = "+46700000000"
            new.subject = "Order"
            new.template = NewTemplate(
                elementName: "order_<b>", namespace: "shop_7", params: "[{\"default\":\"Kim\"}]")
            var answer = NewAnswer()
            answer.userType = .solidus
            answer.userID = "4"
            new.answer = answer
            let errand = try await stage.arrives(new)
            let ana = try await stage.signIn("ana")
            let page = try await stage.get("\(ana.base)/errands/\(errand)", as: ana).text
            #expect(page.contains("data-test=\"whatsapp-template\"") && page.contains("not sent yet"))
            #expect(
                page.contains("order_&lt;b&gt;") && page.contains("[{&quot;default&quot;:&quot;Kim&quot;}]"))
        }
    }
}
