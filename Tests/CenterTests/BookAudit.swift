// The books against the router that they are of, without rows.

import Routing

@testable import Center

/// Books of what the router does not know, or knows otherwise.
func strayBooks(_ tally: Tally, _ router: Router) -> [String] {
    var found: [String] = []
    let snapshot = router.snapshot()
    let items = Dictionary(uniqueKeysWithValues: snapshot.items.map { ($0.id, $0) })
    if Set(items.keys) != Set(tally.entries.keys) { found.append("other items than the router's") }
    for (id, entry) in tally.entries {
        guard let item = items[id] else { continue }
        if entry.standing == .arriving { found.append("still arriving: \(item)") }
        if item.queue != entry.queue || item.queued != entry.queued || item.channel != entry.channel {
            found.append("entry \(entry) of \(item)")
        }
        let isInHand: Bool
        switch item.state {
        case .active(let agent, let since):
            isInHand = tally.hands[id] == Tally.Hand(agent: agent, since: since)
        case .wrapUp(let agent, _):
            isInHand = tally.hands[id].map { $0.isWrapUp && $0.agent == agent } ?? false
        case .waiting, .offered, .offeredToGroup, .ringing: isInHand = tally.hands[id] == nil
        }
        if !isInHand { found.append("hand \(String(describing: tally.hands[id])) of \(item)") }
        if case .ringing = item.state, entry.standing == .open { found.append("ringing counts as open") }
    }
    for record in snapshot.agents {
        let shift = tally.shifts[record.id]
        if shift?.presence != record.presence || shift?.reason != record.reason
            || shift?.inHand != router.inHand(of: record.id).count
        {
            found.append("shift \(String(describing: shift)) of \(record)")
        }
    }
    if tally.shifts.count != snapshot.agents.count { found.append("shifts of nobody") }
    return found
}

/// What no interval can have.
func impossible(_ counts: QueueCounts) -> [String] {
    var found: [String] = []
    if counts[.waitMaxMs] > counts[.waitMs] { found.append("the longest wait is longer than all") }
    if counts[.shortAbandoned] > counts[.abandoned] { found.append("short abandons") }
    for first in [QueueFigure.answeredIn5, .abandonedIn5] {
        let within = serviceLevelsS.map { counts.within($0, from: first) ?? -1 }
        let all = counts[first == .answeredIn5 ? .answered : .abandoned]
        if within != within.sorted() || within.contains(where: { $0 < 0 || $0 > all }) {
            found.append("within \(within) of \(all)")
        }
    }
    for figure in QueueFigure.allCases where counts[figure] < 0 && figure != .estimateErrorMs {
        found.append("\(figure) is \(counts[figure])")
    }
    return found
}
