// What is counted of a queue in an interval: the facts, from which every measure is computed.

/// A figure of a queue; a case is a column of `queue_interval`.
///
/// Those from `entered` to `estimateInNinety` are of the work that *entered* in the interval, whatever became of
/// it later; those from `returned` on happened in it.
public enum QueueFigure: Int, Sendable, Hashable, CaseIterable {
    /// Work offered to the queue, once for each entry.
    case entered
    /// Of the entered: came from another queue, sent by an agent or by overflow.
    case transferredIn, overflowedIn
    /// Turned away in the moment of entering, with the busy tone or with ringing: not counted as entered.
    case balked

    // How an entry ended; what is left of `entered` still waits.
    case answered, abandoned
    case overflowedHoliday, overflowedNight, overflowedForcedForwarding, overflowedStranded, overflowedSize
    case overflowedWait, overflowedEstimatedWait
    /// Sent to another queue before it was answered.
    case transferredOut
    /// Closed or deleted before it was answered.
    case withdrawn

    /// Of the abandoned: gone in less than `shortAbandonMs`.
    case shortAbandoned
    /// Within the queue's own T as it was then.
    case answeredInTime, abandonedInTime
    // Within so many seconds: `withinS`.
    case answeredIn5, answeredIn10, answeredIn15, answeredIn20, answeredIn30, answeredIn60, answeredIn90
    case answeredIn120, answeredIn300
    case abandonedIn5, abandonedIn10, abandonedIn15, abandonedIn20, abandonedIn30, abandonedIn60
    case abandonedIn90, abandonedIn120, abandonedIn300
    /// Of the answered: from entering to connect, ringing included.
    case waitMs
    /// The longest of those; kept, not added.
    case waitMaxMs
    case abandonedWaitMs
    /// Of the answered and the abandoned: those whose wait was estimated on entering. See `Tally+Estimates`.
    case estimated
    /// Estimate less wait, with its sign; and without it.
    case estimateErrorMs, estimateMissMs
    /// Who waited no longer than the median, and the 90 % quantile, of the estimate; in thousandths.
    case estimateInMedian, estimateInNinety

    /// Came back from an agent's hands.
    case returned
    /// Sent to another queue by the agent who had it in hand.
    case passedOn
    /// Conversations that ended, other than by coming back.
    case handled
    case talkMs, wrapUpMs
}

/// Who leaves sooner is a short abandon.
public let shortAbandonMs: Int64 = 5_000

/// The Ts, in seconds, that can be asked for at any time, besides the queue's own.
public let serviceLevelsS: [Int64] = [5, 10, 15, 20, 30, 60, 90, 120, 300]

/// The T of a queue that names none.
public let serviceLevelDefaultS: Int64 = 20

/// One number for each figure.
public struct QueueCounts: Sendable, Hashable {
    private var figures = [Int64](repeating: 0, count: QueueFigure.allCases.count)

    public init() {}

    public subscript(figure: QueueFigure) -> Int64 {
        get { figures[figure.rawValue] }
        set { figures[figure.rawValue] = newValue }
    }

    /// Counts a wait in every bucket that it fits; `first` is the figure of the shortest.
    mutating func countWait(_ waitMs: Int64, from first: QueueFigure) {
        for (place, limitS) in serviceLevelsS.enumerated() where waitMs <= limitS * 1_000 {
            figures[first.rawValue + place] += 1
        }
    }

    /// What waited no longer than one of `serviceLevelsS`.
    func within(_ limitS: Int64, from first: QueueFigure) -> Int64? {
        serviceLevelsS.firstIndex(of: limitS).map { figures[first.rawValue + $0] }
    }

    public static func += (sum: inout QueueCounts, other: QueueCounts) {
        let longest = max(sum[.waitMaxMs], other[.waitMaxMs])
        for place in sum.figures.indices { sum.figures[place] += other.figures[place] }
        sum[.waitMaxMs] = longest
    }
}

extension QueueFigure {
    /// As other systems are told it.
    public var word: String { Self.columns[rawValue] }

    /// Each column's name, in the order of the cases.
    static let columns = allCases.map { columnName("\($0)") }
}

/// `answeredIn5` is `answered_in_5`.
func columnName(_ name: String) -> String {
    var column = ""
    var wasDigit = false
    for character in name {
        let isDigit = character.isNumber
        if character.isUppercase || (isDigit && !wasDigit) { column += "_" }
        column += character.lowercased()
        wasDigit = isDigit
    }
    return column
}
