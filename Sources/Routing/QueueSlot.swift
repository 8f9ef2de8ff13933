// What the router keeps about each queue beside its record.

/// What an assignment looks at comes first, and so it does in the settings: it is in three cache lines.
struct QueueSlot: Tenant {
    var id: QueueID
    /// Items in any state.
    var present = 0
    /// Items in state `waiting`.
    var waiting = 0
    /// Agents of its profiles.
    var serving: Int32 = 0
    /// The first of the profiles below, by which they are asked for: those of a team are mostly made together.
    private(set) var firstProfile = Handle<Profile>.none
    /// Profiles of agents who serve the queue.
    private(set) var profiles: [Handle<Profile>] = []
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
    /// The seats of its agents; nobody's where the plain longest-idle rule needs none. Given by `seat`.
    var bench = Bench()

    init(id: QueueID, settings: QueueSettings) {
        self.id = id
        self.settings = settings
        marks = QueueMarks()
        marks.note(settings)
        record = QueueRecord(id: id)
    }

    /// Where the list of its profiles is in the slot, in bytes.
    static var profilesField: Int {
        @inline(__always) get { MemoryLayout<QueueSlot>.offset(of: \.profiles)! }
    }

    mutating func add(_ profile: Handle<Profile>) {
        profiles.append(profile)
        firstProfile = profiles[0]
    }

    mutating func remove(_ profile: Handle<Profile>) {
        profiles.removeAll { $0 == profile }
        firstProfile = profiles.first ?? .none
    }

    /// Where its bench is in the slot, in bytes.
    static var benchField: Int {
        @inline(__always) get { MemoryLayout<QueueSlot>.offset(of: \.bench)! }
    }

    mutating func seat(_ bench: Bench?) {
        self.bench = bench ?? Bench()
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
    static let needsBench = QueueMarks(rawValue: 128)

    mutating func note(_ settings: QueueSettings) {
        self[.sendsOn] = settings.sendsOn
        self[.asksForSkills] = !settings.requiredSkills.isEmpty || !settings.desiredSkills.isEmpty
        self[.isCircular] = settings.policy == .circular
        self[.needsBench] = settings.needsBench
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

    /// Its settings ask for seats; it has them as soon as nothing is stale.
    var needsBench: Bool {
        @inline(__always) get { marks[.needsBench] }
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
