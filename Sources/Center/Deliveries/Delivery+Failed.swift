// Callbacks that were given up: who may see them, and sending them again.

public import Routing
import Store

/// A delivery that was given up.
public struct FailedDelivery: Sendable, Hashable {
    public let id: DeliveryID
    public let callback: CallbackID
    /// As provisioned; empty when the callback is gone.
    public let callbackName: String
    public let errand: ErrandID
    public let area: AreaID
    public let subject: String
    public let answer: AnswerID
    public let attempts: Int64
    public let createdAt: Instant
    public let failedAt: Instant
    /// The receiver's last HTTP status; nil when it gave none.
    public let status: Int64?
    /// What went wrong last, in words.
    public let problem: String
}

extension Floor {
    /// A page of failed deliveries in the areas that the agent serves, newest first; administrators see all.
    /// - Parameter before: the last id of the page before.
    public func failedDeliveries(
        before: DeliveryID? = nil, for agent: AgentID, in workspace: WorkspaceID
    ) async throws -> [FailedDelivery] {
        guard let directory = roster.workspace(workspace), let own = directory.agent(agent), own.active else {
            throw Refusal.notFound("There is no such agent.")
        }
        let areas = directory.areas.map(\.id).filter { directory.reaches(own, $0) }
        guard !areas.isEmpty else { return [] }
        let rows = try await view { reader in
            try reader.query(
                """
                SELECT d.*, e.area, e.subject FROM delivery AS d
                JOIN errand AS e ON e.workspace = d.workspace AND e.id = d.errand
                WHERE d.workspace = \(workspace) AND d.state = 3 AND d.id < \(before?.raw ?? Int64.max)
                    AND e.area IN \(list: areas)
                ORDER BY d.id DESC LIMIT \(ViewLimits.pageMax)
                """)
        }
        return rows.map { row in
            let callback = CallbackID(row.int("callback"))
            return FailedDelivery(
                id: DeliveryID(row.int("id")), callback: callback,
                callbackName: directory.callback(callback)?.name ?? "", errand: ErrandID(row.int("errand")),
                area: AreaID(row.int("area")), subject: row.text("subject"),
                answer: AnswerID(row.int("answer")), attempts: row.int("attempts"),
                createdAt: Instant(ms: row.int("created_at")), failedAt: Instant(ms: row.int("done_at")),
                status: row.intOrNil("status"), problem: row.textOrNil("problem") ?? "")
        }
    }

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
            guard row.int("delivery_state") == DeliveryState.failed else {
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
