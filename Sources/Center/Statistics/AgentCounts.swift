// What is counted of an agent in an interval.

/// A figure of an agent; a case is a column of `agent_interval`.
public enum AgentFigure: Int, Sendable, Hashable, CaseIterable {
    // Presence: the first is the sum of the other three and of plain `signed in`.
    case signedInMs, availableMs, unavailableMs, wrapUpPresenceMs
    /// With work in hand or in wrap-up, and not unavailable.
    case busyMs
    /// Available with nothing in hand; being offered work counts here, and so does guard time.
    case idleMs
    case offered, accepted, declined
    /// Offers that failed: no answer, busy, error.
    case unanswered
    /// Conversations that ended, other than by going back to the queue.
    case handled
    case returned
    case talkMs, wrapUpMs
}

/// One number for each figure.
public struct AgentCounts: Sendable, Hashable {
    private var figures = [Int64](repeating: 0, count: AgentFigure.allCases.count)

    public init() {}

    public subscript(figure: AgentFigure) -> Int64 {
        get { figures[figure.rawValue] }
        set { figures[figure.rawValue] = newValue }
    }

    public static func += (sum: inout AgentCounts, other: AgentCounts) {
        for place in sum.figures.indices { sum.figures[place] += other.figures[place] }
    }
}

extension AgentFigure {
    /// Each column's name, in the order of the cases.
    static let columns = allCases.map { columnName("\($0)") }
}
