// The ACD core: who gets which work, and when. Pure: no clock, no random state, no log.

/// Outputs an input usually has: room for these is made at once.
private let outputsUsual = 7
/// Outputs whose room is kept for the next input.
private let outputsKeptMax = 4_096

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
    /// By profile handle.
    var supplies = Shelf<Supply>()
    /// By profile handle.
    var workMarks = Shelf<WorkMarks>()
    /// By profile handle.
    var reach = Shelf<Reach>()

    var queueByID = BlockTable<QueueSlot>()
    var agentByID = BlockTable<AgentSlot>()
    var itemByID = HashTable<ItemSlot, Companions>()
    var profileByKey: [Profile.Key: Handle<Profile>] = [:]
    var classByKey: [WorkClass.Key: Handle<WorkClass>] = [:]
    /// One class of each folded key, so that the dictionary is seldom asked.
    var classByFolded = HashTable<WorkClass, NoHint>()
    /// What classes need, each list once.
    var skillLists: Set<[SkillID]> = []
    /// What items ask for, most of it once.
    var sharedRarities = SharedRarities()

    var deadlines = Deadlines()
    /// Tests lower it, because small worlds have few profiles.
    var fewProfiles = fewProfilesMax
    /// Queues that treat stranded work.
    var strandable = 0
    /// Items and agents whose alarm is set: the live entries of `deadlines`.
    var armed = 0
    /// An alarm was taken back that is still among the deadlines.
    var mayBeStale = false
    /// What was found for an agent before it was open. Nobody's between inputs.
    var foreseen = Foreseen.nothing

    /// The clock of the inputs: never goes back.
    var now: Int64 = .min
    /// The highest `idleOrder` drawn.
    var idleOrder: Int64 = 0

    // Of the input being applied; empty between inputs.
    var outputs: [Output] = []
    var changedAgents = Pile<Changed<AgentSlot>>()
    var changedItems = Pile<Changed<ItemSlot>>()
    var dirtyAgents = Pile<Handle<AgentSlot>>()
    var dirtyClasses = Pile<Handle<WorkClass>>()
    var dirtyHeld = Pile<Handle<ItemSlot>>()
    var emptiedClasses = Pile<Handle<WorkClass>>()
    /// Classes that got work or lost their last, perhaps: profiles must be told before they are looked through.
    var staleMarks = Pile<Handle<WorkClass>>()
    var changedQueues = Pile<Changed<QueueSlot>>()
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

    /// Nobody else's: as long as it is, nobody has a copy of this router.
    private var seal = Seal()

    public init() {}

    /// Does what is due at `now`, then the input, then hands out work until no waiting item has an
    /// agent who could be offered it. An instant earlier than the last one counts as the last one.
    public mutating func apply(_ input: Input, at now: Instant) -> [Output] {
        var told: [Output] = []
        told.reserveCapacity(outputsUsual)
        apply(input, at: now, telling: &told)
        return told
    }

    /// The same, told in a list whose room is used again.
    /// - Parameter told: what the input led to; what was in it before is gone.
    public mutating func apply(_ input: Input, at now: Instant, telling told: inout [Output]) {
        self.now = max(self.now, now.ms)
        own()
        if told.capacity > outputsKeptMax { told = [] }
        // One by one: emptying all at once asks the runtime about each.
        while !told.isEmpty { told.removeLast() }
        swap(&outputs, &told)
        defer { swap(&outputs, &told) }
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
        foreseen.agent = .none
    }

    /// Makes everything its own that an input may change in place: a router that was copied from this one, or that
    /// this one was copied from, stays as it is.
    @inline(__always)
    mutating func own() {
        if !isKnownUniquelyReferenced(&seal) { ownCopied() }
    }

    private mutating func ownCopied() {
        seal = Seal()
        queues.own()
        agents.own()
        items.own()
        profiles.own()
        classes.own()
        heads.own()
        ready.own()
        supplies.own()
        workMarks.own()
        reach.own()
        changedAgents = Pile()
        changedItems = Pile()
        changedQueues = Pile()
        dirtyAgents = Pile()
        dirtyClasses = Pile()
        dirtyHeld = Pile()
        emptiedClasses = Pile()
        staleMarks = Pile()
        unshown = Pile()
        staleBenches = Pile()
        entering = Pile()
        blocked = Pile()
        hopped = Pile()
        recounted = Pile()
        reconsidered = Pile()
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
        changedQueues.append(Changed(id: queues[queue].id.raw, slot: queue))
    }

    mutating func changed(_ agent: Handle<AgentSlot>) {
        guard !agents[agent].isChanged else { return }
        agents[agent].isChanged = true
        changedAgents.append(Changed(id: agents[agent].record.id.raw, slot: agent))
    }

    mutating func changed(_ item: Handle<ItemSlot>) {
        guard !items[item].isChanged else { return }
        items[item].isChanged = true
        changedItems.append(Changed(id: items[item].record.id.raw, slot: item))
    }

    /// Ends the outputs with the records that rows must hold from now on. A slot may have got another tenant since.
    private mutating func tellChanges() {
        changedQueues.sort(by: <)
        for place in 0..<changedQueues.count {
            let (id, queue) = changedQueues[place].both
            guard queues[queue].isAlive, queues[queue].isChanged, queues[queue].id.raw == id else { continue }
            queues[queue].isChanged = false
            outputs.append(.queueChanged(queues[queue].record))
        }
        changedQueues.clear()
        changedAgents.sort(by: <)
        for place in 0..<changedAgents.count {
            let (id, agent) = changedAgents[place].both
            guard agents[agent].isAlive, agents[agent].isChanged, agents[agent].record.id.raw == id else {
                continue
            }
            agents[agent].isChanged = false
            outputs.append(.agentChanged(agents[agent].record))
        }
        changedAgents.clear()
        changedItems.sort(by: <)
        for place in 0..<changedItems.count {
            let (id, item) = changedItems[place].both
            guard items[item].isAlive, items[item].isChanged, items[item].record.id.raw == id else {
                continue
            }
            items[item].isChanged = false
            outputs.append(.itemChanged(items[item].record))
        }
        changedItems.clear()
    }
}

/// What an input has changed, to be told in the order of ids.
struct Changed<Slot>: Sendable, BitwiseCopyable {
    var id: Int64
    var slot: Handle<Slot>

    var both: (Int64, Handle<Slot>) { (id, slot) }

    @inline(__always)
    static func < (a: Changed, b: Changed) -> Bool { a.id < b.id }
}

/// One for each router: who has a copy shares it.
private final class Seal: Sendable {}
