// A small contact center where anything may happen at any time, in any order.

import Routing
import SeededRandom

struct World {
    static let agents = 6
    static let queues = 4
    static let skills = 3

    /// Arrivals stop while this many items are there.
    let itemsMax: Int
    /// Agents of some worlds are hardly ever there.
    let isThin: Bool
    var random: Seeded
    var now: Int64 = 1_000_000
    /// Items that arrived and have not left, as the outputs told.
    var present: [WorkItemID] = []
    private var lastItem: Int64 = 0

    /// Some worlds are idle, some are busy.
    init(seed: UInt64) {
        random = Seeded(seed: seed)
        itemsMax = [4, 8, 16][Int(seed % 3)]
        isThin = seed % 5 == 0
    }

    /// The inputs every world begins with.
    mutating func opening() -> [Input] {
        (1...Self.queues).map { .setQueue(QueueID(Int64($0)), QueueSettings()) }
            + (1...Self.queues).map { .setQueue(QueueID(Int64($0)), queueSettings()) }
            + (1...Self.agents).map { .setAgent(AgentID(Int64($0)), agentSettings()) }
            + (1...Self.agents).map { .presence(AgentID(Int64($0)), .available, reason: nil) }
    }

    /// Lets some time pass: none, a little, to the next deadline or past it, now and then backwards.
    mutating func passTime(_ next: Instant?) {
        switch random.below(10) {
        case 0...3: break
        case 4...7: now += Int64(random.below(2_000))
        case 8: if random.once(in: 2) { now = max(now, next?.ms ?? now) }
        default:
            switch random.below(6) {
            case 0: now -= Int64(random.below(2_000))
            case 1: now = max(now, (next?.ms ?? now) + Int64(random.below(40_000)))
            case 2: if random.once(in: 20) { now += ringingMaxMs }
            default: break
            }
        }
    }

    mutating func input(_ router: Router) -> Input {
        switch random.below(100) {
        case 0: return .setQueue(queue(), queueSettings())
        case 1: return random.once(in: 2) ? .removeQueue(queue()) : .tick
        case 2...3: return .setAgent(agent(), agentSettings())
        case 4: return random.once(in: 3) ? .removeAgent(agent()) : .tick
        case 5...18: return .presence(agent(), presence(), reason: random.once(in: 2) ? ReasonID(7) : nil)
        case 19...20: return .endWrapUp(agent())
        case 21...22:
            return .extendWrapUp(agent(), until: Instant(ms: now + Int64(random.below(30_000)) - 100))
        case 23...42:
            guard present.count < itemsMax else { return .withdraw(item()) }
            return .arrive(
                newItem(), queue: queue(), channel: random.pick(Channel.allCases),
                priority: random.once(in: 4) ? Int64(random.below(8)) : nil,
                creditMs: random.once(in: 4) ? Int64(random.below(60_000)) : 0, requiredSkills: skills(),
                desiredSkills: skills(),
                preferred: random.once(in: 6)
                    ? WorkItemRecord.Preference(
                        agent: agent(), until: Instant(ms: now + Int64(random.below(20_000)))) : nil)
        case 43...59: return answer(router) { .accept($0, $1, epoch: $2) }
        case 60...61: return answer(router) { .decline($0, $1, epoch: $2) }
        case 62...64:
            let failure = random.pick(Failure.allCases)
            return answer(router) { .fail($0, $1, epoch: $2, failure) }
        case 65...66: return .take(item(), agent())
        case 67...68: return .returnToQueue(itemInHand(router))
        case 69...71: return .transfer(item(), queue(), keepWait: random.once(in: 2))
        case 72...73: return .assign(item(), agent())
        case 74...75: return .setPriority(item(), Int64(random.below(8)))
        case 76...86: return .finish(itemInHand(router))
        case 87: return random.once(in: 2) ? .withdraw(item()) : .askReturnCall(item())
        case 88: return .abandon(item())
        case 89...90: return .signal(agent(), random.pick(Signal.allCases), on: random.once(in: 3))
        case 91: return random.once(in: 2) ? .relocate(item(), queue()) : .tick
        case 92:
            guard present.count < itemsMax, random.once(in: 3) else { return .tick }
            return .arriveInHand(
                newItem(), agent(), queue: queue(), channel: random.pick(Channel.allCases), priority: nil)
        case 93...94: return .deskOpened(agent())
        case 95: return .deskClosed(agent(), until: Instant(ms: now + Int64(random.below(20_000)) - 100))
        case 96: return .resume(desksUntil: Instant(ms: now + Int64(random.below(20_000))))
        default: return .tick
        }
    }

    /// Keeps `present` in step with what was told.
    mutating func heed(_ input: Input, _ outputs: [Output]) {
        for case .left(let item) in outputs { present.removeAll { $0 == item } }
        // It may have been turned away at once, or its id may just have become free.
        let arrived: WorkItemID
        switch input {
        case .arrive(let item, _, _, _, _, _, _, _), .arriveInHand(let item, _, _, _, _): arrived = item
        default: return
        }
        guard !outputs.contains(where: \.isRefused) else { return }
        for case .itemChanged(let record) in outputs where record.id == arrived { present.append(arrived) }
    }

    /// The items that are bounced work.
    func bounced(_ router: Router) -> Set<WorkItemID> {
        Set(present.filter { router.item($0)?.firstOffered != nil })
    }

