// What an agent does with work: ready, accept, decline, take, return.

public import Routing
import Store

extension Floor {
    /// Sets what the agent says; a signed-out agent who is made available is signed in by it.
    /// - Parameter reason: a not-ready reason's code, only with `unavailable`.
    public func setPresence(
        _ agent: AgentID, _ presence: Presence, reason: String? = nil, by principal: Principal
    ) async throws {
        let plan = Plan("set presence", checksFirst: true)
        try await perform(plan, by: principal) { work in
            try work.routePresence(agent, presence, reason)
        }
    }

    /// Takes the offer; the work is in the agent's hands from the commit on.
    /// - Returns: the errand that it is; nil for work of another system.
    /// - Throws: `Refusal.conflict` when the offer is over or was another's.
    @discardableResult
    public func acceptOffer(_ item: WorkItemID, epoch: Int64, by principal: Principal) async throws
        -> ErrandID?
    {
        try await perform(Plan("accept offer", checksFirst: true), by: principal) { work in
            let (agent, errand) = try work.standingOffer(item, epoch: epoch)
            work.route(.accept(item, agent, epoch: epoch))
            return errand
        }
    }

    /// Refuses the offer; the item goes to another, and to this agent only after the re-offer pause.
    public func declineOffer(_ item: WorkItemID, epoch: Int64, by principal: Principal) async throws {
        try await perform(Plan("decline offer", checksFirst: true), by: principal) { work in
            let (agent, _) = try work.standingOffer(item, epoch: epoch)
            work.route(.decline(item, agent, epoch: epoch))
        }
    }

    /// Takes a waiting errand from the list, past the routing.
    public func takeErrand(_ id: ErrandID, by principal: Principal) async throws {
        let plan = Plan(
            "take errand", reads: [Errand.row(principal.workspace, id)], keys: [.errand(id)],
            checksFirst: true)
        try await perform(plan, by: principal) { work in
            let agent = try work.actingAgent()
            let errand = try work.errand(0)
            guard agent.adminLevel != .observer else {
                throw Refusal.forbidden("An observer takes no work.")
            }
            guard let item = work.item(errand.workItem) else {
                throw Refusal.conflict("This errand is closed already.")
            }
            switch item.state {
            case .active(agent.id, _): return
            case .active(let other, _), .wrapUp(let other, _):
                let name = work.directory.agent(other)?.userName ?? "another agent"
                throw Refusal.conflict("\(name) has this errand in hand.")
            case .waiting, .offered, .offeredToGroup, .ringing:
                work.route(.take(errand.workItem, agent.id))
            }
        }
    }

    /// Puts an errand in hand back at the head of its queue.
    public func returnErrand(_ id: ErrandID, by principal: Principal) async throws {
        let plan = Plan(
            "return errand", reads: [Errand.row(principal.workspace, id)], keys: [.errand(id)],
            checksFirst: true)
        try await perform(plan, by: principal) { work in
            let errand = try work.inHand(0, version: nil)
            work.route(.returnToQueue(errand.workItem))
        }
    }

    /// Ends the agent's wrap-up before its time.
    public func endWrapUp(_ agent: AgentID, by principal: Principal) async throws {
        try await perform(Plan("end wrap-up", checksFirst: true), by: principal) { work in
            guard work.agentRecord(agent)?.wrapUpUntil != nil else { return }
            work.route(.endWrapUp(agent))
        }
    }
}

extension Work {
    /// The acting agent's standing offer of this item.
    fileprivate func standingOffer(_ item: WorkItemID, epoch: Int64) throws -> (AgentID, ErrandID?) {
        let agent = try actingAgent()
        guard let record = self.item(item), record.epoch == epoch,
            record.isOffered(to: agent.id)
        else { throw Refusal.conflict("This offer is over.") }
        return (agent.id, office.errands[item])
    }
}
