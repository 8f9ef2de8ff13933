// What the router keeps about each agent beside its record.

/// A deadline of an agent that is set or not.
struct Alarm: Sendable {
    var isSet = false
    /// Raised when it changes: older deadlines are stale.
    var number: UInt32

    func isLive(_ number: UInt32) -> Bool { isSet && self.number == number }
}

struct AgentAlarms: Sendable {
    private var desk: Alarm
    private var rest: Alarm
    private var presence: Alarm

    init() { (desk, rest, presence) = (Alarm(number: 1), Alarm(number: 1), Alarm(number: 1)) }

    /// Nothing is set, and no deadline of the former tenant counts.
    init(after former: AgentAlarms) {
        func next(_ alarm: Alarm) -> Alarm { Alarm(number: alarm.number &+ 1) }
        (desk, rest, presence) = (next(former.desk), next(former.rest), next(former.presence))
    }

    subscript(alarm: AgentAlarm) -> Alarm {
        get {
            switch alarm {
            case .desk: desk
            case .rest: rest
            case .presence: presence
            }
        }
        set {
            switch alarm {
            case .desk: desk = newValue
            case .rest: rest = newValue
            case .presence: presence = newValue
            }
        }
    }
}

/// What decides whether an agent has room, packed.
private struct AgentLimits: Sendable {
    /// None below 0, and never more than anybody has.
    let capacity: ByChannel<Int32>
    private let interrupts: UInt16
    let hasGuard: Bool

    init(_ settings: AgentSettings) {
        var capacity = ByChannel<Int32>(0)
        for channel in Channel.allCases {
            capacity[channel] = Int32(clamping: max(0, settings.capacity[channel]))
        }
        self.capacity = capacity
        interrupts = UInt16(truncatingIfNeeded: settings.interrupts.rawValue)
        hasGuard = settings.guardMs != nil
    }

    /// Channels that may interrupt one that is in hand, as bits.
    @inline(__always)
    func channels(during inHand: Channel) -> UInt8 {
        Interrupts(rawValue: Int64(interrupts)).channels(during: inHand)
    }
}

/// What an assignment looks at comes first: it is in three cache lines. Its small questions are inlined always: a call
/// of one would copy the whole slot first.
struct AgentSlot: Tenant {
    var isAlive = true
    /// Its record must be told at the end of `apply`.
    var isChanged = false
    /// It could take more than before: matching must look at it.
    var isDirty = false
    /// Its benches may show what is no longer so.
    var isUnshown = false
    /// Channels it could be offered now, as bits.
    var open: UInt8 = 0
    /// Channels it could be offered by queues that do so in wrap-up, as bits; 0 when not in wrap-up.
    var openInWrapUp: UInt8 = 0
    /// It has seats on benches.
    private(set) var isSeated = false
    /// `open` and `openInWrapUp` as its benches show them.
    var shown: UInt8 = 0
    var shownInWrapUp: UInt8 = 0
    /// What the profile counts it as.
    var counted = Supply.Kind()
    /// Channels whose ready heap holds an entry with the stamp below, as bits.
    var listed: UInt8 = 0
    /// Channels whose ready heap may have it as head, though it should not, as bits.
    var unsettled: UInt8 = 0
    /// Raised when its rank changes: older entries in ready heaps are stale.
    var stamp: UInt32 = 1
    var profile = Handle<Profile>.none
    /// The item being offered to it.
    var offer = Handle<ItemSlot>.none
    /// Active and in wrap-up: the first of a chain through the items.
    var firstInHand = Handle<ItemSlot>.none
    /// Active items by channel.
    var active = ByChannel<Int32>(0)
    /// Of the settings, at hand.
    private var limits: AgentLimits
    /// Its place in the profile's list of agents.
    var seat: Int32 = 0
    // Those on a bench are compared by what follows and the record begins with: the record begins a line.
    var inHandCount: Int32 = 0
    var record: AgentRecord
    /// Its seats on benches.
    private(set) var seats: [BenchSeat] = []
    var settings: AgentSettings {
        didSet { limits = AgentLimits(settings) }
    }
    var alarms = AgentAlarms()

