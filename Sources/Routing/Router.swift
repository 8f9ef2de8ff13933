// The ACD core: who gets which work, and when. Pure: no clock, no random state, no log.

/// Outputs an input usually has: room for these is made at once.
private let outputsUsual = 7

/// Routes work items to agents: same inputs, same outputs, on any machine.
///
/// Agents are bucketed by profile and work by class; a decision compares the heads of buckets.
/// Dictionaries are only looked up, never iterated.
public struct Router: Sendable {
    var queues = Slots<QueueSlot>()
    var agents = Slots<AgentSlot>()
    var items = Slots<ItemSlot>()
    var profiles = Slots<Profile>()
    var classes = Slots<WorkClass>()
    /// What matching must know of each class; by class handle.
    var heads = Shelf<WorkClass.Head>()
    /// Three for each profile, by channel.
    var ready = Shelf<Ready>()

    var queueByID = IDTable<QueueSlot>()
    var agentByID = IDTable<AgentSlot>()
    var itemByID = IDTable<ItemSlot>()
    var profileByKey: [Profile.Key: Handle<Profile>] = [:]
    var classByKey: [WorkClass.Key: Handle<WorkClass>] = [:]
    /// One class of each folded key, so that the dictionary is seldom asked.
    var classByFolded = IDTable<WorkClass>()

    var deadlines = Deadlines()
    /// Tests lower it, because small worlds have few profiles.
    var fewProfiles = fewProfilesMax
    /// Queues that treat stranded work.
    var strandable = 0
    /// Items and agents whose alarm is set: the live entries of `deadlines`.
    var armed = 0

    /// The clock of the inputs: never goes back.
    var now: Int64 = .min
    /// The highest `idleOrder` drawn.
    var idleOrder: Int64 = 0

    // Of the input being applied; empty between inputs.
    var outputs: [Output] = []
    var changedAgents = Pile<Handle<AgentSlot>>()
    var changedItems = Pile<Handle<ItemSlot>>()
    var dirtyAgents = Pile<Handle<AgentSlot>>()
    var dirtyClasses = Pile<Handle<WorkClass>>()
    var dirtyHeld = Pile<Handle<ItemSlot>>()
    var emptiedClasses = Pile<Handle<WorkClass>>()
    /// Classes that got work or lost their last, perhaps: profiles must be told before they are looked through.
    var staleMarks = Pile<Handle<WorkClass>>()
    var changedQueues = Pile<Handle<QueueSlot>>()
    /// Agents whose benches must be told before anybody is chosen.
    var unshown = Pile<Handle<AgentSlot>>()
    var staleBenches = Pile<Handle<QueueSlot>>()
    /// Work that entered a queue by this input, or came back to it.
    var entering = Pile<Handle<ItemSlot>>()
    /// Of those, what waits.
    var blocked = Pile<Handle<ItemSlot>>()
    /// Work that was sent on by this input.
    var hopped = Pile<Handle<ItemSlot>>()
    /// Profiles whose agents changed their condition.
    var recounted = Pile<Handle<Profile>>()
    /// Classes to look at when matching is over.
    var reconsidered = Pile<Handle<WorkClass>>()

    public init() {}

    /// Does what is due at `now`, then the input, then hands out work until no waiting item has an
    /// agent who could be offered it. An instant earlier than the last one counts as the last one.
    public mutating func apply(_ input: Input, at now: Instant) -> [Output] {
        self.now = max(self.now, now.ms)
        own()
        outputs.reserveCapacity(outputsUsual)
        if case .resume = input { expire(blaming: false) } else { expire() }
        perform(input)
        settleBenches()
        match()
        settleEntering()
        tellBlockages()
        settleShown()
        settleMarks()
        dropEmptyClasses()
        tellChanges()
        dropStaleDeadlines()
        let told = outputs
        outputs = []
        return told
    }

    /// Makes everything its own that an input may change in place: a router that was copied from this one stays as
    /// it is.
    mutating func own() {
        queues.own()
        agents.own()
        items.own()
        profiles.own()
        classes.own()
        heads.own()
        ready.own()
    }

