// What the router keeps about each item beside its record.

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
