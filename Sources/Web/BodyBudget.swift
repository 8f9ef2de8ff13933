// How much memory request bodies may take together, over all connections.
import Center
import Synchronization

/// The process's allowance for bodies in flight.
public final class BodyBudget: Sendable {
    public let maxBytes: Int
    private let used = Mutex(0)

    public init(maxBytes: Int) {
        self.maxBytes = maxBytes
    }

    /// Bytes held now.
    public var usedBytes: Int { used.withLock { $0 } }

    /// Takes bytes from the allowance; false when they are not there.
    func take(_ bytes: Int) -> Bool {
        used.withLock { used in
            guard bytes <= maxBytes - used else { return false }
            used += bytes
            return true
        }
    }

    func giveBack(_ bytes: Int) {
        used.withLock { $0 -= bytes }
    }
}

/// A body's share of the budget; given back when the last holder lets go.
final class BodyShare: Sendable {
    private let budget: BodyBudget
    private let bytes = Mutex(0)

    init(_ budget: BodyBudget) {
        self.budget = budget
    }

    func grow(by more: Int, retryAfterS: Int) throws {
        guard budget.take(more) else {
            throw Refusal.unavailable(
                "Too many request bodies are being read at once; send this one again later.",
                retryAfterS: retryAfterS)
        }
        bytes.withLock { $0 += more }
    }

    deinit {
        budget.giveBack(bytes.withLock { $0 })
    }
}
