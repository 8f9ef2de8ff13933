// Who of a profile is ready, the best first.

/// The agents of one profile who could be offered work of one channel now. In one line: of most profiles one at most
/// is ready, and is found without a look elsewhere.
struct Ready: Sendable {
    /// Valid while the agent's stamp is still this one and the agent is open.
    struct Entry: Sendable, Comparable {
        var rank: Rank
        var agent: Handle<AgentSlot>
        var stamp: UInt32

        static let none = Entry(rank: .last, agent: .none, stamp: 0)

        @inline(__always)
        static func < (a: Entry, b: Entry) -> Bool { a.rank < b.rank }
    }

    /// The best of them, never stale; `.none` when there is nobody.
    private(set) var head = Entry.none
    /// The others, and some who are stale.
    private var others = CountedHeap<Entry>()

    /// Where the heap of the others is, in bytes.
    static var othersField: Int {
        @inline(__always) get { MemoryLayout<Ready>.offset(of: \.others)! }
    }

    /// Entries, stale ones too.
    var count: Int { others.count + (head.agent.isNone ? 0 : 1) }

    /// - Returns: whether it is the best of them.
    @inline(__always)
    mutating func insert(_ entry: Entry) -> Bool {
        let isBest = entry < head
        let behind = isBest ? head : entry
        if isBest { head = entry }
        if behind.agent.isNone { return true }
        others.insert(behind)
        return isBest
    }

    /// Goes on to the next best, who may be stale.
    mutating func dropHead() { head = others.popMin() ?? .none }

    /// Keeps only these of the others.
    mutating func keep(where isKept: (Entry) -> Bool) {
        others = CountedHeap(others.unordered.filter(isKept))
    }
}
