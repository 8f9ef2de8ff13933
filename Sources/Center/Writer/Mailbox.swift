// Where verbs wait for the writer: bounded, many senders, one taker.

import Foundation

final class Mailbox: @unchecked Sendable {
    /// Verbs waiting; above it senders are refused.
    static let waitingMax = 20_000

    private let condition = NSCondition()
    private var waiting: [Job] = []
    private var closed = false
    private var refused = 0

    enum Taken {
        case jobs([Job])
        case timeout
        case closed
    }

    /// False when full or closed.
    func put(_ job: Job) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        guard !closed else { return false }
        guard waiting.count < Self.waitingMax else {
            refused += 1
            return false
        }
        waiting.append(job)
        if waiting.count == 1 { condition.signal() }
        return true
    }

    /// Verbs waiting now, and those that were refused because too many were.
    var figures: (waiting: Int, refused: Int) {
        condition.lock()
        defer { condition.unlock() }
        return (waiting.count, refused)
    }

    /// Waits until there is a verb, or until `timeoutMs` has passed; takes up to `max`.
    func take(max: Int, timeoutMs: Int64?) -> Taken {
        condition.lock()
        defer { condition.unlock() }
        let until = timeoutMs.map { Date(timeIntervalSinceNow: Double(Swift.max($0, 0)) / 1_000) }
        while waiting.isEmpty {
            if closed { return .closed }
            if let until {
                guard condition.wait(until: until) else { return waiting.isEmpty ? .timeout : grab(max) }
            } else {
                condition.wait()
            }
        }
        return grab(max)
    }

    private func grab(_ max: Int) -> Taken {
        if waiting.count <= max {
            let jobs = waiting
            waiting = []
            waiting.reserveCapacity(jobs.count)
            return .jobs(jobs)
        }
        let jobs = Array(waiting.prefix(max))
        waiting.removeFirst(max)
        return .jobs(jobs)
    }

    /// No more verbs; what waits is still taken.
    func close() {
        condition.lock()
        closed = true
        condition.broadcast()
        condition.unlock()
    }
}
