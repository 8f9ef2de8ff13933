// Choosing from a bench: by list, turn, weight, level, count or talk time.

/// Who gets an item, and why.
struct Choice {
    /// How many are left after each step, as `Decision` tells.
    struct Steps {
        var serving: Int64 = 0
        var available: Int64 = 0
        var skilled: Int64 = 0
        var free: Int64 = 0
        var candidates: Int64 = 0
    }

    var agent: Handle<AgentSlot>
    var reason: Reason
    var runnerUp: AgentID?
}

/// What an agent on a bench is compared by: the lowest wins, of equal ones the better rank.
private struct Standing: Comparable {
    var level: Int64
    var figure: Int64
    var rank: Rank
    var seat: Int
    var agent: Handle<AgentSlot>

    /// After everybody.
    static let none = Standing(level: .max, figure: .max, rank: .last, seat: -1, agent: .none)

    @inline(__always)
    static func < (a: Standing, b: Standing) -> Bool {
        if a.level != b.level { return a.level < b.level }
        if a.figure != b.figure { return a.figure < b.figure }
        return a.rank < b.rank
    }
}

/// What a rule compares agents by; the least goes first.
private protocol Figure {
    /// - Parameter last: the seat of the one who answered last, -1 for none.
    static func figure(of record: borrowing AgentRecord, at seat: Int, last: Int, seats: Int) -> Int64
}

/// Nothing: the rank decides.
private enum Idle: Figure {
    @inline(__always)
    static func figure(of record: borrowing AgentRecord, at seat: Int, last: Int, seats: Int) -> Int64 { 0 }
}

private enum Listed: Figure {
    @inline(__always)
    static func figure(of record: borrowing AgentRecord, at seat: Int, last: Int, seats: Int) -> Int64 {
        Int64(seat)
    }
}

private enum Turn: Figure {
    @inline(__always)
    static func figure(of record: borrowing AgentRecord, at seat: Int, last: Int, seats: Int) -> Int64 {
        Int64(seat > last ? seat : seat + seats)
    }
}

private enum Handled: Figure {
    @inline(__always)
    static func figure(of record: borrowing AgentRecord, at seat: Int, last: Int, seats: Int) -> Int64 {
        record.handled
    }
}

private enum Talk: Figure {
    @inline(__always)
    static func figure(of record: borrowing AgentRecord, at seat: Int, last: Int, seats: Int) -> Int64 {
        record.talkMs
    }
}

/// What choosing looks at, read once.
private struct Bidding {
    var seats: [Bench.Seat]
    /// The seat of the one who answered last, -1 for none.
    var last: Int
    var open: SeatSet
    var eligible: SeatSet
    var weighted: SeatSet
    /// By seat; empty where levels do not count.
    var levels: [Int64]
    var policy: Policy

    func first(from seat: Int) -> Int? { open.first(from: seat, and: eligible) }

    /// Everybody who could be offered, in the order of seats.
    var bidders: CommonSeats {
        @inline(__always) get { CommonSeats(open, eligible, eligible) }
    }

    /// Of those, who has a weight, in the order of seats.
    var weightedBidders: CommonSeats {
        @inline(__always) get { CommonSeats(open, eligible, weighted) }
    }

    @inline(__always)
    func level(_ seat: Int) -> Int64 { levels.isEmpty ? 0 : levels[seat] }
}

extension Router {
    /// The best of a queue's bench for a class; nil when nobody could be offered it.
    mutating func choose(_ workClass: Handle<WorkClass>, _ item: Handle<ItemSlot>) -> Choice? {
        let queue = classes[workClass].key.queue
        guard queues[queue].hasBench, let eligible = classes[workClass].eligible else { return nil }
        let bidding = Bidding(
            seats: queues[queue].bench!.seats, last: Int(queues[queue].bench!.last),
            open: queues[queue].bench!.open[classes[workClass].key.channel], eligible: eligible,
            weighted: queues[queue].bench!.weighted, levels: classes[workClass].levels,
            policy: queues[queue].settings.policy)
        guard let first = bidding.first(from: 0) else { return nil }
        guard bidding.first(from: first + 1) != nil else {
            return Choice(agent: bidding.seats[first].agent, reason: .onlyCandidate)
        }
        if bidding.policy == .weighted { return drawn(bidding, item) ?? lowest(bidding) }
        if bidding.levels.isEmpty {
            switch bidding.policy {
            case .regular: return inOrder(bidding, after: -1)
            case .circular: return inOrder(bidding, after: bidding.last)
            default: break
            }
        }
        return lowest(bidding)
    }

    /// The one with the lowest standing, of two at least.
    private func lowest(_ bidding: Bidding) -> Choice? {
        // A walk of its own for each: what is asked of a hundred agents is not to be looked up a hundred times.
        switch bidding.policy {
        case .longestIdle, .simultaneous, .weighted: lowest(bidding, by: Idle.self)
        case .regular: lowest(bidding, by: Listed.self)
        case .circular: lowest(bidding, by: Turn.self)
        case .fewestHandled: lowest(bidding, by: Handled.self)
        case .leastTalkTime: lowest(bidding, by: Talk.self)
        }
    }

