// What a random read takes now: neighbours take and leave the machine's last cache within seconds.

import SeededRandom

/// Lines that are gone through in a ring, each naming the next: no read begins before the one before it is over.
struct MemoryProbe {
    /// Numbers of a cache line.
    private static let line = 8
    /// 16 MiB: more than the caches of a core, less than the last one of a server.
    private static let lines = 262_144

    private var next: [Int]

    init(seed: UInt64) {
        var random = Seeded(seed: seed)
        var ring = Array(0..<Self.lines)
        ring.shuffle(using: &random)
        next = Array(repeating: 0, count: Self.lines * Self.line)
        for (place, number) in ring.enumerated() {
            next[number * Self.line] = ring[(place + 1) % Self.lines] * Self.line
        }
    }

    /// The least of several times once around, in ns a read.
    func readNs() -> Double {
        (0..<5).map { _ in
            let began = ProcessFigures.cpuUs
            var at = 0
            for _ in 0..<Self.lines { at = next[at] }
            // The way ends where it began: without a look at it nothing would be read.
            precondition(at == 0)
            return (ProcessFigures.cpuUs - began) * 1_000 / Double(Self.lines)
        }.min() ?? 0
    }
}
