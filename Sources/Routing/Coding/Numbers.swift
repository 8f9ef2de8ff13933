// Everything the router takes, keeps and tells, as numbers one after another: the ground of coding and digests.

/// Takes numbers, one after another.
protocol NumberSink {
    mutating func put(_ number: Int64)
}

extension NumberSink {
    @inline(__always)
    mutating func put(flag: Bool) { put(flag ? 1 : 0) }

    @inline(__always)
    mutating func put(optional number: Int64?) {
        guard let number else { return put(0) }
        put(1)
        put(number)
    }

    mutating func put(list numbers: some Collection<Int64>) {
        put(Int64(numbers.count))
        for number in numbers { put(number) }
    }
}

/// Numbers as bytes: the nearer to zero, the fewer. Zigzag, then seven bits a byte, lowest first.
struct NumberWriter: NumberSink {
    private(set) var bytes: [UInt8] = []

    mutating func put(_ number: Int64) {
        var rest = UInt64(bitPattern: number << 1 ^ number >> 63)
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }
}

/// Bytes that no writer of this version wrote.
public struct Undecodable: Error, Sendable, Hashable, CustomStringConvertible {
    /// The byte where reading failed.
    public let place: Int
    public var description: String { "not readable at byte \(place)" }
}

/// Reads what `NumberWriter` wrote.
struct NumberReader {
    private let bytes: ArraySlice<UInt8>
    private(set) var place: Int

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        place = bytes.startIndex
    }

    var isAtEnd: Bool { place == bytes.endIndex }

    var unreadable: Undecodable { Undecodable(place: place - bytes.startIndex) }

    mutating func number() throws(Undecodable) -> Int64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while place < bytes.endIndex {
            let byte = bytes[place]
            // Ten bytes hold 64 bits, of the last one only the lowest.
            guard shift < 63 || byte <= 1 else { throw unreadable }
            place += 1
            value |= UInt64(byte & 0x7f) << shift
            if byte & 0x80 == 0 { return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1) }
            shift += 7
        }
        throw unreadable
    }

    mutating func flag() throws(Undecodable) -> Bool {
        switch try number() {
        case 0: return false
        case 1: return true
        default: throw unreadable
        }
    }

    mutating func optional() throws(Undecodable) -> Int64? { try flag() ? try number() : nil }

    /// How many follow. Each takes a byte at least, so bytes that lie cannot ask for more room than they are.
    mutating func count() throws(Undecodable) -> Int {
        let count = try number()
        guard count >= 0, count <= bytes.endIndex - place else { throw unreadable }
        return Int(count)
    }

    mutating func list<T>(_ one: (inout NumberReader) throws(Undecodable) -> T) throws(Undecodable) -> [T] {
        let count = try count()
        var all: [T] = []
        all.reserveCapacity(count)
        for _ in 0..<count { all.append(try one(&self)) }
        return all
    }

    mutating func raw<T: RawRepresentable<Int64>>(_: T.Type = T.self) throws(Undecodable) -> T {
        guard let value = T(rawValue: try number()) else { throw unreadable }
        return value
    }

    mutating func instant() throws(Undecodable) -> Instant { Instant(ms: try number()) }
    mutating func agent() throws(Undecodable) -> AgentID { AgentID(try number()) }
    mutating func queue() throws(Undecodable) -> QueueID { QueueID(try number()) }
    mutating func item() throws(Undecodable) -> WorkItemID { WorkItemID(try number()) }
    mutating func skills() throws(Undecodable) -> [SkillID] {
        try list { (reader: inout NumberReader) throws(Undecodable) in SkillID(try reader.number()) }
    }
}
