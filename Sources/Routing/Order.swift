// Who comes first: waiting work in its line, and agents who could take it.

/// The place of a waiting item in line. Constant while it waits, so a heap never re-keys.
struct Order: Sendable, Hashable, Comparable {
    /// When a bounced item was first offered; `.max` for others, so bounced ones come first.
    var bounced: Int64
    /// Its queue's.
    var rank: Int64
    var priority: Int64
    /// Linear aging: entered − credit.
    var key: Int64
    var id: Int64

    /// After everything.
    static let last = Order(bounced: .max, rank: .max, priority: .max, key: .max, id: .max)

    @inline(__always)
    static func < (a: Order, b: Order) -> Bool {
        if a.bounced != b.bounced { return a.bounced < b.bounced }
        if a.rank != b.rank { return a.rank < b.rank }
        if a.priority != b.priority { return a.priority < b.priority }
        if a.key != b.key { return a.key < b.key }
        return a.id < b.id
    }
}

extension WorkItemRecord {
    @inline(__always)
    func order(rank: Int64) -> Order {
        Order(
            bounced: firstOffered?.ms ?? .max, rank: rank, priority: priority,
            key: entered.ms.plus(creditMs.negated), id: id.raw)
    }
}

/// The standing of an agent among those who could take an item: fewest in hand, then longest idle.
struct Rank: Sendable, Hashable, Comparable {
    var inHand: Int64
    var idleSince: Int64
    var idleOrder: Int64
    var id: Int64

    static let last = Rank(inHand: .max, idleSince: .max, idleOrder: .max, id: .max)

    /// Whose rank it is; nil for the last, which is nobody's.
    var agent: AgentID? { self == .last ? nil : AgentID(id) }

    @inline(__always)
    static func < (a: Rank, b: Rank) -> Bool {
        if a.inHand != b.inHand { return a.inHand < b.inHand }
        if a.idleSince != b.idleSince { return a.idleSince < b.idleSince }
        if a.idleOrder != b.idleOrder { return a.idleOrder < b.idleOrder }
        return a.id < b.id
    }
}

extension Int64 {
    /// The sum, held at the ends of the range: a setting of "for ever" must not trap.
    func plus(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? (other < 0 ? .min : .max) : sum
    }

    /// The product, held at the end of the range; neither is negative.
    func times(_ other: Int64) -> Int64 {
        let (product, overflow) = multipliedReportingOverflow(by: other)
        return overflow ? .max : product
    }

    var negated: Int64 { self == .min ? .max : -self }
}

extension Channel {
    var index: Int { Int(rawValue) - 1 }
    var bit: UInt8 { 1 << UInt8(rawValue - 1) }
}
