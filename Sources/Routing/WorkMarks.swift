// Which classes of work an agent need look at.

/// Classes of a profile of which it is marked whether they have work.
private let markedMax: Int32 = 64

/// Which of a profile's classes have work. In 16 bytes apart from the profile: whoever becomes free looks here first, and
/// a class that gets work tells all its profiles.
struct WorkMarks: Sendable {
    /// Of the first classes, as bits by their place: the others need not be looked at.
    private var marked: UInt64 = 0
    /// How many classes the profile has.
    private var count: Int32 = 0
    /// The first profile of a queue of the agents', which its team mostly begins with: only a hint.
    var firstOfTeam = Handle<Profile>.none

    /// The profile got another class, which takes the last place.
    mutating func add(hasWork: Bool) {
        count += 1
        note(hasWork: hasWork, at: count - 1)
    }

    /// The class at a place is gone; the last one gets its place.
    mutating func remove(at place: Int32, lastHasWork: Bool) {
        note(hasWork: lastHasWork, at: place)
        note(hasWork: false, at: count - 1)
        count -= 1
    }

    @inline(__always)
    mutating func note(hasWork: Bool, at place: Int32) {
        guard place < markedMax else { return }
        let bit: UInt64 = 1 << UInt64(place)
        if hasWork { marked |= bit } else { marked &= ~bit }
    }

    /// Some of the first classes have work.
    var isAnyMarked: Bool {
        @inline(__always) get { marked != 0 }
    }

    /// Places of classes that may have work: each that has is among them.
    var placesToLook: PlacesToLook {
        @inline(__always) get {
            PlacesToLook(marked: marked, unmarked: min(markedMax, count)..<count)
        }
    }
}

/// The places that are marked, then all that are not marked at all.
struct PlacesToLook: Sequence, IteratorProtocol {
    fileprivate var marked: UInt64
    fileprivate var unmarked: Range<Int32>

    @inline(__always)
    mutating func next() -> Int? {
        if marked != 0 {
            let place = marked.trailingZeroBitCount
            marked &= marked - 1
            return place
        }
        return unmarked.popFirst().map(Int.init)
    }
}
