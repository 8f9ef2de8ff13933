// A clock that a test moves by hand.
import Synchronization

final class TestClock: Sendable {
    private let ms: Mutex<Int64>

    /// 2026-03-02 09:00 in Berlin, unless the test has another day in mind.
    init(_ ms: Int64 = 1_772_438_400_000) { self.ms = Mutex(ms) }

    var read: @Sendable () -> Int64 {
        { [self] in ms.withLock { $0 } }
    }

    func move(ms step: Int64) { ms.withLock { $0 += step } }
    func move(minutes: Int64) { move(ms: minutes * 60_000) }
    func move(hours: Int64) { move(ms: hours * 3_600_000) }
}
