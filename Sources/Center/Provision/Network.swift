// A range of IP addresses in CIDR form, such as 127.0.0.0/8 or fd00::/8.

import Foundation

/// A network by its prefix; IPv4 and IPv6 stay apart.
public struct Network: Sendable, Hashable, CustomStringConvertible {
    /// 4 or 16 bytes, in network order; zero beyond `prefixLength`.
    public let address: [UInt8]
    public let prefixLength: Int

    /// nil unless `text` is an address, a slash and a prefix length, with nothing set beyond the prefix.
    public init?(_ text: String) {
        guard let (address, length) = Network.parts(text) else { return nil }
        guard Network.masked(address, length) == address else { return nil }
        self.address = address
        prefixLength = length
    }

    /// The network that `text` names if bits beyond the prefix are dropped.
    static func enclosing(_ text: String) -> Network? {
        parts(text).map { Network(address: masked($0.address, $0.length), prefixLength: $0.length) }
    }

    private init(address: [UInt8], prefixLength: Int) {
        self.address = address
        self.prefixLength = prefixLength
    }

    /// Whether an address of 4 or 16 bytes lies in it; an IPv4 address written as ::ffff:a.b.c.d counts as IPv4.
    public func contains(_ bytes: [UInt8]) -> Bool {
        let mapped = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF]
        let plain =
            bytes.count == 16 && bytes.starts(with: mapped) && address.count == 4
            ? Array(bytes[12...]) : bytes
        return plain.count == address.count && Network.masked(plain, prefixLength) == address
    }

    public var description: String {
        var text = [CChar](repeating: 0, count: 64)
        let family = address.count == 4 ? AF_INET : AF_INET6
        _ = address.withUnsafeBytes { inet_ntop(family, $0.baseAddress, &text, socklen_t(64)) }
        let name = String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        return "\(name)/\(prefixLength)"
    }

    private static func parts(_ text: String) -> (address: [UInt8], length: Int)? {
        let halves = text.split(separator: "/", omittingEmptySubsequences: false)
        guard halves.count == 2, halves[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            halves[1].utf8.count <= 3, let length = Int(halves[1]), String(length) == halves[1]
        else { return nil }
        let six = halves[0].contains(":")
        var bytes = [UInt8](repeating: 0, count: six ? 16 : 4)
        guard inet_pton(six ? AF_INET6 : AF_INET, String(halves[0]), &bytes) == 1, length <= bytes.count * 8
        else {
            return nil
        }
        return (bytes, length)
    }

    private static func masked(_ bytes: [UInt8], _ length: Int) -> [UInt8] {
        bytes.enumerated().map { index, byte in
            let bits = min(max(length - index * 8, 0), 8)
            return bits == 0 ? 0 : byte & (0xFF << UInt8(8 - bits))
        }
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
