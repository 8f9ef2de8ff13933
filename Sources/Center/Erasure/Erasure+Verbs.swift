// The small verbs of an erasure. Each may be done again: what is overwritten already is overwritten once more.

import Routing
import Store

/// Some rows of one table, all of the same errands.
struct PartSlice: Sendable {
    let table: PersonalData.Table
    let errands: [Int64]
    /// The rows' keys.
    let parts: [Int64]
}

extension Floor {
    /// Overwrites errands, closes those that are open, and ends their place in any queue.
    ///
    /// From then on no verb accepts the errand, so nothing is added to it while its parts are overwritten.
    /// - Returns: how many errands were not erased before, and how many of them were open.
    func eraseErrandRows(_ ids: [ErrandID], by principal: Principal) async throws -> (Int, closed: Int) {
        let workspace = principal.workspace
        let plan = Plan(
            "erase errands",
            reads: [
                "SELECT * FROM errand WHERE workspace = \(workspace) AND id IN \(list: ids) ORDER BY id",
                KnownRequests.rows(of: ids, in: workspace),
            ],
            keys: ids.map(RowKey.errand), checksFirst: true)
        return try await perform(plan, by: principal) { work in
            let errands = try work.rows(0).map(Errand.init).filter { $0.erasedAt == nil }
            var closed = 0
            for errand in errands {
                try work.execute(
                    PersonalData.errand.overwrite(", erased_at = \(work.now), version = version + 1")
                        + "WHERE workspace = \(workspace) AND id = \(errand.id)")
                if errand.state == .open {
                    closed += 1
                    try work.close(errand.id, author: nil)
                    if work.item(errand.workItem) != nil { work.route(.withdraw(errand.workItem)) }
                }
                try work.record(.erased, errand.id)
                let seq = try work.tell(
                    .errandErased, .errand, errand.id.raw,
                    ["errand": .number(errand.id.raw), "area": .number(errand.area.raw)])
                try work.dirty(errand.id, seq)
            }
            // The digest of a request is a way to prove what somebody wrote.
            try work.forgetRequests(try work.rows(1), of: ids)
            return (errands.count, closed)
        }
    }

    /// Overwrites the rows of the slice; files that they named are remembered as unwanted.
    /// - Returns: how many deliveries it ended.
    func eraseSlice(_ slice: PartSlice, by principal: Principal) async throws -> Int {
        let workspace = principal.workspace
        let table = slice.table
        let these: SQL = """
            WHERE workspace = \(workspace) AND errand IN \(list: slice.errands)
                AND \(sql: SQL(name: table.key)) IN \(list: slice.parts)
            """
        return try await perform(Plan("erase parts", checksFirst: true), by: principal) { work in
            if PersonalData.filesNamedBy.contains(table.name) {
                try work.execute(
                    """
                    INSERT INTO unwanted_blob (workspace, digest)
                    SELECT DISTINCT workspace, digest FROM \(sql: SQL(name: table.name)) \(sql: these)
                        AND digest IS NOT NULL
                    ON CONFLICT (workspace, digest) DO NOTHING
                    """)
            }
            var ended = 0
            if table.name == "delivery" {
                let states = [DeliveryState.due, .failed]
                ended = try work.query(
                    "SELECT id FROM delivery " + these + " AND state IN \(list: states)"
                ).count
                try work.execute(
                    """
                    UPDATE delivery SET state = \(DeliveryState.withdrawn), done_at = \(work.now)
                    \(sql: these) AND state IN \(list: states)
                    """)
            }
            try work.execute(table.overwrite() + these)
            return ended
        }
    }

    /// Overwrites the contact's own rows, unless an errand arrived meanwhile.
    /// - Returns: false when there is an errand that is not erased.
    func eraseCard(
        _ contact: ContactID, by principal: Principal, _ erased: inout ErasedContact
    ) async throws -> Bool {
        let workspace = principal.workspace
        let addresses = try await view { reader in
            try reader.query(
                """
                SELECT id, folded FROM contact_address WHERE workspace = \(workspace) AND contact = \(contact)
                ORDER BY id LIMIT \(ErasureLimits.addressesMax)
                """
            ).map { (id: $0.int("id"), folded: $0.text("folded")) }
        }
        let plan = Plan(
            "erase contact",
            // Who writes from one of these addresses next is somebody new.
            keys: addresses.map { RowKey.contact($0.folded) }, checksFirst: true)
        let isDone = try await perform(plan, by: principal) { work in
            // Asked here and not before: an errand may have come in the same batch.
            let arrived = try work.query(
                """
                SELECT id FROM errand
                WHERE workspace = \(workspace) AND contact = \(contact) AND erased_at IS NULL LIMIT 1
                """)
            guard arrived.isEmpty else { return false }
            try work.execute(
                PersonalData.contact.overwrite(", erased_at = \(work.now)")
                    + "WHERE workspace = \(workspace) AND id = \(contact)")
            for address in addresses {
                // Unique, and nobody's: a folded address is in lower case.
                try work.execute(
                    """
                    UPDATE contact_address SET address = \(""), folded = \("ERASED/\(address.id)")
                    WHERE workspace = \(workspace) AND id = \(address.id)
                    """)
            }
            try work.execute(
                "DELETE FROM contact_custom WHERE workspace = \(workspace) AND contact = \(contact)")
            try work.tell(.contactErased, .contact, contact.raw)
            return true
        }
        guard isDone else { return false }
        erased.contacts += 1
        erased.addresses += addresses.count
        return true
    }
}
