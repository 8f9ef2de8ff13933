// Sending again what was given up.

import Routing
import Store

extension Floor {
    /// Sends a failed delivery again, now and for another 24 hours.
    /// - Throws: `notFound` for an agent who does not serve the errand's area and is no administrator,
    ///   `conflict` when it is not failed or its callback is gone.
    public func resendDelivery(_ id: DeliveryID, by principal: Principal) async throws {
        let plan = Plan(
            "resend delivery",
            reads: [
                """
                SELECT e.*, d.state AS delivery_state, d.callback FROM delivery AS d
                JOIN errand AS e ON e.workspace = d.workspace AND e.id = d.errand
                WHERE d.workspace = \(principal.workspace) AND d.id = \(id)
                """
            ],
            keys: [.delivery(id)], checksFirst: true)
        try await perform(plan, by: principal) { work in
            let agent = try work.actingAgent()
            guard let row = try work.rows(0).first, work.directory.reaches(agent, AreaID(row.int("area")))
            else {
                throw Refusal.notFound("There is no such delivery here.")
            }
            guard agent.adminLevel != .observer else {
                throw Refusal.forbidden("Observers look only; ask an agent of the area to send this again.")
            }
            guard row.int("delivery_state") == DeliveryState.failed.rawValue else {
                throw Refusal.conflict("This delivery has not failed; there is nothing to send again.")
            }
            guard work.directory.callback(CallbackID(row.int("callback"))) != nil else {
                throw Refusal.conflict("Its callback is gone; there is nowhere to send it.")
            }
            try work.execute(
                """
                UPDATE delivery SET state = \(DeliveryState.due), attempts = 0, next_at = \(work.now),
                    resent_at = \(work.now), done_at = NULL
                WHERE workspace = \(work.workspace) AND id = \(id)
                """)
            try work.tell(
                .deliveryResent, .delivery, id.raw,
                ["errand": .number(row.int("id")), "agent": .number(agent.id.raw)])
        }
    }
}
