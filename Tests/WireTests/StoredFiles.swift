// Files that other systems fetch, put where an answer at the desk or a customer would put them.
import Foundation
import Testing

@testable import Center

enum StoredFiles {
    /// Opens an errand with one file, answers it, and gives the answer these files.
    /// - Returns: ids by the files' names, the customer's `from-customer.txt` among them.
    static func answered(on server: WireServer, token: String, files: [NewAttachment]) async throws
        -> [String: Int64]
    {
        let (_, principal, _) = try server.floor.bearer(token, workspace: nil, claims: [.createErrand])
        var new = NewErrand()
        new.from = "eva@example.com"
        new.attachments = [
            NewAttachment(name: "from-customer.txt", contentType: "text/plain", bytes: Array("Hello".utf8))
        ]
        new.answer = NewAnswer()
        new.answer?.body = "See the files."
        let errand = try await server.floor.openErrand(new, by: principal)
        try await attach(files, to: errand, on: server, by: principal)
        let rows = try await server.floor.store.read { reader in
            try reader.query("SELECT id, name FROM attachment WHERE errand = \(errand)")
        }
        return Dictionary(uniqueKeysWithValues: rows.map { ($0.text("name"), $0.int("id")) })
    }

    private static func attach(
        _ files: [NewAttachment], to errand: ErrandID, on server: WireServer, by principal: Principal
    ) async throws {
        let kept = try await server.floor.blobs.keep(files, in: principal.workspace)
        try await server.floor.perform(Plan("attach"), by: principal) { work in
            let response = try work.query("SELECT id FROM response WHERE errand = \(errand)")[0].int("id")
            for file in kept { try work.add(file, errand, owner: ("response", response)) }
        }
    }
}
