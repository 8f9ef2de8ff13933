// Figures that are counted where they happen, outside of the writer.

import Synchronization

/// Counts of one floor, on any thread.
final class Meters: Sendable {
    let signInsDone = Atomic<Int>(0)
    let signInsFailed = Atomic<Int>(0)
    /// Refused unlooked at, because too many had failed.
    let signInsLocked = Atomic<Int>(0)
    /// As last read from the rows; nil before and while the database cannot be read.
    let backlog = Mutex<CallbackBacklog?>(nil)
}

extension Atomic<Int> {
    func count() { add(1, ordering: .relaxed) }
    var now: Int { load(ordering: .relaxed) }
}
