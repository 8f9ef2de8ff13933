// An errand that is a WhatsApp template: closed when it comes, and unsent until its channel sends it.

public import Routing
import Store

/// A template as an errand's page shows it.
public struct WhatsAppTemplate: Sendable, Hashable {
    /// Legal transitions: unsent → sent.
    public enum State: Int64, Sendable, Hashable {
        case unsent = 1
        case sent = 2
    }

    public let elementName: String
    public let namespace: String
    /// A JSON array, as it was written.
    public let params: String
    public let state: State
    /// When the state was reached.
    public let at: Instant

    init(_ row: Row) {
        guard let state = State(rawValue: row.int("state")) else {
            preconditionFailure("a template of errand \(row.int("errand")) has state \(row.int("state"))")
        }
        self.state = state
        elementName = row.text("element_name")
        namespace = row.text("namespace")
        params = row.text("params")
        at = Instant(ms: row.int("at"))
    }
}

extension Floor {
    /// The errand's template, for an agent who may see the errand; nil when it is none.
    public func template(of id: ErrandID, for agent: AgentID, in workspace: WorkspaceID) async throws
        -> WhatsAppTemplate?
    {
        let missing = Refusal.notFound("There is no such errand here.")
        guard let directory = roster.workspace(workspace), let own = directory.agent(agent) else {
            throw missing
        }
        let rows = try await view { reader in
            try reader.fetch([
                Errand.row(workspace, id),
                "SELECT * FROM whatsapp_template WHERE workspace = \(workspace) AND errand = \(id)",
            ])
        }
        guard let errand = rows[0].first.map(Errand.init),
            directory.reaches(own, errand.area) || errand.agent == agent
        else { throw missing }
        return rows[1].first.map(WhatsAppTemplate.init)
    }
}

extension Work {
    func addTemplate(_ template: NewTemplate, to errand: ErrandID) throws {
        try execute(
            """
            INSERT INTO whatsapp_template (workspace, errand, element_name, namespace, params, state, at)
            VALUES (\(workspace), \(errand), \(template.elementName), \(template.namespace), \(template.params),
                \(WhatsAppTemplate.State.unsent.rawValue), \(now))
            """)
    }

    /// Keeps who closed the errand in the words of the system that said so, also where no answer does.
    func noteCloser(_ errand: ErrandID, _ answer: NewAnswer) throws {
        try execute(
            """
            UPDATE errand SET closer_type = \(answer.userType.rawValue), closer_id = \(answer.userID)
            WHERE workspace = \(workspace) AND id = \(errand)
            """)
    }
}
