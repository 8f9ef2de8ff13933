// Where an agent was when the session ended: kept in the sign-in page's address, and nowhere but at this desk.
import Hummingbird
import Web

struct WayBack {
    /// Longest address that is kept.
    private static let maxBytes = 2_000
    /// What nobody comes back to: parts of pages, and the way in itself.
    private static let noPages = ["sign-in", "panel", "events", "static", "stay"]

    let base: String
    /// A path with its query; nil when there is nothing to come back to.
    let path: String?

    /// - Parameter text: what somebody claims to be a page of the desk at `base`.
    init(_ text: String?, _ base: String) {
        self.base = base
        guard let text, text.utf8.count <= Self.maxBytes, text.hasPrefix(base),
            text.utf8.allSatisfy({ (33...126).contains($0) && $0 != UInt8(ascii: "\\") }),
            !text.contains(".."), !text.contains("//")
        else {
            path = nil
            return
        }
        let rest = text.dropFirst(base.count)
        let first = rest.first.map { $0 == "/" || $0 == "?" } ?? true
        let page = rest.drop { $0 == "/" }.prefix { $0 != "/" && $0 != "?" }
        path = first && !rest.isEmpty && !Self.noPages.contains(String(page)) ? text : nil
    }

    /// Where the request was made: its own page, or for a form the page that it was on.
    init(_ request: Request, _ base: String) {
        if request.method == .get {
            self.init(request.uri.string, base)
        } else {
            let referer = request.headers[.init("Referer")!] ?? ""
            let start = referer.range(of: "://").map { referer[$0.upperBound...] } ?? ""
            self.init(start.firstIndex(of: "/").map { String(start[$0...]) }, base)
        }
    }

    func signIn(hadSession: Bool) -> String {
        var fields: [String] = []
        if hadSession { fields.append("said=\(Said.ended.rawValue)") }
        if let path { fields.append("next=\(queryEncoded(path))") }
        return "\(base)/sign-in" + (fields.isEmpty ? "" : "?" + fields.joined(separator: "&"))
    }
}
