// Estimates of the wait, held against what came.

import Foundation
import Routing

/// A wait is foretold only where no more wait already: finding the place can take a step for each.
private let estimateWaitingMax = 1_000

/// Customers that one who was answered stands for at most.
private let weightMax = 50.0

extension Tally {
    /// Remembers what was foretold to those who have just entered and found nobody.
    mutating func foretell(_ outputs: [Output], _ router: borrowing Router, at now: Instant) {
        for case .blocked(let item, _) in outputs {
            guard let entry = entries[item], entry.queued == now, entry.estimate == nil,
                router.waitingCount(entry.queue) <= estimateWaitingMax,
                let estimate = router.estimatedWait(of: item)
            else { continue }
            foretell(item, estimate)
        }
    }

    mutating func foretell(_ id: WorkItemID, _ estimate: EstimatedWait) {
        guard entries[id]?.standing == .open else { return }
        entries[id]!.estimate = estimate
    }

    /// An entry that was told an estimate was answered, or (nil) given up.
    ///
    /// How long those who give up would have waited is never seen. Who is answered after a wait therefore stands for
    /// all who would have waited so long, of whom e^(−wait/patience) are still there: without that, the longest waits
    /// would be missing. Where patience is not known yet, who gives up is left out.
    mutating func compare(_ entry: Entry, waitMs: Int64?) {
        guard let estimate = entry.estimate else { return }
        let patienceMs = patienceMs[entry.queue]
        guard waitMs != nil || patienceMs != nil else { return }
        with(entry) { counts in
            counts[.estimated] += 1
            counts[.estimateErrorMs] += estimate.meanMs
            guard let waitMs else { return }
            let weight = patienceMs.map { min(weightMax, exp(Double(waitMs) / Double($0))) } ?? 1
            func weighed(_ part: Int64) -> Int64 { Int64((weight * Double(part)).rounded()) }
            counts[.estimateErrorMs] -= weighed(waitMs)
            counts[.estimateMissMs] += weighed(abs(estimate.meanMs - waitMs))
            if waitMs <= estimate.medianMs { counts[.estimateInMedian] += weighed(1_000) }
            if waitMs <= estimate.ninetyMs { counts[.estimateInNinety] += weighed(1_000) }
        }
    }
}
