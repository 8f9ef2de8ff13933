// Deadlines: an item has at most one alarm at a time, and its state says what it is for.

import HeapModule

struct Deadline: Sendable, Comparable {
    var at: Int64
    /// What comes first at the same instant: offers that ran out, ends of wrap-up, waiting work.
    var kind: UInt8
    var id: Int64
    var item: Handle<ItemSlot>
    /// Valid while the item's alarm is still this one.
    var alarm: UInt32

    @inline(__always)
    static func < (a: Deadline, b: Deadline) -> Bool {
        if a.at != b.at { return a.at < b.at }
        if a.kind != b.kind { return a.kind < b.kind }
        return a.id < b.id
    }
}

extension Router {
    /// Sets the item's alarm. `.max` is never.
    mutating func arm(_ item: Handle<ItemSlot>, at: Int64) {
        disarm(item)
        guard at < .max else { return }
        let kind: UInt8 =
            switch items[item].record.state {
            case .offered: 0
            case .wrapUp: 1
            case .waiting, .active: 2
            }
        items[item].isArmed = true
        armed += 1
        deadlines.insert(
            Deadline(
                at: at, kind: kind, id: items[item].record.id.raw, item: item, alarm: items[item].alarm))
    }

    mutating func disarm(_ item: Handle<ItemSlot>) {
        guard items[item].isArmed else { return }
        items[item].alarm &+= 1
        items[item].isArmed = false
        armed -= 1
    }

    /// Does everything that is due, in the order of deadlines.
    mutating func expire() {
        while let due = deadlines.min, due.at <= now {
            deadlines.removeMin()
            guard isLive(due) else { continue }
            disarm(due.item)
            switch items[due.item].record.state {
            case .offered: offerRanOut(due.item)
            case .wrapUp: leave(due.item)
            case .waiting:
                // Desired skills relax, or a pause is over: it waits elsewhere now.
                unplace(due.item)
                place(due.item)
            case .active:
                preconditionFailure("an alarm on active work: \(items[due.item].record)")
            }
        }
    }

    /// Leaves a live deadline at the top, so that `nextDeadline` can be read off.
    mutating func dropStaleDeadlines() {
        while let top = deadlines.min, !isLive(top) { deadlines.removeMin() }
        if deadlines.count > 2 * armed + staleEntriesMax {
            deadlines = Heap(deadlines.unordered.filter { isLive($0) })
        }
    }

    private func isLive(_ deadline: Deadline) -> Bool {
        items[deadline.item].isArmed && items[deadline.item].alarm == deadline.alarm
    }
}
