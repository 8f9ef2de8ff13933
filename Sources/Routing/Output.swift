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
    case wrapUpExtended(WorkItemID, AgentID, until: Instant)
    /// The customer has gone before an agent answered; `left` follows.
    case abandoned(WorkItemID, from: QueueID)
    /// The queue did not take the item, or not any longer: `moved`, `left` or its ringing follow.
    case overflowed(WorkItemID, from: QueueID, OverflowCause, Treatment)
    /// The item is gone: done, withdrawn, abandoned or overflowed.
    case left(WorkItemID)
    /// How the offer before came about.
    case decided(Decision)
    /// The item entered a queue, and nobody can be offered it now. What comes back tells by `blockageChanged`.
    case blocked(WorkItemID, Blockage)
    /// Why the work of a queue that needs these skills waits has changed.
    case blockageChanged(QueueID, Channel, skills: [SkillID], Blockage)
    /// Asked for during a call; takes effect when the agent is free.
    case presencePending(AgentID, Presence, reason: ReasonID?)
    case presenceChanged(AgentID, Presence, reason: ReasonID?, PresenceCause)
    /// The input was not possible; nothing changed by it.
    case refused(RouterRefusal)

    // The state: after the story, one for each queue, agent and item that changed, in this order,
    // each ascending. What rows must hold from now on.
    case queueChanged(QueueRecord)
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
    /// The first in the queue's list, by its place from 1.
    case listOrder(Int64)
    /// The next in the list after the one who answered last, by its place from 1.
    case nextInTurn(Int64)
    /// Drawn with this share of the weights, in percent.
    case weight(percent: Int64)
    case fewestHandled(Int64)
    case leastTalk(ms: Int64)
    /// A better level than the others'.
    case skillLevel(Int64)
    /// The item prefers this agent.
    case preferred
    /// One of a group that is asked at once.
    case group(of: Int64)
}

/// How many agents were left after each step, who won and who would have been next.
public struct Decision: Sendable, Hashable {
    public var item: WorkItemID
    public var epoch: Int64
    public var queue: QueueID
    /// Agents who serve the queue.
    public var serving: Int64
    /// Of those: available, and in no wrap-up or guard time.
    public var available: Int64
    /// Of those: have the skills that are insisted on.
    public var skilled: Int64
    /// Of those: have room, and no standing offer.
    public var free: Int64
    /// Of those: the item is not kept from them.
    public var candidates: Int64
    /// The winner; with a group, the first of it.
    public var winner: AgentID
    /// Items that still wait in the queue.
    public var waiting: Int64
    public var reason: Reason
    /// Who would have had it otherwise.
    public var runnerUp: AgentID?
}

/// Why an item is offered to nobody. The raw value is what rows hold.
public enum Blockage: Int64, Sendable, Hashable, CaseIterable {
    case nobodySignedIn = 1
    /// Agents are signed in, but none has the skills.
    case skillMissing = 2
    /// Those who have the skills are not available.
    case nobodyAvailable = 3
    case allBusy = 4
    /// Somebody has room, but is in guard time, in wrap-up or has a signal on.
    case inGuard = 5
    /// Kept from those who are free: the re-offer pause.
    case reofferPause = 6
    /// Waits for the agent it prefers.
    case waitsForPreferred = 7
    /// Turned away with ringing: the queue is full or closed.
    case queueClosed = 8
}

public enum OverflowCause: Int64, Sendable, Hashable, CaseIterable {
    case holiday = 1
    case night = 2
    case forcedForwarding = 3
    case stranded = 4
    case size = 5
    case wait = 6
    case estimatedWait = 7
    /// It rang for as long as ringing may last.
    case ringingEnded = 8
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
    case busy = 8
    case error = 9
}

public enum PresenceCause: Int64, Sendable, Hashable {
    case asked = 1
    /// Too many unanswered offers in a row.
    case unanswered = 2
    case wrapUp = 3
    case wrapUpEnded = 4
    /// No desk of the agent listened for too long.
    case deskGone = 5
    /// Too many offers in a row failed because the line was busy.
    case busy = 6
    /// Too many offers in a row failed by an error.
    case error = 7
    /// Too many calls in a row came back.
    case bounced = 8
    case doNotDisturb = 9
    case personalCall = 10
    case notReachable = 11
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
    /// Another queue sends work on to it.
    case queueIsTarget(QueueID, of: QueueID)
    /// An agent has it: it cannot be abandoned or given a return call any more.
    case answered(WorkItemID)
    case notInWrapUp(AgentID)
    /// The settings would send work round in a ring, through these queues.
    case overflowRing([QueueID])
    case overflowToUnknownQueue(QueueID)
    /// The weights of a queue are more than 100 together.
    case weightsTooHigh(QueueID, sum: Int64)
}
