// What is computed of the facts, for a queue and for an agent; nil where nothing happened.

extension QueueCounts {
    /// Offered: once for each entry.
    public var offered: Int64 { self[.entered] }

    /// Sent elsewhere by the queue's rules, whatever the cause.
    public var overflowed: Int64 { Self.overflows.reduce(0) { $0 + self[$1] } }

    /// Entered, and still without an end.
    public var waiting: Int64 {
        offered - self[.answered] - self[.abandoned] - overflowed - self[.transferredOut] - self[.withdrawn]
    }

    /// Mean wait of the answered (ASA), in milliseconds.
    public var meanWaitMs: Double? { share(self[.waitMs], of: self[.answered]) }

    /// (talk + wrap-up) / handled (AHT), in milliseconds. Talk includes hold.
    public var meanHandlingMs: Double? { share(self[.talkMs] + self[.wrapUpMs], of: self[.handled]) }

    /// Abandoned / offered, short abandons included.
    public var abandonment: Double? { share(self[.abandoned], of: offered) }

    /// Mean of estimate less wait, in milliseconds: above 0, customers were told too long a wait.
    public var estimateBiasMs: Double? { share(self[.estimateErrorMs], of: self[.estimated]) }

    /// Mean distance of estimate and wait, in milliseconds.
    public var estimateMissMs: Double? { share(self[.estimateMissMs], of: self[.estimated]) }

    /// The share that waited no longer than the estimate's median: one half where it is right.
    public var estimateInMedian: Double? { share(self[.estimateInMedian], of: self[.estimated] * 1_000) }

    /// The share that waited no longer than nine in ten should.
    public var estimateInNinety: Double? { share(self[.estimateInNinety], of: self[.estimated] * 1_000) }

    public static let overflows: [QueueFigure] = [
        .overflowedHoliday, .overflowedNight, .overflowedForcedForwarding, .overflowedStranded,
        .overflowedSize, .overflowedWait, .overflowedEstimatedWait,
    ]
}

extension AgentCounts {
    /// Busy / (busy + idle while available).
    public var occupancy: Double? { share(self[.busyMs], of: self[.busyMs] + self[.idleMs]) }

    /// (talk + wrap-up) / handled (AHT), in milliseconds.
    public var meanHandlingMs: Double? { share(self[.talkMs] + self[.wrapUpMs], of: self[.handled]) }
}
