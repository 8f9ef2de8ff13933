// Where a queue's agents sit when it has a rule of its own: by list order, turn, weight, level or count.

/// A set of seats, a bit each.
struct SeatSet: Sendable {
    /// Most benches have no more than 64 seats: they need no array, which would be one more place in memory.
    private var low: UInt64
    /// Seats from 64 on.
    private var rest: [UInt64]

    /// Of nobody.
    init() { (low, rest) = (0, []) }

    init(seats: Int, where isIn: (Int) -> Bool) {
        low = 0
        rest = Array(repeating: 0, count: max(0, (seats + 63) / 64 - 1))
        for seat in 0..<seats where isIn(seat) { put(seat, true) }
    }

    var words: Int {
        @inline(__always) get { rest.count + 1 }
    }

    @inline(__always)
    func word(_ place: Int) -> UInt64 { place == 0 ? low : rest[place - 1] }

    /// Puts a seat in or takes it out.
    @inline(__always)
    mutating func put(_ seat: Int, _ isIn: Bool) {
        let bit = 1 as UInt64 &<< UInt64(truncatingIfNeeded: seat)
        let added = (isIn ? 1 : 0) as UInt64 &<< UInt64(truncatingIfNeeded: seat)
        if seat < 64 {
            low = low & ~bit | added
        } else {
            putInRest(seat, bit, added)
        }
    }

    private mutating func putInRest(_ seat: Int, _ bit: UInt64, _ added: UInt64) {
        let place = seat >> 6 - 1
        rest[place] = rest[place] & ~bit | added
    }
}

/// Which seat an agent has on which queue's bench.
struct BenchSeat: Sendable {
    var queue: Handle<QueueSlot>
    var number: Int32

    init(queue: Handle<QueueSlot>, seat: Int) {
        self.queue = queue
        number = Int32(seat)
    }

    var seat: Int { Int(number) }
}

/// The agents who serve a queue, in the order of its list, and who of them could be offered its work now.
struct Bench: Sendable {
    struct Seat: Sendable {
        var agent: Handle<AgentSlot>
        var level: Int64
        var weight: Int64
    }

    // Who shows an agent on five benches meets one line of each, and so does who chooses.
    /// By seat.
    let agents: [Handle<AgentSlot>]
    /// Channels the queue has had work of, as bits: only these are shown.
    var channels: UInt8 = 0
    /// The queue's setting.
    var offersInWrapUp = false
    /// The seat of the one who answered last, -1 for none.
    var last: Int32 = -1
    /// Who could be offered now, by channel.
    var open: ByChannel<SeatSet>
    /// Those with a weight.
    let weighted: SeatSet
    /// By seat, as the queue's list says.
    let weights: [Int64]
    /// By seat, as the queue's list says; 0 for none.
    let levels: [Int64]

    init(_ seats: [Seat] = []) {
        agents = seats.map(\.agent)
        weights = seats.map(\.weight)
        levels = seats.map(\.level)
        weighted = SeatSet(seats: seats.count) { seats[$0].weight != 0 }
        open = ByChannel(SeatSet(seats: seats.count) { _ in false })
    }

    /// Of 64 seats, those who could be offered work of a channel, as bits.
    @inline(__always)
    func openSeats(_ channel: Channel, _ place: Int) -> UInt64 {
        switch channel {
        case .errand: open.errand.word(place)
        case .chat: open.chat.word(place)
        case .call: open.call.word(place)
        }
    }

    /// Shows for which channels the one on a seat could be offered work.
    @inline(__always)
    mutating func show(_ seat: Int, _ open: UInt8, _ inWrapUp: UInt8) {
        let bits = offersInWrapUp ? open | inWrapUp : open
        if channels & Channel.errand.bit != 0 { self.open.errand.put(seat, bits & Channel.errand.bit != 0) }
        if channels & Channel.chat.bit != 0 { self.open.chat.put(seat, bits & Channel.chat.bit != 0) }
        if channels & Channel.call.bit != 0 { self.open.call.put(seat, bits & Channel.call.bit != 0) }
    }
}

extension AgentSlot {
    /// Its benches show what is no longer so, of some channels.
    /// - Parameter channels: as bits.
    @inline(__always)
    func isShownWrong(_ channels: UInt8) -> Bool {
        ((shown ^ open) | (shownInWrapUp ^ openInWrapUp)) & channels != 0
    }

    /// What its benches are to show now.
    fileprivate mutating func noteShown() -> (open: UInt8, inWrapUp: UInt8) {
        shown = open
        shownInWrapUp = openInWrapUp
        return (open, openInWrapUp)
    }
}

extension QueueSettings {
    var needsBench: Bool { policy != .longestIdle || routingType == .skillBased || offersInWrapUp }
}

extension Router {
    mutating func benchBecameStale(_ queue: Handle<QueueSlot>) {
        guard !queues[queue].benchIsStale, queues[queue].hasBench || queues[queue].needsBench
        else { return }
        queues[queue].benchIsStale = true
        staleBenches.append(queue)
    }

    /// Seats the agents of benches anew where somebody came or went.
    @inline(__always)
    mutating func settleBenches() {
        if !staleBenches.isEmpty { makeBenches() }
    }

    private mutating func makeBenches() {
        settleShown()
        for place in 0..<staleBenches.count {
            let queue = staleBenches[place]
            guard queues[queue].isAlive, queues[queue].benchIsStale else { continue }
            queues[queue].benchIsStale = false
            seatAgents(queue)
        }
        staleBenches.clear()
    }

