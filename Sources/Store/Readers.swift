// Snapshot reads off the cooperative threads: a few readers, a bounded line before them.
import Dispatch
import Synchronization

/// A connection that gives consistent snapshots.
protocol SnapshotConnection: AnyObject {
    /// False when it must be replaced; looks at the connection without waiting.
    func isReady() -> Bool
    func snapshot<T>(_ body: (any Reading) throws -> T) throws -> T
    func close()
}

/// Runs reads on at most `maximum` connections, each opened when first needed.
final class Readers: Sendable {
    static let maximum = 4
    static let waitingMaximum = 1024
    static let waitMaxMs = 10_000
    private static let sweepMs = 500

    private struct Job: Sendable {
        let deadline: ContinuousClock.Instant
        let run: @Sendable (any SnapshotConnection) -> Void
        let refuse: @Sendable (any Error) -> Void
    }

    /// A queue and the connection that only this queue touches.
    private final class Reader: @unchecked Sendable {
        let queue: DispatchQueue
        var connection: (any SnapshotConnection)?

        init(number: Int) {
            queue = DispatchQueue(label: "store.reader.\(number)")
        }
    }

    private struct Line: Sendable {
        var idle: [Reader]
        var waiting: [Job] = []
        /// Jobs before `head` have left the line.
        var head = 0
        var isClosed = false
        var isSweeping = false

        var count: Int { waiting.count - head }

        mutating func takeFirst() -> Job? {
            guard head < waiting.count else { return nil }
            let job = waiting[head]
            head += 1
            if head == waiting.count || head > Readers.waitingMaximum {
                waiting.removeFirst(head)
                head = 0
            }
            return job
        }
    }

    private let readers: [Reader]
    private let line: Mutex<Line>
    private let gate: FlushGate?
    private let connect: @Sendable () throws -> any SnapshotConnection

    /// - Parameter gate: holds back what was read until all of it is durable.
    init(gate: FlushGate? = nil, connect: @escaping @Sendable () throws -> any SnapshotConnection) {
        let readers = (1...Self.maximum).map(Reader.init)
        self.readers = readers
        self.connect = connect
        self.gate = gate
        self.line = Mutex(Line(idle: readers.reversed()))
    }

    func read<T: Sendable>(_ body: @escaping @Sendable (any Reading) throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            submit(
                Job(
                    deadline: .now + .milliseconds(Self.waitMaxMs),
                    run: { [gate] connection in
                        let result = Result { try connection.snapshot(body) }
                        guard let gate else { return continuation.resume(with: result) }
                        gate.pass { error in
                            if let error {
                                continuation.resume(throwing: error)
                            } else {
                                continuation.resume(with: result)
                            }
                        }
                    },
                    refuse: { error in continuation.resume(throwing: error) }))
        }
    }

    /// Looks on the calling thread when a reader is free; nil otherwise.
    func glance<T>(_ body: (any Reading) throws -> T) throws -> T? {
        let free: Reader? = line.withLock { line in line.isClosed ? nil : line.idle.popLast() }
        guard let free else { return nil }
        defer { giveBack(free) }
        // Nobody is in its queue, except for who closes it.
        return try free.queue.sync {
            guard let connection = free.connection, connection.isReady() else { return nil }
            return try connection.snapshot(body)
        }
    }

    /// The next reads it, if one came to wait meanwhile.
    private func giveBack(_ reader: Reader) {
        let next: Job? = line.withLock { line in
            if !line.isClosed, let job = line.takeFirst() { return job }
            line.idle.append(reader)
            return nil
        }
        if let next { reader.queue.async { self.work(reader, next) } }
    }

    private enum Admission {
        case run(Reader)
        case wait(sweep: Bool)
        case refuse(String)
    }

    private func submit(_ job: Job) {
        let admission: Admission = line.withLock { line in
            if line.isClosed { return .refuse("shutting down") }
            if let reader = line.idle.popLast() { return .run(reader) }
            if line.count >= Self.waitingMaximum { return .refuse("too many reads are waiting") }
            line.waiting.append(job)
            defer { line.isSweeping = true }
            return .wait(sweep: !line.isSweeping)
        }
        switch admission {
        case .run(let reader): reader.queue.async { self.work(reader, job) }
        case .wait(let sweep): if sweep { sweepLater() }
        case .refuse(let why): job.refuse(StoreError.unavailable(why))
        }
    }

    /// Runs the job, then what waits, until nothing does.
    private func work(_ reader: Reader, _ first: Job) {
        var next: Job? = first
        while let job = next {
            run(job, on: reader)
            next = line.withLock { line in
                if !line.isClosed, let job = line.takeFirst() { return job }
                line.idle.append(reader)
                return nil
            }
        }
    }

    private func run(_ job: Job, on reader: Reader) {
        do {
            if let connection = reader.connection, !connection.isReady() {
                connection.close()
                reader.connection = nil
            }
            let connection = try reader.connection ?? connect()
            reader.connection = connection
            job.run(connection)
        } catch {
            job.refuse(error)
        }
    }

    /// While reads wait, looks now and then whether the first of them has waited too long.
    private func sweepLater() {
        DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(Self.sweepMs)) {
            let now = ContinuousClock.now
            let (expired, again): ([Job], Bool) = self.line.withLock { line in
                var expired: [Job] = []
                while line.count > 0, line.waiting[line.head].deadline < now, let job = line.takeFirst() {
                    expired.append(job)
                }
                line.isSweeping = line.count > 0
                return (expired, line.isSweeping)
            }
            for job in expired { job.refuse(StoreError.unavailable("a read waited too long")) }
            if again { self.sweepLater() }
        }
    }

    func shutdown() async {
        let refused: [Job] = line.withLock { line in
            line.isClosed = true
            defer {
                line.waiting = []
                line.head = 0
            }
            return Array(line.waiting[line.head...])
        }
        for job in refused { job.refuse(StoreError.unavailable("shutting down")) }
        for reader in readers {
            await withCheckedContinuation { continuation in
                reader.queue.async {
                    reader.connection?.close()
                    reader.connection = nil
                    continuation.resume()
                }
            }
        }
    }
}
