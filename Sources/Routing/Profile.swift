// Buckets: agents who serve the same queues with the same skills, and work that asks for the same.

import HeapModule

/// Agents alike: same queues, same skills, and what may interrupt them.
struct Profile: Tenant {
    struct Key: Sendable, Hashable {
        /// Ascending.
        var queues: [QueueID]
        /// Ascending.
        var skills: [SkillID]
        /// So that it is known of all of them at once whom other work keeps.
        var interrupts: Interrupts
    }

    // What an assignment looks at comes first, to be together in memory.
    var isAlive = true
    /// Agents who are not signed out.
    var signedIn = 0
    /// Items of each channel that those who are available may have at once.
    var places = ByChannel<Int32>(0)
    /// Classes whose work these agents may take.
    var classes: [Handle<WorkClass>] = []
    /// How many of those keep bounds.
    var bounded = 0
    var agents: [Handle<AgentSlot>] = []
    var key: Key

    init(key: Key) { self.key = key }

    /// - Returns: its place.
    mutating func add(_ workClass: Handle<WorkClass>) -> Int32 {
        classes.append(workClass)
        return Int32(classes.count - 1)
    }

    /// Takes a class out; the last one gets its place.
    mutating func remove(at place: Int32) {
        classes.swapAt(Int(place), classes.count - 1)
        classes.removeLast()
    }

    func has(_ skills: [SkillID]) -> Bool { key.skills.containsAll(skills) }
}

/// A profile as a class sees it: at best this rank. It was the rank of the profile's head once; the
/// head may have gone since, which shows when the bound comes up.
struct Bound: Sendable, Comparable {
    var rank: Rank
    var profile: Handle<Profile>

    @inline(__always)
    static func < (a: Bound, b: Bound) -> Bool { a.rank < b.rank }
}

/// Work alike: same queue, same channel, same skills needed as long as it waits here.
struct WorkClass: Tenant {
    struct Key: Sendable, Hashable {
        var queue: Handle<QueueSlot>
        var channel: Channel
        /// Required ones, and desired ones while they are insisted on. Ascending.
        var skills: [SkillID]

        /// Queue, channel and skills in one number, which two keys seldom share.
        @inline(__always)
        static func fold(_ queue: QueueID, _ channel: Channel, _ skills: SkillFold) -> Int64 {
            let place = UInt64(bitPattern: queue.raw) << 2 | UInt64(channel.index)
            let folded = (place ^ skills.bits) &* 0xBF58_476D_1CE4_E5B9
            return Int64(bitPattern: folded ^ folded >> 32)
        }
    }

    /// What matching looks at first, kept apart so that many are seen at a glance.
    struct Head: Sendable {
        /// Of the first in line or held; `.last` when nothing waits.
        var order = Order.last
        /// The first in line; only right while nothing is held.
        var item = Handle<ItemSlot>.none
        /// Whose work it is, to be asked for together with the item.
        var queue = Handle<QueueSlot>.none
        var hasHeld = false
        var channel: UInt8
        /// The channel if it is offered in wrap-up, else 0.
        var inWrapUp: UInt8 = 0

        /// Nothing waits.
        var isEmpty: Bool {
            @inline(__always) get { order == .last }
        }
    }

    // What an assignment looks at comes first, to be together in memory.
    var key: Key
    var isAlive = true
    /// Its line has work that no agent was looked for yet.
    var isDirty = false
    /// The queue's setting.
    var offersInWrapUp = false
    /// Why its work waits, as told; nil when nothing waits.
    var blockage: Blockage?
    /// To be looked at when matching is over.
    var isReconsidered = false
    /// Its profiles are too many to be looked at one by one.
    var keepsBounds = false
    /// Its profiles have it marked as one that has work.
    var isMarked = false
    /// It got work or lost its last since they marked it, perhaps.
    var isMarkStale = false
    var line = Line()
    /// Items kept from some agents, ascending: few, and only for the re-offer pause.
    var held: [Line.Entry] = []
    /// Profiles whose agents may take this work.
    private(set) var members: [Member] = []
    /// Where it keeps bounds, one for each profile that has somebody ready: nobody in it ranks before.
    var bounds = Heap<Bound>()
    /// Who of the queue's bench has the skills; nobody where there is no bench.
    var eligible = SeatSet()
    /// The levels of its seats, where levels count.
    var levels = SeatLevels([])

    /// A profile, and the place of the class among its classes.
    struct Member: Sendable, BitwiseCopyable {
        var profile: Handle<Profile>
        var place: Int32
    }

    var isEmpty: Bool {
        @inline(__always) get { line.isEmpty && held.isEmpty }
    }

    /// As a list of their own, which takes time to make.
    var profiles: [Handle<Profile>] { members.map(\.profile) }

    /// Where the list of its profiles is in the slot, in bytes.
    static var membersField: Int {
        @inline(__always) get { MemoryLayout<WorkClass>.offset(of: \.members)! }
    }

    /// Where the list of what arrived in order is in the slot, in bytes.
    static var laneField: Int {
        @inline(__always) get { MemoryLayout<WorkClass>.offset(of: \.line)! + Line.laneField }
    }

    /// Where it says who of a bench has the skills, in bytes.
    static var eligibleField: Int {
        @inline(__always) get { MemoryLayout<WorkClass>.offset(of: \.eligible)! }
    }

    mutating func add(_ profile: Handle<Profile>, place: Int32) {
        members.append(Member(profile: profile, place: place))
    }

    mutating func remove(_ profile: Handle<Profile>) {
        members.removeAll { $0.profile == profile }
    }

    func has(_ profile: Handle<Profile>) -> Bool { members.contains { $0.profile == profile } }

    /// It has another place among the classes of this profile.
    mutating func move(in profile: Handle<Profile>, to place: Int32) {
        guard let index = members.firstIndex(where: { $0.profile == profile }) else { return }
        members[index].place = place
    }

    @inline(__always)
    func findHead() -> Head {
        var head = Head(
            queue: key.queue, channel: key.channel.bit, inWrapUp: offersInWrapUp ? key.channel.bit : 0)
        if let first = line.head {
            head.order = first.order
            head.item = first.item
        }
        if let first = held.first {
            head.order = min(head.order, first.order)
            head.hasHeld = true
        }
        return head
    }
}
