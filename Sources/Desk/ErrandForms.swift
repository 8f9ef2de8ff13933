// What an agent does with the errand on the page: take, return, close, answer.
import Center
import Hummingbird
import Web

extension AgentDesk {
    func takeErrand(
        _ seat: Seat, _ fields: Fields, _ request: Request, _ context: Context
    ) async throws -> Response {
        try await onErrand(seat, fields, request, context) { id, _ in
            try await floor.takeErrand(id, by: seat.principal)
            return "\(seat.base)/errands/\(id)"
        }
    }

    func returnErrand(
        _ seat: Seat, _ fields: Fields, _ request: Request, _ context: Context
    ) async throws -> Response {
        try await onErrand(seat, fields, request, context) { id, _ in
            try await floor.returnErrand(id, by: seat.principal)
            return "\(seat.base)?said=\(Said.returned.rawValue)"
        }
    }

    func closeErrand(
        _ seat: Seat, _ fields: Fields, _ request: Request, _ context: Context
    ) async throws -> Response {
        try await onErrand(seat, fields, request, context) { id, version in
            try await floor.closeErrand(id, version: try version(), by: seat.principal)
            return "\(seat.base)?said=\(Said.closed.rawValue)"
        }
    }

    func answerErrand(
        _ seat: Seat, _ fields: Fields, _ request: Request, _ context: Context
    ) async throws -> Response {
        try await onErrand(seat, fields, request, context) { id, version in
            // Forms send line ends as CR LF.
            let body = (fields["body"] ?? "").replacing("\r\n", with: "\n")
            guard body.contains(where: { !$0.isWhitespace }) else {
                throw Refusal.invalid("Write an answer first, or close the errand without one.")
            }
            let view = try await floor.errand(id, for: seat.agent.id, in: seat.workspace)
            var answer = NewAnswer()
            answer.userType = .cention
            answer.userID = String(seat.agent.id.raw)
            // As the vendor's sample does: the errand's own subject, without "Re:".
            answer.subject = view.errand.subject
            answer.body = body
            try await floor.answerErrand(id, answer, version: try version(), by: seat.principal)
            return "\(seat.base)?said=\(Said.answered.rawValue)"
        }
    }

    /// Runs a verb on the path's errand; a refusal shows the errand again, with the sentence and what was typed.
    private func onErrand(
        _ seat: Seat, _ fields: Fields, _ request: Request, _ context: Context,
        _ verb: (ErrandID, () throws -> Int64) async throws -> String
    ) async throws -> Response {
        let id = try errandID(context)
        do {
            let next = try await verb(id) {
                guard let version = fields["version"].flatMap({ Int64($0) }) else {
                    throw Refusal.invalid(
                        "The form does not say which version of the errand it was made for.")
                }
                return version
            }
            return .done(request, goTo: next)
        } catch let refusal as Refusal {
            switch refusal {
            case .conflict, .invalid, .forbidden, .tooLarge, .tooMany, .unavailable, .storageFull:
                guard !request.isFetched else { throw refusal }
                return try await errandPage(
                    id, seat, status: refusal.status, notice: refusal.message, draft: fields["body"])
            case .unauthenticated, .notFound, .unsupported:
                throw refusal
            }
        }
    }
}
