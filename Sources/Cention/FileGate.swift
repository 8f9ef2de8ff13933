// How many large answers may be on their way out together: each holds memory for as long as its client takes.
import Center
import Synchronization

final class FileGate: Sendable {
    /// What a client that met a full gate is told to wait.
    static let retryAfterS = 5

    private let max: Int
    /// What comes through it, for the refusal.
    private let things: String
    private let inside = Mutex(0)

    init(max: Int, _ things: String = "files") {
        self.max = max
        self.things = things
    }

    /// A place inside; given back when the last holder lets go.
    final class Pass: Sendable {
        private let gate: FileGate

        fileprivate init(_ gate: FileGate) {
            self.gate = gate
        }

        deinit { gate.inside.withLock { $0 -= 1 } }
    }

    /// - Throws: `Refusal.unavailable` when no place is free.
    func enter() throws -> Pass {
        let isFree = inside.withLock { inside in
            guard inside < max else { return false }
            inside += 1
            return true
        }
        guard isFree else {
            throw Refusal.unavailable(
                "Too many \(things) are being fetched at once; ask for this one again later.",
                retryAfterS: Self.retryAfterS)
        }
        return Pass(self)
    }
}
