// The waiting work of one class, in order, with lazy deletion.

import DequeModule
import HeapModule

/// Stale entries a line or a heap may hold beyond its live ones before it is rebuilt.
let staleEntriesMax = 64

struct Line: Sendable {
    /// Valid while the item's ticket is still this one.
    struct Entry: Sendable, Comparable {
        var order: Order
        var item: Handle<ItemSlot>
        var ticket: UInt32

        @inline(__always)
        static func < (a: Entry, b: Entry) -> Bool { a.order < b.order }
    }

    /// Most work arrives in order: it is appended here, ascending, …
    private var lane = Deque<Entry>()
    /// … and what overtakes goes here.
    private var overtaking = Heap<Entry>()
    /// Live entries.
    private(set) var count = 0

    var isEmpty: Bool {
        @inline(__always) get { count == 0 }
    }

    /// The first in line; never stale.
    var head: Entry? {
        @inline(__always) get {
            if overtaking.isEmpty { return lane.first }
            guard let a = lane.first, let b = overtaking.min else { return overtaking.min }
            return a < b ? a : b
        }
    }

    mutating func insert(_ entry: Entry) {
        if let last = lane.last, entry < last {
            overtaking.insert(entry)
        } else {
            lane.append(entry)
        }
        count += 1
    }

    /// Tells the line that the entry of this item has become stale.
    mutating func lost(_ item: Handle<ItemSlot>, _ items: borrowing Slots<ItemSlot>) {
        count -= 1
        if lane.first?.item == item {
            lane.removeFirst()
            // Without stale entries the next one need not be looked at.
            if lane.count + overtaking.count == count { return }
        }
        while let first = lane.first, !first.isValid(items) { lane.removeFirst() }
        while let first = overtaking.min, !first.isValid(items) { overtaking.removeMin() }
        if lane.count + overtaking.count > 2 * count + staleEntriesMax {
            var kept = Deque<Entry>()
            for entry in lane where entry.isValid(items) { kept.append(entry) }
            lane = kept
            var rest: [Entry] = []
            for entry in overtaking.unordered where entry.isValid(items) { rest.append(entry) }
            overtaking = Heap(rest)
        }
    }

    /// Live entries before a place in the order.
    func count(before order: Order, _ items: borrowing Slots<ItemSlot>) -> Int {
        // The lane is ascending: where nothing in it is stale, its place is the count.
        var low = 0
        var high = lane.count
        while low < high {
            let middle = (low + high) / 2
            if lane[middle].order < order { low = middle + 1 } else { high = middle }
        }
        let isClean = lane.count + overtaking.count == self.count
        var count = isClean ? low : lane[..<low].count { $0.isValid(items) }
        for entry in overtaking.unordered where entry.order < order && entry.isValid(items) { count += 1 }
        return count
    }

    /// Every live entry, in no particular order.
    func entries(_ items: borrowing Slots<ItemSlot>) -> [Entry] {
        var live: [Entry] = []
        for entry in lane where entry.isValid(items) { live.append(entry) }
        for entry in overtaking.unordered where entry.isValid(items) { live.append(entry) }
        return live
    }
}

extension Line.Entry {
    @inline(__always)
    func isValid(_ items: borrowing Slots<ItemSlot>) -> Bool { items[item].ticket == ticket }
}
