// A person who is erased is no longer told of by work items of other systems either.

import Routing
import Store

extension PersonalData {
    static let externalItem = Table(
        name: "external_item",
        blanks: [
            "external_id": .text(""), "from_address": .text(""), "from_folded": .text(""),
            "subject": .text(""),
        ])
}

extension Floor {
    /// Overwrites the items that came from one of these addresses; what is still open is withdrawn.
    /// - Returns: how many there were.
    func eraseExternalItems(from addresses: [String], by principal: Principal) async throws -> Int {
        let workspace = principal.workspace
        let folded = Set(addresses.map(foldedFrom)).subtracting([""]).sorted()
        guard !folded.isEmpty else { return 0 }
        var count = 0
        while true {
            let items = try await view { reader in
                try reader.query(
                    """
                    SELECT id FROM external_item WHERE workspace = \(workspace)
                        AND from_folded IN \(list: folded) AND from_folded <> \("")
                    ORDER BY from_folded LIMIT \(ErasureLimits.rowsMax)
                    """
                ).map { WorkItemID($0.int("id")) }
            }
            guard !items.isEmpty else { return count }
            count += items.count
            try await perform(Plan("erase items", checksFirst: true), by: principal) { work in
                try work.execute(
                    PersonalData.externalItem.overwrite(", erased_at = \(work.now)")
                        + "WHERE workspace = \(workspace) AND id IN \(list: items)")
                try work.forgetRequests(of: items)
                for item in items {
                    try work.tell(.itemErased, .workItem, item.raw, ["item": .number(item.raw)])
                    guard work.item(item) != nil else { continue }
                    work.endings[item] = .withdrawn
                    work.route(.withdraw(item))
                }
            }
        }
    }
}
