// What listeners to the bus were told, by name.
import Synchronization

@testable import Desk

extension [UInt8] {
    func contains(sequence: [UInt8]) -> Bool {
        indices.contains { self[$0...].starts(with: sequence) }
    }
}

/// Collects pings until every listener has seen the last event.
final class Heard: Sendable {
    private let found = Mutex<[String: Set<Ping>]>([:])
    private let (ends, end) = AsyncStream<Void>.makeStream()

    func add(_ name: String, _ pings: [Ping], last: Bool) {
        found.withLock { $0[name, default: []].formUnion(pings) }
        if last { end.yield() }
    }

    func everybodySawTheEnd(_ count: Int) async {
        var left = count
        for await _ in ends {
            left -= 1
            if left == 0 { return }
        }
    }

    func pings(_ name: String) -> Set<Ping> { found.withLock { $0[name] ?? [] } }
}
