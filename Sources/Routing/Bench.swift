// Where a queue's agents sit when it has a rule of its own: by list order, turn, weight, level or count.

/// A set of seats, a bit each.
struct SeatSet: Sendable {
    /// Most benches have no more than 64 seats: they need no array, which would be one more place in memory.
    private var low: UInt64
    /// Seats from 64 on.
    private var rest: [UInt64]

    init(seats: Int, filled: Bool = false) {
        low = 0
        rest = Array(repeating: 0, count: max(0, (seats + 63) / 64 - 1))
        if filled { for seat in 0..<seats { self[seat] = true } }
    }

    var words: Int {
        @inline(__always) get { rest.count + 1 }
    }

    @inline(__always)
    func word(_ place: Int) -> UInt64 { place == 0 ? low : rest[place - 1] }

    subscript(seat: Int) -> Bool {
        get { word(seat >> 6) & 1 << UInt64(seat & 63) != 0 }
        set {
            let bit = 1 as UInt64 &<< UInt64(truncatingIfNeeded: seat)
            if seat < 64 {
                low = newValue ? low | bit : low & ~bit
            } else {
                let place = seat >> 6 - 1
                rest[place] = newValue ? rest[place] | bit : rest[place] & ~bit
            }
        }
    }

    /// The first seat from this one on that is in both sets.
    @inline(__always)
    func first(from seat: Int, and other: SeatSet) -> Int? {
        if seat < 64 {
            let word = low & other.low & UInt64.max << UInt64(seat)
            if word != 0 { return word.trailingZeroBitCount }
            if rest.isEmpty { return nil }
        }
        return firstOfRest(from: max(seat, 64), and: other)
    }

    private func firstOfRest(from seat: Int, and other: SeatSet) -> Int? {
        var place = seat >> 6
        guard place < words else { return nil }
        var word = word(place) & other.word(place) & UInt64.max << UInt64(seat & 63)
        while true {
            if word != 0 { return place << 6 + word.trailingZeroBitCount }
            place += 1
            guard place < words else { return nil }
            word = self.word(place) & other.word(place)
        }
    }
}

/// The seats that are in each of three sets, ascending.
struct CommonSeats: Sequence, IteratorProtocol {
    private let a: SeatSet
    private let b: SeatSet
    private let c: SeatSet
    private var place = -1
    /// What is left of the word at `place`.
    private var word: UInt64 = 0

    init(_ a: SeatSet, _ b: SeatSet, _ c: SeatSet) {
        self.a = a
        self.b = b
        self.c = c
    }

    @inline(__always)
    mutating func next() -> Int? {
        while word == 0 {
            place += 1
            guard place < a.words else { return nil }
            word = a.word(place) & b.word(place) & c.word(place)
        }
        let seat = place << 6 + word.trailingZeroBitCount
        word &= word - 1
        return seat
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

    // Who shows an agent on five benches meets one line of each.
    var seats: [Seat]
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

    init(_ seats: [Seat]) {
        self.seats = seats
        var weighted = SeatSet(seats: seats.count)
        for place in seats.indices where seats[place].weight != 0 { weighted[place] = true }
        self.weighted = weighted
        open = ByChannel(SeatSet(seats: seats.count))
    }

    /// Shows for which channels the one on a seat could be offered work.
    mutating func show(_ seat: Int, _ open: UInt8, _ inWrapUp: UInt8) {
        let bits = offersInWrapUp ? open | inWrapUp : open
        if channels & Channel.errand.bit != 0 { self.open.errand[seat] = bits & Channel.errand.bit != 0 }
        if channels & Channel.chat.bit != 0 { self.open.chat[seat] = bits & Channel.chat.bit != 0 }
        if channels & Channel.call.bit != 0 { self.open.call[seat] = bits & Channel.call.bit != 0 }
    }
}

extension AgentSlot {
    fileprivate var isShownWrong: Bool {
        @inline(__always) get { shown != open || shownInWrapUp != openInWrapUp }
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
        guard !queues[queue].benchIsStale, queues[queue].hasBench || queues[queue].settings.needsBench
        else { return }
        queues[queue].benchIsStale = true
        staleBenches.append(queue)
    }

