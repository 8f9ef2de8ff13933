// How far a long simulation is: one line on standard error that overwrites itself, on a terminal only.

import Foundation
import Synchronization

/// Least time between two lines, and before the first.
private let lineEveryS = 0.25

final class SimulateProgress: Sendable {
    private struct State {
        var shares: [Double]
        var shownAt: Date
        var hasShown = false
    }

    private let began = Date()
    private let state: Mutex<State>
    private let isTerminal = isatty(STDERR_FILENO) == 1

    init(runs: Int) {
        state = Mutex(State(shares: Array(repeating: 0, count: runs), shownAt: began))
    }

    /// Takes note of one run's share done, 0 to 1.
    func tell(run: Int, share: Double) {
        guard isTerminal else { return }
        let line: String? = state.withLock { state in
            state.shares[run] = share
            let now = Date()
            guard now.timeIntervalSince(state.shownAt) >= lineEveryS else { return nil }
            state.shownAt = now
            state.hasShown = true
            let done = state.shares.reduce(0, +) / Double(state.shares.count)
            let leftS = done > 0 ? now.timeIntervalSince(began) * (1 - done) / done : 0
            return String(format: "\r%3.0f %%, about %.0f s left  ", done * 100, leftS)
        }
        if let line { FileHandle.standardError.write(Data(line.utf8)) }
    }

    /// Wipes the line.
    func end() {
        guard state.withLock({ $0.hasShown }) else { return }
        FileHandle.standardError.write(Data("\r\u{1B}[K".utf8))
    }
}
