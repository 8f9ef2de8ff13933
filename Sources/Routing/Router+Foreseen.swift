// What an agent gets first of all the work it may take, found a moment before it is open where it can be.

extension Router {
    /// The first in line of all the work that the agent could be offered.
    mutating func firstItem(for agent: Handle<AgentSlot>) -> (item: Handle<ItemSlot>, order: Order)? {
        settleMarks()
        if foreseen.agent != agent || foreseen.open != agents[agent].open
            || agents[agent].openInWrapUp != 0
        {
            prefetchHeads(agents[agent].profile)
            foreseen = first(for: agent, agents[agent].open, agents[agent].openInWrapUp)
            prefetchForeseen()
        }
        let (item, order) = (foreseen.item, foreseen.order)
        foreseen.agent = .none
        return item.isNone ? nil : (item, order)
    }

    /// Finds the first item for an agent who will be open for these channels in a moment, so that it is near by then.
    /// The caller has asked for the heads.
    mutating func foresee(_ agent: Handle<AgentSlot>, open: UInt8) {
        guard staleMarks.isEmpty else { return }
        foreseen = first(for: agent, open, 0)
        prefetchForeseen()
    }

    @inline(__always)
    private mutating func prefetchForeseen() {
        guard !foreseen.item.isNone else { return }
        items.prefetch(foreseen.item)
        itemByID.prefetch(foreseen.order.id)
        classes.prefetch(foreseen.workClass, lines: 2)
        queues.prefetch(heads[Int(foreseen.workClass.raw)].queue, lines: 3)
    }

    /// The first in line of the work of channels, as bits, and of what is offered in wrap-up.
    private mutating func first(
        for agent: Handle<AgentSlot>, _ open: UInt8, _ openInWrapUp: UInt8
    ) -> Foreseen {
        let profile = agents[agent].profile
        var best = Handle<WorkClass>.none
        // By address, because an order is long to be carried along.
        var bestHead: UnsafePointer<WorkClass.Head>?
        // By number, because going through the list itself would count a reference to it.
        for place in workMarks[Int(profile.raw)].placesToLook {
            let workClass = workClass(of: profile, at: place)
            let head = heads.address(of: Int(workClass.raw))
            guard open & head.pointee.channel | openInWrapUp & head.pointee.inWrapUp != 0 else { continue }
            if head.pointee.hasHeld { return firstAmongHeld(for: agent, open, openInWrapUp) }
            if head.pointee.item.isNone { continue }
            if let former = bestHead, !(head.pointee.order < former.pointee.order) { continue }
            bestHead = head
            best = workClass
        }
        guard let bestHead else { return Foreseen(agent: agent, open: open) }
        return Foreseen(
            agent: agent, open: open, item: bestHead.pointee.item, order: bestHead.pointee.order,
            workClass: best)
    }

    /// The same where some of the work may be kept from the agent. It changes nothing, but a call that only reads would
    /// copy the router first.
    private mutating func firstAmongHeld(
        for agent: Handle<AgentSlot>, _ open: UInt8, _ openInWrapUp: UInt8
    ) -> Foreseen {
        var first = Foreseen(agent: agent, open: open)
        let profile = agents[agent].profile
        for place in workMarks[Int(profile.raw)].placesToLook {
            let workClass = workClass(of: profile, at: place)
            let head = heads[Int(workClass.raw)]
            guard open & head.channel | openInWrapUp & head.inWrapUp != 0, head.order < first.order else {
                continue
            }
            first.workClass = workClass
            if !head.hasHeld {
                first.item = head.item
                first.order = head.order
                continue
            }
            if let head = classes[workClass].line.head, head.order < first.order {
                first.item = head.item
                first.order = head.order
            }
            for entry in classes[workClass].held {
                guard entry.order < first.order else { break }
                guard !isKept(entry.item, from: agents[agent].record.id) else { continue }
                first.item = entry.item
                first.order = entry.order
                break
            }
        }
        return first
    }

    /// A class of a profile by its place.
    @inline(__always)
    func workClass(of profile: Handle<Profile>, at place: Int) -> Handle<WorkClass> {
        place < Reach.heldMax
            ? reach.held(Int(profile.raw), at: place) : profiles[profile].classes[place]
    }

    /// Begins to bring near the heads of all the work that the agents of a profile may take.
    @inline(__always)
    mutating func prefetchHeads(_ profile: Handle<Profile>) {
        for place in workMarks[Int(profile.raw)].placesToLook {
            heads.prefetch(Int(workClass(of: profile, at: place).raw))
        }
    }

    @inline(__always)
    private func isKept(_ item: Handle<ItemSlot>, from agent: AgentID) -> Bool {
        if let preferred = items[item].record.preferred, preferred.agent != agent { return true }
        return items[item].record.pauses.contains { $0.agent == agent }
    }
}

/// The first item for an agent who is or will be open for some channels. Right as long as no head has changed.
struct Foreseen: Sendable {
    var agent: Handle<AgentSlot>
    /// As bits; for nothing that is offered in wrap-up alone.
    var open: UInt8
    var item = Handle<ItemSlot>.none
    var order = Order.last
    /// Where it waits, or another class that was looked at.
    var workClass = Handle<WorkClass>.none

    static let nothing = Foreseen(agent: .none, open: 0)
}
