// What the agent says of themselves, and the offers they answer.
import Center
import Hummingbird
import Routing
import Web

extension AgentDesk {
    func setPresence(
        _ seat: Seat, _ fields: Fields, _ request: Request, _ context: Context
    ) async throws -> Response {
        switch fields["to"] {
        case "ready":
            try await floor.setPresence(seat.agent.id, .available, by: seat.principal)
        case "not-ready":
            let reason = fields["reason"].flatMap { $0.isEmpty ? nil : $0 }
            try await floor.setPresence(seat.agent.id, .unavailable, reason: reason, by: seat.principal)
        case "end-wrap-up":
            try await floor.endWrapUp(seat.agent.id, by: seat.principal)
        default:
            throw Refusal.invalid("Choose ready or not ready.")
        }
        return .done(request, goTo: seat.base)
    }

    func acceptOffer(
        _ seat: Seat, _ fields: Fields, _ request: Request, _ context: Context
    ) async throws -> Response {
        try await answeringOffer(seat, fields, request, context) { item, epoch in
            let errand = try await floor.acceptOffer(item, epoch: epoch, by: seat.principal)
            return errand.map { "\(seat.base)/errands/\($0)" } ?? "\(seat.base)/items/\(item.raw)"
        }
    }

    func declineOffer(
        _ seat: Seat, _ fields: Fields, _ request: Request, _ context: Context
    ) async throws -> Response {
        try await answeringOffer(seat, fields, request, context) { item, epoch in
            try await floor.declineOffer(item, epoch: epoch, by: seat.principal)
            return seat.base
        }
    }

    /// An offer that is over is no error to a person: its card is gone from the page already.
    private func answeringOffer(
        _ seat: Seat, _ fields: Fields, _ request: Request, _ context: Context,
        _ verb: (WorkItemID, Int64) async throws -> String
    ) async throws -> Response {
        guard let item = context.segment("item").flatMap({ Int64($0) }) else {
            throw Refusal.notFound("There is no such offer.")
        }
        guard let epoch = fields["epoch"].flatMap({ Int64($0) }) else {
            throw Refusal.invalid("The form does not say which offer it answers.")
        }
        do {
            return .done(request, goTo: try await verb(WorkItemID(item), epoch))
        } catch Refusal.conflict(let sentence) {
            if request.isFetched { throw Refusal.conflict(sentence) }
            return .seeOther("\(seat.base)?said=\(Said.offerOver.rawValue)")
        }
    }
}
