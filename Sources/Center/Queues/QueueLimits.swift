// How far a queue's figures may go.

public enum QueueLimits {
    public static let daySeconds: Int64 = 86_400
    /// Source: reference apio.md §3.1.
    public static let guardMaxS: Int64 = 25
    /// Source: reference apio.md §5.
    public static let callWrapUpMaxS: Int64 = 3_600
    /// Source: reference apio.md §5.
    public static let queueLengthMax: Int64 = 525
    public static let callWaitMaxS: Int64 = 7_200
    public static let areaSizeMax: Int64 = 1_000_000
    public static let areaWaitMaxS: Int64 = 31 * daySeconds
    public static let priorityMax: Int64 = 1_000_000
    /// 1 best to this.
    public static let levelMax: Int64 = 20
    public static let weightMax: Int64 = 100
    /// Source: reference apio.md §3.1.
    public static let bouncedMax: Int64 = 5
    /// Agents named in one queue's list.
    public static let membersMax = 10_000
    public static let dnisMax = 500
    /// DNIS priorities: 0 highest to this.
    public static let dnisPriorityMax: Int64 = 3
}