    init(record: AgentRecord, settings: AgentSettings) {
        limits = AgentLimits(settings)
        self.record = record
        self.settings = settings
    }

    mutating func succeed(_ former: borrowing AgentSlot) {
        stamp = former.stamp &+ 1
        alarms = AgentAlarms(after: former.alarms)
    }

    var rank: Rank {
        @inline(__always) get {
            Rank(
                inHand: Int64(inHandCount), idleSince: record.idleSince.ms, idleOrder: record.idleOrder,
                id: record.id.raw)
        }
    }

    /// Where the list of its seats is in the slot, in bytes.
    static var seatsField: Int {
        @inline(__always) get { MemoryLayout<AgentSlot>.offset(of: \.seats)! }
    }

    mutating func sit(at seat: BenchSeat) {
        seats.append(seat)
        isSeated = true
    }

    mutating func getUp(from queue: Handle<QueueSlot>) {
        seats.removeAll { $0.queue == queue }
        isSeated = !seats.isEmpty
    }

    /// Makes entries in ready heaps stale, because the rank or the profile changes.
    mutating func restamp() {
        unsettled |= listed
        listed = 0
        stamp &+= 1
    }

    /// Room for one more of the channel: below capacity, and nothing in hand that it may not interrupt.
    @inline(__always)
    func hasRoom(for channel: Channel) -> Bool { room & channel.bit != 0 }

    /// Channels with room for one more, as bits.
    var room: UInt8 {
        @inline(__always) get {
            var room: UInt8 = 7
            if active.errand >= limits.capacity.errand { room &= ~Channel.errand.bit }
            if active.errand > 0 { room &= limits.channels(during: .errand) }
            if active.chat >= limits.capacity.chat { room &= ~Channel.chat.bit }
            if active.chat > 0 { room &= limits.channels(during: .chat) }
            if active.call >= limits.capacity.call { room &= ~Channel.call.bit }
            if active.call > 0 { room &= limits.channels(during: .call) }
            return room
        }
    }

    /// The agent's own guard time; nil: the queue's.
    var guardMs: Int64? {
        @inline(__always) get { limits.hasGuard ? settings.guardMs : nil }
    }

    /// Finds the channels it could be offered now, at all and by queues that offer in wrap-up, which of them it could
    /// not before, as bits, and what the profile is to count it as.
    mutating func reopen() -> (gained: UInt8, kind: Supply.Kind) {
        let takesOffers = takesOffersInWrapUp
        let isInWrapUp = isInWrapUp
        let room = offer.isNone ? self.room : 0
        let (nowOpen, nowInWrapUp): (UInt8, UInt8) =
            !takesOffers ? (0, 0) : isInWrapUp ? (0, room) : (room, 0)
        let gained = nowOpen & ~open | nowInWrapUp & ~(openInWrapUp | open)
        open = nowOpen
        openInWrapUp = nowInWrapUp
        unsettled |= listed & ~nowOpen
        return (gained, kind(takesOffers: takesOffers, room: room))
    }

    /// One more in hand.
    mutating func take(_ item: Handle<ItemSlot>, _ channel: Channel, isActive: Bool) {
        firstInHand = item
        inHandCount += 1
        if isActive { active[channel] += 1 }
        restamp()
    }

    /// Takes offers of this queue at all.
    @inline(__always)
    func takesOffers(of queue: borrowing QueueSettings) -> Bool {
        takesOffersInWrapUp && (!isInWrapUp || queue.offersInWrapUp)
    }

    /// Available, wrap-up disregarded, no signal, no guard time, and nothing else asked for.
    var takesOffersInWrapUp: Bool {
        @inline(__always) get {
            (record.presence == .available || record.presence == .wrapUp && record.presenceUntil != nil)
                && record.guardUntil == nil && record.signals.isEmpty
                && (record.pending == nil || record.pending?.presence == .available)
        }
    }

    /// Any queue might offer it something.
    var mayTakeMore: Bool {
        @inline(__always) get { open | openInWrapUp != 0 }
    }

    var isInWrapUp: Bool {
        @inline(__always) get { record.wrapUpUntil != nil || record.presence == .wrapUp }
    }
}
