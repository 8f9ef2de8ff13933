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
    var runnerUp = Handle<AgentSlot>.none
}

/// What an agent on a bench is compared by: the lowest wins.
private struct Standing {
    var level: Int64
    var figure: Int64
    var rank: Rank
    var seat: Int

    static func < (a: Standing, b: Standing) -> Bool {
        if a.level != b.level { return a.level < b.level }
        if a.figure != b.figure { return a.figure < b.figure }
        return a.rank < b.rank
    }
}

extension Router {
    /// The best of a queue's bench for a class; nil when nobody could be offered it.
    func choose(_ workClass: Handle<WorkClass>, _ item: Handle<ItemSlot>) -> Choice? {
        let key = classes[workClass].key
        guard let bench = queues[key.queue].bench, let eligible = classes[workClass].eligible else {
            return nil
        }
        let open = bench.open[key.channel]
        let settings = queues[key.queue].settings
        if settings.routingType == .priorityBased {
            switch settings.policy {
            case .regular: return inOrder(bench, open, eligible, after: -1)
            case .circular: return inOrder(bench, open, eligible, after: bench.last)
            default: break
            }
        }
        var best: Standing?
        var second: Standing?
        var seat = open.first(from: 0, and: eligible)
        while let place = seat {
            let standing = standing(place, bench, key, settings)
            if best == nil || standing < best! {
                second = best
                best = standing
            } else if second == nil || standing < second! {
                second = standing
            }
            seat = open.first(from: place + 1, and: eligible)
        }
        guard let best else { return nil }
        if settings.policy == .weighted {
            return drawn(bench, open, eligible, key, settings, level: best.level, item)
        }
        let agent = bench.seats[best.seat].agent
        guard let second else { return Choice(agent: agent, reason: .onlyCandidate) }
        return Choice(
            agent: agent, reason: reason(best, second, settings.policy),
            runnerUp: bench.seats[second.seat].agent)
    }

    /// Everybody on the bench who could be offered work of a class; ascending by id.
    func group(_ workClass: Handle<WorkClass>) -> [Handle<AgentSlot>] {
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

    private func inOrder(_ bench: Bench, _ open: SeatSet, _ eligible: SeatSet, after last: Int) -> Choice? {
        let next = open.first(from: last + 1, and: eligible)
        guard let seat = next ?? open.first(from: 0, and: eligible) else { return nil }
        let agent = bench.seats[seat].agent
        var runnerUp = open.first(from: seat + 1, and: eligible)
        if runnerUp == nil, let first = open.first(from: 0, and: eligible), first != seat { runnerUp = first }
        guard let runnerUp else { return Choice(agent: agent, reason: .onlyCandidate) }
        let place = Int64(seat + 1)
        return Choice(
            agent: agent, reason: last < 0 ? .listOrder(place) : .nextInTurn(place),
            runnerUp: bench.seats[runnerUp].agent)
    }

    private func standing(_ seat: Int, _ bench: Bench, _ key: WorkClass.Key, _ settings: QueueSettings)
        -> Standing
    {
        let agent = bench.seats[seat].agent
        let level = settings.routingType == .skillBased ? level(bench.seats[seat], key.skills) : 0
        let figure: Int64
        switch settings.policy {
        case .longestIdle, .simultaneous, .weighted: figure = 0
        case .regular: figure = Int64(seat)
        case .circular: figure = Int64(seat > bench.last ? seat : seat + bench.seats.count)
        case .fewestHandled: figure = agents[agent].record.handled
        case .leastTalkTime: figure = agents[agent].record.talkMs
        }
        return Standing(level: level, figure: figure, rank: agents[agent].rank, seat: seat)
    }

    private func level(_ seat: Bench.Seat, _ skills: [SkillID]) -> Int64 {
        if seat.level > 0 { return seat.level }
        var worst: Int64 = 1
        for skill in agents[seat.agent].settings.skills where skills.contains(skill.skill) {
            worst = max(worst, skill.level)
        }
        return worst
    }

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

    /// Draws among those of the best level by weight; the longest idle when nobody has one.
    private func drawn(
        _ bench: Bench, _ open: SeatSet, _ eligible: SeatSet, _ key: WorkClass.Key, _ settings: QueueSettings,
        level best: Int64, _ item: Handle<ItemSlot>
    ) -> Choice? {
        var standings: [Standing] = []
        var total: Int64 = 0
        var seat = open.first(from: 0, and: eligible)
        while let place = seat {
            let standing = standing(place, bench, key, settings)
            if standing.level == best {
                standings.append(standing)
                total += bench.seats[place].weight
            }
            seat = open.first(from: place + 1, and: eligible)
        }
        guard let first = standings.first else { return nil }
        let ranked = standings.sorted { $0 < $1 }
        let agent = bench.seats[first.seat].agent
        guard standings.count > 1 else { return Choice(agent: agent, reason: .onlyCandidate) }
        guard total > 0 else {
            return Choice(
                agent: bench.seats[ranked[0].seat].agent,
                reason: reason(ranked[0], ranked[1], settings.policy),
                runnerUp: bench.seats[ranked[1].seat].agent)
        }
        var draw = Int64(hash(items[item].record) % UInt64(total))
        var winner = first
        for standing in standings {
            let weight = bench.seats[standing.seat].weight
            winner = standing
            if draw < weight { break }
            draw -= weight
        }
        let share = bench.seats[winner.seat].weight * 100 / total
        let other = ranked.first { $0.seat != winner.seat }!
        return Choice(
            agent: bench.seats[winner.seat].agent, reason: .weight(percent: share),
            runnerUp: bench.seats[other.seat].agent)
    }

    /// Chance that can be replayed: splitmix64 of the item and its next offer.
    private func hash(_ item: WorkItemRecord) -> UInt64 {
        var z = UInt64(bitPattern: item.id.raw) &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(bitPattern: item.epoch)
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }
}