    // Without a closure, which would hold a copy of the whole router.
    private func lowest<Rule: Figure>(_ bidding: Bidding, by rule: Rule.Type) -> Choice? {
        var best = Standing.none
        var second = Standing.none
        let hasLevels = !bidding.levels.isEmpty
        let seats = bidding.seats.count
        for place in 0..<bidding.open.words {
            var word = bidding.open.word(place) & bidding.eligible.word(place)
            while word != 0 {
                let seat = place << 6 + word.trailingZeroBitCount
                word &= word - 1
                let agent = bidding.seats[seat].agent
                let level = hasLevels ? bidding.levels[seat] : 0
                let figure = Rule.figure(of: agents[agent].record, at: seat, last: bidding.last, seats: seats)
                // Most come after both: a look or two tells.
                if level != second.level {
                    if level > second.level { continue }
                } else if figure != second.figure {
                    if figure > second.figure { continue }
                } else if !(agents[agent].rank < second.rank) {
                    continue
                }
                let standing = Standing(
                    level: level, figure: figure, rank: agents[agent].rank, seat: seat, agent: agent)
                if standing < best {
                    second = best
                    best = standing
                } else {
                    second = standing
                }
            }
        }
        guard !second.agent.isNone else { return nil }
        return Choice(
            agent: best.agent, reason: reason(best, second, bidding.policy), runnerUp: second.rank.agent)
    }

    /// Everybody on the bench who could be offered work of a class; ascending by id.
    mutating func group(_ workClass: Handle<WorkClass>) -> [Handle<AgentSlot>] {
        let key = classes[workClass].key
        guard let bench = queues[key.queue].bench, let eligible = classes[workClass].eligible else {
            return []
        }
        var group: [Handle<AgentSlot>] = []
        var seat = bench.open[key.channel].first(from: 0, and: eligible)
        while let place = seat {
            group.append(bench.seats[place].agent)
            seat = bench.open[key.channel].first(from: place + 1, and: eligible)
        }
        return group.sorted { agents[$0].record.id < agents[$1].record.id }
    }

    /// The next in the list, of two at least.
    @inline(__always)
    private func inOrder(_ bidding: Bidding, after last: Int) -> Choice? {
        guard let seat = bidding.first(from: last + 1) ?? bidding.first(from: 0),
            let runnerUp = bidding.first(from: seat + 1) ?? bidding.first(from: 0)
        else { return nil }
        let place = Int64(seat + 1)
        return Choice(
            agent: bidding.seats[seat].agent,
            reason: last < 0 ? .listOrder(place) : .nextInTurn(place),
            runnerUp: agents[bidding.seats[runnerUp].agent].record.id)
    }

    @inline(__always)
    private func reason(_ best: Standing, _ second: Standing, _ policy: Policy) -> Reason {
        if best.level < second.level { return .skillLevel(best.level) }
        if best.figure < second.figure {
            switch policy {
            case .regular: return .listOrder(Int64(best.seat + 1))
            case .circular: return .nextInTurn(Int64(best.seat + 1))
            case .fewestHandled: return .fewestHandled(best.figure)
            case .leastTalkTime: return .leastTalk(ms: best.figure)
            case .longestIdle, .simultaneous, .weighted: break
            }
        }
        if best.rank.inHand < second.rank.inHand { return .fewestInHand(best.rank.inHand) }
        return .longestIdle(ms: now - best.rank.idleSince)
    }

    /// Draws among those of the best level by weight; nil when none of them has one.
    private mutating func drawn(_ bidding: Bidding, _ item: Handle<ItemSlot>) -> Choice? {
        var best = Int64.max
        var peers = 0
        var total: Int64 = 0
        var only = 0
        if bidding.levels.isEmpty {
            // All are peers, two at least, and the others' weights are 0.
            (best, peers) = (0, 2)
            for place in bidding.weightedBidders { total += bidding.seats[place].weight }
        } else {
            for place in bidding.bidders {
                let level = bidding.level(place)
                if level < best { (best, peers, total) = (level, 0, 0) }
                if level == best {
                    peers += 1
                    total += bidding.seats[place].weight
                    only = place
                }
            }
        }
        guard peers > 1 else {
            return Choice(agent: bidding.seats[only].agent, reason: .onlyCandidate)
        }
        guard total > 0 else { return nil }
        let chance = hash(items[item].record)
        let winner = draw(bidding, best, Int64(chance % UInt64(total)), besides: -1)
        let weight = bidding.seats[winner].weight
        // Without the winner, the same chance would have fallen on one of the others.
        let others = UInt64(max(total - weight, 1))
        let runnerUp = draw(bidding, best, Int64(chance % others), besides: winner)
        return Choice(
            agent: bidding.seats[winner].agent, reason: .weight(percent: weight * 100 / total),
            runnerUp: agents[bidding.seats[runnerUp].agent].record.id)
    }

    /// The seat on which a lot falls; the last of the level when the weights do not reach it.
    private mutating func draw(_ bidding: Bidding, _ level: Int64, _ lot: Int64, besides other: Int) -> Int {
        var lot = lot
        for place in bidding.weightedBidders where place != other && bidding.level(place) == level {
            if lot < bidding.seats[place].weight { return place }
            lot -= bidding.seats[place].weight
        }
        var last = 0
        for place in bidding.bidders where place != other && bidding.level(place) == level { last = place }
        return last
    }

    /// Chance that can be replayed: splitmix64 of the item and its next offer.
    private func hash(_ item: WorkItemRecord) -> UInt64 {
        var z = UInt64(bitPattern: item.id.raw) &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(bitPattern: item.epoch)
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }
}
