// What can happen to the router. Every change comes through `Router.apply`.

public enum Input: Sendable, Hashable {
    // Settings
    case setQueue(QueueID, QueueSettings)
    /// Refused while the queue holds work.
    case removeQueue(QueueID)
    /// A new agent enters signed out.
    case setAgent(AgentID, AgentSettings)
    /// Withdraws the agent's offer and puts work in hand back at the head of its queue.
    case removeAgent(AgentID)

    // Agents
    /// Leaving `available` withdraws a standing offer; work in hand stays in hand.
    case presence(AgentID, Presence, reason: ReasonID?)
    case endWrapUp(AgentID)

    // Work
    /// `priority` nil takes the queue's.
    case arrive(
        WorkItemID, queue: QueueID, channel: Channel, priority: Int64?, creditMs: Int64,
        requiredSkills: [SkillID], desiredSkills: [SkillID])
    /// Arrives in an agent's hands, whatever presence and capacity: nobody is offered it.
    case arriveInHand(WorkItemID, AgentID, queue: QueueID, channel: Channel, priority: Int64?)
    case accept(WorkItemID, AgentID, epoch: Int64)
    case decline(WorkItemID, AgentID, epoch: Int64)
    /// An agent picks waiting (or offered) work from the list: routing is overruled, capacity too.
    /// Refused when somebody has it in hand.
    case take(WorkItemID, AgentID)
    /// Work in hand goes back to the head of its queue; nobody is blamed, and the one who
    /// returned it is not offered it again during the re-offer pause.
    case returnToQueue(WorkItemID)
    /// To another queue: enters it anew at `now` (or keeps its wait), free of bounce and pauses.
    case transfer(WorkItemID, QueueID, keepWait: Bool)
    /// Into an agent's hands at once, whatever presence and capacity.
    case assign(WorkItemID, AgentID)
    case setPriority(WorkItemID, Int64)
    /// The conversation is over: wrap-up begins where the queue has it, else the item leaves.
    case finish(WorkItemID)
    /// The item leaves at once whatever its state (closed elsewhere, abandoned, deleted).
    case withdraw(WorkItemID)

    /// Time passed. Any other input does what is due first, too.
    case tick
}
