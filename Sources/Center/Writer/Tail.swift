// Batches that are committed and not yet on the disk; each is settled once it is, in their order.

import Foundation
import Store

/// Flushes on a thread of its own, so that the writer runs the next batch meanwhile.
final class Tail: @unchecked Sendable {
    /// Batches that wait for the disk; with more, the writer waits, too.
    static let waitingMax = 2

    private struct Entry {
        let flush: Flush
        /// Told why its commit is not durable, or nil.
        let settle: @Sendable ((any Error)?) -> Void
    }

    private let condition = NSCondition()
    /// From the oldest on; those that are being flushed stay until they are settled.
    private var waiting: [Entry] = []
    private var problem: String?
    private var isClosed = false
    private let ended = DispatchSemaphore(value: 0)

    func start() {
        let thread = Thread { [self] in run() }
        thread.name = "flusher"
        thread.start()
    }

    /// Why nothing can be made durable any more.
    var whyBroken: String? {
        condition.lock()
        defer { condition.unlock() }
        return problem
    }

    /// `settle` is called on the flusher's thread; nothing of the batch may be told before.
    func add(_ flush: Flush, settle: @escaping @Sendable ((any Error)?) -> Void) {
        condition.lock()
        defer { condition.unlock() }
        while waiting.count >= Self.waitingMax { condition.wait() }
        waiting.append(Entry(flush: flush, settle: settle))
        condition.broadcast()
    }

    /// Waits until every batch is settled.
    func drain() {
        condition.lock()
        defer { condition.unlock() }
        while !waiting.isEmpty { condition.wait() }
    }

    /// After the last `add`: settles what waits and ends the thread.
    func stop() {
        condition.lock()
        isClosed = true
        condition.broadcast()
        condition.unlock()
        ended.wait()
    }

    private func run() {
        while let entries = next() {
            let error = flush(entries)
            for entry in entries { entry.settle(error) }
            condition.lock()
            waiting.removeFirst(entries.count)
            condition.broadcast()
            condition.unlock()
        }
        ended.signal()
    }

    private func next() -> [Entry]? {
        condition.lock()
        defer { condition.unlock() }
        while waiting.isEmpty {
            if isClosed { return nil }
            condition.wait()
        }
        return waiting
    }

    /// The newest commit's flush is that of all before it. After one that failed none is tried: what the disk then
    /// has of the log is not known, and what follows a hole in it is lost with it.
    private func flush(_ entries: [Entry]) -> (any Error)? {
        if let problem = whyBroken {
            for entry in entries { entry.flush.abandon(problem) }
            return StoreError.unavailable(problem)
        }
        do {
            try entries.last?.flush.run()
            return nil
        } catch {
            let why = "\(error)"
            condition.lock()
            problem = why
            condition.unlock()
            for entry in entries { entry.flush.abandon(why) }
            return error
        }
    }
}
