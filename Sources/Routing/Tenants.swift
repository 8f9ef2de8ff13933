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
    /// The class, by channel, of work without skills of its own.
    var plain: [Handle<WorkClass>] = [.none, .none, .none]
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
    /// Its place in the profile's list of agents.
    var seat = 0
    /// The item being offered to it.
    var offer = Handle<ItemSlot>.none
    /// Active and in wrap-up.
    var inHand: [Handle<ItemSlot>] = []
    /// Active items by channel.
    var active: (errand: Int32, chat: Int32, call: Int32) = (0, 0, 0)

    /// Channels it could be offered now, as bits.
    var open: UInt8 = 0
    /// Channels whose ready heap holds an entry with the stamp below, as bits.
    var listed: UInt8 = 0
    /// Raised when the rank below changes: older entries in ready heaps are stale.
    var stamp: UInt32 = 0
    var rank = Rank.last

    init(record: AgentRecord, settings: AgentSettings, former: AgentSlot?) {
        self.record = record
        self.settings = settings
        self.stamp = (former?.stamp ?? 0) &+ 1
    }

    subscript(active channel: Channel) -> Int32 {
        get {
            switch channel {
            case .errand: active.errand
            case .chat: active.chat
            case .call: active.call
            }
        }
        set {
            switch channel {
            case .errand: active.errand = newValue
            case .chat: active.chat = newValue
            case .call: active.call = newValue
            }
        }
    }

    /// Room for one more of the channel: below capacity, and nothing but calls during a call.
    func hasRoom(for channel: Channel) -> Bool {
        Int64(self[active: channel]) < settings.capacity[channel] && (channel == .call || active.call == 0)
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
