// What the router keeps about each queue, agent and item beside its record.

/// What an assignment looks at comes first, and so it does in the settings: it is in three cache lines.
struct QueueSlot: Tenant {
    var id: QueueID
    /// Items in any state.
    var present = 0
    /// Items in state `waiting`.
    var waiting = 0
    /// Agents of its profiles.
    var serving: Int32 = 0
    /// Profiles of agents who serve the queue.
    var profiles: [Handle<Profile>] = []
    var classes: [Handle<WorkClass>] = [] {
        didSet { marks[.hasManyClasses] = classes.count > emptyClassesMax }
    }
    /// The class of work without skills of its own, by channel.
    var plain = ByChannel(Handle<WorkClass>.none)
    var isAlive = true
    private var marks: QueueMarks
    var record: QueueRecord
    var settings: QueueSettings {
        didSet { marks.note(settings) }
    }
    /// So that the bench begins a cache line.
    private let space: (Int64, Int64, Int64) = (0, 0, 0)
    /// The seats of its agents; nil where the plain longest-idle rule needs none. Given by `seat`.
    var bench: Bench?

    init(id: QueueID, settings: QueueSettings) {
        self.id = id
        self.settings = settings
        marks = QueueMarks()
        marks.note(settings)
        record = QueueRecord(id: id)
    }

    mutating func seat(_ bench: Bench?) {
        self.bench = bench
        marks[.hasBench] = bench != nil
    }
}

/// What is so of a queue's slot or is not: what else would be looked up in lines of its own.
private struct QueueMarks: OptionSet, Sendable {
    var rawValue: UInt8
    static let isChanged = QueueMarks(rawValue: 1)
    static let benchIsStale = QueueMarks(rawValue: 2)
    static let hasBench = QueueMarks(rawValue: 4)
    static let sendsOn = QueueMarks(rawValue: 8)
    static let asksForSkills = QueueMarks(rawValue: 16)
    static let isCircular = QueueMarks(rawValue: 32)
    static let hasManyClasses = QueueMarks(rawValue: 64)

    mutating func note(_ settings: QueueSettings) {
        self[.sendsOn] = settings.sendsOn
        self[.asksForSkills] = !settings.requiredSkills.isEmpty || !settings.desiredSkills.isEmpty
        self[.isCircular] = settings.policy == .circular
    }
}

extension QueueSlot {
    /// Its record must be told at the end of `apply`.
    var isChanged: Bool {
        @inline(__always) get { marks[.isChanged] }
        @inline(__always)
        set { marks[.isChanged] = newValue }
    }

    /// Agents came or went, or what the seats are made from changed.
    var benchIsStale: Bool {
        @inline(__always) get { marks[.benchIsStale] }
        @inline(__always)
        set { marks[.benchIsStale] = newValue }
    }

    /// Seats decide here.
    var hasBench: Bool {
        @inline(__always) get { marks[.hasBench] }
    }

    /// Work may be turned away or sent on; most queues keep everything.
    var sendsOn: Bool {
        @inline(__always) get { marks[.sendsOn] }
    }

    /// The queue itself requires or desires skills.
    var asksForSkills: Bool {
        @inline(__always) get { marks[.asksForSkills] }
    }

    /// Classes that run empty are not kept.
    var hasManyClasses: Bool {
        @inline(__always) get { marks[.hasManyClasses] }
    }

