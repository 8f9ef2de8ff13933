// The service level of what was counted.

public import Routing

extension ServiceLevel {
    /// From 0 to 1; nil of nothing, and for a T that nobody counted.
    /// - Parameter withinS: one of `serviceLevelsS`; nil takes the queue's own, as it was at the time.
    public func of(_ counts: QueueCounts, withinS: Int64? = nil) -> Double? {
        let times: (answered: Int64, abandoned: Int64)
        if let withinS {
            guard let answered = counts.within(withinS, from: .answeredIn5),
                let abandoned = counts.within(withinS, from: .abandonedIn5)
            else { return nil }
            times = (answered, abandoned)
        } else {
            times = (counts[.answeredInTime], counts[.abandonedInTime])
        }
        return switch self {
        case .offered: share(times.answered, of: counts[.entered])
        case .offeredLessAbandoned: share(times.answered, of: counts[.entered] - times.abandoned)
        case .answeredOrAbandoned: share(times.answered + times.abandoned, of: counts[.entered])
        case .answered: share(times.answered, of: counts[.answered])
        }
    }
}

/// nil of nothing: neither 0 nor 100 %.
func share(_ part: Int64, of whole: Int64) -> Double? {
    whole > 0 ? Double(part) / Double(whole) : nil
}
