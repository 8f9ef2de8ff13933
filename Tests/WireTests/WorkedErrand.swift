// An errand that an agent worked on: opened, tagged, answered.
import Foundation
import Routing
import Testing

@testable import Center

enum WorkedErrand {
    /// Opens an errand with the token, and lets ana of demo accept, tag and answer it.
    static func done(on server: WireServer, token: String) async throws {
        let floor = server.floor
        let (_, sender, directory) = try floor.bearer(token, workspace: nil, claims: [.createErrand])
        var new = NewErrand()
        new.name = "Cention \u{108}\u{108}\u{108}, Leader"
        new.from = "test.account@cention.se"
        new.subject = "test"
        new.htmlBody = "<div dir=\"ltr\">test222</div>\r\n"
        new.body = "test222"
        let errand = try await floor.openErrand(new, by: sender)
        let ana = try #require(directory.agent(login: "ana"))
        let principal = Principal(workspace: directory.workspace, actor: .agent(ana.id), via: .desk)
        try await floor.setPresence(ana.id, .available, by: principal)
        let offer = try await floor.store.read { reader in
            try reader.query("SELECT work_item, epoch FROM offer WHERE ended_at IS NULL").first
        }
        let row = try #require(offer)
        try await floor.acceptOffer(
            WorkItemID(row.int("work_item")), epoch: row.int("epoch"), by: principal)
        try await floor.tagErrand(errand, try #require(directory.tags.first).id, by: principal)
        let version = try await floor.store.read { reader in
            try reader.query("SELECT version FROM errand WHERE id = \(errand)")[0].int("version")
        }
        var answer = NewAnswer()
        answer.subject = "test"
        answer.body = "test body"
        try await floor.answerErrand(errand, answer, version: version, by: principal)
    }

    /// The customer of demo's first errand chooses the second level.
    static func rated(on server: WireServer) async throws {
        let workspace = try #require(server.floor.roster.workspace(named: "demo")).workspace
        let path = server.floor.satisfactionPath(ErrandID(1), 2, in: workspace).split(separator: "/")
        let words = path.suffix(2).map(String.init)
        let link = try #require(server.floor.satisfactionLink(words[0], words[1]))
        let isCounted = try await server.floor.chooseSatisfaction(link)
        #expect(isCounted)
    }
}
