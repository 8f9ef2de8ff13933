// From numbers to handles.

/// What a table says beside a handle.
protocol HashHint: Sendable {
    /// Before anything was noted.
    static var none: Self { get }
}

/// Nothing.
struct NoHint: HashHint {
    static let none = NoHint()
}

/// A hash table from numbers to handles: open addressing, one look at memory for most look-ups.
///
/// A fixed multiplicative hash spreads numbers that ascend well, and those that are spread already; eight in a row stay
/// together, because what arrived together is handled together. Unlike `Dictionary` it is the same in every process.
/// Beside a handle there may be a hint; none takes no room.
struct HashTable<Slot, Hint: HashHint>: Sendable {
    private struct Entry: Sendable {
        var id: Int64
        var handle: Handle<Slot>
        var hint = Hint.none
    }

    private var entries: Shelf<Entry>
    private var count = 0
    /// Shifts a hash down to the number of a block of eight.
    private var shift: UInt64

    init() {
        entries = Shelf(repeating: Entry(id: 0, handle: .none), count: 16)
        shift = 63
    }

    subscript(id: Int64) -> Handle<Slot>? {
        let entry = entries[place(of: id)]
        return entry.handle.isNone ? nil : entry.handle
    }

    /// The handle, and what was last noted beside it.
    @inline(__always)
    func hinted(_ id: Int64) -> (handle: Handle<Slot>, hint: Hint)? {
        let place = place(of: id)
        return entries[place].handle.isNone ? nil : (entries[place].handle, entries[place].hint)
    }

    /// Notes a hint beside the handle of an id that is there. It may be wrong one day.
    mutating func note(_ hint: Hint, beside id: Int64) {
        entries.own()
        entries[place(of: id)].hint = hint
    }

    /// Begins to bring near where the id is looked for first.
    @inline(__always)
    func prefetch(_ id: Int64) { entries.prefetch(home(of: id)) }

    /// Adds an id that is not there yet.
    mutating func insert(_ id: Int64, _ handle: Handle<Slot>) {
        entries.own()
        if (count + 1) * 2 > entries.count { grow() }
        let place = place(of: id)
        precondition(entries[place].handle.isNone, "id taken: \(id)")
        entries[place] = Entry(id: id, handle: handle)
        count += 1
    }

    /// Removes an id that is there; those that had to step aside for it move up.
    mutating func remove(_ id: Int64) {
        entries.own()
        let place = place(of: id)
        precondition(!entries[place].handle.isNone, "no such id: \(id)")
        let shift = shift
        let hole = entries.closeUp(place) { $0.handle.isNone ? nil : Self.home(of: $0.id, shift) }
        entries[hole].handle = .none
        count -= 1
    }

    @inline(__always)
    private func home(of id: Int64) -> Int { Self.home(of: id, shift) }

    @inline(__always)
    private static func home(of id: Int64, _ shift: UInt64) -> Int {
        let block = UInt64(bitPattern: id &>> 3) &* 0x9E37_79B9_7F4A_7C15
        return Int(truncatingIfNeeded: block &>> shift) &<< 3 | Int(truncatingIfNeeded: id & 7)
    }

    /// Where the id is, or would go.
    @inline(__always)
    private func place(of id: Int64) -> Int {
        let mask = entries.count &- 1
        var place = home(of: id)
        while !entries[place].handle.isNone, entries[place].id != id { place = (place &+ 1) & mask }
        return place
    }

    private mutating func grow() {
        let former = entries
        entries = Shelf(repeating: Entry(id: 0, handle: .none), count: former.count * 2)
        shift -= 1
        for index in former.indices where !former[index].handle.isNone {
            entries[place(of: former[index].id)] = former[index]
        }
    }
}

extension Shelf {
    /// Lets what had to step aside for an entry of a table with open addressing move up.
    /// - Parameters:
    ///   - place: of the entry that goes.
    ///   - home: the place an entry hashes to; nil for a free one.
    /// - Returns: the place that is to be free.
    @inline(__always)
    mutating func closeUp(_ place: Int, home: (borrowing Element) -> Int?) -> Int {
        let mask = count &- 1
        var hole = place
        var next = (hole &+ 1) & mask
        while let wanted = home(self[next]) {
            // May it move into the hole without coming before the place it hashes to?
            if (next &- wanted) & mask >= (next &- hole) & mask {
                self[hole] = self[next]
                hole = next
            }
            next = (next &+ 1) & mask
        }
        return hole
    }
}