    /// Its turns go on after whoever answered last.
    var isCircular: Bool {
        @inline(__always) get { marks[.isCircular] }
    }
}

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
    var settings: AgentSettings {
        didSet { limits = AgentLimits(settings) }
    }
    /// Its seats on benches.
    var seats: [BenchSeat] = [] {
        didSet { isSeated = !seats.isEmpty }
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

    /// Finds the channels it could be offered now, at all and by queues that offer in wrap-up, whether there are any
    /// more than before, and what the profile is to count it as.
    mutating func reopen() -> (hasGained: Bool, isAsBefore: Bool, kind: Supply.Kind) {
        let takesOffers = takesOffersInWrapUp
        let isInWrapUp = isInWrapUp
        let room = offer.isNone ? self.room : 0
        let (nowOpen, nowInWrapUp): (UInt8, UInt8) =
            !takesOffers ? (0, 0) : isInWrapUp ? (0, room) : (room, 0)
        let gained = nowOpen & ~open | nowInWrapUp & ~(openInWrapUp | open)
        let isAsBefore = nowOpen == open && nowInWrapUp == openInWrapUp
        open = nowOpen
        openInWrapUp = nowInWrapUp
        unsettled |= listed & ~nowOpen
        return (gained != 0, isAsBefore, kind(takesOffers: takesOffers, room: room))
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

/// Two cache lines: half a million may wait, and each is met at random.
struct ItemSlot: Tenant {
    var record: WorkItemRecord
    var queue: Handle<QueueSlot>
    /// Who is offered it alone or has it in hand.
    var agent = Handle<AgentSlot>.none
    /// The class it waits in; none when not waiting.
    var waitsIn = Handle<WorkClass>.none
    /// Its neighbours in the hands it is in.
    var nextInHand = Handle<ItemSlot>.none
    var formerInHand = Handle<ItemSlot>.none
    /// Raised when it leaves its line: older entries there are stale.
    var ticket: UInt32 = 1
    /// Raised when its alarm changes: older deadlines are stale.
    var alarm: UInt32 = 1
    private var marks = ItemMarks.isAlive
    /// How often the input being applied has sent it on.
    var hops: UInt8 = 0

    init(record: consuming WorkItemRecord, queue: Handle<QueueSlot>) {
        self.record = record
        self.queue = queue
    }

    @inline(__always)
    mutating func succeed(_ former: borrowing ItemSlot) {
        ticket = former.ticket &+ 1
        alarm = former.alarm &+ 1
    }

    mutating func comeToHand(
        of holder: Handle<AgentSlot>, _ state: WorkItemRecord.State, next: Handle<ItemSlot>
    ) {
        record.state = state
        agent = holder
        nextInHand = next
        formerInHand = .none
    }
}

/// What is so of an item's slot or is not.
private struct ItemMarks: OptionSet, Sendable {
    var rawValue: UInt8
    static let isAlive = ItemMarks(rawValue: 1)
    static let isChanged = ItemMarks(rawValue: 2)
    static let isHeld = ItemMarks(rawValue: 4)
    static let isArmed = ItemMarks(rawValue: 8)
    static let isEntering = ItemMarks(rawValue: 16)
}

extension ItemSlot {
    var isAlive: Bool {
        @inline(__always) get { marks[.isAlive] }
        @inline(__always)
        set { marks[.isAlive] = newValue }
    }

    /// Its record must be told at the end of `apply`.
    var isChanged: Bool {
        @inline(__always) get { marks[.isChanged] }
        @inline(__always)
        set { marks[.isChanged] = newValue }
    }

    /// Waits aside, because it is kept from some agents.
    var isHeld: Bool {
        @inline(__always) get { marks[.isHeld] }
        @inline(__always)
        set { marks[.isHeld] = newValue }
    }

    /// Its alarm is set.
    var isArmed: Bool {
        @inline(__always) get { marks[.isArmed] }
        @inline(__always)
        set { marks[.isArmed] = newValue }
    }

    /// It entered its queue by the input being applied, and was not looked at yet.
    var isEntering: Bool {
        @inline(__always) get { marks[.isEntering] }
        @inline(__always)
        set { marks[.isEntering] = newValue }
    }
}

/// One value for each channel.
struct ByChannel<Value: Sendable>: Sendable {
    var errand: Value
    var chat: Value
    var call: Value

    init(_ value: Value) {
        errand = value
        chat = value
        call = value
    }

    subscript(channel: Channel) -> Value {
        _read {
            switch channel {
            case .errand: yield errand
            case .chat: yield chat
            case .call: yield call
            }
        }
        _modify {
            switch channel {
            case .errand: yield &errand
            case .chat: yield &chat
            case .call: yield &call
            }
        }
    }
}
