// What a batch fed to the router, as one row of the journal of inputs holds it, and how it is played again.

extension Router {
    /// Raised whenever the same inputs may give other outputs than before, or are coded otherwise: what an
    /// older version wrote is not replayed.
    public static let version: Int64 = 3

    /// The instant of the latest input; nil before the first.
    public var clock: Instant? { now == .min ? nil : Instant(ms: now) }

    /// A router that goes on exactly as the one of the snapshot did at `clock`.
    public init(restoring snapshot: Snapshot, at clock: Instant?) {
        self.init(restoring: snapshot)
        // Everything due by then was done: this only sets the clock, and finds again what that told.
        if let clock { _ = apply(.tick, at: clock) }
    }
}

private let digestBytes = 16
private let checkBytes = 4

/// The inputs of one batch in order, and a digest of what the router answered.
public struct InputLog: Sendable {
    /// Each: milliseconds since the one before (the first since 1970), then the input.
    public var inputs: [UInt8] { writer.bytes }
    public private(set) var count = 0
    /// When the last one was applied.
    public private(set) var at = Instant(ms: 0)

    private var writer = NumberWriter()
    private var digest = Digest()
    private var checks: [UInt8] = []

    public init() {}

    public var isEmpty: Bool { count == 0 }

    /// Sixteen bytes over the inputs, four for each input's outputs, sixteen over all outputs.
    public var digests: [UInt8] { Self.digest(of: inputs) + checks + digest.bytes }

    public static func digest(of bytes: [UInt8]) -> [UInt8] {
        var digest = Digest()
        digest.put(bytes: bytes[...])
        return digest.bytes
    }

    /// Whether inputs are as they were written with these digests.
    static func fit(_ inputs: [UInt8], _ digests: [UInt8]) -> Bool {
        digest(of: inputs) == Array(digests.prefix(digestBytes))
    }

    /// The part of the digests that this input's outputs have.
    static func check(_ input: Int) -> Range<Int> {
        let begins = digestBytes + checkBytes * input
        return begins..<begins + checkBytes
    }

    public mutating func append(_ input: Input, at now: Instant, _ outputs: [Output]) {
        writer.put(now - at)
        input.code(&writer)
        at = now
        count += 1
        digest.put(Int64(outputs.count))
        for output in outputs { output.code(&digest) }
        // Without a list of its own: every arrival comes by.
        for shift in stride(from: 0 as UInt64, to: 8 * UInt64(checkBytes), by: 8) {
            checks.append(UInt8(truncatingIfNeeded: digest.low >> shift))
        }
    }

    /// Of the input appended last.
    var lastCheck: [UInt8] { Array(checks.suffix(checkBytes)) }

    public struct Entry: Sendable, Hashable {
        public let at: Instant
        public let input: Input
    }

    public static func read(_ bytes: [UInt8]) throws(Undecodable) -> [Entry] {
        var reader = NumberReader(bytes[...])
        var entries: [Entry] = []
        var at = Instant(ms: 0)
        while !reader.isAtEnd {
            let passed = try reader.number()
            let (ms, overflow) = at.ms.addingReportingOverflow(passed)
            guard !overflow else { throw reader.unreadable }
            at = Instant(ms: ms)
            entries.append(Entry(at: at, input: try Input(from: &reader)))
        }
        return entries
    }
}

extension Router {
    /// Where a played row came out otherwise than it is written.
    public enum Difference: Sendable, Hashable {
        /// The inputs are whole, but no inputs of this version.
        case unreadable(Undecodable)
        /// This input, counted from 0, gave other outputs.
        case outputs(input: Int, InputLog.Entry, [Output])
        /// The row is not as it was written; its inputs were not played.
        case changed
    }

    /// Feeds a row's inputs to this router and compares what it answers; nil when that is the same.
    public mutating func replay(inputs: [UInt8], digests: [UInt8]) -> Difference? {
        guard InputLog.fit(inputs, digests) else { return .changed }
        let entries: [InputLog.Entry]
        do {
            entries = try InputLog.read(inputs)
        } catch {
            return .unreadable(error)
        }
        var log = InputLog()
        for (place, entry) in entries.enumerated() {
            let outputs = apply(entry.input, at: entry.at)
            log.append(entry.input, at: entry.at, outputs)
            let check = InputLog.check(place)
            guard check.upperBound <= digests.count, log.lastCheck == Array(digests[check]) else {
                return .outputs(input: place, entry, outputs)
            }
        }
        return log.digests == digests ? nil : .changed
    }
}