    /// An answer to a standing offer, sometimes with something wrong in it.
    private mutating func answer(
        _ router: Router, _ make: (WorkItemID, AgentID, Int64) -> Input
    ) -> Input {
        let offered = (1...Self.agents).compactMap { number -> (WorkItemRecord, AgentID)? in
            router.offer(to: AgentID(Int64(number))).map { ($0, AgentID(Int64(number))) }
        }
        guard !offered.isEmpty else { return make(item(), agent(), 1) }
        let (item, agent) = random.pick(offered)
        switch random.below(12) {
        case 0: return make(item.id, agent, item.epoch - 1)
        case 1: return make(item.id, self.agent(), item.epoch)
        default: return make(item.id, agent, item.epoch)
        }
    }

    /// Now and then one that is there already.
    private mutating func newItem() -> WorkItemID {
        if random.once(in: 30) { return item() }
        lastItem += 1
        return WorkItemID(lastItem)
    }

    private mutating func item() -> WorkItemID {
        if present.isEmpty || random.once(in: 40) { return WorkItemID(lastItem + 1000) }
        return random.pick(present)
    }

    private mutating func itemInHand(_ router: Router) -> WorkItemID {
        let inHand = (1...Self.agents).flatMap { router.inHand(of: AgentID(Int64($0))) }
        return inHand.isEmpty || random.once(in: 5) ? item() : random.pick(inHand)
    }

    private mutating func agent() -> AgentID {
        AgentID(Int64(random.below(Self.agents) + (random.once(in: 40) ? 100 : 1)))
    }

    private mutating func queue() -> QueueID {
        QueueID(Int64(random.below(Self.queues) + (random.once(in: 40) ? 100 : 1)))
    }

    private mutating func skills() -> [SkillID] {
        if !random.once(in: 3) { return [] }
        return (1...Self.skills).filter { _ in random.once(in: 3) }.map { SkillID(Int64($0)) }
    }

    private mutating func presence() -> Presence {
        if isThin, random.once(in: 2) { return .signedOut }
        return random.once(in: 5) ? random.pick(Presence.allCases) : .available
    }

    private mutating func queueSettings() -> QueueSettings {
        var settings = QueueSettings()
        settings.priority = Int64(3 + random.below(3))
        settings.requiredSkills = skills()
        settings.desiredSkills = skills()
        settings.desiredTimeoutMs = random.pick([0, 15_000, 90_000, .max])
        settings.offerTimeoutMs = random.pick([5_000, 20_000])
        settings.reofferPauseMs = random.pick([0, 8_000, 32_000])
        settings.wrapUpMs = random.pick([0, 0, 10_000])
        settings.guardMs = random.pick([0, 0, 5_000])
        settings.rank = random.pick([0, 0, 0, 1])
        if random.once(in: 2) {
            settings.policy = random.pick(Policy.allCases)
            settings.routingType = random.pick(RoutingType.allCases)
            settings.offersInWrapUp = random.once(in: 3)
            settings.members = (1...Self.agents).shuffled(using: &random).prefix(
                random.below(Self.agents + 1)
            )
            .map {
                QueueMember(
                    agent: AgentID(Int64($0)), level: Int64(random.below(4)), weight: Int64(random.below(35)))
            }
        }
        if random.once(in: 3) {
            settings.overflow = Overflow(
                size: random.pick([nil, 0, 2]), waitMs: random.pick([nil, 0, 12_000]),
                estimatedWaitMs: random.pick([nil, 9_000]), action: treatment())
        }
        if random.once(in: isThin ? 2 : 4) { settings.stranded = treatment() }
        if random.once(in: 8) {
            settings.service = random.pick(Service.allCases)
            settings.night = treatment()
            settings.holiday = treatment()
        }
        if random.once(in: 16) { settings.forcedForwarding = treatment() }
        return settings
    }

    private mutating func treatment() -> Treatment? {
        random.pick([nil, .busy, .number, .ringing, .queue(queue(), keepWait: random.once(in: 2))])
    }

    private mutating func agentSettings() -> AgentSettings {
        var settings = AgentSettings()
        settings.queues = (1...Self.queues).filter { _ in !random.once(in: 3) }.map { QueueID(Int64($0)) }
        settings.skills = (1...Self.skills).filter { _ in !random.once(in: 3) }
            .map { AgentSkill(skill: SkillID(Int64($0)), level: Int64(1 + random.below(20))) }
        // Half of the agents are alike, so that they share a bucket.
        if random.once(in: 2) {
            settings.queues = (1...Self.queues).map { QueueID(Int64($0)) }
            settings.skills = (1...Self.skills).map { AgentSkill(skill: SkillID(Int64($0))) }
        }
        settings.capacity = Capacity(
            errand: Int64(random.below(5)), chat: Int64(random.below(4)), call: Int64(random.below(3)))
        settings.unansweredLimit = Int64(1 + random.below(4))
        settings.busyLimit = Int64(random.below(3))
        settings.errorLimit = Int64(random.below(3))
        settings.bouncedLimit = random.pick([0, 0, 2])
        settings.guardMs = random.pick([nil, nil, 0, 3_000])
        settings.wrapUpMs = 7_000
        if random.once(in: 3) {
            settings.forcing.doNotDisturb = .yes(ReasonID(8))
            settings.forcing.personalCall = .yes(nil)
            settings.forcing.notReachable = .yes(nil)
        }
        if random.once(in: 4) {
            settings.interrupts[random.pick(Channel.allCases), during: random.pick(Channel.allCases)].toggle()
        }
        return settings
    }
}
