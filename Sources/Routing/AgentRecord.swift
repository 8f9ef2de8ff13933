// An agent's state as rows hold it, packed: every change of an agent is told with a copy of this.

/// An agent's state; settings apart.
///
/// What is optional is kept as a number and a bit that says whether it is there: 120 bytes instead of 192.
public struct AgentRecord: Sendable, Hashable {
    public var id: AgentID
    /// Longest idle: the lower pair (`idleSince`, `idleOrder`) gets the next item.
    public var idleSince: Instant
    /// Breaks ties of `idleSince`; drawn from the router's counter, never reused.
    public var idleOrder: Int64 = 0
    /// Items connected since signing in.
    public var handled: Int64 = 0
    /// Time in conversations since signing in, those that have ended.
    public var talkMs: Int64 = 0
    /// When the presence last changed.
    public var presenceSince: Instant

    // Each 0 unless its bit is set, so that equal records are equal in every field.
    private var reasonRaw: Int64 = 0
    private var pendingReasonRaw: Int64 = 0
    private var wrapUpMs: Int64 = 0
    private var presenceMs: Int64 = 0
    private var guardMs: Int64 = 0
    private var deskMs: Int64 = 0
    private var unansweredCount: Int32 = 0
    private var busyCount: Int32 = 0
    private var errorCount: Int32 = 0
    private var bouncedCount: Int32 = 0
    public var presence: Presence = .signedOut
    private var pendingPresence: Presence?
    private var signalBits: UInt8 = 0
    private var parts = Parts()

    public init(id: AgentID, at: Instant) {
        self.id = id
        self.presenceSince = at
        self.idleSince = at
    }
}

/// Which optional parts of a record are there.
private struct Parts: OptionSet, Sendable, Hashable {
    let rawValue: UInt8
    static let reason = Parts(rawValue: 1)
    static let pendingReason = Parts(rawValue: 2)
    static let wrapUp = Parts(rawValue: 4)
    static let presenceUntil = Parts(rawValue: 8)
    static let guardUntil = Parts(rawValue: 16)
    static let deskOpen = Parts(rawValue: 32)
    static let deskClosed = Parts(rawValue: 64)

    /// The bit follows whether there is a value; what is kept is the value, or 0.
    @inline(__always)
    mutating func keep(_ value: Int64?, as part: Parts) -> Int64 {
        self = value == nil ? subtracting(part) : union(part)
        return value ?? 0
    }
}

// Inlined always: a call would copy the record first.
extension AgentRecord {
    /// Set only with `unavailable`.
    public var reason: ReasonID? {
        @inline(__always) get { parts.contains(.reason) ? ReasonID(reasonRaw) : nil }
        set { reasonRaw = parts.keep(newValue?.raw, as: .reason) }
    }

    /// Offers in a row that ran out unanswered.
    public var unanswered: Int64 {
        @inline(__always) get { Int64(unansweredCount) }
        set { unansweredCount = Int32(clamping: newValue) }
    }

    /// Offers in a row that failed because the line was busy.
    public var busyFailures: Int64 {
        @inline(__always) get { Int64(busyCount) }
        set { busyCount = Int32(clamping: newValue) }
    }

    /// Offers in a row that failed by an error.
    public var errorFailures: Int64 {
        @inline(__always) get { Int64(errorCount) }
        set { errorCount = Int32(clamping: newValue) }
    }

    /// Calls in a row that came back, however.
    public var bounced: Int64 {
        @inline(__always) get { Int64(bouncedCount) }
        set { bouncedCount = Int32(clamping: newValue) }
    }

    /// Asked for during a call: takes effect when the agent is free. No offers until then unless it is
    /// `available`.
    public var pending: PendingPresence? {
        @inline(__always) get {
            guard let pendingPresence else { return nil }
            let reason = parts.contains(.pendingReason) ? ReasonID(pendingReasonRaw) : nil
            return PendingPresence(presence: pendingPresence, reason: reason)
        }
        set {
            pendingPresence = newValue?.presence
            pendingReasonRaw = parts.keep(newValue?.reason?.raw, as: .pendingReason)
        }
    }

    /// End of the wrap-up of work in hand, while in it.
    public var wrapUpUntil: Instant? {
        @inline(__always) get { parts.contains(.wrapUp) ? Instant(ms: wrapUpMs) : nil }
        set { wrapUpMs = parts.keep(newValue?.ms, as: .wrapUp) }
    }

    /// End of the wrap-up that was asked for, with presence `wrapUp`.
    public var presenceUntil: Instant? {
        @inline(__always) get { parts.contains(.presenceUntil) ? Instant(ms: presenceMs) : nil }
        set { presenceMs = parts.keep(newValue?.ms, as: .presenceUntil) }
    }

    /// End of the guard time, while in it.
    public var guardUntil: Instant? {
        @inline(__always) get { parts.contains(.guardUntil) ? Instant(ms: guardMs) : nil }
        set { guardMs = parts.keep(newValue?.ms, as: .guardUntil) }
    }

    /// Signals that are on; no offers meanwhile.
    public var signals: Signals {
        @inline(__always) get { Signals(rawValue: Int64(signalBits)) }
        set { signalBits = UInt8(truncatingIfNeeded: newValue.rawValue) }
    }

    public var desk: DeskState {
        @inline(__always) get {
            if parts.contains(.deskOpen) { return .open }
            return parts.contains(.deskClosed) ? .closed(until: Instant(ms: deskMs)) : .none
        }
        set {
            var until: Int64?
            if case .closed(let at) = newValue { until = at.ms }
            deskMs = parts.keep(until, as: .deskClosed)
            parts = newValue == .open ? parts.union(.deskOpen) : parts.subtracting(.deskOpen)
        }
    }
}
