// The waiting work of one class, in order, with lazy deletion.

import DequeModule

/// Stale entries a line or a heap may hold beyond its live ones before it is rebuilt.
let staleEntriesMax = 64

struct Line: Sendable {
    /// Valid while the item's ticket is still this one.
    struct Entry: Sendable, Comparable {
        var order: Order
        var item: Handle<ItemSlot>
        var ticket: UInt32

        static let none = Entry(order: .last, item: .none, ticket: 0)

        @inline(__always)
        static func < (a: Entry, b: Entry) -> Bool { a.order < b.order }
    }

    /// The first of what arrived in order, `.none` if nothing did: most lines are short, and need no list.
    private var first = Entry.none
    /// Most work arrives in order: it is appended here, ascending, behind the first, …
    private var lane = Deque<Entry>()
    /// … how many are there, at hand, …
    private var laneCount: Int32 = 0
    /// … and what overtakes goes here.
    private var overtaking = CountedHeap<Entry>()
    /// Live entries.
    private(set) var count = 0

    var isEmpty: Bool {
        @inline(__always) get { count == 0 }
    }

    /// Where the list of what arrived in order is, in bytes.
    static var laneField: Int {
        @inline(__always) get { MemoryLayout<Line>.offset(of: \.lane)! }
    }

    /// The first in line; never stale.
    var head: Entry? {
        @inline(__always) get {
            if overtaking.isEmpty { return first.item.isNone ? nil : first }
            guard !first.item.isNone, let other = overtaking.min else { return overtaking.min }
            return first < other ? first : other
        }
    }

    mutating func insert(_ entry: Entry) {
        count += 1
        if first.item.isNone {
            first = entry
        } else if entry < (laneCount == 0 ? first : lane.last ?? first) {
            overtaking.insert(entry)
        } else {
            lane.append(entry)
            laneCount += 1
        }
    }

    /// Entries, stale ones too.
    private var held: Int { (first.item.isNone ? 0 : 1) + Int(laneCount) + overtaking.count }

    private mutating func dropFirst() {
        if laneCount == 0 { return first = .none }
        first = lane.removeFirst()
        laneCount -= 1
    }

    /// Tells the line that the entry of this item has become stale.
    mutating func lost(_ item: Handle<ItemSlot>, _ items: borrowing Slots<ItemSlot>) {
        count -= 1
        if first.item == item {
            dropFirst()
            // Without stale entries the next one need not be looked at.
            if held == count { return }
        }
        while !first.item.isNone, !first.isValid(items) { dropFirst() }
        while let other = overtaking.min, !other.isValid(items) { _ = overtaking.popMin() }
        if held > 2 * count + staleEntriesMax {
            var kept = Deque<Entry>()
            for entry in lane where entry.isValid(items) { kept.append(entry) }
            lane = kept
            var rest: [Entry] = []
            for entry in overtaking.unordered where entry.isValid(items) { rest.append(entry) }
            overtaking = CountedHeap(rest)
            laneCount = Int32(lane.count)
        }
    }

    /// Live entries before a place in the order.
    func count(before order: Order, _ items: borrowing Slots<ItemSlot>) -> Int {
        // What arrived in order is ascending: where nothing in it is stale, its place is the count.
        var before = 0
        if !first.item.isNone, first.order < order {
            var low = 0
            var high = lane.count
            while low < high {
                let middle = (low + high) / 2
                if lane[middle].order < order { low = middle + 1 } else { high = middle }
            }
            before = 1 + (held == count ? low : lane[..<low].count { $0.isValid(items) })
        }
        for entry in overtaking.unordered where entry.order < order && entry.isValid(items) { before += 1 }
        return before
    }

    /// Every live entry, in no particular order.
    func entries(_ items: borrowing Slots<ItemSlot>) -> [Entry] {
        var live: [Entry] = first.item.isNone ? [] : [first]
        for entry in lane where entry.isValid(items) { live.append(entry) }
        for entry in overtaking.unordered where entry.isValid(items) { live.append(entry) }
        return live
    }
}

extension Line.Entry {
    @inline(__always)
    func isValid(_ items: borrowing Slots<ItemSlot>) -> Bool { items[item].ticket == ticket }
}
