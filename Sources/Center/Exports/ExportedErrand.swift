// An errand as an export tells it.

public import Routing
import Store

public struct ExportedErrand: Sendable {
    public let id: ErrandID
    public let area: AreaID
    public let channel: ErrandChannel
    /// Has it in hand, or had it last.
    public let agent: AgentID?
    public let contact: ContactID
    public let priority: Int64
    public let fromAddress: String
    /// The sending system's account, which is the address it was sent to.
    public let account: String?
    public let subject: String
    /// The first message: its text, or its HTML where it has no text.
    public let question: ExportedText
    /// The latest answer, likewise.
    public let answer: ExportedText
    /// The agents' notes, oldest first.
    public let notes: [String]
    public let tags: [Int64]
    public let arrivedAt: Instant
    public let openedAt: Instant?
    public let answeredAt: Instant?
    public let closedAt: Instant?
    /// The level that the customer chose, 1 to 5; 0 for none.
    public let satisfaction: Int64
}

public enum ExportedText: Sendable, Hashable {
    case plain(String)
    case html(String)
}

extension ExportedErrand {
    /// Reads these errands, ascending. Those that are gone are left out.
    static func read(
        _ errands: [ErrandID], _ workspace: WorkspaceID, _ reader: any Reading
    ) throws -> [ExportedErrand] {
        let rows = try reader.fetch([
            """
            SELECT id, area, channel, agent, contact, priority, from_address, account, subject, arrived_at, opened_at,
                answered_at, closed_at
            FROM errand WHERE workspace = \(workspace) AND id IN \(list: errands) ORDER BY id
            """,
            """
            SELECT errand, body, CASE WHEN body = '' THEN html_body ELSE '' END AS html_body FROM message
            WHERE workspace = \(workspace) AND errand IN \(list: errands) AND n = 1
            """,
            """
            SELECT r.errand, r.body, CASE WHEN r.body = '' THEN r.html_body ELSE '' END AS html_body FROM response r
            WHERE r.workspace = \(workspace) AND r.errand IN \(list: errands) AND r.id = (
                SELECT MAX(id) FROM response WHERE workspace = r.workspace AND errand = r.errand)
            """,
            """
            SELECT errand, body FROM note WHERE workspace = \(workspace) AND errand IN \(list: errands)
            ORDER BY errand, id
            """,
            """
            SELECT errand, tag FROM errand_tag WHERE workspace = \(workspace) AND errand IN \(list: errands)
            ORDER BY errand, tag
            """,
            """
            SELECT errand, level FROM satisfaction WHERE workspace = \(workspace) AND errand IN \(list: errands)
                AND level IS NOT NULL
            """,
        ])
        let levels = Dictionary(
            rows[5].map { ($0.int("errand"), $0.int("level")) }, uniquingKeysWith: { $1 })
        let questions = texts(rows[1])
        let answers = texts(rows[2])
        let notes = Dictionary(grouping: rows[3]) { $0.int("errand") }
        let tags = Dictionary(grouping: rows[4]) { $0.int("errand") }
        return rows[0].map { row in
            let id = row.int("id")
            guard let channel = ErrandChannel(rawValue: row.text("channel")) else {
                preconditionFailure("errand \(id) has channel \(row.text("channel"))")
            }
            return ExportedErrand(
                id: ErrandID(id), area: AreaID(row.int("area")), channel: channel,
                agent: row.intOrNil("agent").map(AgentID.init), contact: ContactID(row.int("contact")),
                priority: row.int("priority"), fromAddress: row.text("from_address"),
                account: row.textOrNil("account"), subject: row.text("subject"),
                question: questions[id] ?? .plain(""), answer: answers[id] ?? .plain(""),
                notes: (notes[id] ?? []).map { $0.text("body") },
                tags: (tags[id] ?? []).map { $0.int("tag") }, arrivedAt: Instant(ms: row.int("arrived_at")),
                openedAt: row.intOrNil("opened_at").map(Instant.init(ms:)),
                answeredAt: row.intOrNil("answered_at").map(Instant.init(ms:)),
                closedAt: row.intOrNil("closed_at").map(Instant.init(ms:)),
                satisfaction: levels[id] ?? 0)
        }
    }

    private static func texts(_ rows: [Row]) -> [Int64: ExportedText] {
        Dictionary(
            rows.map { row in
                let html = row.text("html_body")
                return (row.int("errand"), html.isEmpty ? .plain(row.text("body")) : .html(html))
            }, uniquingKeysWith: { $1 })
    }
}
