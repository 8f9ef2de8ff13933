// What stands around an errand's conversation: notes, tags, the customer's card and other errands.

public import Routing
import Store

extension ViewLimits {
    /// Other errands of the customer that an errand's page shows.
    public static let othersMax = 10
    /// Addresses of a customer that an errand's page shows.
    public static let addressesMax = 20
}

/// Where a customer can be reached.
public struct ContactAddress: Sendable {
    /// As contact cards name it: `email`, `voice` …
    public let kind: String
    public let address: String
}

/// What an errand's page shows beside the errand.
public struct ErrandSurroundings: Sendable {
    public let notes: [Note]
    /// Ids; one that has left the workspace's list is among them.
    public let tags: [Int64]
    /// The customer's name on the card.
    public let contactName: String
    public let cuid: String?
    public let addresses: [ContactAddress]
    /// The customer's other errands that the agent may see, newest first.
    public let others: [Errand]
    /// Whether there are more of those.
    public let hasMoreOthers: Bool
    /// Files of the agent's that wait for the answer.
    public let uploads: [Upload]
    /// Who could be given the errand now: serves its area and is signed in. Ascending.
    public let present: [AgentID]
    public let integrationData: String?
    /// The call behind it, where an integration told of one.
    public let call: ErrandCall?
}

extension Floor {
    /// What stands around an errand that the agent has been shown.
    public func surroundings(
        of errand: Errand, for agent: AgentID, in workspace: WorkspaceID
    ) async throws -> ErrandSurroundings {
        guard let directory = roster.workspace(workspace), let own = directory.agent(agent) else {
            throw Refusal.notFound("There is no such errand here.")
        }
        let reach: SQL =
            own.adminLevel == .administrator
            ? "1 = 1" : "(area IN \(list: own.areas) OR agent = \(agent))"
        let candidates = directory.agents.filter {
            $0.adminLevel != .observer && directory.reaches($0, errand.area)
        }
        // The index has a contact's errands by state: each state's newest are at its end.
        @Sendable func newest(_ state: SQL) -> SQL {
            """
            SELECT * FROM errand WHERE workspace = \(workspace) AND contact = \(errand.contact)
                AND \(sql: state) AND id <> \(errand.id) AND \(sql: reach)
            ORDER BY arrived_at DESC, id DESC LIMIT \(ViewLimits.othersMax + 1)
            """
        }
        return try await view { reader in
            let rows = try reader.fetch([
                """
                SELECT id, agent, body, at FROM note WHERE workspace = \(workspace) AND errand = \(errand.id)
                ORDER BY id LIMIT \(NoteLimits.notesMax)
                """,
                """
                SELECT tag FROM errand_tag WHERE workspace = \(workspace) AND errand = \(errand.id) ORDER BY tag
                """,
                "SELECT name, cuid FROM contact WHERE workspace = \(workspace) AND id = \(errand.contact)",
                """
                SELECT kind, address FROM contact_address
                WHERE workspace = \(workspace) AND contact = \(errand.contact)
                ORDER BY id LIMIT \(ViewLimits.addressesMax)
                """,
                """
                SELECT * FROM (\(sql: newest("state = 1"))) AS open
                UNION ALL SELECT * FROM (\(sql: newest("state = 2"))) AS closed
                ORDER BY arrived_at DESC, id DESC LIMIT \(ViewLimits.othersMax + 1)
                """,
                """
                SELECT id, name, content_type, is_inline, size FROM upload
                WHERE workspace = \(workspace) AND agent = \(agent) AND errand = \(errand.id) ORDER BY id
                """,
                """
                SELECT agent FROM agent_state WHERE workspace = \(workspace) AND presence <> 0
                    AND agent IN \(list: candidates.map(\.id)) ORDER BY agent
                """,
                """
                SELECT integration_data FROM errand WHERE workspace = \(workspace) AND id = \(errand.id)
                """,
                ErrandCall.row(workspace, errand.id),
            ])
            return ErrandSurroundings(
                notes: rows[0].map { row in
                    Note(
                        id: NoteID(row.int("id")), agent: row.intOrNil("agent").map(AgentID.init),
                        body: row.text("body"), at: Instant(ms: row.int("at")))
                },
                tags: rows[1].map { $0.int("tag") }, contactName: rows[2].first?.text("name") ?? "",
                cuid: rows[2].first?.textOrNil("cuid"),
                addresses: rows[3].map { .init(kind: $0.text("kind"), address: $0.text("address")) },
                others: rows[4].prefix(ViewLimits.othersMax).map(Errand.init),
                hasMoreOthers: rows[4].count > ViewLimits.othersMax, uploads: rows[5].map(Upload.init),
                present: rows[6].map { AgentID($0.int("agent")) },
                integrationData: rows[7].first?.textOrNil("integration_data"),
                call: rows[8].first.map(ErrandCall.init))
        }
    }
}
