// What one run counted.

import Routing

/// Of one queue: the customers who arrived in the measured time, whatever came of them later. Waits are from entering
/// this queue.
public struct QueueTally: Sendable {
    /// Entered the queue; who is turned away does not.
    public var offered = 0
    public var turnedAway = 0
    public var answered = 0
    public var answeredInTime = 0
    public var abandoned = 0
    public var abandonedInTime = 0
    public var shortAbandons = 0
    /// Sent elsewhere after having entered: to another queue, or away.
    public var overflowed = 0
    /// Did not get an agent in the moment of arrival.
    public var delayed = 0
    /// Of the answered.
    public var waitAnsweredMs = 0.0
    /// Of the answered and the abandoned.
    public var waitAllMs = 0.0
    public var waitMaxMs = 0.0
    /// Most customers who waited at one time.
    public var longestQueue = 0
    /// Customers who waited when measuring began, and when it ended.
    public var waitingAtStart = 0
    public var waitingAtEnd = 0
    public var prediction = PredictionTally()
}

/// How the estimated wait compared with what came; of measured customers who had to wait.
///
/// Who gives up is never seen to be answered. Each answered customer therefore counts for all who were as
/// patient: with the weight 1/P(patience > wait), which is known here.
public struct PredictionTally: Sendable {
    public var count = 0
    public var estimatedMs = 0.0
    public var weighedWaitMs = 0.0
    /// Weights of those who waited no longer than the median, and the 90 % quantile, foretold.
    public var withinMedian = 0.0
    public var withinNinety = 0.0
}

/// Of one agent, in the measured time.
public struct AgentTally: Sendable {
    /// With anything in hand, wrap-up included.
    public var busyMs = 0.0
    /// Available with nothing in hand; being asked counts here.
    public var idleMs = 0.0
    /// Neither.
    public var awayMs = 0.0
    public var connected = 0
    public var unanswered = 0

    /// Share of the whole time.
    public var utilisation: Double { busyMs / (busyMs + idleMs + awayMs) }
    /// Share of the time in which there could have been work.
    public var occupancy: Double? { busyMs + idleMs > 0 ? busyMs / (busyMs + idleMs) : nil }
}

public struct RunResult: Sendable {
    public var seed: UInt64
    /// In step with the model's.
    public var queues: [QueueTally]
    /// All queues together, each customer once: who goes on to another queue waits on.
    public var whole: QueueTally
    /// One an agent, in the order of the model.
    public var agents: [AgentTally]
    /// Measured customers whose end was not seen: the queue grows, or the run is too short.
    public var unfinished = 0
    /// Everything that happened, in virtual time.
    public var events = 0
    /// Virtual time.
    public var endedMs = 0.0
}
