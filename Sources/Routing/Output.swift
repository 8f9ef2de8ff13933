// What the router decided. The caller carries outputs out in order, in the same commit.

public enum Output: Sendable, Hashable {
    // The story
    case offered(WorkItemID, AgentID, epoch: Int64, deadline: Instant, because: Reason)
    /// A standing offer ended without being accepted.
    case offerEnded(WorkItemID, AgentID, epoch: Int64, OfferEnd)
    /// The item is in the agent's hands. `epoch` is the accepted offer's, nil when taken or assigned.
    case connected(WorkItemID, AgentID, epoch: Int64?)
    /// Work in hand went back to its queue.
    case returned(WorkItemID, from: AgentID)
    case moved(WorkItemID, to: QueueID)
    /// Into another queue without leaving the hands it is in.
    case relocated(WorkItemID, to: QueueID)
    case wrapUpBegan(WorkItemID, AgentID, until: Instant)
    /// The item is gone: done, or withdrawn.
    case left(WorkItemID)
    case presenceChanged(AgentID, Presence, reason: ReasonID?, PresenceCause)
    /// The input was not possible; nothing changed by it.
    case refused(RouterRefusal)

    // The state: after the story, one for each agent and item that changed, in ascending order,
    // agents first. What rows must hold from now on.
    case agentChanged(AgentRecord)
    case itemChanged(WorkItemRecord)
}

/// Why this agent: the rule that decided, with its figure.
public enum Reason: Sendable, Hashable {
    /// The longest idle of those who could take it.
    case longestIdle(ms: Int64)
    /// Fewer items in hand than the others.
    case fewestInHand(Int64)
    /// Nobody else could take it.
    case onlyCandidate
}

public enum OfferEnd: Int64, Sendable, Hashable {
    case accepted = 1
    case declined = 2
    case noAnswer = 3
    /// Another took it, or it was assigned.
    case taken = 4
    /// The item left or moved while it was offered.
    case itemGone = 5
    /// The agent is no longer available, was removed, or lost what the item requires.
    case agentGone = 6
    /// Its time ran out while the server was down: nobody is blamed.
    case serverDown = 7
}

public enum PresenceCause: Int64, Sendable, Hashable {
    case asked = 1
    /// Too many unanswered offers in a row.
    case unanswered = 2
    case wrapUp = 3
    case wrapUpEnded = 4
    /// No desk of the agent listened for too long.
    case deskGone = 5
}

public enum RouterRefusal: Sendable, Hashable {
    case unknownItem(WorkItemID)
    case unknownAgent(AgentID)
    case unknownQueue(QueueID)
    case duplicateItem(WorkItemID)
    /// The offer is over, or was another's: `epoch` is the item's now.
    case offerIsOver(WorkItemID, epoch: Int64)
    case inHand(WorkItemID, by: AgentID)
    case notInHand(WorkItemID)
    case queueHoldsWork(QueueID)
}
