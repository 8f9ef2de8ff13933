// Between a run and the router: the floor's settings, inputs, and what the router decided.

import Routing

extension Run {
    func agentID(_ agent: Int32) -> AgentID { AgentID(Int64(agent)) }

    /// Makes queues and agents; everybody is available.
    mutating func open() {
        // Twice, so that the queues that work goes on to are there.
        for place in model.queues.indices { tell(.setQueue(QueueModel.id(place), QueueSettings())) }
        for place in model.queues.indices { tell(.setQueue(QueueModel.id(place), settings(of: place))) }
        for (place, agents) in model.agents.enumerated() {
            for _ in 0..<agents.count {
                let agent = Int32(seats.count)
                seats.append(Seat(model: Int32(place)))
                tell(.setAgent(agentID(agent), agents.settings))
                tell(.presence(agentID(agent), .available, reason: nil))
            }
        }
    }

    private func settings(of place: Int) -> QueueSettings {
        let queue = model.queues[place]
        var settings = queue.settings
        if let waitingMax = queue.waitingMax {
            settings.overflow = Overflow(size: Int64(waitingMax), action: .busy)
        }
        settings.members = model.members(of: place)
        return settings
    }

    /// Tells the router something and carries out what it decides, accepts at once included.
    mutating func tell(_ input: Input) {
        heed(router.apply(input, at: Instant(ms: Int64(now))))
        while !atOnce.isEmpty {
            let offers = atOnce
            atOnce.removeAll(keepingCapacity: true)
            for offer in offers {
                events += 1
                heed(
                    router.apply(
                        .accept(offer.item, agentID(offer.agent), epoch: offer.epoch),
                        at: Instant(ms: Int64(now))))
            }
        }
    }

    private mutating func heed(_ outputs: [Output]) {
        for output in outputs {
            switch output {
            case .offered(let item, let agent, let epoch, _, _): react(item, Int32(agent.raw), epoch)
            case .offerEnded(_, let agent, _, .noAnswer):
                seats[Int(agent.raw)].tally.unanswered += 1
            case .connected(let item, let agent, _): connect(item, Int32(agent.raw))
            case .returned(let item, _): takeFromHand(slot(item.raw))
            case .overflowed(let item, _, _, .queue): sendOn(item)
            case .overflowed(let item, _, _, _): turnAway(item)
            case .moved(let item, let queue): enter(item, Int(queue.raw))
            case .left(let item): leave(item)
            case .presenceChanged(let agent, let presence, _, let cause):
                change(Int32(agent.raw), presence, cause)
            // A late accept: the offer had run out, or the customer had left.
            case .refused(.offerIsOver), .refused(.unknownItem): break
            case .refused(let reason): preconditionFailure("the router refused: \(reason)")
            default: break
            }
        }
    }

    /// What the agent who is asked does: accept after a while, or nothing.
    private mutating func react(_ item: WorkItemID, _ agent: Int32, _ epoch: Int64) {
        let habits = model.agents[Int(seats[Int(agent)].model)]
        if habits.unansweredShare > 0, agentRandom.share() <= habits.unansweredShare { return }
        if case .fixed(0) = habits.accepting { return atOnce.append((item, agent, epoch)) }
        let afterMs = habits.accepting.draw(&agentRandom)
        agenda.add(
            Event(
                at: now + afterMs, subject: item.raw, mark: UInt32(truncatingIfNeeded: epoch), agent: agent,
                kind: .accept))
    }

    private mutating func change(_ agent: Int32, _ presence: Presence, _ cause: PresenceCause) {
        book(Int(agent))
        seats[Int(agent)].isAvailable = presence == .available
        // Nobody here asks for it: the router did it.
        guard presence == .unavailable, cause != .asked else { return }
        let backAfterMs = model.agents[Int(seats[Int(agent)].model)].backAfterMs
        agenda.add(Event(at: now + backAfterMs, agent: agent, kind: .back))
    }

    /// Books the time since the last change of the agent's state, as far as it is measured.
    mutating func book(_ agent: Int) {
        let from = max(seats[agent].sinceMs, measuredFrom)
        let to = min(now, measuredTo)
        seats[agent].sinceMs = now
        guard to > from else { return }
        if seats[agent].inHand > 0 {
            seats[agent].tally.busyMs += to - from
        } else if seats[agent].isAvailable {
            seats[agent].tally.idleMs += to - from
        } else {
            seats[agent].tally.awayMs += to - from
        }
    }
}

extension Model {
    /// The queue's list, in the order of the agents; empty where nobody stands out.
    fileprivate func members(of place: Int) -> [QueueMember] {
        guard agents.contains(where: { $0.memberships.contains { $0.queue == place } }) else { return [] }
        var members: [QueueMember] = []
        var next: Int64 = 0
        for group in agents {
            let own = group.memberships.first { $0.queue == place }
            for agent in next..<(next + Int64(group.count))
            where group.settings.queues.contains(QueueModel.id(place)) {
                members.append(
                    QueueMember(agent: AgentID(agent), level: own?.level ?? 0, weight: own?.weight ?? 0))
            }
            next += Int64(group.count)
        }
        return members
    }
}