    /// Seats the agents of benches anew where somebody came or went.
    mutating func settleBenches() {
        guard !staleBenches.isEmpty else { return }
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
        for seat in queues[queue].bench?.seats ?? [] where agents[seat.agent].isAlive {
            agents[seat.agent].seats.removeAll { $0.queue == queue }
        }
        guard queues[queue].settings.needsBench else {
            queues[queue].seat(nil)
            for workClass in queues[queue].classes { classes[workClass].eligible = nil }
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
            agents[seat.agent].seats.append(BenchSeat(queue: queue, seat: place))
            show(seat.agent, queue, place)
        }
        for workClass in queues[queue].classes { findEligible(workClass) }
    }

    /// Finds who of a bench has the skills of a class.
    mutating func findEligible(_ workClass: Handle<WorkClass>) {
        let queue = classes[workClass].key.queue
        guard queues[queue].hasBench, let seats = queues[queue].bench?.seats else { return }
        let skills = classes[workClass].key.skills
        var eligible = SeatSet(seats: seats.count, filled: skills.isEmpty)
        if !skills.isEmpty {
            for (seat, place) in zip(seats, seats.indices)
            where profiles[agents[seat.agent].profile].has(skills) {
                eligible[place] = true
            }
        }
        classes[workClass].eligible = eligible
        classes[workClass].levels =
            queues[queue].settings.routingType == .skillBased ? seats.map { level($0, skills) } : []
    }

    /// An agent's level for work that needs these skills.
    private func level(_ seat: Bench.Seat, _ skills: [SkillID]) -> Int64 {
        if seat.level > 0 { return seat.level }
        var worst: Int64 = 1
        for skill in agents[seat.agent].settings.skills where skills.contains(skill.skill) {
            worst = max(worst, skill.level)
        }
        return worst
    }

    /// The queue has work of this channel: its bench shows it from now on.
    mutating func showChannel(_ queue: Handle<QueueSlot>, _ channel: Channel) {
        guard queues[queue].hasBench, let bench = queues[queue].bench, !queues[queue].benchIsStale,
            bench.channels & channel.bit == 0
        else { return }
        queues[queue].bench?.channels |= channel.bit
        for place in bench.seats.indices { show(bench.seats[place].agent, queue, place) }
    }

    /// Remembers to show the agent on its benches before anybody is chosen. Whoever finishes and is offered the
    /// next item at once is never shown.
    mutating func markUnshown(_ agent: Handle<AgentSlot>) {
        guard !agents[agent].isUnshown else { return }
        agents[agent].isUnshown = true
        unshown.append(agent)
    }

    /// Makes the benches show everybody as they are.
    mutating func settleShown() {
        guard !unshown.isEmpty else { return }
        for place in 0..<unshown.count where agents[unshown[place]].isUnshown {
            let agent = unshown[place]
            agents[agent].isUnshown = false
            if agents[agent].isShownWrong { showOnBenches(agent) }
        }
        unshown.clear()
    }

    /// Shows on all its benches what an agent could be offered now.
    mutating func showOnBenches(_ agent: Handle<AgentSlot>) {
        let (open, inWrapUp) = agents[agent].noteShown()
        // By number, because going through the list itself would count a reference to it.
        for place in 0..<agents[agent].seats.count {
            let at = agents[agent].seats[place]
            // A stale bench is made anew anyway.
            queues[at.queue].bench?.show(at.seat, open, inWrapUp)
        }
    }

    private mutating func show(_ agent: Handle<AgentSlot>, _ queue: Handle<QueueSlot>, _ seat: Int) {
        let (open, inWrapUp) = agents[agent].noteShown()
        queues[queue].bench?.show(seat, open, inWrapUp)
    }
}
