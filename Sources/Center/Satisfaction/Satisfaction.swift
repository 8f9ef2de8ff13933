// What a customer was asked of an errand, and what the customer said: one opinion an errand.

public import Routing
import Store

public enum SatisfactionLimits {
    /// How long the links of an errand's last answer take a choice.
    public static let openDays: Int64 = 90
    static let openMs = openDays * 86_400_000
}

/// An errand's row of the satisfaction meter.
public struct Satisfaction: Sendable, Hashable {
    public let asked: SatisfactionQuestion
    public let askedAt: Instant
    /// 1 to 5; nil while the customer has not chosen.
    public let level: Int?
    private let answers: ClosedRange<Int64>

    static func row(_ workspace: WorkspaceID, _ errand: ErrandID) -> SQL {
        "SELECT * FROM satisfaction WHERE workspace = \(workspace) AND errand = \(errand)"
    }

    /// nil when the question cannot be read.
    init?(_ row: Row) {
        guard let asked = SatisfactionQuestion(json: row.text("asked")) else { return nil }
        self.asked = asked
        askedAt = Instant(ms: row.int("asked_at"))
        level = row.intOrNil("level").map(Int.init)
        answers = row.int("first_answer")...row.int("last_answer")
    }

    /// Whether the answer was sent with the question.
    public func isAsked(with answer: AnswerID) -> Bool { answers.contains(answer.raw) }

    var openUntil: Instant { askedAt + SatisfactionLimits.openMs }

    /// The label of the level that was chosen.
    public var label: String? { level.map(asked.label) }
}

extension Work {
    /// Asks with this answer, if the errand's area does; nobody is asked again who has said it.
    func ask(_ errand: ErrandID, with answer: AnswerID, _ area: AreaID) throws {
        guard let question = directory.area(area)?.satisfaction else { return }
        try execute(
            """
            INSERT INTO satisfaction (workspace, errand, first_answer, last_answer, asked, asked_at)
            VALUES (\(workspace), \(errand), \(answer), \(answer), \(question.json), \(now))
            ON CONFLICT (workspace, errand) DO UPDATE SET last_answer = excluded.last_answer,
                asked = excluded.asked, asked_at = excluded.asked_at WHERE satisfaction.level IS NULL
            """)
    }
}
