// Who the client behind trusted proxies is: X-Forwarded-For, X-Forwarded-Proto and Forwarded.
import Center
import Hummingbird

/// How the client spoke to the outermost proxy, or to us.
public enum Scheme: String, Sendable {
    case http, https
}

/// The client as the trusted proxies tell it.
struct Forwarding: Equatable {
    /// Hops read at most; what lies further left is not looked at.
    static let maxHops = 32

    var client: Address?
    var scheme: Scheme

    /// Walks from the peer leftwards while the hop is trusted; an untrusted peer's headers count for nothing.
    ///
    /// X-Forwarded-For wins over Forwarded, so a proxy that sets only Forwarded must drop the other.
    /// - Parameter own: how the peer spoke to us.
    init(peer: Address?, headers: HTTPFields, trusted: Networks, own: Scheme = .http) {
        client = peer
        scheme = own
        guard let peer, trusted.contains(peer) else { return }
        var hops: [String]
        var schemes: [String]
        let listed = Forwarding.entries(headers[values: .init("X-Forwarded-For")!])
        let elements = Forwarding.entries(headers[values: .init("Forwarded")!])
        if listed.isEmpty, !elements.isEmpty {
            hops = elements.map { Forwarding.parameter("for", of: $0) ?? "" }
            schemes = elements.map { Forwarding.parameter("proto", of: $0) ?? "" }
        } else {
            hops = listed
            schemes = Forwarding.entries(headers[values: .init("X-Forwarded-Proto")!])
        }
        var proxies = 1
        for hop in hops.suffix(Forwarding.maxHops).reversed() {
            guard let address = Forwarding.address(hop) else { break }
            client = address
            guard trusted.contains(address) else { break }
            proxies += 1
        }
        if !schemes.isEmpty {
            let index = max(0, schemes.count - min(proxies, max(1, hops.count)))
            scheme = Scheme(rawValue: schemes[index].lowercased()) ?? .http
        }
    }

    private static func entries(_ lines: [String]) -> [String] {
        lines.flatMap { $0.split(separator: ",") }.map { trimmed($0) }
    }

    private static func parameter(_ name: String, of element: String) -> String? {
        for pair in element.split(separator: ";") {
            let parts = pair.split(separator: "=", maxSplits: 1)
            if parts.count == 2, trimmed(parts[0]).lowercased() == name {
                return trimmed(parts[1]).filter { $0 != "\"" }
            }
        }
        return nil
    }

    /// Reads `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1` or `[2001:db8::1]:4711`.
    private static func address(_ text: String) -> Address? {
        if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
            return Address(text[text.index(after: text.startIndex)..<end])
        }
        if let address = Address(text) { return address }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        return parts.count == 2 ? Address(parts[0]) : nil
    }

    private static func trimmed(_ text: some StringProtocol) -> String {
        let kept = text.drop { $0 == " " || $0 == "\t" }
        return String(kept.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
    }
}
