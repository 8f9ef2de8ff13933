// What the router keeps about each queue, agent and item beside its record.

struct QueueSlot: Tenant {
    var id: QueueID
    var settings: QueueSettings
    var isAlive = true
    /// Items in any state.
    var present = 0
    /// Items in state `waiting`.
    var waiting = 0
    /// Profiles of agents who serve the queue.
    var profiles: [Handle<Profile>] = []
    var classes: [Handle<WorkClass>] = []
    /// The class of work without skills of its own, by channel.
    var plain = ByChannel(Handle<WorkClass>.none)
}

struct AgentSlot: Tenant {
    var record: AgentRecord
    var settings: AgentSettings
    var isAlive = true
    /// Its record must be told at the end of `apply`.
    var isChanged = false
    /// It could take more than before: matching must look at it.
    var isDirty = false
    var profile = Handle<Profile>.none
    /// The alarm of its desk is set.
    var isArmed = false
    /// Raised when that alarm changes: older deadlines are stale.
    var alarm: UInt32
    /// Its place in the profile's list of agents.
    var seat = 0
    /// The item being offered to it.
    var offer = Handle<ItemSlot>.none
    /// Active and in wrap-up: the first of a chain through the items.
    var firstInHand = Handle<ItemSlot>.none
    var inHandCount: Int32 = 0
    /// Active items by channel.
    var active = ByChannel<Int32>(0)

    /// Channels it could be offered now, as bits.
    var open: UInt8 = 0
    /// Channels whose ready heap holds an entry with the stamp below, as bits.
    var listed: UInt8 = 0
    /// Channels whose ready heap may have it as head, though it should not, as bits.
    var unsettled: UInt8 = 0
    /// Raised when its rank changes: older entries in ready heaps are stale.
    var stamp: UInt32 = 0

    init(record: AgentRecord, settings: AgentSettings, former: AgentSlot?) {
        self.record = record
        self.settings = settings
        self.stamp = (former?.stamp ?? 0) &+ 1
        self.alarm = (former?.alarm ?? 0) &+ 1
    }

    var rank: Rank {
        Rank(
            inHand: Int64(inHandCount), idleSince: record.idleSince.ms, idleOrder: record.idleOrder,
            id: record.id.raw)
    }

    /// Makes entries in ready heaps stale, because the rank or the profile changes.
    mutating func restamp() {
        unsettled |= listed
        listed = 0
        stamp &+= 1
    }

    /// Room for one more of the channel: below capacity, and nothing but calls during a call.
    func hasRoom(for channel: Channel) -> Bool {
        Int64(active[channel]) < settings.capacity[channel] && (channel == .call || active.call == 0)
    }

    /// Channels it could be offered now, as bits.
    func findOpen() -> UInt8 {
        guard offer.isNone, takesOffers else { return 0 }
        return (hasRoom(for: .errand) ? Channel.errand.bit : 0)
            | (hasRoom(for: .chat) ? Channel.chat.bit : 0) | (hasRoom(for: .call) ? Channel.call.bit : 0)
    }

    /// Takes offers at all: available and not in wrap-up.
    var takesOffers: Bool { record.presence == .available && record.wrapUpUntil == nil }
}

struct ItemSlot: Tenant {
    var record: WorkItemRecord
    var queue: Handle<QueueSlot>
    var isAlive = true
    var isChanged = false
    /// Waits aside, because it is kept from some agents.
    var isHeld = false
    /// Its alarm is set.
    var isArmed = false
    /// Who is offered it or has it in hand.
    var agent = Handle<AgentSlot>.none
    /// The class it waits in; none when not waiting.
    var waitsIn = Handle<WorkClass>.none
    /// Its neighbours in the hands it is in.
    var nextInHand = Handle<ItemSlot>.none
    var formerInHand = Handle<ItemSlot>.none
    /// Raised when it leaves its line: older entries there are stale.
    var ticket: UInt32
    /// Raised when its alarm changes: older deadlines are stale.
    var alarm: UInt32

    init(record: WorkItemRecord, queue: Handle<QueueSlot>, former: ItemSlot?) {
        self.record = record
        self.queue = queue
        self.ticket = (former?.ticket ?? 0) &+ 1
        self.alarm = (former?.alarm ?? 0) &+ 1
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
        get {
            switch channel {
            case .errand: errand
            case .chat: chat
            case .call: call
            }
        }
        set {
            switch channel {
            case .errand: errand = newValue
            case .chat: chat = newValue
            case .call: call = newValue
            }
        }
    }
}
