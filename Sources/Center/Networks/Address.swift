// An IP address: parsed, printed, compared; an IPv4 address and its v4-mapped IPv6 form are one.
#if canImport(Glibc)
    package import Glibc
#elseif canImport(Musl)
    package import Musl
#else
    package import Darwin
#endif

/// An IPv4 or IPv6 address without port or zone.
///
/// Shape: 128 bits in network order; IPv4 is held as `::ffff:a.b.c.d`, so both spellings are equal.
public struct Address: Hashable, Sendable, CustomStringConvertible {
    package static let mappedPrefix: UInt128 = 0xffff << 32

    let bits: UInt128

    package init(bits: UInt128) {
        self.bits = bits
    }

    /// Reads `192.0.2.1` or `2001:db8::1`, without brackets, port or zone; nil for anything else.
    public init?(_ text: some StringProtocol) {
        let text = String(text)
        // C would stop reading at a zero byte.
        guard !text.utf8.contains(0) else { return nil }
        var v4 = in_addr()
        if inet_pton(AF_INET, text, &v4) == 1 {
            self.init(bits: Address.mappedPrefix | UInt128(UInt32(bigEndian: v4.s_addr)))
            return
        }
        var v6 = in6_addr()
        guard inet_pton(AF_INET6, text, &v6) == 1 else { return nil }
        self.init(v6)
    }

    package init(_ v6: in6_addr) {
        self.init(bits: withUnsafeBytes(of: v6) { $0.reduce(0) { $0 << 8 | UInt128($1) } })
    }

    public var isV4: Bool { bits >> 32 == 0xffff }

    public var description: String {
        if isV4 {
            return [24, 16, 8, 0].map { String(UInt8(truncatingIfNeeded: bits >> $0)) }.joined(separator: ".")
        }
        var v6 = in6_addr()
        withUnsafeMutableBytes(of: &v6) { bytes in
            for index in 0..<16 { bytes[index] = UInt8(truncatingIfNeeded: bits >> (120 - 8 * index)) }
        }
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        inet_ntop(AF_INET6, &v6, &text, socklen_t(text.count))
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
