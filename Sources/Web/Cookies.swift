// Cookies: reading the request's and writing ours.
public import Hummingbird

/// The cookies a request carries; of two with one name the first counts.
public struct RequestCookies: Sendable {
    /// Most cookies looked at in one request.
    public static let maxCookies = 100

    private var values: [String: String] = [:]

    public init(_ headers: HTTPFields) {
        var seen = 0
        for line in headers[values: .cookie] {
            for pair in line.split(separator: ";") {
                seen += 1
                guard seen <= RequestCookies.maxCookies else { return }
                let parts = pair.drop { $0 == " " }.split(
                    separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                guard parts.count == 2, values[String(parts[0])] == nil else { continue }
                values[String(parts[0])] = String(parts[1])
            }
        }
    }

    public subscript(name: String) -> String? { values[name] }
}

/// A cookie we set; always HttpOnly.
public struct SetCookie: Sendable {
    public enum SameSite: String, Sendable {
        case lax = "Lax"
        case strict = "Strict"
        /// Also for frames in other sites' pages; always `Secure`, as browsers demand.
        case none = "None"
    }

    public var name: String
    public var value: String
    public var path: String
    /// Nil: until the browser closes. Zero: delete it.
    public var maxAgeS: Int?
    public var sameSite: SameSite
    public var secure: Bool
    /// Kept apart for each site whose page a frame of ours stands in.
    public var isPartitioned: Bool

    /// A cookie for this request's client: `Secure` when it came over https.
    ///
    /// Name, value and path are ours and plain ASCII without `;`; anything else is a broken invariant.
    public init(
        _ name: String, _ value: String, for context: Context, path: String = "/", maxAgeS: Int? = nil,
        sameSite: SameSite = .lax, isPartitioned: Bool = false
    ) {
        let plain = [name, value, path].allSatisfy { text in
            text.utf8.allSatisfy {
                (33...126).contains($0) && $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: ",")
            }
        }
        precondition(
            plain && !name.isEmpty && !name.utf8.contains(UInt8(ascii: "=")), "cookie \(name) is not plain")
        self.name = name
        self.value = value
        self.path = path
        self.maxAgeS = maxAgeS
        self.sameSite = sameSite
        self.secure = context.scheme == .https || sameSite == .none
        self.isPartitioned = isPartitioned
    }

    /// The `Set-Cookie` header's value.
    public var header: String {
        var text = "\(name)=\(value); Path=\(path); HttpOnly; SameSite=\(sameSite.rawValue)"
        if let maxAgeS { text += "; Max-Age=\(maxAgeS)" }
        if secure { text += "; Secure" }
        if isPartitioned { text += "; Partitioned" }
        return text
    }
}

extension Response {
    /// Adds a cookie beside those already set.
    public mutating func set(_ cookie: SetCookie) {
        headers.append(.init(name: .setCookie, value: cookie.header))
    }
}
