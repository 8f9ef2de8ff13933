// Offers: the other system rings the agent's telephone, and says what came of it.
import Center
import Hummingbird
import Routing
import Web

extension NeutralRoutes {
    func acceptOffer(_ caller: Caller, _ request: Request, _ context: Context) async throws -> Response {
        let (name, asked) = try await offer(request, context, members: ["agent"])
        return standing(
            try await floor.accept(
                name, as: try agent(asked.body), tag: asked.tag, once: asked.once, by: caller.principal))
    }

    func declineOffer(_ caller: Caller, _ request: Request, _ context: Context) async throws -> Response {
        let (name, asked) = try await offer(request, context, members: ["agent"])
        return standing(
            try await floor.decline(
                name, as: try agent(asked.body), tag: asked.tag, once: asked.once, by: caller.principal))
    }

    func failOffer(_ caller: Caller, _ request: Request, _ context: Context) async throws -> Response {
        let (name, asked) = try await offer(request, context, members: ["agent", "reason"])
        let reason = try asked.body.required("reason", asked.body.word("reason", failureWords))
        return standing(
            try await floor.fail(
                name, reason, as: try agent(asked.body), tag: asked.tag, once: asked.once,
                by: caller.principal))
    }

    private func offer(
        _ request: Request, _ context: Context, members: [String]
    ) async throws -> (OfferName, Asked) {
        guard let text = context.segment("offer"), let name = OfferName(text) else {
            throw Refusal.notFound("There is no such offer here.")
        }
        return (name, try await Asked(request, context, members: members))
    }

    /// Who answered, where the other system says so.
    private func agent(_ body: BodyObject) throws -> AgentID? {
        try body.integer("agent").map(AgentID.init)
    }

    private func standing(_ now: ItemNow) -> Response {
        answer(tag: now.tag, JSONWriter.object { $0.members(of: now) })
    }
}
