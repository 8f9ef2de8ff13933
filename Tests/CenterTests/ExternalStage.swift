// Calls and chats of another system, for the tests of their way through the center.

import Routing
import Store
import Testing

@testable import Center

extension CenterStage {
    static let telephony = """
        workspace: north
        skills: [german]
        agents:
          - {login_name: ana, wrap_up_s: 30}
          - {login_name: bo}
          - {login_name: root, admin_level: administrator}
        areas:
          - {name: Support}
          - {name: Spill}
        agent_groups:
          - {name: all, agents: [ana], areas: [Support]}
        access_tokens:
          - {name: pbx, key: k, claims: [acd]}
          - {name: form, key: k, claims: [create_errand], channel: form, area: Support}
        call_centers:
          - service_user_id: sales@example.com
            name: Sales
            type: Premium
            wrap_up_s: 20
            offer_timeout_s: 25
            required_skills: []
            agents: [{login_name: ana}]
          - service_user_id: full@example.com
            name: Full
            type: Premium
            overflow: {size: 0, action: {number: "+49301111"}}
            agents: [{login_name: bo}]
          - service_user_id: night@example.com
            name: Night
            type: Premium
            forced_forwarding: {action: ringing, active: true}
            agents: [{login_name: bo}]

        """

    /// The telephony system.
    var pbx: Principal {
        get throws {
            let token = try #require(directory.tokens.first { $0.claims.contains(.acd) })
            return Principal(workspace: workspace, actor: .token(token.id), via: .api)
        }
    }

    /// Of a call center or an area.
    func queue(_ name: String) throws -> QueueID {
        try #require(directory.queues.map(\.id).first { directory.queueName($0) == name })
    }

    @discardableResult
    func calls(
        _ queue: String = "Sales", _ channel: Channel = .call, from: String = "+49 30 555",
        once: KeptRequest? = nil
    ) async throws -> ItemNow {
        var new = NewExternalItem(queue: try self.queue(queue), channel: channel)
        new.from = from
        new.subject = "Order 7"
        new.externalID = "call-1"
        return try await floor.openItem(new, once: once, by: try pbx)
    }

    func external(_ id: Int64) async throws -> ExternalItem? {
        let workspace = workspace
        return try await floor.view { try $0.query(ExternalItem.row(workspace, WorkItemID(id))).first }
            .map { ExternalItem($0) }
    }

    /// Kinds of the item's events, in order.
    func story(_ id: Int64) async throws -> [String] {
        try await rows(
            """
            SELECT kind FROM journal WHERE workspace = \(workspace) AND (noun = 'workItem' AND noun_id = \(id)
                OR kind = 'offer.made' AND data LIKE \("%\"item\":\(id),%")) ORDER BY seq
            """
        ).map { $0.text("kind") }
    }
}

/// What was thrown; nil for nothing.
func thrown(_ body: () async throws -> Void) async -> (any Error)? {
    do {
        try await body()
        return nil
    } catch {
        return error
    }
}
