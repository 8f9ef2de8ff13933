// Lists that are filled and emptied with every input.

/// A list of handles that keeps its room when it is emptied: only the count goes back, which costs nothing.
///
/// Like a `Shelf`, it asks only in debug builds whether somebody else has a copy. A pile is empty between inputs, so
/// whoever has copied one takes a fresh one with its first input.
struct Pile<Element: BitwiseCopyable & Sendable>: Sendable {
    private var room: PileRoom<Element>
    /// The room's, at hand.
    nonisolated(unsafe) private var base: UnsafeMutablePointer<Element>
    private var capacity: Int
    private(set) var count = 0

    init() {
        room = PileRoom(capacity: pileRoomLeast)
        base = room.base
        capacity = pileRoomLeast
    }

    var isEmpty: Bool {
        @inline(__always) get { count == 0 }
    }

    subscript(place: Int) -> Element {
        @inline(__always) get {
            precondition(UInt(bitPattern: place) < UInt(bitPattern: count), "no such place")
            return base[place]
        }
    }

    @inline(__always)
    mutating func append(_ element: Element) {
        #if DEBUG
            precondition(isKnownUniquelyReferenced(&room), "changed without being owned")
        #endif
        if count == capacity { grow() }
        base[count] = element
        count += 1
    }

    @inline(__always)
    mutating func clear() { count = 0 }

    /// Ascending. A few are the rule, and those need no more than to be pushed up.
    @inline(__always)
    mutating func sort(by comesBefore: (Element, Element) -> Bool) {
        if count > 1 { sortSeveral(by: comesBefore) }
    }

    private mutating func sortSeveral(by comesBefore: (Element, Element) -> Bool) {
        guard count <= fewMax else {
            var all = UnsafeMutableBufferPointer(start: base, count: count)
            return all.sort(by: comesBefore)
        }
        var next = 1
        while next < count {
            let element = base[next]
            var place = next
            while place > 0, comesBefore(element, base[place - 1]) {
                base[place] = base[place - 1]
                place -= 1
            }
            base[place] = element
            next += 1
        }
    }

    private mutating func grow() {
        capacity *= 2
        room = room.copied(count, capacity: capacity)
        base = room.base
    }
}

/// The memory of a pile.
private final class PileRoom<Element: BitwiseCopyable & Sendable>: @unchecked Sendable {
    let base: UnsafeMutablePointer<Element>

    init(capacity: Int) { base = .allocate(capacity: capacity) }

    deinit { base.deallocate() }

    /// A larger one with the first elements of this one. A method of the room, which so outlives the copying.
    func copied(_ count: Int, capacity: Int) -> PileRoom {
        let other = PileRoom(capacity: capacity)
        other.base.initialize(from: base, count: count)
        return other
    }
}

/// Elements a pile has room for from the beginning.
private let pileRoomLeast = 16

/// Elements that are sorted by pushing.
private let fewMax = 8
