// Addresses on the web in a provisioning file: zones, networks, origins, callback endpoints.

import Foundation

extension DocumentNode {
    /// The name of a time zone such as Europe/Stockholm.
    func timeZone() throws -> String {
        let name = try text(.word)
        let allowed = name.utf8.allSatisfy {
            (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
                || "_+-/".utf8.contains($0)
        }
        guard allowed, name.utf8.count <= 64, !name.hasPrefix("/"), TimeZone(identifier: name) != nil else {
            throw ProvisionProblem.unknown(
                "time zone", Located(name, at: position), among: TimeZone.knownTimeZoneIdentifiers)
        }
        return name
    }

    /// A network as `address/prefix`, with nothing set beyond the prefix.
    func network() throws -> Network {
        let text = try text(.word)
        let halves = text.split(separator: "/", omittingEmptySubsequences: false)
        guard halves.count == 2, String(Int(halves[1]) ?? -1) == halves[1], let network = Network(text),
            let address = Address(halves[0])
        else { throw expected("a network such as 127.0.0.0/8 or fd00::/8") }
        guard network.base == address.bits else {
            throw problem("\(quoted(text)) has bits beyond its prefix; did you mean '\(network)'?")
        }
        return network
    }

    /// As browsers write it: lower case, without the scheme's own port.
    func origin() throws -> String {
        let origin = try text(.word).lowercased()
        for (scheme, port) in [("https://", ":443"), ("http://", ":80")] where origin.hasPrefix(scheme) {
            let authority = origin.dropFirst(scheme.count)
            guard isAuthority(authority) else { break }
            return scheme + (authority.hasSuffix(port) ? authority.dropLast(port.count) : authority)
        }
        throw expected(
            "an origin such as https://intranet.example.com or http://localhost:8081, without a path")
    }

    /// An http or https address without user or fragment; never repeated in a message, as it may hold a key.
    func endpoint() throws -> String {
        let endpoint = try text(.url)
        guard endpoint.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
            let parts = URLComponents(string: endpoint, encodingInvalidCharacters: false),
            let scheme = parts.scheme?.lowercased(), scheme == "http" || scheme == "https",
            let host = parts.host, !host.isEmpty, (1...65_535).contains(parts.port ?? 80)
        else { throw problem("expected an address such as https://example.com/hook") }
        guard parts.user == nil, parts.password == nil else {
            throw problem("an endpoint cannot hold a user name or a password; use 'secret'")
        }
        guard parts.fragment == nil else { throw problem("an endpoint cannot have a '#' part") }
        return endpoint
    }
}

/// `host` or `host:port`, the host a name, an IPv4 address or an IPv6 address in brackets.
private func isAuthority(_ text: Substring) -> Bool {
    var host = text
    if !text.hasSuffix("]"), let colon = text.lastIndex(of: ":") {
        let port = text[text.index(after: colon)...]
        guard port.utf8.count <= 5, port.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = Int(port), (1...65_535).contains(number)
        else { return false }
        host = text[..<colon]
    }
    if host.hasPrefix("["), host.hasSuffix("]") {
        return host.contains(":") && Address(host.dropFirst().dropLast()) != nil
    }
    return host.utf8.count <= 253
        && host.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
            (1...63).contains(label.utf8.count)
                && label.utf8.allSatisfy {
                    (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x2D
                }
        }
}
