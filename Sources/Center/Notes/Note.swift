// Internal notes: what agents tell each other about an errand, never the customer.

public import Routing
import Store

public enum NoteLimits {
    public static let bodyMaxBytes = 64 << 10
    /// Notes that one errand may have.
    public static let notesMax = 500
}

/// A note as the errand's page shows it.
public struct Note: Sendable {
    public let id: NoteID
    /// Nil for a note that another system left.
    public let agent: AgentID?
    public let body: String
    public let at: Instant
}

extension Floor {
    /// Adds a note to an errand that the agent may see, open or closed.
    public func addNote(_ body: String, to id: ErrandID, by principal: Principal) async throws {
        let plan = Plan(
            "add note",
            reads: [
                Errand.row(principal.workspace, id),
                """
                SELECT COUNT(*) AS n FROM note WHERE workspace = \(principal.workspace) AND errand = \(id)
                """,
            ],
            keys: [.errand(id)], checksFirst: true)
        try await perform(plan, by: principal) { work in
            let agent = try work.actingAgent()
            let errand = try work.errand(0)
            guard body.contains(where: { !$0.isWhitespace }) else {
                throw Refusal.invalid("Write the note first.", pointer: "/note")
            }
            guard body.utf8.count <= NoteLimits.bodyMaxBytes else {
                throw Refusal.invalid(
                    "A note has at most \(NoteLimits.bodyMaxBytes >> 10) KiB; shorten it.", pointer: "/note")
            }
            guard try work.rows(1)[0].int("n") < NoteLimits.notesMax else {
                throw Refusal.conflict("This errand has \(NoteLimits.notesMax) notes; it takes no more.")
            }
            try work.addNote(body, to: errand.id, agent: agent.id)
        }
    }
}

extension Work {
    /// Writes a note and what must be told of it; the caller has checked its length.
    func addNote(_ body: String, to errand: ErrandID, agent: AgentID?) throws {
        let id = next(.note)
        try execute(
            """
            INSERT INTO note (workspace, errand, id, agent, body, at)
            VALUES (\(workspace), \(errand), \(id), \(agent), \(body), \(now))
            """)
        try record(.noted, errand, ["note": .number(id)])
        try touch(errand, .errandNoted, ["errand": .number(errand.raw), "note": .number(id)])
    }

    /// Tells of a change beside the conversation: an answer that is being written stays valid.
    func touch(
        _ errand: ErrandID, _ kind: EventKind, _ data: KeyValuePairs<String, Event.Datum>
    ) throws {
        try execute(
            "UPDATE errand SET changed_at = \(now) WHERE workspace = \(workspace) AND id = \(errand)")
        try dirty(errand, try tell(kind, .errand, errand.raw, data))
    }
}
