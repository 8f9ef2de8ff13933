// Every deadline of the router, soonest first, with lazy deletion.

import DequeModule
import HeapModule

/// Deadlines in the order in which they are due.
///
/// Most are set in the order in which they will be due, because queues give the same time to everybody: each kind of
/// these has a lane of its own, where putting one in and taking the first out costs no search.
struct Deadlines: Sendable {
    /// Of offers, ascending.
    private(set) var offers = Deque<Deadline>()
    /// Of waiting work, ascending.
    private(set) var waits = Deque<Deadline>()
    /// What would not have come last there, and every other kind.
    private(set) var others = Heap<Deadline>()

    var count: Int { offers.count + waits.count + others.count }

    /// The soonest.
    var min: Deadline? {
        var soonest = offers.first
        if let wait = waits.first, soonest.map({ wait < $0 }) ?? true { soonest = wait }
        if let other = others.min, soonest.map({ other < $0 }) ?? true { soonest = other }
        return soonest
    }

    /// Whether the soonest is due.
    @inline(__always)
    func isDue(at now: Int64) -> Bool {
        if let offer = offers.first, offer.at <= now { return true }
        if let wait = waits.first, wait.at <= now { return true }
        if let other = others.min, other.at <= now { return true }
        return false
    }

    mutating func insert(_ deadline: Deadline) {
        switch deadline.kind {
        case Deadline.offer:
            if let last = offers.last, deadline < last { return others.insert(deadline) }
            offers.append(deadline)
        case Deadline.wait:
            if let last = waits.last, deadline < last { return others.insert(deadline) }
            waits.append(deadline)
        default: others.insert(deadline)
        }
    }

    /// Takes back what was put in last of its kind, if it is this: what is offered or answered at once leaves nothing.
    @inline(__always)
    mutating func takeBack(of item: Handle<ItemSlot>, alarm: UInt32) -> Bool {
        if let last = offers.last, last.holder == item.raw, last.alarm == alarm {
            offers.removeLast()
            return true
        }
        if let last = waits.last, last.holder == item.raw, last.alarm == alarm {
            waits.removeLast()
            return true
        }
        return false
    }

    /// Takes the soonest out.
    mutating func removeMin() {
        guard let soonest = min else { preconditionFailure("no deadline to take out") }
        if let offer = offers.first, offer == soonest {
            offers.removeFirst()
        } else if let wait = waits.first, wait == soonest {
            waits.removeFirst()
        } else {
            others.removeMin()
        }
    }

    mutating func removeFirstOffer() { offers.removeFirst() }
    mutating func removeFirstWait() { waits.removeFirst() }
    mutating func removeFirstOther() { others.removeMin() }

    /// Takes out what is stale, where it is: a copy would grow piece by piece.
    mutating func keep(_ isLive: (Deadline) -> Bool) {
        offers.removeAll { !isLive($0) }
        waits.removeAll { !isLive($0) }
        others = Heap(others.unordered.filter(isLive))
    }
}
