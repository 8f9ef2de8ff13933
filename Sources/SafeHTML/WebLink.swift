// Addresses in links and images, read as a browser would read them.

enum WebLink {
    enum Source: Equatable, Sendable {
        /// A content id, decoded, without `cid:`.
        case inline(String)
        /// An `http` or `https` address.
        case remote(String)
    }

    /// The address of a link that may stay: http, https, mailto or tel.
    static func link(_ given: String) -> String? {
        guard let address = tidied(given), let scheme = scheme(of: address) else { return nil }
        return ["http", "https", "mailto", "tel"].contains(scheme) ? address : nil
    }

    static func image(_ given: String) -> Source? {
        guard let address = tidied(given), let scheme = scheme(of: address) else { return nil }
        switch scheme {
        case "http", "https": return .remote(address)
        case "cid":
            let id = decoded(address.dropFirst("cid:".count))
            return id.isEmpty ? nil : .inline(id)
        default: return nil
        }
    }

    /// Browsers drop tabs and newlines anywhere and blanks at the ends, then look for the scheme.
    private static func tidied(_ given: String) -> String? {
        guard given.utf8.count <= HTMLLimits.urlMaxBytes else { return nil }
        let kept = given.utf8.filter { $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }
        var address = Reading.trimmed(String(decoding: kept, as: UTF8.self))
        guard !address.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else { return nil }
        if address.hasPrefix("//") { address = "https:" + address }
        return address
    }

    /// In lower case; nil where there is none.
    private static func scheme(of address: String) -> String? {
        guard let colon = address.utf8.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let scheme = address.utf8[..<colon]
        guard let first = scheme.first, StyleTokens.isLetter(first),
            scheme.allSatisfy({ StyleTokens.isAlphanumeric($0) || [0x2B, 0x2D, 0x2E].contains($0) })
        else { return nil }
        return String(scheme)?.lowercased()
    }

    /// Content ids are written with percent signs where an address must not have their characters.
    private static func decoded(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16), value >= 0x20
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
