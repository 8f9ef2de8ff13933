// Entries of live work by item, close together: half a million may wait.

import Routing

/// A dictionary from items to entries that takes half the memory of one: a dictionary's places are kept free by
/// hundreds of thousands, and here a free one holds a number instead of an entry.
struct Entries: Sendable {
    private var places: [WorkItemID: Int32] = [:]
    private var all: [Tally.Entry] = []
    /// Places in `all` without an item.
    private var free: [Int32] = []

    var keys: some Collection<WorkItemID> { places.keys }
    var values: some Sequence<Tally.Entry> { places.values.lazy.map { all[Int($0)] } }

    subscript(id: WorkItemID) -> Tally.Entry? {
        get { places[id].map { all[Int($0)] } }
        set {
            guard let newValue else {
                if let place = places.removeValue(forKey: id) { free.append(place) }
                return
            }
            if let place = places[id] {
                all[Int(place)] = newValue
            } else if let place = free.popLast() {
                all[Int(place)] = newValue
                places[id] = place
            } else {
                places[id] = Int32(all.count)
                all.append(newValue)
            }
        }
    }
}

extension Entries: Sequence {
    func makeIterator() -> some IteratorProtocol<(WorkItemID, Tally.Entry)> {
        places.lazy.map { ($0.key, all[Int($0.value)]) }.makeIterator()
    }
}

extension Entries: Equatable {
    static func == (a: Entries, b: Entries) -> Bool {
        a.places.count == b.places.count && a.allSatisfy { b[$0.0] == $0.1 }
    }
}