    private mutating func seatAgents(_ queue: Handle<QueueSlot>) {
        clearBench(queue)
        guard queues[queue].needsBench else {
            queues[queue].seat(nil)
            for workClass in queues[queue].classes {
                classes[workClass].eligible = SeatSet()
                for member in classes[workClass].members {
                    beginListing(member.profile, classes[workClass].key.channel)
                }
            }
            return
        }
        var rest: [Handle<AgentSlot>] = []
        for profile in queues[queue].profiles { rest += profiles[profile].agents }
        rest.sort { agents[$0].record.id < agents[$1].record.id }
        var seats: [Bench.Seat] = []
        let members = queues[queue].settings.members
        if !members.isEmpty {
            let id = queues[queue].id
            let named = Set(members.map(\.agent))
            for member in members {
                guard let agent = agentByID[member.agent.raw], agents[agent].settings.queues.contains(id)
                else { continue }
                seats.append(Bench.Seat(agent: agent, level: member.level, weight: member.weight))
            }
            rest.removeAll { named.contains(agents[$0].record.id) }
        }
        seats += rest.map { Bench.Seat(agent: $0, level: 0, weight: 0) }
        var bench = Bench(seats)
        bench.offersInWrapUp = queues[queue].settings.offersInWrapUp
        if let last = queues[queue].record.lastAnswered, let agent = agentByID[last.raw] {
            bench.last = Int32(seats.firstIndex { $0.agent == agent } ?? -1)
        }
        for workClass in queues[queue].classes { bench.channels |= classes[workClass].key.channel.bit }
        queues[queue].seat(bench)
        for (seat, place) in zip(seats, seats.indices) {
            agents[seat.agent].sit(at: BenchSeat(queue: queue, seat: place))
            show(seat.agent, queue, place)
            markUnshown(seat.agent)
        }
        for workClass in queues[queue].classes { findEligible(workClass) }
    }

    /// Lets everybody get up.
    mutating func clearBench(_ queue: Handle<QueueSlot>) {
        for agent in queues[queue].bench.agents where agents[agent].isAlive {
            agents[agent].getUp(from: queue)
        }
    }

    /// Finds who of a bench has the skills of a class.
    mutating func findEligible(_ workClass: Handle<WorkClass>) {
        let queue = classes[workClass].key.queue
        guard queues[queue].hasBench else { return }
        let bench = queues[queue].bench
        let skills = classes[workClass].key.skills
        classes[workClass].eligible = SeatSet(seats: bench.agents.count) {
            skills.isEmpty || profiles[agents[bench.agents[$0]].profile].has(skills)
        }
        let counts = queues[queue].settings.routingType == .skillBased
        classes[workClass].levels = SeatLevels(
            counts ? bench.agents.indices.map { level(of: bench.agents[$0], bench.levels[$0], skills) } : [])
    }

    /// An agent's level for work that needs these skills.
    /// - Parameter own: what the queue's list says, 0 for nothing.
    private func level(of agent: Handle<AgentSlot>, _ own: Int64, _ skills: [SkillID]) -> Int64 {
        if own > 0 { return own }
        var worst: Int64 = 1
        for skill in agents[agent].settings.skills where skills.contains(skill.skill) {
            worst = max(worst, skill.level)
        }
        return worst
    }

    /// The queue has work of this channel: its bench shows it from now on.
    mutating func showChannel(_ queue: Handle<QueueSlot>, _ channel: Channel) {
        guard queues[queue].hasBench, !queues[queue].benchIsStale,
            queues[queue].bench.channels & channel.bit == 0
        else { return }
        queues[queue].bench.channels |= channel.bit
        for (seat, agent) in queues[queue].bench.agents.enumerated() { show(agent, queue, seat) }
    }

    /// Remembers to show the agent on its benches before anybody is chosen. Whoever finishes and is offered the
    /// next item at once is never shown, and what there is no work of is not shown either.
    @inline(__always)
    mutating func markUnshown(_ agent: Handle<AgentSlot>) {
        if agents[agent].isSeated { markSeatedUnshown(agent) }
    }

    private mutating func markSeatedUnshown(_ agent: Handle<AgentSlot>) {
        guard !agents[agent].isUnshown,
            agents[agent].isShownWrong(supplies[Int(agents[agent].profile.raw)].channels)
        else { return }
        agents[agent].isUnshown = true
        unshown.append(agent)
        agents.prefetchList(agent, field: AgentSlot.seatsField)
    }

    /// Makes the benches show everybody as they are.
    @inline(__always)
    mutating func settleShown() {
        if !unshown.isEmpty { showUnshown() }
    }

    private mutating func showUnshown() {
        for place in 0..<unshown.count where agents[unshown[place]].isUnshown {
            let agent = unshown[place]
            agents[agent].isUnshown = false
            let channels = supplies[Int(agents[agent].profile.raw)].channels
            if agents[agent].isShownWrong(channels) { showOnBenches(agent) }
        }
        unshown.clear()
    }

    /// Shows on all its benches what an agent could be offered now.
    mutating func showOnBenches(_ agent: Handle<AgentSlot>) {
        let (open, inWrapUp) = agents[agent].noteShown()
        // By number, because going through the list itself would count a reference to it. All are asked for at once.
        let count = agents[agent].seats.count
        for place in 0..<count {
            queues.prefetch(agents[agent].seats[place].queue, field: QueueSlot.benchField)
        }
        for place in 0..<count {
            let at = agents[agent].seats[place]
            // A stale bench is made anew anyway.
            queues[at.queue].bench.show(at.seat, open, inWrapUp)
        }
    }

    /// Shows on one of its benches what the others show.
    private mutating func show(_ agent: Handle<AgentSlot>, _ queue: Handle<QueueSlot>, _ seat: Int) {
        let (open, inWrapUp) = (agents[agent].shown, agents[agent].shownInWrapUp)
        queues[queue].bench.show(seat, open, inWrapUp)
    }
}
