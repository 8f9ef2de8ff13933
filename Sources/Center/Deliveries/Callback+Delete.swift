// A callback is deleted: what was to be told to it is told to nobody.

import Routing
import Store

extension Floor {
    /// Deletes a callback. Deliveries that wait are withdrawn; one that is on its way at that moment may still arrive.
    /// What failed stays in the log.
    public func deleteCallback(_ id: CallbackID, by principal: Principal) async throws {
        var isDone = false
        while !isDone {
            isDone = try await perform(Plan("delete callback", alone: true), by: principal) { work in
                try work.requireAdministrator()
                guard work.directory.callback(id) != nil else {
                    throw Refusal.notFound("There is no such callback.")
                }
                return try work.giveUp(id)
            }
        }
    }
}

extension Work {
    /// False while there is more to withdraw.
    fileprivate func giveUp(_ id: CallbackID) throws -> Bool {
        let waiting = try query(
            """
            SELECT id FROM delivery WHERE workspace = \(workspace) AND callback = \(id) AND state = 1
            ORDER BY next_at LIMIT \(DeliveryLimits.withdrawnAtOnceMax)
            """)
        if !waiting.isEmpty {
            try execute(
                """
                UPDATE delivery SET state = \(DeliveryState.withdrawn), done_at = \(now)
                WHERE workspace = \(workspace) AND id IN \(list: waiting.map { $0.int("id") })
                """)
        }
        guard waiting.count < DeliveryLimits.withdrawnAtOnceMax else { return false }
        try execute("DELETE FROM callback_area WHERE workspace = \(workspace) AND callback = \(id)")
        try execute("DELETE FROM callback WHERE workspace = \(workspace) AND id = \(id)")
        try tell(.callbackDeleted, .callback, id.raw)
        try reconfigure()
        return true
    }
}
