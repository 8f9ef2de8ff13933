// POST c3_end_errands: another system ends an errand. Source: seed 001, lines 240-270; cention.md §4.1.
import Center
import Hummingbird
import Web

extension CentionRoutes {
    @Sendable func endErrand(_ request: Request, _ context: Context) async throws -> Response {
        let (_, principal, _) = try bearer(request, context, claims: .createErrand)
        let body = try await body(of: request, context)
        let attributes = try WireDocument(body.buffer, types: "c3_end_errands").attributes
        let id = try Self.errandID(attributes)
        let answer = try attributes.object("answer").map(NewAnswer.init)
        try await floor.endErrand(id, answer, by: principal)
        return JSONAPI.created("c3_end_errands", id.description)
    }

    /// A whole number, or the digits of one as a string.
    private static func errandID(_ attributes: WireObject) throws -> ErrandID {
        guard let member = attributes.member("errand_id") else { throw attributes.missing("errand_id") }
        guard let number = member.integer ?? member.string.flatMap(WireID.number) else {
            throw attributes.wrong("a whole number", "errand_id")
        }
        return ErrandID(number)
    }
}

extension NewAnswer {
    /// Reads an `answer`, whose user types may be written in capitals; without a user it is the system's.
    ///
    /// The published client also sends members of a message here; they are ignored.
    init(_ object: WireObject) throws {
        self.init()
        let word = try object.text("user_type").lowercased()
        guard let type = UserType(rawValue: word) else {
            let words = UserType.allCases.map(\.rawValue).filter { !$0.isEmpty }.joined(separator: ", ")
            throw Refusal.invalid("user_type is one of \(words).", pointer: object.pointer(to: "user_type"))
        }
        userID = try object.text("user_id")
        userType = userID.isEmpty ? .system : type
        if userType == .cention, WireID.number(userID) == nil {
            throw Refusal.invalid("user_id is an agent's number.", pointer: object.pointer(to: "user_id"))
        }
        subject = try object.text("subject")
        body = try object.text("body")
        htmlBody = try object.text("html_body")
    }
}
