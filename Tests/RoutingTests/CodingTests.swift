// The journal of inputs: everything it holds comes back as it was, and a replay answers as the live router did.

import SeededRandom
import Testing

@testable import Routing

/// What a router was fed, row by row, and the snapshot that the rows follow.
private struct Recording {
    struct Row {
        var inputs: [UInt8]
        var digests: [UInt8]
    }

    var snapshot: [UInt8]
    var clock: Instant?
    var rows: [Row] = []

    init(_ router: Router) {
        snapshot = router.snapshot().coded()
        clock = router.clock
    }

    func start() throws -> Router {
        Router(restoring: try Snapshot(coded: snapshot), at: clock)
    }
}

/// Runs a world; a new recording begins at random points.
private func record(
    seed: UInt64, steps: Int, _ look: (InputLog, [InputLog.Entry]) throws -> Void = { _, _ in }
)
    throws -> [Recording]
{
    var world = World(seed: seed)
    var router = Router()
    var recordings = [Recording(router)]
    var log = InputLog()
    var entries: [InputLog.Entry] = []
    func feed(_ input: Input, _ router: inout Router, _ world: inout World) {
        let outputs = router.apply(input, at: Instant(ms: world.now))
        world.heed(input, outputs)
        log.append(input, at: Instant(ms: world.now), outputs)
        entries.append(InputLog.Entry(at: Instant(ms: world.now), input: input))
    }
    for input in world.opening() { feed(input, &router, &world) }
    for _ in 1...steps {
        world.passTime(router.nextDeadline)
        feed(world.input(router), &router, &world)
        if world.random.once(in: 9) {
            try look(log, entries)
            recordings[recordings.count - 1].rows.append(
                Recording.Row(inputs: log.inputs, digests: log.digests))
            log = InputLog()
            entries = []
            if world.random.once(in: 40) { recordings.append(Recording(router)) }
        }
    }
    return recordings
}

@Suite struct CodingTests {
    @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
    func `inputs come back as they were`(_ seed: UInt64) throws {
        var kinds: Set<String> = []
        _ = try record(seed: seed, steps: 4_000) { log, entries in
            let read = try InputLog.read(log.inputs)
            #expect(read == entries, "seed \(seed)")
            #expect(log.count == entries.count)
            for entry in entries { kinds.insert(String("\(entry.input)".prefix { $0 != "(" })) }
        }
        #expect(kinds.count > 20, "seed \(seed) fed only \(kinds.sorted())")
    }

    @Test(arguments: [11, 12, 13, 14, 15, 16] as [UInt64])
    func `from any snapshot a replay answers as the live router did`(_ seed: UInt64) throws {
        let recordings = try record(seed: seed, steps: 6_000)
        #expect(recordings.count > 3)
        for recording in recordings {
            var router = try recording.start()
            for (number, row) in recording.rows.enumerated() {
                let difference = router.replay(inputs: row.inputs, digests: row.digests)
                #expect(difference == nil, "seed \(seed), row \(number)")
            }
        }
    }

    @Test func `snapshots come back as they were`() throws {
        for seed: UInt64 in 21...26 {
            var world = World(seed: seed)
            var router = Router()
            for input in world.opening() { _ = router.apply(input, at: Instant(ms: world.now)) }
            for step in 1...2_000 {
                world.passTime(router.nextDeadline)
                let input = world.input(router)
                world.heed(input, router.apply(input, at: Instant(ms: world.now)))
                guard step % 100 == 0 else { continue }
                let snapshot = router.snapshot()
                let again = try Snapshot(coded: snapshot.coded())
                #expect(again == snapshot, "seed \(seed), step \(step)")
            }
        }
    }

    @Test func `a bit that has changed is found, wherever it is`() throws {
        let recording = try #require(try record(seed: 31, steps: 400).first)
        var random = Seeded(seed: 32)
        for number in recording.rows.indices.prefix(20) {
            var rows = recording.rows
            if random.once(in: 2) {
                rows[number].inputs[random.below(rows[number].inputs.count)] ^= 1 << UInt8(random.below(8))
            } else {
                rows[number].digests[random.below(rows[number].digests.count)] ^= 1 << UInt8(random.below(8))
            }
            var router = try recording.start()
            let differences = rows.map { router.replay(inputs: $0.inputs, digests: $0.digests) }
            let first = differences.firstIndex { $0 != nil }
            #expect(first == number)
        }
    }

    @Test func `an input that answers otherwise is named`() throws {
        var live = Router()
        var log = InputLog()
        let queue = QueueID(1)
        var settings = AgentSettings()
        settings.queues = [queue]
        let inputs: [Input] = [
            .setQueue(queue, QueueSettings()), .setAgent(AgentID(1), settings),
            .presence(AgentID(1), .available, reason: nil),
            .arrive(
                WorkItemID(1), queue: queue, channel: .call, priority: nil, creditMs: 0, requiredSkills: [],
                desiredSkills: []),
        ]
        for input in inputs {
            log.append(input, at: Instant(ms: 1_000), live.apply(input, at: Instant(ms: 1_000)))
        }
        // Somebody else signed in here before: the same input draws another place in the order of the idle.
        var other = Router()
        _ = other.apply(.setAgent(AgentID(2), settings), at: Instant(ms: 0))
        _ = other.apply(.presence(AgentID(2), .available, reason: nil), at: Instant(ms: 0))
        let difference = other.replay(inputs: log.inputs, digests: log.digests)
        guard case .outputs(let place, let entry, _)? = difference else {
            Issue.record("\(String(describing: difference))")
            return
        }
        #expect(place == 2)
        #expect(entry.input == inputs[2])
    }

    @Test func `what is no journal is refused, not read`() {
        var random = Seeded(seed: 41)
        var refused = 0
        for _ in 1...20_000 {
            let bytes = (0..<random.below(60)).map { _ in UInt8(random.below(random.pick([4, 30, 256]))) }
            if (try? InputLog.read(bytes)) == nil { refused += 1 }
            _ = try? Snapshot(coded: bytes)
        }
        #expect(refused > 10_000)
    }

    @Test func `numbers of every size come back`() throws {
        var writer = NumberWriter()
        let numbers: [Int64] = [0, 1, -1, 63, 64, -64, -65, 1 << 40, .max, .min, .max - 1, .min + 1]
        for number in numbers { writer.put(number) }
        var reader = NumberReader(writer.bytes[...])
        for number in numbers {
            let read = try reader.number()
            #expect(read == number)
        }
        #expect(reader.isAtEnd)
    }
}
