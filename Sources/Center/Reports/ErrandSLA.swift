// An errand's times against what its area promises. Source: reference cention.md §5, §14.

import Routing
import Store

/// How an errand stands to its area's promises, in seconds of the area's calendar.
public struct ErrandSLA: Sendable, Hashable {
    /// 0: nothing has passed; 1: a large share of the promised response time has; 2: all of it.
    public var expiry: Int64 = 0
    /// The promised time to the end has passed, and it has not ended.
    public var isDoneDue = false
    /// False as well where the area promises nothing, as the vendor's sample has it.
    public var isWithin = false
    /// While an agent had it open.
    public var handlingS: Int64 = 0
    /// From arrival to the first answer; 0 without one.
    public var responseS: Int64 = 0
}

extension ErrandSLA {
    /// The share of the promised response time after which an errand is about to expire, where the area says none;
    /// in thousandths.
    public static let warningPermille: Int64 = 800

    /// What counts of an errand's history.
    struct Facts: Sendable {
        var arrivedAt: Instant
        var answeredAt: Instant?
        var closedAt: Instant?
        /// Spans in which an agent had it open; the last may go on.
        var spans: [(from: Instant, to: Instant?)]
        var responseMs: Int64?
        var doneMs: Int64?
        var warningPermille = ErrandSLA.warningPermille
    }

    /// - Returns: the standing at `now`, and when it changes by itself; nil for never.
    static func judge(_ facts: Facts, _ calendar: ServiceCalendar?, at now: Instant) -> (ErrandSLA, Instant?)
    {
        func passed(_ from: Instant, _ to: Instant) -> Int64 {
            calendar?.openMs(from: from, to: to) ?? max(0, to - from)
        }
        func reached(_ ms: Int64) -> Instant? {
            calendar.map { $0.instant(after: ms, of: facts.arrivedAt) } ?? facts.arrivedAt + ms
        }
        var sla = ErrandSLA()
        var turns: [Instant?] = []
        sla.handlingS = facts.spans.reduce(0) { $0 + passed($1.from, $1.to ?? now) } / 1_000
        if let answered = facts.answeredAt { sla.responseS = passed(facts.arrivedAt, answered) / 1_000 }
        let responded = facts.answeredAt ?? facts.closedAt
        if let promised = facts.responseMs {
            let waited = passed(facts.arrivedAt, responded ?? now)
            let warning = promised * facts.warningPermille / 1_000
            sla.expiry = waited >= promised ? 2 : waited >= warning ? 1 : 0
            if responded == nil, sla.expiry < 2 {
                turns.append(reached(sla.expiry == 0 ? warning : promised))
            }
            sla.isWithin = waited <= promised
        }
        if let promised = facts.doneMs {
            let taken = passed(facts.arrivedAt, facts.closedAt ?? now)
            sla.isWithin = taken <= promised
            sla.isDoneDue = facts.closedAt == nil && taken > promised
            // A millisecond past it, so that it has passed.
            if facts.closedAt == nil, !sla.isDoneDue { turns.append(reached(promised + 1)) }
        }
        return (sla, turns.compactMap { $0 }.min())
    }

    /// The spans in which an agent had the errand, from its history in order.
    static func spans(_ history: [(kind: HistoryKind, at: Instant)], inHand: Bool) -> [(
        from: Instant, to: Instant?
    )] {
        var spans: [(from: Instant, to: Instant?)] = []
        var open: Instant?
        for (index, line) in history.enumerated() {
            switch line.kind {
            case .opened:
                if let from = open { spans.append((from, line.at)) }
                open = line.at
            case .returned, .closed, .erased:
                if let from = open { spans.append((from, line.at)) }
                open = nil
            case .moved:
                // Moved in the hands that have it, an errand goes on without being opened again.
                let next = history[(index + 1)...].first {
                    [.opened, .returned, .closed, .erased].contains($0.kind)
                }
                let goesOn = next.map { $0.kind != .opened } ?? inHand
                if let from = open, !goesOn {
                    spans.append((from, line.at))
                    open = nil
                }
            default: break
            }
        }
        if let from = open { spans.append((from, nil)) }
        return spans
    }
}
