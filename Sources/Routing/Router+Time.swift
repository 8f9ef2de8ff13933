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

/// In 32 bytes: what comes first is compared first.
struct Deadline: Sendable, Comparable {
    /// The kind of those that offers have.
    static let offer: UInt8 = 0
    /// The kind of those that ends of wrap-up have.
    static let wrapUp: UInt8 = 1
    /// The kind of those that waiting work has.
    static let wait: UInt8 = 2

    var at: Int64
    var id: Int64
    /// The handle of an item or, with the kinds that `AgentAlarm` names, of an agent.
    var holder: Int32
    /// Valid while the holder's alarm is still this one.
    var alarm: UInt32
    /// What comes first at the same instant: offers that ran out, ends of wrap-up, waiting work, then agents' own.
    var kind: UInt8

    /// The agent's alarm, where an agent has it.
    var agentAlarm: AgentAlarm? {
        @inline(__always) get { AgentAlarm(rawValue: kind) }
    }

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
            case .wrapUp: Deadline.wrapUp
            case .waiting, .ringing, .active: Deadline.wait
            }
        items[item].isArmed = true
        armed += 1
        deadlines.insert(
            Deadline(
                at: at, id: items[item].record.id.raw, holder: item.raw, alarm: items[item].alarm, kind: kind)
        )
    }

    mutating func disarm(_ item: Handle<ItemSlot>) {
        guard items[item].isArmed else { return }
        if !deadlines.takeBack(of: item, alarm: items[item].alarm) { mayBeStale = true }
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
                at: at, id: agents[agent].record.id.raw, holder: agent.raw,
                alarm: agents[agent].alarms[alarm].number, kind: alarm.rawValue))
    }

    mutating func disarm(_ agent: Handle<AgentSlot>, _ alarm: AgentAlarm) {
        guard agents[agent].alarms[alarm].isSet else { return }
        agents[agent].alarms[alarm].number &+= 1
        agents[agent].alarms[alarm].isSet = false
        mayBeStale = true
        armed -= 1
    }

    /// Does everything that is due, in the order of deadlines.
    /// - Parameter blaming: whether agents could have acted; if not, no desk is missed either.
    @inline(__always)
    mutating func expire(blaming: Bool = true) {
        if deadlines.isDue(at: now) { expireDue(blaming: blaming) }
    }

    private mutating func expireDue(blaming: Bool) {
        while let due = deadlines.min, due.at <= now {
            deadlines.removeMin()
            guard isLive(due) else { continue }
            guard let alarm = due.agentAlarm else {
                let item = Handle<ItemSlot>(raw: due.holder)
                disarm(item)
                expire(item, blaming: blaming)
                continue
            }
            let agent = Handle<AgentSlot>(raw: due.holder)
            disarm(agent, alarm)
            switch alarm {
            case .desk: if blaming { missDesk(agent) }
            case .rest: guardRanOut(agent)
            case .presence: presenceRanOut(agent)
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

    /// Leaves live deadlines at the top, so that `nextDeadline` can be read off.
    @inline(__always)
    mutating func dropStaleDeadlines() {
        if mayBeStale { dropStale() }
    }

    private mutating func dropStale() {
        mayBeStale = false
        while let first = deadlines.offers.first, !isLive(first) { deadlines.removeFirstOffer() }
        while let first = deadlines.waits.first, !isLive(first) { deadlines.removeFirstWait() }
        while let first = deadlines.others.min, !isLive(first) { deadlines.removeFirstOther() }
        if deadlines.count > 2 * armed + staleEntriesMax {
            var kept = Deadlines()
            swap(&kept, &deadlines)
            kept.keep { isLive($0) }
            deadlines = kept
        }
    }

    @inline(__always)
    private func isLive(_ deadline: Deadline) -> Bool {
        guard let alarm = deadline.agentAlarm else {
            let item = Handle<ItemSlot>(raw: deadline.holder)
            return items[item].isArmed && items[item].alarm == deadline.alarm
        }
        return agents[Handle(raw: deadline.holder)].alarms[alarm].isLive(deadline.alarm)
    }
}
