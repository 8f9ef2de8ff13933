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
}