    /// When the next `tick` has something to do, if no other input comes first.
    public var nextDeadline: Instant? { deadlines.min.map { Instant(ms: $0.at) } }

    private mutating func perform(_ input: Input) {
        switch input {
        case .setQueue(let id, let settings): setQueue(id, settings)
        case .removeQueue(let id): removeQueue(id)
        case .setAgent(let id, let settings): setAgent(id, settings)
        case .removeAgent(let id): removeAgent(id)
        case .presence(let id, let presence, let reason): setPresence(id, presence, reason)
        case .endWrapUp(let id): endWrapUp(id)
        case .extendWrapUp(let id, let until): extendWrapUp(id, until)
        case .signal(let id, let signal, let on): setSignal(id, signal, on)
        case .deskOpened(let id): openDesk(id)
        case .deskClosed(let id, let until): closeDesk(id, until)
        case .arrive(
            let id, let queue, let channel, let priority, let creditMs, let required, let desired,
            let preferred):
            arrive(id, queue, channel, priority, creditMs, required, desired, preferred)
        case .arriveInHand(let id, let agent, let queue, let channel, let priority):
            arriveInHand(id, agent, queue, channel, priority)
        case .accept(let id, let agent, let epoch): accept(id, agent, epoch)
        case .decline(let id, let agent, let epoch): decline(id, agent, epoch)
        case .fail(let id, let agent, let epoch, let failure): fail(id, agent, epoch, failure)
        case .abandon(let id): abandon(id)
        case .askReturnCall(let id): askReturnCall(id)
        case .take(let id, let agent): take(id, agent)
        case .returnToQueue(let id): returnToQueue(id)
        case .transfer(let id, let queue, let keepWait): transfer(id, queue, keepWait)
        case .relocate(let id, let queue): relocate(id, queue)
        case .assign(let id, let agent): assign(id, agent)
        case .setPriority(let id, let priority): setPriority(id, priority)
        case .finish(let id): finish(id)
        case .withdraw(let id): withdraw(id)
        case .resume(let desksUntil): missDesks(at: desksUntil)
        case .tick: break
        }
    }

    mutating func refuse(_ reason: RouterRefusal) { outputs.append(.refused(reason)) }

    mutating func changed(_ queue: Handle<QueueSlot>) {
        guard !queues[queue].isChanged else { return }
        queues[queue].isChanged = true
        changedQueues.append(queue)
    }

    mutating func changed(_ agent: Handle<AgentSlot>) {
        guard !agents[agent].isChanged else { return }
        agents[agent].isChanged = true
        changedAgents.append(agent)
    }

    mutating func changed(_ item: Handle<ItemSlot>) {
        guard !items[item].isChanged else { return }
        items[item].isChanged = true
        changedItems.append(item)
    }

    /// Ends the outputs with the records that rows must hold from now on.
    private mutating func tellChanges() {
        if !changedQueues.isEmpty {
            var told = changedQueues.takeOut()
            told.sort { queues[$0].id < queues[$1].id }
            for place in 0..<told.count where queues[told[place]].isAlive && queues[told[place]].isChanged {
                queues[told[place]].isChanged = false
                outputs.append(.queueChanged(queues[told[place]].record))
            }
            told.clear()
            changedQueues = told
        }
        if !changedAgents.isEmpty {
            var told = changedAgents.takeOut()
            told.sort { agents[$0].record.id < agents[$1].record.id }
            for place in 0..<told.count where agents[told[place]].isAlive && agents[told[place]].isChanged {
                agents[told[place]].isChanged = false
                outputs.append(.agentChanged(agents[told[place]].record))
            }
            told.clear()
            changedAgents = told
        }
        if !changedItems.isEmpty {
            var told = changedItems.takeOut()
            told.sort { items[$0].record.id < items[$1].record.id }
            for place in 0..<told.count where items[told[place]].isAlive && items[told[place]].isChanged {
                items[told[place]].isChanged = false
                outputs.append(.itemChanged(items[told[place]].record))
            }
            told.clear()
            changedItems = told
        }
    }
}
