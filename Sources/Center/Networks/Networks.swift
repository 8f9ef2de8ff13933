// Networks in CIDR form, for lists such as trusted proxies and callback networks.

/// One network, such as `10.0.0.0/8` or `2001:db8::/32`; a bare address is a network of one.
public struct Network: Hashable, Sendable, CustomStringConvertible {
    let base: UInt128
    /// Bits that count, of 128; an IPv4 prefix is 96 longer than written.
    let prefix: Int

    /// Reads CIDR; bits behind the prefix are ignored. Nil when it is not a network.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = Address(parts[0]) else { return nil }
        // `::ffff:10.0.0.0/104` counts from the IPv6 start, `10.0.0.0/8` from the IPv4 start.
        let writtenAsV4 = !parts[0].contains(":")
        var prefix = 128
        if parts.count == 2 {
            guard (1...3).contains(parts[1].utf8.count), parts[1].utf8.allSatisfy({ (48...57).contains($0) }),
                let written = Int(parts[1]), written <= (writtenAsV4 ? 32 : 128)
            else { return nil }
            prefix = writtenAsV4 ? 96 + written : written
        }
        self.prefix = prefix
        let rest = UInt128(128 - prefix)
        self.base = prefix == 0 ? 0 : (address.bits >> rest) << rest
    }

    public func contains(_ address: Address) -> Bool {
        prefix == 0 || (address.bits ^ base) >> UInt128(128 - prefix) == 0
    }

    public var description: String {
        let address = Address(bits: base)
        return address.isV4 && prefix >= 96 ? "\(address)/\(prefix - 96)" : "\(address)/\(prefix)"
    }
}

extension Network: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let network = Network(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a network")
        }
        self = network
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

/// A list of networks.
public struct Networks: Hashable, Sendable, ExpressibleByArrayLiteral {
    public var list: [Network]

    public init(_ list: [Network] = []) {
        self.list = list
    }

    public init(arrayLiteral elements: Network...) {
        self.list = elements
    }

    /// Reads a list separated by commas or spaces.
    ///
    /// Errors: `NotANetwork`, with the entry that is none.
    public init(parsing text: String) throws {
        self.list = try text.split(whereSeparator: { $0 == "," || $0.isWhitespace }).map { entry in
            guard let network = Network(entry) else { throw NotANetwork(entry: String(entry)) }
            return network
        }
    }

    public var isEmpty: Bool { list.isEmpty }

    public func contains(_ address: Address) -> Bool {
        list.contains { $0.contains(address) }
    }
}

/// An entry of a list of networks that is neither an address nor CIDR.
public struct NotANetwork: Error, CustomStringConvertible {
    public let entry: String
    public var description: String { "“\(entry)” is no network; write it like 10.0.0.0/8 or 2001:db8::/32." }
}
