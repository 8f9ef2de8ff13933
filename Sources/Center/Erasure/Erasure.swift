// Erases a customer: overwrites what tells of the person, and leaves every figure as it was.

import Foundation
import Routing
import Store

/// What one erasure overwrote. A second one of the same address finds nobody, unless the first was cut short.
public struct ErasedContact: Sendable, Codable, Hashable {
    public var contacts = 0
    public var addresses = 0
    public var errands = 0
    /// Of those errands, the ones that were open and are closed now.
    public var errandsClosed = 0
    /// Rows overwritten in each table that belongs to errands.
    public var parts: [String: Int] = [:]
    /// Calls and chats of other systems.
    public var items = 0
    /// Ratings of pages at Facebook.
    public var ratings = 0
    /// Callbacks that were still to be sent, or had failed.
    public var deliveriesEnded = 0
    public var filesDeleted = 0
    /// Files that somebody else's errand names too, or that were being stored again.
    public var filesKept = 0
    /// Everything is overwritten, but the engine could not be made to drop old copies now; it does so in time.
    public var oldCopiesLeft = false

    enum CodingKeys: String, CodingKey {
        case contacts, addresses, errands, parts, items, ratings
        case errandsClosed = "errands_closed"
        case deliveriesEnded = "deliveries_ended"
        case filesDeleted = "files_deleted"
        case filesKept = "files_kept"
        case oldCopiesLeft = "old_copies_left"
    }
}

enum ErasureLimits {
    /// Errands that one verb overwrites; each is up to nine rows.
    static let errandsMax = 50
    /// Rows of one table that one verb overwrites.
    static let rowsMax = 500
    /// Addresses of one contact.
    static let addressesMax = 500
    /// Files of one look.
    static let filesMax = 100
    /// New errands of a person may arrive while the person is erased; this often they are erased too.
    static let passesMax = 100
    /// A file that is being stored is asked for again, this often and after this pause.
    static let fileTriesMax = 20
    static let filePauseMs = 100
}

extension Floor {
    /// Erases the person with this address: of every kind, with all other addresses of the same contact.
    ///
    /// Open errands are closed without an answer: nobody is left to be told. The work is many small verbs; the
    /// address is overwritten last, so erasing it again finishes what a crash cut short.
    /// - Throws: `Refusal.notFound` when nobody has the address; `.forbidden` unless by an administrator.
    public func eraseContact(address: String, by principal: Principal) async throws -> ErasedContact {
        try requireEraser(principal)
        let workspace = principal.workspace
        let folds = Contact.folds(address)
        let kinds = Set(ErrandChannel.allCases.map(\.addressKind)).sorted()
        let contacts = try await view { reader in
            try reader.query(
                """
                SELECT DISTINCT contact FROM contact_address
                WHERE workspace = \(workspace) AND kind IN \(list: kinds) AND folded IN \(list: folds)
                ORDER BY contact
                """
            ).map { ContactID($0.int("contact")) }
        }
        var erased = ErasedContact()
        // Before the cards, whose addresses say where to look when this is cut short.
        let all = try await [address] + addresses(of: contacts, in: workspace)
        erased.items = try await eraseExternalItems(from: all, by: principal)
        erased.ratings = try await eraseFacebookRatings(from: all, by: principal)
        guard !contacts.isEmpty || erased.items > 0 || erased.ratings > 0 else {
            throw Refusal.notFound("Nobody with this address is known here; nothing was erased.")
        }
        for contact in contacts {
            var passes = 0
            var last = ErrandID(0)
            repeat {
                passes += 1
                guard passes <= ErasureLimits.passesMax else {
                    throw Refusal.conflict(
                        "Errands of this person keep arriving; stop them, then erase again.")
                }
                try await eraseErrands(of: contact, after: &last, by: principal, &erased)
                try await deleteUnwantedFiles(by: principal, &erased)
            } while try await !eraseCard(contact, by: principal, &erased)
        }
        do {
            try await store.scrub(tables: PersonalData.scrubbed)
        } catch let problem as StoreError {
            logger.warning("erased, but old copies are left for now: \(problem)")
            erased.oldCopiesLeft = true
        }
        return erased
    }

    private func addresses(of contacts: [ContactID], in workspace: WorkspaceID) async throws -> [String] {
        guard !contacts.isEmpty else { return [] }
        return try await view { reader in
            try reader.query(
                """
                SELECT address FROM contact_address WHERE workspace = \(workspace)
                    AND contact IN \(list: contacts) ORDER BY contact, id LIMIT \(ErasureLimits.addressesMax)
                """
            ).map { $0.text("address") }
        }
    }

    /// An active administrator, or a person at the machine itself.
    private func requireEraser(_ principal: Principal) throws {
        guard let directory = roster.workspace(principal.workspace) else {
            throw Refusal.notFound("There is no such workspace here.")
        }
        switch principal.actor {
        case .operator: return
        case .agent(let id):
            guard let agent = directory.agent(id), agent.active, agent.adminLevel == .administrator else {
                throw Refusal.forbidden("Only an administrator may erase a person.")
            }
        case .token, .teniosKey, .system:
            throw Refusal.forbidden("Only an administrator may erase a person.")
        }
    }

    /// All errands of the contact with what belongs to them, those of an earlier try included.
    private func eraseErrands(
        of contact: ContactID, after last: inout ErrandID, by principal: Principal,
        _ erased: inout ErasedContact
    ) async throws {
        let workspace = principal.workspace
        while true {
            let after = last
            let errands = try await view { reader in
                try reader.query(
                    """
                    SELECT id FROM errand
                    WHERE workspace = \(workspace) AND contact = \(contact) AND id > \(after)
                    ORDER BY id LIMIT \(ErasureLimits.errandsMax)
                    """
                ).map { ErrandID($0.int("id")) }
            }
            guard let end = errands.last else { return }
            last = end
            let (count, closed) = try await eraseErrandRows(errands, by: principal)
            erased.errands += count
            erased.errandsClosed += closed
            for table in PersonalData.parts {
                try await eraseParts(table, of: errands, by: principal, &erased)
            }
        }
    }

    /// One table's rows of the errands, slice by slice.
    private func eraseParts(
        _ table: PersonalData.Table, of errands: [ErrandID], by principal: Principal,
        _ erased: inout ErasedContact
    ) async throws {
        let workspace = principal.workspace
        let name = SQL(name: table.name)
        let key = SQL(name: table.key)
        var last: (errand: Int64, key: Int64) = (0, 0)
        while true {
            let after = last
            let rows = try await view { reader in
                try reader.query(
                    """
                    SELECT errand, \(sql: key) AS part FROM \(sql: name)
                    WHERE workspace = \(workspace) AND errand IN \(list: errands)
                        AND (errand > \(after.errand) OR errand = \(after.errand) AND \(sql: key) > \(after.key))
                    ORDER BY errand, \(sql: key) LIMIT \(ErasureLimits.rowsMax)
                    """
                ).map { (errand: $0.int("errand"), key: $0.int("part")) }
            }
            guard let end = rows.last else { return }
            last = end
            let slice = PartSlice(
                table: table, errands: Set(rows.map(\.errand)).sorted(), parts: rows.map(\.key))
            let ended = try await eraseSlice(slice, by: principal)
            erased.parts[table.name, default: 0] += rows.count
            erased.deliveriesEnded += ended
        }
    }
}

extension PersonalData {
    /// What must not survive in an engine's own copies.
    static let scrubbed =
        [errand.name, contact.name, externalItem.name] + parts.map(\.name) + byHand.keys.sorted()
}
