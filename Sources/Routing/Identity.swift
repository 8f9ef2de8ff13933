// The names of things as the router knows them: numbers, each with a type of its own.

/// A point in time: milliseconds since 1970-01-01T00:00:00Z.
public struct Instant: Sendable, Hashable, Comparable {
    public var ms: Int64

    public init(ms: Int64) { self.ms = ms }

    public static func < (a: Instant, b: Instant) -> Bool { a.ms < b.ms }
    /// Adds milliseconds.
    public static func + (a: Instant, ms: Int64) -> Instant { Instant(ms: a.ms + ms) }
    /// Subtracts milliseconds.
    public static func - (a: Instant, ms: Int64) -> Instant { Instant(ms: a.ms - ms) }
    /// Milliseconds between two instants.
    public static func - (a: Instant, b: Instant) -> Int64 { a.ms - b.ms }
}

public struct AgentID: Sendable, Hashable, Comparable {
    public let raw: Int64
    public init(_ raw: Int64) { self.raw = raw }
    public static func < (a: AgentID, b: AgentID) -> Bool { a.raw < b.raw }
}

public struct QueueID: Sendable, Hashable, Comparable {
    public let raw: Int64
    public init(_ raw: Int64) { self.raw = raw }
    public static func < (a: QueueID, b: QueueID) -> Bool { a.raw < b.raw }
}

public struct SkillID: Sendable, Hashable, Comparable {
    public let raw: Int64
    public init(_ raw: Int64) { self.raw = raw }
    public static func < (a: SkillID, b: SkillID) -> Bool { a.raw < b.raw }
}

/// A not-ready reason.
public struct ReasonID: Sendable, Hashable, Comparable {
    public let raw: Int64
    public init(_ raw: Int64) { self.raw = raw }
    public static func < (a: ReasonID, b: ReasonID) -> Bool { a.raw < b.raw }
}

/// A work item: the routable unit, an errand, a chat or a call.
public struct WorkItemID: Sendable, Hashable, Comparable {
    public let raw: Int64
    public init(_ raw: Int64) { self.raw = raw }
    public static func < (a: WorkItemID, b: WorkItemID) -> Bool { a.raw < b.raw }
}

/// What kind of work an item is. The raw value is what rows hold.
public enum Channel: Int64, Sendable, Hashable, CaseIterable {
    case errand = 1
    case chat = 2
    case call = 3
}
