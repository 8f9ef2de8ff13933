// Deadlines: an item has at most one alarm at a time, and its state says what it is for; so has an agent.

/// What an agent can have deadlines for. The raw value orders those of one instant.
enum AgentAlarm: UInt8, Sendable, CaseIterable {
    /// Its desk is missed.
    case desk = 3
    /// Its guard time is over.
    case rest = 4
    /// The wrap-up it asked for is over.
    case presence = 5
}

struct Deadline: Sendable, Comparable {
    /// The kind of those that offers have.
    static let offer: UInt8 = 0
    /// The kind of those that waiting work has.
    static let wait: UInt8 = 2

    enum Holder: Sendable {
        case item(Handle<ItemSlot>)
        case agent(Handle<AgentSlot>, AgentAlarm)
    }

    var at: Int64
    /// What comes first at the same instant: offers that ran out, ends of wrap-up, waiting work, then agents' own.
    var kind: UInt8
    var id: Int64
    var holder: Holder
    /// Valid while the holder's alarm is still this one.
    var alarm: UInt32

    @inline(__always)
    static func < (a: Deadline, b: Deadline) -> Bool {
        if a.at != b.at { return a.at < b.at }
        if a.kind != b.kind { return a.kind < b.kind }
        return a.id < b.id
    }

    @inline(__always)
    static func == (a: Deadline, b: Deadline) -> Bool { a.at == b.at && a.kind == b.kind && a.id == b.id }
}

extension Router {
    /// Sets the item's alarm. `.max` is never.
    mutating func arm(_ item: Handle<ItemSlot>, at: Int64) {
        disarm(item)
        guard at < .max else { return }
        let kind: UInt8 =
            switch items[item].record.state {
            case .offered, .offeredToGroup: Deadline.offer
            case .wrapUp: 1
            case .waiting, .ringing, .active: Deadline.wait
            }
        items[item].isArmed = true
        armed += 1
        deadlines.insert(
            Deadline(
                at: at, kind: kind, id: items[item].record.id.raw, holder: .item(item),
                alarm: items[item].alarm))
    }

    mutating func disarm(_ item: Handle<ItemSlot>) {
        guard items[item].isArmed else { return }
        items[item].alarm &+= 1
        items[item].isArmed = false
        armed -= 1
    }

    /// Sets one of the agent's alarms. `.max` is never.
    mutating func arm(_ agent: Handle<AgentSlot>, _ alarm: AgentAlarm, at: Int64) {
        disarm(agent, alarm)
        guard at < .max else { return }
        agents[agent].alarms[alarm].isSet = true
        armed += 1
        deadlines.insert(
            Deadline(
                at: at, kind: alarm.rawValue, id: agents[agent].record.id.raw, holder: .agent(agent, alarm),
                alarm: agents[agent].alarms[alarm].number))
    }

    mutating func disarm(_ agent: Handle<AgentSlot>, _ alarm: AgentAlarm) {
        guard agents[agent].alarms[alarm].isSet else { return }
        agents[agent].alarms[alarm].number &+= 1
        agents[agent].alarms[alarm].isSet = false
        armed -= 1
    }

    /// Does everything that is due, in the order of deadlines.
    /// - Parameter blaming: whether agents could have acted; if not, no desk is missed either.
    mutating func expire(blaming: Bool = true) {
        while let due = deadlines.min, due.at <= now {
            deadlines.removeMin()
            guard isLive(due) else { continue }
            switch due.holder {
            case .item(let item):
                disarm(item)
                expire(item, blaming: blaming)
            case .agent(let agent, let alarm):
                disarm(agent, alarm)
                switch alarm {
                case .desk: if blaming { missDesk(agent) }
                case .rest: guardRanOut(agent)
                case .presence: presenceRanOut(agent)
                }
            }
        }
    }

    private mutating func expire(_ item: Handle<ItemSlot>, blaming: Bool) {
        switch items[item].record.state {
        case .offered, .offeredToGroup: if blaming { offerRanOut(item) } else { offerWasLost(item) }
        case .wrapUp: leave(item)
        case .waiting:
            // Desired skills relax, a pause is over, or it has waited too long: it waits elsewhere now.
            unplace(item)
            place(item)
        case .ringing: stopRinging(item)
        case .active:
            preconditionFailure("an alarm on active work: \(items[item].record)")
        }
    }

    /// Leaves a live deadline at the top, so that `nextDeadline` can be read off.
    mutating func dropStaleDeadlines() {
        while let top = deadlines.min, !isLive(top) { deadlines.removeMin() }
        if deadlines.count > 2 * armed + staleEntriesMax {
            deadlines = deadlines.filtered { isLive($0) }
        }
    }

    @inline(__always)
    private func isLive(_ deadline: Deadline) -> Bool {
        switch deadline.holder {
        case .item(let item): items[item].isArmed && items[item].alarm == deadline.alarm
        case .agent(let agent, let alarm): agents[agent].alarms[alarm].isLive(deadline.alarm)
        }
    }
}
