// What becomes of an offer by the hand of another system: it rings the agents' telephones.

public import Routing
import Store

extension Floor {
    /// The agent took it; the item is in the agent's hands from the commit on.
    /// - Parameters:
    ///   - agent: who took it, where the other system says so; nil for whoever it was made to.
    ///   - tag: of the item as the client saw it; nil for any.
    /// - Throws: `Precondition.tagDiffers`; `Refusal.conflict` with the reason when it is over or was made to
    ///   somebody else.
    public func accept(
        _ offer: OfferName, as agent: AgentID? = nil, tag: String? = nil, once: KeptRequest? = nil,
        by principal: Principal
    ) async throws -> ItemNow {
        try await answer("accept offer", offer, as: agent, tag: tag, once: once, by: principal) {
            .accept(offer.item, offer.agent, epoch: offer.epoch)
        }
    }

    /// The agent refused it; the item goes to another, and to this agent only after the re-offer pause.
    public func decline(
        _ offer: OfferName, as agent: AgentID? = nil, tag: String? = nil, once: KeptRequest? = nil,
        by principal: Principal
    ) async throws -> ItemNow {
        try await answer("decline offer", offer, as: agent, tag: tag, once: once, by: principal) {
            .decline(offer.item, offer.agent, epoch: offer.epoch)
        }
    }

    /// It did not reach the agent.
    public func fail(
        _ offer: OfferName, _ failure: Failure, as agent: AgentID? = nil, tag: String? = nil,
        once: KeptRequest? = nil, by principal: Principal
    ) async throws -> ItemNow {
        try await answer("fail offer", offer, as: agent, tag: tag, once: once, by: principal) {
            .fail(offer.item, offer.agent, epoch: offer.epoch, failure)
        }
    }

    private func answer(
        _ name: StaticString, _ offer: OfferName, as agent: AgentID?, tag: String?, once: KeptRequest?,
        by principal: Principal, _ input: @escaping @Sendable () -> Input
    ) async throws -> ItemNow {
        try await perform(Plan(name, checksFirst: true), once: once, by: principal) { work in
            try work.requireDirecting()
            try work.requireStanding(offer)
            if let agent, agent != offer.agent {
                throw Refusal.conflict("This offer was made to another agent.")
            }
            let before = work.item(offer.item)
            if let tag, let before, tag != ItemNow.tag(of: before) { throw Precondition.tagDiffers }
            work.route(input())
            return try work.settled(offer.item, before: before)
        }
    }
}

extension Work {
    /// - Throws: `.conflict` with how it ended, `.notFound` for one that was never made.
    fileprivate func requireStanding(_ offer: OfferName) throws {
        if let record = item(offer.item), record.epoch == offer.epoch, record.isOffered(to: offer.agent) {
            return
        }
        let rows = try query(
            """
            SELECT ending FROM offer WHERE workspace = \(workspace) AND work_item = \(offer.item)
                AND epoch = \(offer.epoch) AND agent = \(offer.agent)
            """)
        guard let row = rows.first else { throw Refusal.notFound("There is no such offer here.") }
        let ending = row.intOrNil("ending").flatMap(OfferEnd.init(rawValue:))
        throw Refusal.conflict("This offer is over: \(ending?.words ?? "it was withdrawn").")
    }
}
