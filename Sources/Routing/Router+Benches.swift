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
    var figure: Int64
    var rank: Rank
    var seat: Int
    var agent: Handle<AgentSlot>

    /// After everybody.
    static let none = Standing(figure: .max, rank: .last, seat: -1, agent: .none)

    @inline(__always)
    static func < (a: Standing, b: Standing) -> Bool {
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

/// Work to choose for. What is looked at stays where it is: a copy of a list would count a reference to it.
private struct Bidding {
    let queue: Handle<QueueSlot>
    let workClass: Handle<WorkClass>
    let channel: Channel
    /// Words of seats.
    let words: Int
    /// The seat of the one who answered last, -1 for none.
    let last: Int
    let policy: Policy
}

/// Of those who could be offered, who has one level, which is the lowest of all except who is left out.
private struct Tier {
    var level: Int64
    /// The seat that is left out; -1 for none.
    let left: Int
    var count: Int
    /// The seat of the last of them.
    var last: Int

    @inline(__always)
    func cleared(_ word: UInt64, _ place: Int) -> UInt64 {
        left >> 6 == place ? word & ~(1 << UInt64(left & 63)) : word
    }
}

extension Router {
    /// The best of a queue's bench for a class; nil when nobody could be offered it.
    mutating func choose(_ workClass: Handle<WorkClass>, _ item: Handle<ItemSlot>) -> Choice? {
        let queue = classes[workClass].key.queue
        guard queues[queue].hasBench else { return nil }
        queues.prefetchList(queue, field: QueueSlot.benchField)
        let bidding = bidding(workClass)
        guard let first = firstBidder(bidding, from: 0) else { return nil }
        guard firstBidder(bidding, from: first + 1) != nil else {
            return Choice(agent: queues[queue].bench.agents[first], reason: .onlyCandidate)
        }
        if bidding.policy == .weighted { return drawn(bidding, item) ?? lowest(bidding) }
        if classes[workClass].levels.isEmpty {
            switch bidding.policy {
            case .regular: return inOrder(bidding, after: -1)
            case .circular: return inOrder(bidding, after: bidding.last)
            default: break
            }
        }
        return lowest(bidding)
    }

    /// Somebody on the bench who could be offered work of a class.
    func firstBidder(_ workClass: Handle<WorkClass>) -> Handle<AgentSlot>? {
        let queue = classes[workClass].key.queue
        return firstBidder(bidding(workClass), from: 0).map { queues[queue].bench.agents[$0] }
    }

    @inline(__always)
    private func bidding(_ workClass: Handle<WorkClass>) -> Bidding {
        let queue = classes[workClass].key.queue
        return Bidding(
            queue: queue, workClass: workClass, channel: classes[workClass].key.channel,
            words: classes[workClass].eligible.words, last: Int(queues[queue].bench.last),
            policy: queues[queue].settings.policy)
    }

    /// Of 64 seats, those who could be offered, as bits.
    @inline(__always)
    private func bidders(_ bidding: Bidding, _ place: Int) -> UInt64 {
        classes[bidding.workClass].eligible.word(place)
            & queues[bidding.queue].bench.openSeats(bidding.channel, place)
    }

    /// The first seat from this one on of those who could be offered.
    @inline(__always)
    private func firstBidder(_ bidding: Bidding, from seat: Int) -> Int? {
        var place = seat >> 6
        guard place < bidding.words else { return nil }
        var word = bidders(bidding, place) & UInt64.max << UInt64(seat & 63)
        while word == 0 {
            place += 1
            guard place < bidding.words else { return nil }
            word = bidders(bidding, place)
        }
        return place << 6 + word.trailingZeroBitCount
    }

    /// Who has the lowest level.
    /// - Parameter other: the seat of one who is left out; -1 for nobody.
    @inline(__always)
    private func tier(_ bidding: Bidding, besides other: Int = -1) -> Tier {
        var tier = Tier(level: .max, left: other, count: 0, last: -1)
        for place in 0..<bidding.words {
            let word = tier.cleared(bidders(bidding, place), place)
            if word == 0 { continue }
            let (level, seats) = classes[bidding.workClass].levels.lowest(of: word, in: place)
            if level > tier.level { continue }
            if level < tier.level { (tier.level, tier.count) = (level, 0) }
            tier.count += seats.nonzeroBitCount
            tier.last = place << 6 + 63 - seats.leadingZeroBitCount
        }
        return tier
    }

    /// Of 64 seats, those of a tier.
    @inline(__always)
    private func bidders(_ bidding: Bidding, _ place: Int, of tier: Tier) -> UInt64 {
        let word = tier.cleared(bidders(bidding, place), place)
        if word == 0 { return 0 }
        let (level, seats) = classes[bidding.workClass].levels.lowest(of: word, in: place)
        return level == tier.level ? seats : 0
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

    private func lowest<Rule: Figure>(_ bidding: Bidding, by rule: Rule.Type) -> Choice? {
        let tier = tier(bidding)
        if tier.count > 1 {
            let (best, second) = bestTwo(bidding, of: tier, by: rule)
            return Choice(
                agent: best.agent, reason: reason(best, second, bidding.policy), runnerUp: second.rank.agent)
        }
        // The level alone decides: only of who comes after it is more to be known, if several do.
        let agent = queues[bidding.queue].bench.agents[tier.last]
        agents.prefetch(agent, lines: 3)
        let others = self.tier(bidding, besides: tier.last)
        let runnerUp =
            others.count > 1
            ? bestTwo(bidding, of: others, by: rule).best.agent
            : queues[bidding.queue].bench.agents[others.last]
        return Choice(agent: agent, reason: .skillLevel(tier.level), runnerUp: agents[runnerUp].record.id)
    }

    // Without a closure, which would hold a copy of the whole router.
    @inline(__always)
    private func bestTwo<Rule: Figure>(
        _ bidding: Bidding, of tier: Tier, by rule: Rule.Type
    ) -> (best: Standing, second: Standing) {
        var best = Standing.none
        var second = Standing.none
        let seats = queues[bidding.queue].bench.agents.count
        for place in 0..<bidding.words {
            var word = bidders(bidding, place, of: tier)
            while word != 0 {
                let seat = place << 6 + word.trailingZeroBitCount
                word &= word - 1
                let agent = queues[bidding.queue].bench.agents[seat]
                let figure = Rule.figure(of: agents[agent].record, at: seat, last: bidding.last, seats: seats)
                // Most come after both: a look or two tells.
                if figure != second.figure {
                    if figure > second.figure { continue }
                } else if !(agents[agent].rank < second.rank) {
                    continue
                }
                let standing = Standing(figure: figure, rank: agents[agent].rank, seat: seat, agent: agent)
                if standing < best {
                    second = best
                    best = standing
                } else {
                    second = standing
                }
            }
        }
        return (best, second)
    }

    /// Everybody on the bench who could be offered work of a class; ascending by id.
    mutating func group(_ workClass: Handle<WorkClass>) -> [Handle<AgentSlot>] {
        let key = classes[workClass].key
        var group: [Handle<AgentSlot>] = []
        for place in 0..<classes[workClass].eligible.words {
            var word =
                classes[workClass].eligible.word(place)
                & queues[key.queue].bench.openSeats(key.channel, place)
            while word != 0 {
                group.append(queues[key.queue].bench.agents[place << 6 + word.trailingZeroBitCount])
                word &= word - 1
            }
        }
        return group.sorted { agents[$0].record.id < agents[$1].record.id }
    }

    /// The next in the list, of two at least.
    @inline(__always)
    private func inOrder(_ bidding: Bidding, after last: Int) -> Choice? {
        guard let seat = firstBidder(bidding, from: last + 1) ?? firstBidder(bidding, from: 0),
            let runnerUp = firstBidder(bidding, from: seat + 1) ?? firstBidder(bidding, from: 0)
        else { return nil }
        let place = Int64(seat + 1)
        return Choice(
            agent: queues[bidding.queue].bench.agents[seat],
            reason: last < 0 ? .listOrder(place) : .nextInTurn(place),
            runnerUp: agents[queues[bidding.queue].bench.agents[runnerUp]].record.id)
    }

    @inline(__always)
    private func reason(_ best: Standing, _ second: Standing, _ policy: Policy) -> Reason {
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
        let tier = tier(bidding)
        let queue = bidding.queue
        guard tier.count > 1 else {
            return Choice(agent: queues[queue].bench.agents[tier.last], reason: .onlyCandidate)
        }
        let total = weight(bidding, of: tier)
        guard total > 0 else { return nil }
        let chance = hash(items[item].record)
        let winner = draw(Int64(chance % UInt64(total)), bidding, of: tier, besides: -1)
        let weight = queues[queue].bench.weights[winner]
        // Without the winner, the same chance would have fallen on one of the others.
        let others = UInt64(max(total - weight, 1))
        let runnerUp = draw(Int64(chance % others), bidding, of: tier, besides: winner)
        return Choice(
            agent: queues[queue].bench.agents[winner], reason: .weight(percent: weight * 100 / total),
            runnerUp: agents[queues[queue].bench.agents[runnerUp]].record.id)
    }

    /// What the weights of a tier come to.
    private func weight(_ bidding: Bidding, of tier: Tier) -> Int64 {
        var total: Int64 = 0
        for place in 0..<bidding.words {
            var word =
                queues[bidding.queue].bench.weighted.word(place) & bidders(bidding, place, of: tier)
            while word != 0 {
                total += queues[bidding.queue].bench.weights[place << 6 + word.trailingZeroBitCount]
                word &= word - 1
            }
        }
        return total
    }

    /// The seat on which a lot falls; the last of the tier when the weights do not reach it.
    private func draw(_ lot: Int64, _ bidding: Bidding, of tier: Tier, besides other: Int) -> Int {
        var lot = lot
        var last = 0
        for place in 0..<bidding.words {
            let all = bidders(bidding, place, of: tier)
            var word = queues[bidding.queue].bench.weighted.word(place) & all
            while word != 0 {
                let seat = place << 6 + word.trailingZeroBitCount
                word &= word - 1
                if seat == other { continue }
                let weight = queues[bidding.queue].bench.weights[seat]
                if lot < weight { return seat }
                lot -= weight
            }
            let others = other >> 6 == place ? all & ~(1 << UInt64(other & 63)) : all
            if others != 0 { last = place << 6 + 63 - others.leadingZeroBitCount }
        }
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
