// What can happen to the router. Every change comes through `Router.apply`.

public enum Input: Sendable, Hashable {
    // Settings
    /// Settings are large: in a box of their own they do not make every input so.
    indirect case setQueue(QueueID, QueueSettings)
    /// Refused while the queue holds work.
    case removeQueue(QueueID)
    /// A new agent enters signed out.
    indirect case setAgent(AgentID, AgentSettings)
    /// Withdraws the agent's offer and puts work in hand back at the head of its queue.
    case removeAgent(AgentID)

    // Agents
    /// Leaving `available` withdraws a standing offer; work in hand stays in hand.
    case presence(AgentID, Presence, reason: ReasonID?)
    case endWrapUp(AgentID)
    /// The wrap-ups of the agent end at `until` now, later or earlier.
    case extendWrapUp(AgentID, until: Instant)
    /// What the agent's telephone tells.
    case signal(AgentID, Signal, on: Bool)
    /// The agent's desk listens.
    case deskOpened(AgentID)
    /// No desk of the agent listens any more: at `until` the agent is made unavailable, unless one does
    /// by then. Nothing for an agent whose desk was not open.
    case deskClosed(AgentID, until: Instant)

    // Work
    /// `priority` nil takes the queue's. A preferred agent who is signed out or could never take it
    /// is not waited for.
    case arrive(
        WorkItemID, queue: QueueID, channel: Channel, priority: Int64?, creditMs: Int64,
        requiredSkills: [SkillID], desiredSkills: [SkillID],
        preferred: WorkItemRecord.Preference? = nil)
    /// Arrives in an agent's hands, whatever presence and capacity: nobody is offered it.
    case arriveInHand(WorkItemID, AgentID, queue: QueueID, channel: Channel, priority: Int64?)
    case accept(WorkItemID, AgentID, epoch: Int64)
    case decline(WorkItemID, AgentID, epoch: Int64)
    /// The offer did not reach the agent.
    case fail(WorkItemID, AgentID, epoch: Int64, Failure)
    /// The customer has gone before an agent answered.
    case abandon(WorkItemID)
    /// The customer hangs up, keeps the place, and is called when it is an agent's turn.
    case askReturnCall(WorkItemID)
    /// An agent picks waiting (or offered) work from the list: routing is overruled, capacity too.
    /// Refused when somebody has it in hand.
    case take(WorkItemID, AgentID)
    /// Work in hand goes back to the head of its queue; nobody is blamed, and the one who
    /// returned it is not offered it again during the re-offer pause.
    case returnToQueue(WorkItemID)
    /// To another queue: enters it anew at `now` (or keeps its wait), free of bounce and pauses; that queue's
    /// treatments and overflow count as for an arrival.
    case transfer(WorkItemID, QueueID, keepWait: Bool)
    /// To another queue, everything else as it was: its wait, its place among bounced work, the hands it
    /// is in. An offer stands where it could be made in that queue too.
    case relocate(WorkItemID, QueueID)
    /// Into an agent's hands at once, whatever presence and capacity.
    case assign(WorkItemID, AgentID)
    case setPriority(WorkItemID, Int64)
    /// The conversation is over: wrap-up begins where the queue has it, else the item leaves.
    case finish(WorkItemID)
    /// The item leaves at once whatever its state (closed elsewhere, abandoned, deleted).
    case withdraw(WorkItemID)

    /// Nobody could act for a while, because the server was down: what ran out meanwhile ends without
    /// blame, and desks that were open, or about to be missed, are missed at `desksUntil`.
    case resume(desksUntil: Instant)
    /// Time passed. Any other input does what is due first, too.
    case tick
}

/// Why an offer did not reach its agent. The raw value is the `OfferEnd` it leads to.
public enum Failure: Int64, Sendable, Hashable, CaseIterable {
    case noAnswer = 3
    case busy = 8
    case error = 9
}
