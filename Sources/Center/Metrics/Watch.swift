// What the writer knows of its own work and of its routers; it tells once a batch and once a look.

import Routing
import Synchronization

/// The writer's figures, for readers on any thread.
struct WriterFigures: Sendable {
    /// Verbs in a batch: powers of two up to `Floor.batchMax`.
    static let batchBounds: [Double] = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512]

    var batchVerbs = Histogram(batchBounds)
    var commitSeconds = Histogram(Histogram.secondsBounds)
    var done = 0
    var refused = 0
    /// Batches that were rolled back or could not begin.
    var faults = 0
    var callbacksSent = 0
    var callbacksFailed = 0
    var audit = AuditFigures()
    /// As of the last look, ascending by workspace.
    var offices: [OfficeFigures] = []

    mutating func settled(_ outcomes: [Job.Outcome], _ events: [Event], commitS: Double) {
        batchVerbs.add(Double(outcomes.count))
        commitSeconds.add(commitS)
        for outcome in outcomes {
            if case .success = outcome { done += 1 } else { refused += 1 }
        }
        for place in events.indices {
            switch events[place].kind {
            case .deliverySent: callbacksSent += 1
            case .deliveryFailed: callbacksFailed += 1
            default: break
            }
        }
    }
}

struct AuditFigures: Sendable {
    /// By the order of `Invariant.allCases`.
    var violations = [Int](repeating: 0, count: Invariant.allCases.count)
    /// Rounds over all that a workspace's router holds.
    var rounds: Int64 = 0
    var looks = 0
    var seconds = 0.0
}

/// One workspace at the last look.
struct OfficeFigures: Sendable {
    var workspace: WorkspaceID
    var tally: Tally
    /// In step with `tally.queues`; nil where nothing waited.
    var oldest: [Instant?]
}
