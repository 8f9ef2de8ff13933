// docs/provisioning.md names every key, and its examples are files that read.

import Foundation
import Testing

@testable import Center

@Suite struct ProvisionDocsTests {
    @Test func everyKeyIsDocumented() throws {
        let docs = try projectText("docs/provisioning.md")
        let sections = docs.split(separator: "\n### ").map(String.init)
        func section(_ title: String) throws -> String {
            try #require(sections.first { $0.hasPrefix(title + "\n") }, "section \(title)")
        }
        let documented = [
            ("Top level", ProvisionPlan.keys),
            ("not_ready_reasons", NotReadyReasonEntry.keys), ("calendars", CalendarEntry.keys),
            ("call_centers", CallCenterEntry.keys), ("agents", AgentEntry.keys), ("areas", AreaEntry.keys),
            ("agent_groups", AgentGroupEntry.keys),
            ("access_tokens", AccessTokenEntry.keys), ("access_keys", AccessKeyEntry.keys),
            ("callbacks", CallbackEntry.keys), ("tenios_access_keys", TeniosKeyEntry.keys),
            ("tenios", TeniosEntry.keys),
            ("groups", UserGroupEntry.keys), ("libraries", LibraryEntry.keys),
            ("library_categories", LibraryCategoryEntry.keys),
            ("exports", ExportEntry.keys),
            ("library_questions", LibraryQuestionEntry.keys + LibraryAttachmentEntry.keys),
            ("facebook", FacebookPageEntry.keys),
        ]
        for (title, keys) in documented {
            let rows = try section(title).split(separator: "\n").filter { $0.hasPrefix("| `") }
            for key in keys {
                let described = rows.contains { row in row.split(separator: "|")[0].contains("`\(key)`") }
                #expect(described, "\(title): \(key)")
            }
        }
    }

    @Test func examplesRead() throws {
        let pieces = try projectText("docs/provisioning.md").components(separatedBy: "```yaml\n").dropFirst()
        #expect(pieces.count >= 8)
        for piece in pieces {
            let example = piece.components(separatedBy: "```")[0]
            #expect(throws: Never.self, "\(example)") { try readPlan("workspace: a\n" + example) }
        }
    }
}
