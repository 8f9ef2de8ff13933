// Which addresses lie on the public internet, and what the others are; decides where a callback may go.

/// What an address that is not public is for.
public enum AddressRange: String, Sendable, CaseIterable {
    case unspecified, loopback, `private`, linkLocal, carrierNAT, uniqueLocal, multicast, broadcast
    case documentation, benchmarking, protocolAssignment, reserved, translation

    /// The networks of each range. Source: the IANA special-purpose address registries.
    ///
    /// `translation` holds IPv6 forms that wrap an IPv4 address (NAT64, 6to4, Teredo, IPv4-compatible): a
    /// gateway could turn them into a private one, so they are never taken for public.
    static let networks: [(range: AddressRange, network: Network)] = [
        (.unspecified, "0.0.0.0/8"), (.unspecified, "::/128"),
        (.loopback, "127.0.0.0/8"), (.loopback, "::1/128"),
        (.private, "10.0.0.0/8"), (.private, "172.16.0.0/12"), (.private, "192.168.0.0/16"),
        (.linkLocal, "169.254.0.0/16"), (.linkLocal, "fe80::/10"),
        (.carrierNAT, "100.64.0.0/10"),
        (.uniqueLocal, "fc00::/7"), (.uniqueLocal, "fec0::/10"),
        (.multicast, "224.0.0.0/4"), (.multicast, "ff00::/8"),
        (.broadcast, "255.255.255.255/32"),
        (.documentation, "192.0.2.0/24"), (.documentation, "198.51.100.0/24"),
        (.documentation, "203.0.113.0/24"), (.documentation, "2001:db8::/32"),
        (.documentation, "3fff::/20"),
        (.benchmarking, "198.18.0.0/15"), (.benchmarking, "2001:2::/48"),
        (.protocolAssignment, "192.0.0.0/24"), (.protocolAssignment, "192.88.99.0/24"),
        (.translation, "64:ff9b::/96"), (.translation, "64:ff9b:1::/48"), (.translation, "2002::/16"),
        (.translation, "2001::/32"), (.translation, "::/96"),
        (.protocolAssignment, "2001::/23"),
        (.reserved, "240.0.0.0/4"), (.reserved, "100::/64"), (.reserved, "5f00::/16"),
    ].map { (range: AddressRange, text: String) in (range, Network(text)!) }

    /// All IPv6 addresses given out to the public so far.
    static let globalUnicast = Network("2000::/3")!
}

extension Address {
    /// The special range this address lies in; nil for a public one.
    public var range: AddressRange? {
        if let known = AddressRange.networks.first(where: { $0.network.contains(self) }) {
            return known.range
        }
        return isV4 || AddressRange.globalUnicast.contains(self) ? nil : .reserved
    }

    /// Whether a packet to this address leaves for the public internet.
    public var isPublic: Bool { range == nil }
}
